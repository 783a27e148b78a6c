"""Monthly reports, their figures and attachments, and what happened to each of them."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.domain.workflow import ReportStatus, Verb
from units.models import Change, Source, Unit
from units.permissions import Capacities

from .actions import Action
from .indicators import FIGURE, Indicator
from .periods import Period

STATUSES = [
    (ReportStatus.DRAFT.value, _("draft")),
    (ReportStatus.TO_SIGN.value, _("to sign")),
    (ReportStatus.SUBMITTED.value, _("submitted")),
    (ReportStatus.RETURNED.value, _("came back")),
    (ReportStatus.APPROVED.value, _("approved")),
]
VERBS = [
    (Verb.SUBMIT.value, _("submitted")),
    (Verb.RECALL.value, _("recalled")),
    (Verb.SIGN.value, _("signed")),
    (Verb.SEND_BACK.value, _("sent back")),
    (Verb.APPROVE.value, _("approved")),
    (Verb.REOPEN.value, _("reopened")),
    (Verb.CORRECT.value, _("corrected")),
]


class ReportQuerySet(models.QuerySet):
    def visible_to(self, person: Capacities) -> ReportQuerySet:
        """Reports, with narratives, files and names: own unit, the action's lead, office, leaders, administrators."""
        if person.reads_everything:
            return self
        return self.filter(Q(unit__in=person.own_units) | Q(action__lead__in=person.reviewer_of))

    def signable_by(self, person: Capacities) -> ReportQuerySet:
        """Reports that wait for this person's signature."""
        return self.awaiting_signature().filter(unit__in=person.head_of)

    def decidable_by(self, person: Capacities) -> ReportQuerySet:
        """Reports that wait for this person's decision; a lead's own report waits for the office."""
        is_leads_own = Q(unit=F("action__lead"))
        mine = Q(action__lead__in=person.reviewer_of) & ~is_leads_own
        if person.is_office:
            mine |= is_leads_own
        return self.awaiting_review().filter(mine).exclude(unit__in=person.own_units)

    def for_period(self, period: Period) -> ReportQuerySet:
        return self.filter(period=period)

    def awaiting_signature(self) -> ReportQuerySet:
        return self.filter(status=ReportStatus.TO_SIGN)

    def awaiting_review(self) -> ReportQuerySet:
        """Submitted and still to be decided: until the period is published, a reopened report until it is approved."""
        is_open = ~Q(period__state=Period.State.PUBLISHED) | Q(reopened_until__isnull=False)
        return self.filter(is_open, status=ReportStatus.SUBMITTED)

    def approved(self) -> ReportQuerySet:
        return self.filter(status=ReportStatus.APPROVED)

    def for_list(self) -> ReportQuerySet:
        """With what a row of a list shows."""
        return self.select_related("unit", "action__lead", "period__campaign")


