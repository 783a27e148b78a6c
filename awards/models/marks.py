"""Marks that the campaign office gives by hand, where a criterion asks for them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from units.models import Source, Unit

from .rounds import Round
from .schemes import Criterion


class Mark(models.Model):
    """What a unit was given under one criterion of a round, from 0 to 100. No mark is missing, never 0."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="marks", verbose_name=_("award round"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="marks", verbose_name=_("criterion"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="marks", verbose_name=_("unit"))
    value = models.DecimalField(_("mark"), max_digits=5, decimal_places=2)
    note = models.CharField(_("note"), max_length=500, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given by"))
    given_at = models.DateTimeField(_("given at"))
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("mark given by hand")
        verbose_name_plural = _("marks given by hand")
        ordering = ["round", "criterion__order", "unit__order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "criterion", "unit"], name="mark_once"),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lte=100),
                name="mark_in_range",
                violation_error_message=_("A mark lies between 0 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.criterion}: {self.value}"
