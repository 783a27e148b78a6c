"""What the lead department judges beside the computed light: how likely the target is, and reasons it accepts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from units.models import Source, Unit
from units.permissions import Capacities

from .actions import Action
from .periods import Period


class JudgementQuerySet(models.QuerySet):
    def visible_to(self, person: Capacities) -> JudgementQuerySet:
        """Of published periods for all; before that for the lead, the unit's own people and who reads everything."""
        if person.reads_everything:
            return self
        return self.filter(
            Q(period__state=Period.State.PUBLISHED)
            | Q(action__lead__in=person.reviewer_of)
            | Q(unit__in=person.shown_units)
        )


class Likelihood(models.Model):
    """How likely the lead judges a unit to reach its target; never merged with the computed light."""

    class Level(models.TextChoices):
        HIGHLY_LIKELY = "highly_likely", _("highly likely")
        LIKELY = "likely", _("likely")
        UNLIKELY = "unlikely", _("unlikely")
        HIGHLY_UNLIKELY = "highly_unlikely", _("highly unlikely")

    action = models.ForeignKey(Action, models.PROTECT, related_name="likelihoods", verbose_name=_("action"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="likelihoods", verbose_name=_("unit")
    )
    period = models.ForeignKey(Period, models.PROTECT, related_name="likelihoods", verbose_name=_("period"))
    level = models.CharField(_("judged likelihood"), max_length=15, choices=Level)
    reason = models.TextField(_("reason"), max_length=2000)
    next_step = models.TextField(_("next step"), blank=True, max_length=2000)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("judged by"))
    judged_at = models.DateTimeField(_("judged at"))
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("judged likelihood")
        verbose_name_plural = _("judged likelihoods")
        ordering = ["period", "action", "unit__order"]
        constraints = [
            models.UniqueConstraint(fields=["action", "unit", "period"], name="likelihood_once"),
            models.UniqueConstraint(
                fields=["action", "period"], condition=Q(unit=None), name="likelihood_of_city_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="likelihood_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.action}, {self.unit}: {self.get_level_display()}"


class AcceptedReason(models.Model):
    """A reason the lead accepts for being behind: it lifts the displayed light by one step and stays visible."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="accepted_reasons", verbose_name=_("action"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="accepted_reasons", verbose_name=_("unit"))
    period = models.ForeignKey(Period, models.PROTECT, related_name="accepted_reasons", verbose_name=_("period"))
    reason = models.TextField(_("reason"), max_length=2000)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("accepted by"))
    accepted_at = models.DateTimeField(_("accepted at"))
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("accepted reason")
        verbose_name_plural = _("accepted reasons")
        ordering = ["period", "action", "unit__order"]
        constraints = [
            models.UniqueConstraint(fields=["action", "unit", "period"], name="accepted_reason_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="accepted_reason_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.action}, {self.unit}"
