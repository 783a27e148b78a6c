"""Follow-up items: what must be done after a meeting, a warning or a leader's note, by whom and by when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.domain.follow_up_life import FollowUpVerb
from units.models import Source, Unit
from units.models.naming import in_reader_language
from units.permissions import Capacities

from .campaigns import Campaign
from .meetings import AgendaItem, Meeting, Requirement
from .minutes import MinutesItem
from .warnings import EarlyWarning

VERBS = [
    (FollowUpVerb.REGISTER.value, pgettext_lazy("step of a follow-up", "registered")),
    (FollowUpVerb.ASSIGN.value, pgettext_lazy("step of a follow-up", "assigned")),
    (FollowUpVerb.ACCEPT.value, pgettext_lazy("step of a follow-up", "accepted")),
    (FollowUpVerb.START.value, pgettext_lazy("step of a follow-up", "begun")),
    (FollowUpVerb.FEEDBACK.value, pgettext_lazy("step of a follow-up", "feedback given")),
    (FollowUpVerb.SEND_BACK.value, pgettext_lazy("step of a follow-up", "sent back")),
    (FollowUpVerb.CLOSE.value, pgettext_lazy("step of a follow-up", "closed")),
    (FollowUpVerb.ARCHIVE.value, pgettext_lazy("step of a follow-up", "archived")),
    (FollowUpVerb.EXTEND.value, pgettext_lazy("step of a follow-up", "extension asked")),
    (FollowUpVerb.GRANT.value, pgettext_lazy("step of a follow-up", "extension granted")),
    (FollowUpVerb.REFUSE.value, pgettext_lazy("step of a follow-up", "extension refused")),
]


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, person: Capacities) -> FollowUpQuerySet:
        """Follow-ups with their words: lead and supporting units, reviewers of the department whose warning it comes
        from, office, leaders, administrators."""
        if person.reads_everything:
            return self
        supported = FollowUp.supporting.through.objects.filter(unit__in=person.own_units).values("followup")
        decided = Q(warning__project__lead__in=person.reviewer_of)
        return self.filter(Q(lead__in=person.own_units) | Q(pk__in=supported) | decided)

    def open(self) -> FollowUpQuerySet:
        return self.exclude(state__in=FollowUp.DONE)

    def done(self) -> FollowUpQuerySet:
        return self.filter(state__in=FollowUp.DONE)


class FollowUp(models.Model):
    """One thing to be done and reported back. Overdue and near due are computed, never stored."""

    class Origin(models.TextChoices):
        MEETING = "meeting", _("meeting")
        WARNING = "warning", _("warning")
        NOTE = "note", _("leader's note")

    class State(models.TextChoices):
        REGISTERED = "registered", _("registered")
        ASSIGNED = "assigned", _("assigned")
        ACCEPTED = "accepted", _("accepted")
        IN_HAND = "in_hand", _("in hand")
        FEEDBACK = "feedback", _("feedback given")
        RETURNED = "returned", _("returned")
        CLOSED = "closed", pgettext_lazy("follow-up", "closed")
        ARCHIVED = "archived", _("archived")

    DONE = (State.CLOSED, State.ARCHIVED)

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="follow_ups", verbose_name=_("campaign"))
    number = models.CharField(_("number"), max_length=30)
    title_en = models.CharField(_("title in English"), max_length=200)
    title_zh = models.CharField(_("title in Chinese"), max_length=100)
    text = models.TextField(_("what is to be done"), blank=True, max_length=2000)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name=_("meeting")
    )
    agenda_item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name=_("agenda item")
    )
    minutes_item = models.ForeignKey(
        MinutesItem, models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name=_("minutes item")
    )
    requirement = models.ForeignKey(
        Requirement, models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name=_("requirement")
    )
    warning = models.ForeignKey(
        EarlyWarning, models.PROTECT, null=True, blank=True, related_name="follow_ups", verbose_name=_("warning")
    )
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="led_follow_ups", verbose_name=_("lead unit"))
    supporting = models.ManyToManyField(
        Unit, blank=True, related_name="supported_follow_ups", verbose_name=_("supporting units")
    )
    registered_on = models.DateField(_("registered on"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REGISTERED, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="follow_up_number_once",
                violation_error_message=_("This campaign has a follow-up of this number already."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "registered",
                        "assigned",
                        "accepted",
                        "in_hand",
                        "feedback",
                        "returned",
                        "closed",
                        "archived",
                    ]
                ),
                name="follow_up_state_known",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("registered_on")),
                name="follow_up_due_after_registered",
                violation_error_message=_("The due date lies before the day of registration."),
            ),
            models.CheckConstraint(
                condition=(Q(origin="meeting") & Q(meeting__isnull=False))
                | (Q(origin="warning") & Q(warning__isnull=False))
                | Q(origin="note"),
                name="follow_up_origin_is_named",
                violation_error_message=_("Name the meeting or the warning it comes from."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "archived"], closed_on__isnull=False)
                | (~Q(state__in=["closed", "archived"]) & Q(closed_on=None)),
                name="follow_up_closed_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def title(self) -> str:
        return in_reader_language(self.title_en, self.title_zh)


class FollowUpEvent(models.Model):
    """One step in the life of a follow-up. Rows are only ever added."""

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="events", verbose_name=_("follow-up"))
    verb = models.CharField(_("step"), max_length=12, choices=VERBS)
    from_state = models.CharField(pgettext_lazy("state", "from"), max_length=10, choices=FollowUp.State, blank=True)
    to_state = models.CharField(pgettext_lazy("state", "to"), max_length=10, choices=FollowUp.State)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("person"))
    at = models.DateTimeField(_("at"))
    text = models.TextField(_("words"), blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("follow-up event")
        verbose_name_plural = _("follow-up events")
        ordering = ["follow_up", "id"]

    def __str__(self) -> str:
        return f"{self.follow_up}: {self.to_state}"


class Extension(models.Model):
    """A later due date, asked for before the due date and granted or refused."""

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="extensions", verbose_name=_("follow-up"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    old_due_on = models.DateField(_("due date until then"))
    new_due_on = models.DateField(_("new due date"))
    reason = models.TextField(_("reason"), max_length=2000)
    is_granted = models.BooleanField(_("granted"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["follow_up", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(new_due_on__gt=F("old_due_on")), name="extension_is_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_reason"),
            models.UniqueConstraint(fields=["follow_up"], condition=Q(is_granted=None), name="extension_one_undecided"),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up}: {self.new_due_on}"


def file_path(file: FollowUpFile, filename: str) -> str:
    """Where a file is kept: by its digest, so that no name a person typed reaches the file system."""
    return f"follow-ups/{file.follow_up_id}/{file.sha256}"


class FollowUpFile(models.Model):
    """A photo or document that proves what was done."""

    follow_up = models.ForeignKey(FollowUp, models.PROTECT, related_name="files", verbose_name=_("follow-up"))
    file = models.FileField(_("file"), upload_to=file_path, max_length=200)
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("evidence of a follow-up")
        verbose_name_plural = _("evidence of follow-ups")
        ordering = ["follow_up", "id"]
        constraints = [models.UniqueConstraint(fields=["follow_up", "sha256"], name="evidence_once_per_follow_up")]

    def __str__(self) -> str:
        return self.name
