"""Indicators of an action, and the target of each unit for each of them."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from units.models import Source, Unit
from units.models.naming import Named, in_reader_language

from .actions import Action

FIGURE: dict[str, Any] = {"max_digits": 20, "decimal_places": 4}  # 16 digits before the point, 4 behind it


class Indicator(Named, models.Model):
    """What is measured. Decimals say how many places a reported figure may have, at most four."""

    class Direction(models.TextChoices):
        HIGHER = "higher", _("higher is better")
        LOWER = "lower", _("lower is better")

    class Accumulation(models.TextChoices):
        CUMULATIVE = "cumulative", _("cumulative")
        LEVEL = "level", pgettext_lazy("accumulation", "level")

    class CountsFrom(models.TextChoices):
        DAY_ONE = "day_one", _("day 1 of the campaign")
        NEW_YEAR = "new_year", _("1 January")

    class RollUp(models.TextChoices):
        SUM = "sum", _("sum")
        MEAN = "mean", _("mean")
        WEIGHTED_MEAN = "weighted_mean", _("weighted mean")
        LEAD = "lead", _("filed by the lead")

    class Attribute(models.TextChoices):
        BINDING = "binding", _("binding")
        ANTICIPATORY = "anticipatory", _("anticipatory")

    action = models.ForeignKey(Action, models.PROTECT, related_name="indicators", verbose_name=_("action"))
    code = models.SlugField(_("code"), max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name_en = models.CharField(_("name in English"), max_length=160)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    measure_en = models.CharField(_("unit of measure in English"), max_length=30)
    measure_zh = models.CharField(_("unit of measure in Chinese"), max_length=20)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=2, validators=[MaxValueValidator(4)])
    direction = models.CharField(_("direction"), max_length=6, choices=Direction, default=Direction.HIGHER)
    accumulation = models.CharField(
        _("accumulation"), max_length=10, choices=Accumulation, default=Accumulation.CUMULATIVE
    )
    counts_from = models.CharField(_("counts from"), max_length=8, choices=CountsFrom, default=CountsFrom.DAY_ONE)
    rollup = models.CharField(_("city figure"), max_length=13, choices=RollUp, default=RollUp.SUM)
    rollup_weight = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="weighs", verbose_name=_("weighted by")
    )
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("follows"),
        help_text=_("The indicator of an earlier year with which this one is compared."),
    )
    attribute = models.CharField(_("attribute"), max_length=12, choices=Attribute, default=Attribute.ANTICIPATORY)
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=2, default=Decimal(1))
    is_required = models.BooleanField(_("required"), default=True)
    asks_growth = models.BooleanField(_("asks for the growth year on year"), default=False)
    minimum = models.DecimalField(_("lowest usual figure"), null=True, blank=True, **FIGURE)
    maximum = models.DecimalField(_("highest usual figure"), null=True, blank=True, **FIGURE)
    scope_note_en = models.CharField(_("scope note in English"), max_length=300, blank=True)
    scope_note_zh = models.CharField(_("scope note in Chinese"), max_length=200, blank=True)
    numerator = models.CharField(_("numerator"), max_length=120, blank=True)
    denominator = models.CharField(_("denominator"), max_length=120, blank=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["action__campaign", "action__number", "order", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(decimals__lte=4), name="indicator_decimals_at_most_four"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="indicator_weight_positive"),
            models.CheckConstraint(
                condition=Q(minimum=None) | Q(maximum=None) | Q(maximum__gte=F("minimum")),
                name="indicator_minimum_below_maximum",
                violation_error_message=_("The highest usual figure lies below the lowest."),
            ),
            models.CheckConstraint(
                condition=Q(rollup="weighted_mean", rollup_weight__isnull=False)
                | (~Q(rollup="weighted_mean") & Q(rollup_weight=None)),
                name="indicator_weighted_mean_names_weight",
                violation_error_message=_("A weighted mean, and only that, names the indicator it is weighted by."),
            ),
            models.CheckConstraint(
                condition=~Q(follows=F("id")),
                name="indicator_does_not_follow_itself",
                violation_error_message=_("An indicator cannot follow itself."),
            ),
            models.CheckConstraint(
                condition=(Q(numerator="") & Q(denominator="")) | (~Q(numerator="") & ~Q(denominator="")),
                name="indicator_ratio_has_both_parts",
            ),
        ]

    @property
    def measure(self) -> str:
        return in_reader_language(self.measure_en, self.measure_zh)

    @property
    def scope_note(self) -> str:
        return in_reader_language(self.scope_note_en, self.scope_note_zh)


class Target(models.Model):
    """From which figure to which, from when to when, for one indicator and unit; no unit means the city's own.

    `baseline_on` is the eve of day 1 and `target_on` the campaign's last day unless given. A target that lies against
    the indicator's direction holds only when it is confirmed as a ceiling or a floor.
    """

    class ConfirmedAs(models.TextChoices):
        NOTHING = "", _("nothing to confirm")
        CEILING = "ceiling", _("a ceiling, not to be exceeded")
        FLOOR = "floor", _("a floor, not to be fallen below")

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets", verbose_name=_("indicator"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("unit")
    )
    baseline = models.DecimalField(_("baseline"), **FIGURE)
    baseline_on = models.DateField(_("baseline on"), null=True, blank=True)
    target = models.DecimalField(_("target"), **FIGURE)
    target_on = models.DateField(_("target on"), null=True, blank=True)
    confirmed_as = models.CharField(
        _("confirmed as"), max_length=7, choices=ConfirmedAs, default=ConfirmedAs.NOTHING, blank=True
    )
    scope_note_en = models.CharField(_("scope note in English"), max_length=300, blank=True)
    scope_note_zh = models.CharField(_("scope note in Chinese"), max_length=200, blank=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["indicator", "unit__order"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "unit"], name="target_once_per_unit"),
            models.UniqueConstraint(fields=["indicator"], condition=Q(unit=None), name="target_of_city_once"),
            models.CheckConstraint(
                condition=Q(baseline_on=None) | Q(target_on=None) | Q(target_on__gt=F("baseline_on")),
                name="target_after_baseline",
                violation_error_message=_("The target's day must lie after the baseline's."),
            ),
        ]

    def __str__(self) -> str:
        whose = self.unit or _("city")
        return f"{self.indicator}, {whose}"


class TrajectoryPoint(models.Model):
    """A planned figure on a day between baseline and target."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="trajectory", verbose_name=_("target"))
    on = models.DateField(_("on"))
    value = models.DecimalField(_("planned figure"), **FIGURE)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("trajectory point")
        verbose_name_plural = _("trajectory points")
        ordering = ["target", "on"]
        constraints = [models.UniqueConstraint(fields=["target", "on"], name="trajectory_point_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on}: {self.value}"
