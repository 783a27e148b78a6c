"""The months of a campaign, each with the instants at which it opens, falls due and closes."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.domain.months import Month
from units.models import Source

from .campaigns import Campaign


class Period(models.Model):
    """One month of one campaign, clipped to it. Its instants follow from the campaign's rule and the calendar.

    `operations.periods.set_deadlines` writes them again whenever one of these changes, for periods not yet closed.
    """

    class State(models.TextChoices):
        UPCOMING = "upcoming", _("upcoming")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        PUBLISHED = "published", _("published")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="periods", verbose_name=_("campaign"))
    month = models.CharField(_("month"), max_length=7)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    opens_at = models.DateTimeField(_("opens at"))
    due_at = models.DateTimeField(_("due at"))
    closes_at = models.DateTimeField(_("closes at"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.UPCOMING, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("published by")
    )
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["campaign", "month"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "month"], name="period_month_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="period_ends_after_start"),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("opens_at"), closes_at__gte=F("due_at")), name="period_instants_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at=None)),
                name="period_published_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["upcoming", "open"], closed_at=None)
                | Q(state__in=["closed", "published"], closed_at__isnull=False),
                name="period_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(month__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$"), name="period_month_is_a_month"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        return f"{self.campaign.slug}/{self.month}"

    @property
    def calendar_month(self) -> Month:
        return Month.parse(self.month)

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_decidable(self) -> bool:
        """Reports may be decided on until the office publishes the period."""
        return self.state in (self.State.OPEN, self.State.CLOSED)

    def takes_figures(self, now: datetime) -> bool:
        """Whether units may fill and file at this instant, a reopened report apart."""
        return self.state == self.State.OPEN and now < self.closes_at
