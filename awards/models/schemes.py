"""Award schemes and the criteria they score by."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Action, Campaign, Indicator
from units.models import RankingGroup, Source
from units.models.naming import Named


class Scheme(Named, models.Model):
    """How an award is decided: among whom, how often, how many flags, from which score, and how ties end.

    A scheme that a round uses is never edited: a change is a new version under the same code.
    """

    class Interval(models.TextChoices):
        MONTH = "month", pgettext_lazy("interval", "month")
        QUARTER = "quarter", _("quarter")
        HALF_YEAR = "half_year", _("half-year")
        YEAR = "year", _("year")

    class TieRule(models.TextChoices):
        SHARED = "shared", _("shared")
        CRITERIA = "criteria", _("by named criteria in order")

    code = models.SlugField(_("code"), max_length=60)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name_en = models.CharField(_("name in English"), max_length=160)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="schemes", verbose_name=_("campaign"))
    group = models.ForeignKey(RankingGroup, models.PROTECT, related_name="schemes", verbose_name=_("ranking group"))
    interval = models.CharField(_("interval"), max_length=10, choices=Interval)
    flags = models.PositiveSmallIntegerField(_("number of flags"), default=3, validators=[MinValueValidator(1)])
    minimum_score = models.DecimalField(_("minimum score"), max_digits=6, decimal_places=2, default=Decimal(90))
    tie_rule = models.CharField(_("tie rule"), max_length=8, choices=TieRule, default=TieRule.SHARED)
    decimals = models.PositiveSmallIntegerField(_("decimals of a score"), default=2)
    bonus_cap = models.DecimalField(_("bonus cap"), max_digits=6, decimal_places=2, null=True, blank=True)
    penalty_cap = models.DecimalField(_("penalty cap"), max_digits=6, decimal_places=2, null=True, blank=True)
    publicity_working_days = models.PositiveSmallIntegerField(_("publicity period, working days"), default=3)
    is_active = models.BooleanField(_("active"), default=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("award scheme")
        verbose_name_plural = _("award schemes")
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="scheme_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(is_active=True), name="scheme_one_active_version"),
            models.CheckConstraint(condition=Q(flags__gte=1), name="scheme_has_a_flag"),
            models.CheckConstraint(condition=Q(decimals__lte=4), name="scheme_decimals_at_most_four"),
            models.CheckConstraint(condition=Q(minimum_score__gte=0), name="scheme_minimum_not_negative"),
            models.CheckConstraint(
                condition=Q(interval__in=["month", "quarter", "half_year", "year"]), name="scheme_interval_known"
            ),
            models.CheckConstraint(condition=Q(tie_rule__in=["shared", "criteria"]), name="scheme_tie_rule_known"),
        ]

    @property
    def revision(self) -> int:
        """Which wording of this edition it is, to know whether somebody was faster: the instant of its last change."""
        return int(format(self.updated_at, "%Y%m%d%H%M%S%f"))


class Criterion(Named, models.Model):
    """One criterion of a scheme: what it looks at, how points are made of it, and its weight out of 100."""

    class Basis(models.TextChoices):
        INDICATOR_ATTAINMENT = "indicator_attainment", _("an indicator's attainment")
        INDICATOR_GROWTH = "indicator_growth", _("an indicator's growth")
        ACTION_COMPOSITE = "action_composite", _("an action's composite")
        CAMPAIGN_COMPOSITE = "campaign_composite", _("the campaign's composite")
        PROJECT_PROGRESS = "project_progress", _("project progress")
        ON_TIME = "on_time", _("on-time reporting")
        MARK = "mark", _("a mark given by hand")

    class Method(models.TextChoices):
        TARGET = "target", pgettext_lazy("method", "target")
        LINEAR = "linear", _("linear")
        RANK_STEP = "rank_step", _("rank step")
        BANDED = "banded", _("banded")
        EFFICACY = "efficacy", _("efficacy")

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="criteria", verbose_name=_("award scheme"))
    order = models.PositiveSmallIntegerField(_("order"))
    name_en = models.CharField(_("name in English"), max_length=160)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2)
    basis = models.CharField(_("basis"), max_length=20, choices=Basis)
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="criteria", verbose_name=_("indicator")
    )
    action = models.ForeignKey(
        Action, models.PROTECT, null=True, blank=True, related_name="criteria", verbose_name=_("action")
    )
    method = models.CharField(_("method"), max_length=10, choices=Method)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    tie_order = models.PositiveSmallIntegerField(_("order in a tie"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["scheme", "order"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "order"], name="criterion_order_once"),
            models.UniqueConstraint(fields=["scheme", "tie_order"], name="criterion_tie_order_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="criterion_weight_in_range"),
            models.CheckConstraint(
                condition=Q(method__in=["target", "linear", "rank_step", "banded", "efficacy"]),
                name="criterion_method_known",
            ),
            models.CheckConstraint(
                condition=~Q(basis__in=["indicator_attainment", "indicator_growth"]) | Q(indicator__isnull=False),
                name="criterion_names_its_indicator",
            ),
            models.CheckConstraint(
                condition=~Q(basis="action_composite") | Q(action__isnull=False), name="criterion_names_its_action"
            ),
        ]


class Gate(Named, models.Model):
    """A condition that a unit must meet before any score counts: a share of a criterion's full points, in percent.

    A gate may stand behind another one, which is then asked first.
    """

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="gates", verbose_name=_("award scheme"))
    order = models.PositiveSmallIntegerField(_("order"))
    name_en = models.CharField(_("name in English"), max_length=160)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="gates", verbose_name=_("criterion"))
    minimum = models.DecimalField(_("at least, % of full points"), max_digits=6, decimal_places=2)
    behind = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="next_gates", verbose_name=_("asked after")
    )
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("gate")
        verbose_name_plural = _("gates")
        ordering = ["scheme", "order"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "order"], name="gate_order_once"),
            models.CheckConstraint(condition=Q(minimum__gt=0), name="gate_asks_for_something"),
            models.CheckConstraint(
                condition=~Q(behind=F("id")),
                name="gate_not_behind_itself",
                violation_error_message=_("A gate cannot be asked after itself."),
            ),
        ]
