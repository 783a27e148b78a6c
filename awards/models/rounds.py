"""A round of a scheme: scores with every step of their sum, adjustments, appeals, and the frozen snapshot."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import AgendaItem, Meeting, Period
from units.models import Source, Unit
from units.models.naming import Named

from .schemes import Criterion, Gate, Scheme

POINTS: dict[str, Any] = {"max_digits": 9, "decimal_places": 4}


class Round(Named, models.Model):
    """One award of a scheme for one stretch of time."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("round", "open")
        COMPUTED = "computed", _("computed")
        REVIEWED = "reviewed", _("reviewed")
        IN_PUBLICITY = "in_publicity", _("in publicity")
        ANNOUNCED = "announced", _("announced")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="rounds", verbose_name=_("award scheme"))
    name_en = models.CharField(_("name in English"), max_length=120)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    period = models.ForeignKey(
        Period, models.PROTECT, null=True, blank=True, related_name="award_rounds", verbose_name=_("figures of")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN, editable=False)
    publicity_from = models.DateField(_("publicity from"), null=True, blank=True)
    publicity_until = models.DateField(_("publicity until"), null=True, blank=True)
    announced_on = models.DateField(_("announced on"), null=True, blank=True, editable=False)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="award_rounds", verbose_name=_("meeting")
    )
    agenda_item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="award_rounds", verbose_name=_("agenda item")
    )
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    formula = models.CharField(_("version of the formula"), max_length=10, blank=True, editable=False)
    computed_at = models.DateTimeField(_("computed at"), null=True, blank=True, editable=False)
    computed_from = models.CharField(_("digest of the inputs"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("award round")
        verbose_name_plural = _("award rounds")
        ordering = ["scheme", "-ends_on"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "starts_on", "ends_on"], name="round_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="round_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "computed", "reviewed", "in_publicity", "announced"]),
                name="round_state_known",
            ),
            models.CheckConstraint(
                condition=Q(publicity_from=None)
                | Q(publicity_until=None)
                | Q(publicity_until__gte=F("publicity_from")),
                name="round_publicity_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state="announced", announced_on__isnull=False)
                | (~Q(state="announced") & Q(announced_on=None)),
                name="round_announced_has_day",
            ),
            models.CheckConstraint(
                condition=Q(formula="", computed_at=None, computed_from="")
                | (~Q(formula="") & Q(computed_at__isnull=False) & ~Q(computed_from="")),
                name="round_computed_is_whole",
            ),
        ]

    @property
    def is_announced(self) -> bool:
        return self.state == self.State.ANNOUNCED


