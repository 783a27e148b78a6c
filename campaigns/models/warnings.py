"""Early warnings on projects: what raised them, how grave they are, and what was done about them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.domain.light import Light
from campaigns.domain.warning_life import WarningVerb
from campaigns.domain.warnings import BASIS_LENGTH, displayed_level
from units.models import Source
from units.permissions import Capacities

from .periods import Period
from .projects import OfProjectQuerySet, Project

VERBS = [
    (WarningVerb.EXPLAIN.value, pgettext_lazy("step of a warning", "explained")),
    (WarningVerb.MEASURE.value, pgettext_lazy("step of a warning", "measures agreed")),
    (WarningVerb.ACCEPT_REASON.value, pgettext_lazy("step of a warning", "reason accepted")),
    (WarningVerb.CLEAR.value, pgettext_lazy("step of a warning", "cleared")),
    (WarningVerb.ESCALATE.value, pgettext_lazy("step of a warning", "escalated")),
    (WarningVerb.RAISE.value, pgettext_lazy("step of a warning", "raised")),
    (WarningVerb.REGRADE.value, pgettext_lazy("step of a warning", "computed anew")),
    (WarningVerb.CAUSE_GONE.value, pgettext_lazy("step of a warning", "cause gone")),
    (WarningVerb.CAUSE_BACK.value, pgettext_lazy("step of a warning", "cause is back")),
]


class WarningQuerySet(OfProjectQuerySet):
    def awaiting(self, person: Capacities) -> WarningQuerySet:
        """What a person has to do: answer a warning on a project of the own unit, clear one whose cause is gone."""
        to_answer = Q(state=EarlyWarning.State.RAISED, project__unit__in=person.reporter_of | person.head_of)
        to_clear = Q(cause_gone_on__isnull=False, project__lead__in=person.reviewer_of)
        open_ones = self.exclude(state=EarlyWarning.State.CLEARED)
        return open_ones.filter(to_answer | (to_clear & ~Q(project__unit__in=person.own_units)))


class EarlyWarning(models.Model):
    """A project that needs attention, for one cause; at most one open warning per project and cause."""

    class Cause(models.TextChoices):
        BEHIND_PLAN = "behind_plan", _("behind plan to date")
        START_OVERDUE = "start_overdue", _("start overdue")
        MILESTONE_OVERDUE = "milestone_overdue", _("milestone overdue")
        NO_STATISTICAL_ENTRY = "no_statistical_entry", _("no statistical entry")
        PROBLEM_OPEN = "problem_open", _("problem open for more than a month")
        NO_UPDATE = "no_update", _("no update in a closed period")

    class Level(models.TextChoices):
        YELLOW = "yellow", _("yellow")
        RED = "red", _("red")

    class State(models.TextChoices):
        RAISED = "raised", _("raised")
        EXPLAINED = "explained", _("explained")
        MEASURES = "measures", _("measures agreed")
        ESCALATED = "escalated", _("escalated")
        CLEARED = "cleared", _("cleared")

    project = models.ForeignKey(Project, models.PROTECT, related_name="warnings", verbose_name=_("project"))
    period = models.ForeignKey(Period, models.PROTECT, related_name="warnings", verbose_name=_("period"))
    cause = models.CharField(_("cause"), max_length=20, choices=Cause)
    level = models.CharField(_("level"), max_length=6, choices=Level)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.RAISED, editable=False)
    basis = models.CharField(_("basis"), max_length=BASIS_LENGTH, blank=True, editable=False)
    particulars = models.JSONField(_("particulars"), default=dict)
    raised_at = models.DateTimeField(_("raised at"))
    explanation = models.TextField(_("explanation"), blank=True, max_length=2000)
    measure = models.TextField(_("measure"), blank=True, max_length=2000)
    measure_due_on = models.DateField(_("measure due on"), null=True, blank=True)
    accepted_reason = models.TextField(_("accepted reason"), blank=True, max_length=2000)
    cause_gone_on = models.DateField(_("cause gone since"), null=True, blank=True, editable=False)
    cleared_at = models.DateTimeField(_("cleared at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = WarningQuerySet.as_manager()

    class Meta:
        verbose_name = _("warning")
        verbose_name_plural = _("warnings")
        ordering = ["-raised_at", "project"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "cause"], condition=~Q(state="cleared"), name="warning_open_once_per_cause"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["raised", "explained", "measures", "escalated", "cleared"]),
                name="warning_state_known",
            ),
            models.CheckConstraint(condition=Q(level__in=["yellow", "red"]), name="warning_level_known"),
            models.CheckConstraint(
                condition=Q(state="cleared", cleared_at__isnull=False) | (~Q(state="cleared") & Q(cleared_at=None)),
                name="warning_cleared_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="measures") | (~Q(measure="") & Q(measure_due_on__isnull=False)),
                name="warning_measure_says_what_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.get_cause_display()}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLEARED

    @property
    def displayed_level(self) -> Light:
        """The light that pages show: lifted by one where a reason was accepted, which stays visible beside it."""
        return displayed_level(self.level, reason_accepted=bool(self.accepted_reason))


class WarningEvent(models.Model):
    """One step in the life of a warning. Rows are only ever added."""

    warning = models.ForeignKey(EarlyWarning, models.PROTECT, related_name="events", verbose_name=_("warning"))
    verb = models.CharField(_("step"), max_length=13, choices=VERBS, blank=True)
    from_state = models.CharField(pgettext_lazy("state", "from"), max_length=9, choices=EarlyWarning.State, blank=True)
    to_state = models.CharField(pgettext_lazy("state", "to"), max_length=9, choices=EarlyWarning.State)
    level = models.CharField(_("level"), max_length=6, choices=EarlyWarning.Level)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("person"))
    at = models.DateTimeField(_("at"))
    text = models.TextField(_("words"), blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("warning event")
        verbose_name_plural = _("warning events")
        ordering = ["warning", "id"]

    def __str__(self) -> str:
        return f"{self.warning}: {self.to_state}"
