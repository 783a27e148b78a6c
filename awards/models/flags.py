"""The mobile red flags: who holds which, since when, until the next round of the scheme is announced."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from units.models import Source, Unit

from .rounds import Round


class RedFlagQuerySet(models.QuerySet):
    def announced(self) -> RedFlagQuerySet:
        """Flags of rounds whose result is out: what everybody may know."""
        return self.filter(round__state=Round.State.ANNOUNCED)

    def held_on(self, day: date) -> RedFlagQuerySet:
        """Flags that their units hold on this day; it moves on the day on which the next round is announced."""
        return self.filter(Q(held_until=None) | Q(held_until__gt=day), held_from__lte=day)

    def not_held_on(self, day: date) -> RedFlagQuerySet:
        return self.exclude(pk__in=RedFlag.objects.held_on(day).values("pk"))


class RedFlag(models.Model):
    """A unit holds a flag of a round from its announcement; `held_until` is empty while it holds it still."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="red_flags", verbose_name=_("award round"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="red_flags", verbose_name=_("unit"))
    held_from = models.DateField(_("held from"))
    held_until = models.DateField(_("held until"), null=True, blank=True)
    is_co_equal = models.BooleanField(_("co-equal"), default=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    objects = RedFlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("red flag")
        verbose_name_plural = _("red flags")
        ordering = ["-held_from", "unit__order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="red_flag_once"),
            models.CheckConstraint(
                condition=Q(held_until=None) | Q(held_until__gte=F("held_from")), name="red_flag_held_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.round}"

    def is_held_on(self, day: date) -> bool:
        return self.held_from <= day and (self.held_until is None or self.held_until > day)

    def days_held(self, day: date) -> int:
        """How many days the unit has held it by this day; the day on which it moves on is the next holder's."""
        end = day if self.held_until is None else min(self.held_until, day)
        return max((end - self.held_from).days, 0)
