"""A series of meetings of a campaign, with the template from which the agenda of the next one is made."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from units.models import Source
from units.models.naming import Named, in_reader_language

from .campaigns import Campaign


class MeetingType(models.TextChoices):
    MUTUAL_LEARNING = "mutual_learning", _("mutual learning and competition")
    STANDING_COMMITTEE = "standing_committee", _("enlarged Standing Committee meeting")
    MONTHLY_ANALYSIS = "monthly_analysis", _("monthly analysis meeting")


class AgendaKind(models.TextChoices):
    STUDY = "study", _("study")
    ASSESSMENT = "assessment", _("assessment")
    PROJECT_VIDEO = "project_video", _("major projects by video link")
    WARNING_VIDEO = "warning_video", _("video of the early-warning projects")
    LOCALITY_REPORT = "locality_report", _("report of a locality")
    DEPARTMENT_REPORT = "department_report", _("report of a department")
    AWARD = "award", _("award")
    REQUIREMENTS = "requirements", _("requirements")
    FOLLOW_UPS = "follow_ups", _("follow-ups")
    OTHER = "other", _("other")


class Session(models.TextChoices):
    MORNING = "morning", _("morning session")
    MAIN = "main", _("main session")


class PresentationForm(models.TextChoices):
    ORAL = "oral", _("oral")
    WRITTEN = "written", _("written")
    VIDEO = "video", _("video")


class MeetingSeries(Named, models.Model):
    """Meetings of one kind that a campaign holds again and again. The next one takes its name, day and place from here,
    and its agenda from the rows of the template."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="meeting_series", verbose_name=_("campaign"))
    kind = models.CharField(_("kind"), max_length=20, choices=MeetingType, default=MeetingType.MONTHLY_ANALYSIS)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=100)
    day_of_month = models.PositiveSmallIntegerField(
        _("day of the month"), default=26, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=160, blank=True)
    video_url = models.URLField(_("video link"), blank=True, max_length=300)
    chair_en = models.CharField(_("chair in English"), max_length=160, blank=True)
    chair_zh = models.CharField(_("chair in Chinese"), max_length=80, blank=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")
        ordering = ["campaign", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind"],
                name="meeting_series_once",
                violation_error_message=_("This campaign has a series of this kind already."),
            ),
            models.CheckConstraint(
                condition=Q(day_of_month__gte=1, day_of_month__lte=31), name="meeting_series_day_of_a_month"
            ),
        ]


class SeriesItem(models.Model):
    """One row of an agenda template. `{unit}` and `{action}` in a title stand for whoever presents."""

    class Presenters(models.TextChoices):
        NONE = "none", _("nobody in particular")
        LOCALITIES = "localities", _("each locality, an item each")
        DEPARTMENTS = "departments", _("each department, an item each")
        LEADS = "leads", _("the lead of each action, an item each")

    series = models.ForeignKey(
        MeetingSeries, models.CASCADE, related_name="template", verbose_name=_("series of meetings")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    session = models.CharField(_("session"), max_length=10, choices=Session, default=Session.MAIN)
    kind = models.CharField(_("kind"), max_length=20, choices=AgendaKind)
    title_en = models.CharField(
        _("title in English"), max_length=200, help_text=_("{unit} stands for the presenter, {action} for the action.")
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=100)
    presenters = models.CharField(_("presenters"), max_length=12, choices=Presenters, default=Presenters.NONE)
    minutes_allotted = models.PositiveSmallIntegerField(
        _("minutes allotted"), default=10, validators=[MinValueValidator(1), MaxValueValidator(480)]
    )
    form = models.CharField(_("form"), max_length=8, choices=PresentationForm, default=PresentationForm.ORAL)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("row of an agenda template")
        verbose_name_plural = _("rows of agenda templates")
        ordering = ["series", "order"]
        constraints = [
            models.UniqueConstraint(fields=["series", "order"], name="series_item_order_once"),
            models.CheckConstraint(condition=Q(minutes_allotted__gte=1), name="series_item_takes_time"),
        ]

    def __str__(self) -> str:
        return in_reader_language(self.title_en, self.title_zh)