class Score(models.Model):
    """A unit's score in a round. The computed score stays beside what an administrator decided, with the reason.

    `rank` and `is_winner` are what stands; without any decision in the round they are the computed ones. A unit that
    a veto or a gate keeps out has no rank.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="scores", verbose_name=_("award round"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="scores", verbose_name=_("unit"))
    computed_score = models.DecimalField(_("computed score"), null=True, blank=True, editable=False, **POINTS)
    computed_rank = models.PositiveSmallIntegerField(_("computed rank"), null=True, blank=True, editable=False)
    decided_score = models.DecimalField(_("decided score"), null=True, blank=True, editable=False, **POINTS)
    decided_winner = models.BooleanField(_("decided winner"), null=True, blank=True, editable=False)
    decided_reason = models.TextField(_("reason"), blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("decided by")
    )
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True, editable=False)
    bonus = models.DecimalField(_("bonus"), default=0, editable=False, **POINTS)
    penalty = models.DecimalField(_("penalty"), default=0, editable=False, **POINTS)
    failed_gate = models.ForeignKey(
        Gate, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("gate not met")
    )
    is_vetoed = models.BooleanField(_("vetoed"), default=False, editable=False)
    is_computed_winner = models.BooleanField(_("winner by the computed score"), default=False, editable=False)
    is_winner = models.BooleanField(_("winner"), default=False, editable=False)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["round", "computed_rank", "unit__order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="score_once"),
            models.CheckConstraint(
                condition=Q(decided_score=None, decided_winner=None)
                | (~Q(decided_reason="") & Q(decided_by__isnull=False)),
                name="score_decision_has_reason_and_person",
            ),
            models.CheckConstraint(
                condition=Q(is_winner=F("is_computed_winner")) | (~Q(decided_reason="") & Q(decided_by__isnull=False)),
                name="score_changed_winner_has_reason_and_person",
            ),
            models.CheckConstraint(condition=Q(is_vetoed=False) | Q(is_winner=False), name="score_vetoed_never_wins"),
            models.CheckConstraint(
                condition=Q(computed_rank=None) | Q(is_vetoed=False, failed_gate=None),
                name="score_kept_out_has_no_rank",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.round}"

    @property
    def score(self) -> Decimal | None:
        """What stands: the decided score, else the computed one."""
        return self.computed_score if self.decided_score is None else self.decided_score

    @property
    def is_decided(self) -> bool:
        return self.decided_score is not None or self.decided_winner is not None


class ScoreLine(models.Model):
    """One step of a score's sum: the figure a criterion looked at, and the points made of it.

    `figure` and `points` are rounded to be read. `working` has them exact: `figure`, `share` of full points in percent
    and `points` as fractions, `place` among the units with a figure, and `from`: the reports, measurements with their
    versions, projects or marks that the figure was made of.
    """

    score = models.ForeignKey(Score, models.CASCADE, related_name="lines", verbose_name=_("score"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="lines", verbose_name=_("criterion"))
    figure = models.DecimalField(_("figure"), max_digits=20, decimal_places=6, null=True, blank=True)
    working = models.JSONField(_("working"), default=dict)
    points = models.DecimalField(pgettext_lazy("of an award", "points"), **POINTS)

    class Meta:
        verbose_name = _("step of a score")
        verbose_name_plural = _("steps of scores")
        ordering = ["score", "criterion__order"]
        constraints = [models.UniqueConstraint(fields=["score", "criterion"], name="score_line_once")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"


class Adjustment(models.Model):
    """A bonus, a penalty or a veto on a unit in a round, with its reason and evidence."""

    class Kind(models.TextChoices):
        BONUS = "bonus", _("bonus")
        PENALTY = "penalty", _("penalty")
        VETO = "veto", _("veto")

    round = models.ForeignKey(Round, models.CASCADE, related_name="adjustments", verbose_name=_("award round"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="adjustments", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    points = models.DecimalField(pgettext_lazy("of an award", "points"), default=0, **POINTS)
    reason = models.TextField(_("reason"), max_length=2000)
    evidence = models.FileField(_("evidence"), upload_to="awards/evidence/", blank=True, max_length=200)
    evidence_note = models.CharField(_("evidence, in words"), max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"))
    made_at = models.DateTimeField(_("at"), auto_now_add=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("bonus, penalty or veto")
        verbose_name_plural = _("bonuses, penalties and vetoes")
        ordering = ["round", "unit__order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="veto", points=0) | (Q(kind__in=["bonus", "penalty"]) & Q(points__gt=0)),
                name="adjustment_points_fit_kind",
                violation_error_message=_("A veto carries no points; a bonus or penalty carries more than 0."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="adjustment_has_reason"),
            models.CheckConstraint(
                condition=~Q(evidence="") | ~Q(evidence_note=""),
                name="adjustment_has_evidence",
                violation_error_message=_("Attach the evidence, or say where it is."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.unit}"


class Appeal(models.Model):
    """A unit's written objection in the publicity period, and the written answer to it."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="appeals", verbose_name=_("award round"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appeals", verbose_name=_("unit"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))
    text = models.TextField(_("objection"), max_length=4000)
    answer = models.TextField(_("answer"), blank=True, max_length=4000)
    is_upheld = models.BooleanField(_("upheld"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["round", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="appeal_says_something"),
            models.CheckConstraint(
                condition=Q(answered_at=None, is_upheld=None)
                | (Q(answered_at__isnull=False, is_upheld__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="appeal_answer_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.round}"


class Snapshot(models.Model):
    """What an announcement froze: inputs, formula, scores, ranks and winners, with the digest of their text."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="snapshots", verbose_name=_("award round"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    content = models.TextField(_("canonical JSON"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("made by"))
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["round", "version"]
        constraints = [
            models.UniqueConstraint(fields=["round", "version"], name="snapshot_version_once"),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="snapshot_change_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.round} ({self.version})"
