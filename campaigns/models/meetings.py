"""Meetings: their agenda with the papers of the presenters, attendance, and what the meeting required."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from units.models import Source, Unit
from units.models.naming import Named, in_reader_language

from .campaigns import Campaign
from .meeting_series import AgendaKind, MeetingSeries, MeetingType, PresentationForm, Session
from .periods import Period
from .projects import Project
from .reports import Report


class Meeting(Named, models.Model):
    """A meeting, which may be of several kinds at once; it looks at a period, with figures as of an instant."""

    Kind = MeetingType

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="meetings", verbose_name=_("campaign"))
    period = models.ForeignKey(
        Period, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("period")
    )
    series = models.ForeignKey(
        MeetingSeries,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="meetings",
        verbose_name=_("series"),
    )
    figures_as_of = models.DateTimeField(_("figures as of"), null=True, blank=True)
    name_en = models.CharField(_("name in English"), max_length=300)
    name_zh = models.CharField(_("name in Chinese"), max_length=150)
    held_on = models.DateField(_("held on"))
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    video_url = models.URLField(_("video link"), blank=True, max_length=300)
    chair_en = models.CharField(_("chair in English"), max_length=160, blank=True)
    chair_zh = models.CharField(_("chair in Chinese"), max_length=80, blank=True)
    papers_due_at = models.DateTimeField(_("papers due at"), null=True, blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True, max_length=4000)
    summary_zh = models.TextField(_("summary in Chinese"), blank=True, max_length=4000)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
    cancelled_reason = models.CharField(_("why it was cancelled"), max_length=500, blank=True, editable=False)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "held_on", "name_en"], name="meeting_once")]

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def chair(self) -> str:
        return in_reader_language(self.chair_en, self.chair_zh)

    @property
    def summary(self) -> str:
        return in_reader_language(self.summary_en, self.summary_zh)


class MeetingKind(models.Model):
    """One kind that a meeting is, with its number in that series where it has one (the second of 2022)."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="kinds", verbose_name=_("meeting"))
    kind = models.CharField(_("kind"), max_length=20, choices=Meeting.Kind)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    number = models.PositiveSmallIntegerField(_("number in the year"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("kind of a meeting")
        verbose_name_plural = _("kinds of meetings")
        ordering = ["meeting", "order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind"], name="meeting_kind_once"),
            models.CheckConstraint(
                condition=Q(year=None, number=None) | Q(year__isnull=False, number__gte=1),
                name="meeting_kind_number_has_year",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class AgendaItem(models.Model):
    """One item of a meeting's agenda, presented by a unit, in its session and order."""

    Kind = AgendaKind
    Session = Session
    Form = PresentationForm

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda", verbose_name=_("meeting"))
    order = models.PositiveSmallIntegerField(_("order"))
    session = models.CharField(_("session"), max_length=10, choices=Session, default=Session.MAIN)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title_en = models.CharField(_("title in English"), max_length=300)
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    presenter = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name=_("presenter")
    )
    minutes_allotted = models.PositiveSmallIntegerField(
        _("minutes allotted"), default=10, validators=[MinValueValidator(1)]
    )
    form = models.CharField(_("form"), max_length=8, choices=Form, default=Form.ORAL)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name=_("project")
    )
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name=_("report")
    )
    text_en = models.TextField(_("text in English"), blank=True, max_length=4000)
    text_zh = models.TextField(_("text in Chinese"), blank=True, max_length=4000)
    article_words = models.TextField(_("words of the article"), blank=True)
    handed_in_at = models.DateTimeField(_("paper handed in at"), null=True, blank=True, editable=False)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("paper handed in by"),
    )
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["meeting", "order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="agenda_order_once"),
            models.CheckConstraint(condition=Q(minutes_allotted__gte=1), name="agenda_item_takes_time"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_reader_language(self.title_en, self.title_zh)

    @property
    def text(self) -> str:
        return in_reader_language(self.text_en, self.text_zh)


def paper_path(paper: AgendaPaper, filename: str) -> str:
    """Where a paper is kept: by its digest, so that no name a person typed reaches the file system."""
    return f"meetings/{paper.agenda_item_id}/{paper.sha256}"


class AgendaPaper(models.Model):
    """A file that the presenter of an agenda item hands in for the meeting."""

    agenda_item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="papers", verbose_name=_("agenda item"))
    file = models.FileField(_("file"), upload_to=paper_path, max_length=200)
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("paper of a presenter")
        verbose_name_plural = _("papers of presenters")
        ordering = ["agenda_item", "id"]
        constraints = [models.UniqueConstraint(fields=["agenda_item", "sha256"], name="paper_once_per_agenda_item")]

    def __str__(self) -> str:
        return self.name


class Attendance(Named, models.Model):
    """Who attended a meeting: a person by name and office, or a unit."""

    class Presence(models.TextChoices):
        PRESENT = "present", _("present")
        LEAVE = "leave", _("on leave")
        SUBSTITUTE = "substitute", _("substitute")

    class Capacity(models.TextChoices):
        CHAIR = "chair", _("chair")
        ATTENDING = "attending", _("attending")
        REPORTING = "reporting", _("reporting")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances", verbose_name=_("meeting"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="attendances", verbose_name=_("unit")
    )
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=60, blank=True)
    office_en = models.CharField(_("office in English"), max_length=160, blank=True)
    office_zh = models.CharField(_("office in Chinese"), max_length=80, blank=True)
    capacity = models.CharField(_("capacity"), max_length=10, choices=Capacity, default=Capacity.ATTENDING)
    presence = models.CharField(_("presence"), max_length=10, choices=Presence, default=Presence.PRESENT)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["meeting", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "unit"], condition=Q(name_en=""), name="attendance_of_unit_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "name_en"], condition=~Q(name_en=""), name="attendance_of_person_once"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | ~Q(name_en=""), name="attendance_names_person_or_unit"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.unit)

    @property
    def office(self) -> str:
        return in_reader_language(self.office_en, self.office_zh)


class Requirement(models.Model):
    """One thing that a meeting required, in its group; follow-ups may be made from it."""

    class Group(models.TextChoices):
        GROWTH_ENGINES = "growth_engines", _("engines of growth")
        DIFFICULTIES = "difficulties", _("the struggle to overcome difficulties")
        STAMINA = "stamina", _("stamina for development")
        RISK_AND_SECURITY = "risk_and_security", _("risk elimination and security")
        DEPLOYMENT = "deployment", _("deployment")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="requirements", verbose_name=_("meeting"))
    group = models.CharField(_("group"), max_length=20, choices=Group)
    order = models.PositiveSmallIntegerField(_("order"))
    text_en = models.TextField(_("text in English"), max_length=2000)
    text_zh = models.TextField(_("text in Chinese"), max_length=1000)
    article_words = models.TextField(_("words of the article"), blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["meeting", "order"]
        constraints = [models.UniqueConstraint(fields=["meeting", "order"], name="requirement_order_once")]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return in_reader_language(self.text_en, self.text_zh)