class Report(models.Model):
    """What one unit files on one action for one period. `status` moves only through `operations.reports`."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports", verbose_name=_("unit"))
    action = models.ForeignKey(Action, models.PROTECT, related_name="reports", verbose_name=_("action"))
    period = models.ForeignKey(Period, models.PROTECT, related_name="reports", verbose_name=_("period"))
    status = models.CharField(
        _("status"), max_length=10, choices=STATUSES, default=ReportStatus.DRAFT.value, editable=False
    )
    status_since = models.DateTimeField(_("in this status since"), editable=False)
    progress = models.TextField(_("what was done"), blank=True, max_length=4000)
    problems = models.TextField(_("problems"), blank=True, max_length=4000)
    next_steps = models.TextField(_("next step"), blank=True, max_length=4000)
    reopened_until = models.DateTimeField(_("reopened until"), null=True, blank=True, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("saved by"),
    )
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["period", "unit__order", "action__number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "action", "period"], name="report_once"),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in ReportStatus]), name="report_status_known"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="report_version_from_one"),
        ]
        indexes = [
            models.Index(fields=["status", "status_since"], name="report_queue"),
            models.Index(fields=["period", "unit"], name="report_period_unit"),
            models.Index(fields=["updated_at"], name="report_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.action} · {self.period.month}"

    def takes_figures(self, now: datetime) -> bool:
        """Whether the period, or a reopening of this report, lets the unit fill and file it at this instant."""
        return self.period.takes_figures(now) or (self.reopened_until is not None and now < self.reopened_until)


class ReportEvent(models.Model):
    """One transition of a report: who, when, from, to, why. Rows are only ever added; `at` is the business clock."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="events", verbose_name=_("report"))
    verb = models.CharField(_("verb"), max_length=10, choices=VERBS)
    from_status = models.CharField(pgettext_lazy("state", "from"), max_length=10, choices=STATUSES)
    to_status = models.CharField(pgettext_lazy("state", "to"), max_length=10, choices=STATUSES)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="report_events", verbose_name=_("person")
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="report_events_on_behalf",
        verbose_name=_("on behalf of"),
    )
    at = models.DateTimeField(_("at"))
    reason = models.TextField(_("reason"), blank=True)
    resubmit_by = models.DateTimeField(_("to come again by"), null=True, blank=True)
    report_version = models.PositiveIntegerField(_("version"))
    change = models.ForeignKey(Change, models.PROTECT, null=True, related_name="+", verbose_name=_("change"))
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("report event")
        verbose_name_plural = _("report events")
        ordering = ["report", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "report_version"], name="report_event_one_per_version"),
            models.CheckConstraint(condition=Q(verb__in=[verb.value for verb in Verb]), name="report_event_verb_known"),
            models.CheckConstraint(
                condition=~Q(verb__in=["send_back", "reopen", "correct"]) | ~Q(reason=""),
                name="report_event_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.from_status} → {self.to_status}"


class ValueStatus(models.TextChoices):
    ESTIMATE = "estimate", _("estimate")
    PRELIMINARY = "preliminary", _("preliminary")
    VERIFIED = "verified", _("verified")


class MeasurementQuerySet(models.QuerySet):
    def visible_to(self, person: Capacities) -> MeasurementQuerySet:
        """Figures are seen with their reports."""
        if person.reads_everything:
            return self
        return self.filter(Q(report__unit__in=person.own_units) | Q(report__action__lead__in=person.reviewer_of))


class Measurement(models.Model):
    """One figure of a report. A missing figure is null, never zero; growth year on year is entered, in percent."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="measurements", verbose_name=_("report"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measurements", verbose_name=_("indicator"))
    value = models.DecimalField(_("figure"), null=True, blank=True, **FIGURE)
    value_status = models.CharField(
        _("value status"), max_length=11, choices=ValueStatus, default=ValueStatus.PRELIMINARY
    )
    growth = models.DecimalField(_("growth year on year, %"), max_digits=9, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    corrected_at = models.DateTimeField(_("corrected at"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["report", "indicator__order", "indicator__code"]
        constraints = [
            models.UniqueConstraint(fields=["report", "indicator"], name="measurement_once"),
            models.CheckConstraint(condition=Q(value_status__in=ValueStatus.values), name="measurement_status_known"),
        ]
        indexes = [models.Index(fields=["updated_at"], name="measurement_changed")]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"


class MeasurementVersion(models.Model):
    """What a measurement said before a correction in a closed period, and why it was corrected."""

    measurement = models.ForeignKey(Measurement, models.PROTECT, related_name="versions", verbose_name=_("measurement"))
    number = models.PositiveIntegerField(_("version"))
    value = models.DecimalField(_("figure"), null=True, **FIGURE)
    value_status = models.CharField(_("value status"), max_length=11, choices=ValueStatus)
    growth = models.DecimalField(_("growth year on year, %"), max_digits=9, decimal_places=2, null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    replaced_at = models.DateTimeField(_("replaced at"))
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("replaced by"))
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("earlier version of a measurement")
        verbose_name_plural = _("earlier versions of measurements")
        ordering = ["measurement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["measurement", "number"], name="measurement_version_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="measurement_version_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.measurement} ({self.number})"


def attachment_path(attachment: Attachment, filename: str) -> str:
    """Where a file is kept: by its digest, so that no name a person typed reaches the file system."""
    return f"reports/{attachment.report_id}/{attachment.sha256}"


class Attachment(models.Model):
    """A photo or document that belongs to a report."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="attachments", verbose_name=_("report"))
    file = models.FileField(_("file"), upload_to=attachment_path, max_length=200)
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["report", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "sha256"], name="attachment_once_per_report")]

    def __str__(self) -> str:
        return self.name
