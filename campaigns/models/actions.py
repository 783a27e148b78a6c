"""The actions of a campaign, and which unit reports on which."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from units.models import Source, Unit
from units.models.naming import ShortNamed

from .campaigns import Campaign


class Action(ShortNamed, models.Model):
    """One of a campaign's actions, led by a department whose reviewers decide on its reports."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="actions", verbose_name=_("campaign"))
    number = models.PositiveSmallIntegerField(_("number"))
    name_en = models.CharField(_("name in English"), max_length=160)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    short_en = models.CharField(_("short name in English"), max_length=40, blank=True)
    short_zh = models.CharField(_("short name in Chinese"), max_length=20, blank=True)
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=2, default=Decimal(1))
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="led_actions", verbose_name=_("lead unit"))
    supporting = models.ManyToManyField(
        Unit, blank=True, related_name="supported_actions", verbose_name=_("supporting units")
    )
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["campaign", "number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="action_number_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="action_weight_positive"),
            models.CheckConstraint(condition=Q(number__gte=1), name="action_number_from_one"),
        ]


class AssignmentQuerySet(models.QuerySet):
    def covering(self, day: date | OuterRef) -> AssignmentQuerySet:
        """Assignments of active units that cover this day: the reports that are expected for it."""
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day), unit__is_active=True
        )


class Assignment(models.Model):
    """A unit reports on an action, from a day to a day; open ends mean the whole campaign."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="assignments", verbose_name=_("action"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments", verbose_name=_("unit"))
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["action", "unit__order"]
        constraints = [
            models.UniqueConstraint(fields=["action", "unit"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="assignment_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.action}"
