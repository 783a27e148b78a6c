"""Major projects: their plan, their milestones, and what is reported of them each month. Money is in 10,000 yuan."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from units.models import Source, Unit
from units.models.naming import Named, in_reader_language
from units.permissions import Capacities

from .actions import Action
from .campaigns import Campaign
from .periods import Period

MONEY: dict[str, Any] = {"max_digits": 16, "decimal_places": 2}


def _seen_by(person: Capacities, project: str = "") -> Q:
    """Of people who work in the project's unit or in its lead department; `project` is the path that leads to it."""
    return Q(**{f"{project}unit__in": person.own_units}) | Q(**{f"{project}lead__in": person.own_units})


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, person: Capacities) -> ProjectQuerySet:
        """Projects, with the people behind them: own unit, lead department, office, leaders, administrators."""
        return self if person.reads_everything else self.filter(_seen_by(person))


class OfProjectQuerySet(models.QuerySet):
    """Rows that belong to a project and are seen by whoever sees that."""

    def visible_to(self, person: Capacities) -> OfProjectQuerySet:
        return self if person.reads_everything else self.filter(_seen_by(person, "project__"))


class Project(Named, models.Model):
    """A major project of a unit. Investment is in 10,000 yuan."""

    class Class(models.TextChoices):
        IMPLEMENTING = "implementing", _("implementing")
        PRELIMINARY = "preliminary", pgettext_lazy("class of a project", "preliminary")
        RESERVE = "reserve", _("reserve")

    class Stage(models.TextChoices):
        PLANNING = "planning", _("planning")
        PRELIMINARY = "preliminary", _("preliminary work")
        NEW_START = "new_start", _("new start")
        UNDER_CONSTRUCTION = "under_construction", _("under construction")
        COMPLETED = "completed", _("completed")
        IN_PRODUCTION = "in_production", _("in production")
        EXITED = "exited", _("exited")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="projects", verbose_name=_("campaign"))
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_en = models.CharField(_("name in English"), max_length=160)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="projects", verbose_name=_("unit"))
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="led_projects", verbose_name=_("lead department"))
    action = models.ForeignKey(
        Action, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("action")
    )
    package = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of the package")
    )
    industry = models.CharField(_("industry class"), max_length=80, blank=True)
    project_class = models.CharField(_("class"), max_length=12, choices=Class, default=Class.IMPLEMENTING)
    stage = models.CharField(_("stage"), max_length=18, choices=Stage, default=Stage.PLANNING)
    exit_reason = models.TextField(_("reason for the exit"), blank=True, max_length=2000)
    content_en = models.TextField(_("scale and content in English"), blank=True, max_length=2000)
    content_zh = models.TextField(_("scale and content in Chinese"), blank=True, max_length=2000)
    total_investment = models.DecimalField(_("total investment, 10,000 yuan"), **MONEY)
    invested_before = models.DecimalField(_("invested to the end of last year, 10,000 yuan"), default=0, **MONEY)
    plan_this_year = models.DecimalField(_("plan for this year, 10,000 yuan"), default=0, **MONEY)
    planned_start_on = models.DateField(_("planned start"), null=True, blank=True)
    planned_finish_on = models.DateField(_("planned finish"), null=True, blank=True)
    started_on = models.DateField(_("actual start"), null=True, blank=True)
    finished_on = models.DateField(_("actual finish"), null=True, blank=True)
    statistical_entry_on = models.DateField(_("statistical entry"), null=True, blank=True)
    leader = models.CharField(_("responsible leader"), max_length=80, blank=True)
    person = models.CharField(_("responsible person"), max_length=80, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    video_url = models.URLField(_("video link"), blank=True, max_length=300)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["unit__order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(total_investment__gte=0, invested_before__gte=0, plan_this_year__gte=0),
                name="project_money_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(planned_start_on=None)
                | Q(planned_finish_on=None)
                | Q(planned_finish_on__gte=F("planned_start_on")),
                name="project_planned_finish_after_start",
                violation_error_message=_("The planned finish lies before the planned start."),
            ),
            models.CheckConstraint(
                condition=Q(started_on=None) | Q(finished_on=None) | Q(finished_on__gte=F("started_on")),
                name="project_finish_after_start",
                violation_error_message=_("The finish lies before the start."),
            ),
            models.CheckConstraint(
                condition=~Q(stage="exited") | ~Q(exit_reason=""),
                name="project_exit_has_reason",
                violation_error_message=_("Say why the project exited."),
            ),
            models.CheckConstraint(condition=~Q(package=F("id")), name="project_not_part_of_itself"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__isnull=False,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="project_place_on_earth",
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
        ]

    @property
    def content(self) -> str:
        return in_reader_language(self.content_en, self.content_zh)

    def is_seen_by(self, person: Capacities) -> bool:
        """What `visible_to` asks of the database."""
        return person.reads_everything or not person.own_units.isdisjoint({self.unit_id, self.lead_id})


class ProjectPlan(models.Model):
    """The planned investment of this year to the end of one month, in 10,000 yuan."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="plans", verbose_name=_("project"))
    month = models.CharField(_("month"), max_length=7)
    planned_to_date = models.DecimalField(_("planned to date, 10,000 yuan"), **MONEY)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("monthly plan")
        verbose_name_plural = _("monthly plans")
        ordering = ["project", "month"]
        constraints = [
            models.UniqueConstraint(fields=["project", "month"], name="project_plan_month_once"),
            models.CheckConstraint(condition=Q(planned_to_date__gte=0), name="project_plan_not_negative"),
            models.CheckConstraint(
                condition=Q(month__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$"), name="project_plan_month_is_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}, {self.month}"


class Milestone(Named, models.Model):
    """A step of a project, planned for a day and done on a day."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones", verbose_name=_("project"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    planned_on = models.DateField(_("planned on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["project", "planned_on", "order"]
        constraints = [models.UniqueConstraint(fields=["project", "name_en"], name="milestone_once")]


class ProjectUpdate(models.Model):
    """What a unit reports of a project for a period. Investment is this year's to date, in 10,000 yuan."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="updates", verbose_name=_("project"))
    period = models.ForeignKey(Period, models.PROTECT, related_name="project_updates", verbose_name=_("period"))
    invested_to_date = models.DecimalField(_("invested this year to date, 10,000 yuan"), null=True, blank=True, **MONEY)
    image_percent = models.DecimalField(_("image progress, %"), max_digits=5, decimal_places=2, null=True, blank=True)
    image_progress = models.TextField(_("image progress"), blank=True, max_length=2000)
    problem = models.TextField(_("problem that needs coordination"), blank=True, max_length=2000)
    problem_since = models.DateField(_("problem open since"), null=True, blank=True)
    next_step = models.TextField(_("next step"), blank=True, max_length=2000)
    note = models.CharField(_("note"), max_length=500, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("reported by"))
    updated_at = models.DateTimeField(_("reported at"))
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project update")
        verbose_name_plural = _("project updates")
        ordering = ["project", "period"]
        constraints = [
            models.UniqueConstraint(fields=["project", "period"], name="project_update_once"),
            models.CheckConstraint(
                condition=Q(invested_to_date=None) | Q(invested_to_date__gte=0), name="project_update_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(image_percent=None) | Q(image_percent__gte=0, image_percent__lte=100),
                name="project_update_percent_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}, {self.period}"


def photo_path(photo: ProjectPhoto, filename: str) -> str:
    """Where a photo is kept: by its digest, so that no name a person typed reaches the file system."""
    return f"projects/{photo.update.project_id}/{photo.sha256}"


class ProjectPhoto(models.Model):
    """A photo that shows how far a project is."""

    update = models.ForeignKey(ProjectUpdate, models.CASCADE, related_name="photos", verbose_name=_("project update"))
    file = models.ImageField(_("photo"), upload_to=photo_path, max_length=200)
    name = models.CharField(_("file name"), max_length=150)
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("project photo")
        verbose_name_plural = _("project photos")
        ordering = ["update", "id"]
        constraints = [models.UniqueConstraint(fields=["update", "sha256"], name="project_photo_once")]

    def __str__(self) -> str:
        return self.name
