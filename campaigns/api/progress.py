"""How far every unit and the city are, for other systems: figures against targets, composites, lights, forecasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from campaigns.api.computed import (
    EXAMPLE,
    ComputedSerializer,
    ComputedViewSet,
    NumberField,
    PercentField,
    PeriodQuery,
    PublishedField,
    RoundedField,
    action_numbered,
    light_field,
    unknown,
)
from campaigns.api.keys import ActionField, IndicatorField
from campaigns.api.standings import COVERAGE
from campaigns.domain.forecast import RATE_PLACES
from campaigns.models import Action, Indicator, Likelihood, Period
from campaigns.models.reports import ValueStatus
from campaigns.queries.outlook import Outlook, outlook
from units.api.serializers import SlugField, Strict, UnitField, WordField
from units.models import Unit

PLACES = 4
"""Of a stored figure, whatever its indicator shows."""
CITY = _("Null is the city.")


class ProgressQuery(PeriodQuery):
    action = NumberField(required=False)
    unit = SlugField(required=False, max_length=40, help_text=_("A unit by its code; the city is left out then."))
    indicator = SlugField(required=False, max_length=60, help_text=_("An indicator by its code."))


class LightSerializer(Strict):
    """Raw: this period's figures alone. Computed: two yellows running are red. Displayed: an accepted reason lifts the
    light of an action by one step."""

    raw = light_field()
    computed = light_field()
    displayed = light_field()


class ForecastSerializer(Strict):
    """Where the figure will stand on the target's day if it goes on as it did."""

    projected = PublishedField(places=PLACES)
    low = PublishedField(places=PLACES, allow_null=True)
    high = PublishedField(places=PLACES, allow_null=True)
    required_rate = PublishedField(
        places=RATE_PLACES, allow_null=True, help_text=_("A day, from the last figure on; null where no day is left.")
    )
    shortfall = PublishedField(places=PLACES)
    days_left = serializers.IntegerField()
    from_day = serializers.DateField(help_text=_("The day of the last figure."))


class JudgedLikelihoodSerializer(Strict):
    """What the lead judges, beside what is computed."""

    level = WordField(choices=Likelihood.Level.choices)
    reason = serializers.CharField()
    next_step = serializers.CharField()


class IndicatorProgressSerializer(Strict):
    """One figure against its target. A figure that is missing is null, never nought."""

    unit = UnitField(read_only=True, allow_null=True, help_text=CITY)
    action = ActionField(read_only=True)
    indicator = IndicatorField(read_only=True)
    value = PublishedField(
        places=PLACES, allow_null=True, help_text=_("While units are missing the city's is partial.")
    )
    value_status = WordField(choices=ValueStatus.choices, allow_null=True)
    baseline = RoundedField(source="line.baseline", places=PLACES, allow_null=True)
    baseline_on = serializers.DateField(source="line.baseline_on", allow_null=True)
    target = RoundedField(source="line.target", places=PLACES, allow_null=True)
    target_on = serializers.DateField(source="line.target_on", allow_null=True)
    planned_value = RoundedField(
        places=PLACES, allow_null=True, help_text=_("The figure that the plan asks for by now.")
    )
    attainment = PercentField(allow_null=True, help_text=_("Percent of the way from baseline to target."))
    planned = PercentField(allow_null=True, help_text=_("What the plan asks for by now."))
    gap = PublishedField(allow_null=True, help_text=_("Points ahead of (+) or behind (-) the plan."))
    pace = PublishedField(allow_null=True, help_text=_("Attainment in percent of the plan."))
    light = LightSerializer()
    forecast = ForecastSerializer(allow_null=True)
    present = serializers.IntegerField(allow_null=True, help_text=_("Of the city: how many units have a figure."))
    expected = serializers.IntegerField(allow_null=True, help_text=_("Of the city: how many units should have one."))
    is_corrected = serializers.BooleanField()


class CompositeProgressSerializer(Strict):
    """A composite: in one action, or (without action) in the whole campaign."""

    unit = UnitField(read_only=True, allow_null=True, help_text=CITY)
    action = ActionField(read_only=True, allow_null=True)
    composite = PublishedField(source="weighed.published", allow_null=True)
    planned = PercentField(source="weighed.composite.planned", allow_null=True)
    gap = PublishedField(source="weighed.gap", allow_null=True)
    coverage = serializers.IntegerField(source="weighed.coverage", help_text=COVERAGE)
    light = LightSerializer()
    accepted_reason = serializers.CharField(allow_null=True)
    likelihood = JudgedLikelihoodSerializer(allow_null=True)
    is_corrected = serializers.BooleanField()


class ProgressSerializer(ComputedSerializer):
    has_sample = serializers.BooleanField(help_text=_("Whether sample figures are among these."))
    indicators = IndicatorProgressSerializer(many=True)
    composites = CompositeProgressSerializer(many=True)

    class Meta:
        example = {
            **EXAMPLE,
            "has_sample": False,
            "indicators": [
                {
                    "unit": "tongxiang",
                    "action": "hundred-days/1",
                    "indicator": "exports",
                    "value": "90.00",
                    "value_status": "preliminary",
                    "baseline": "0.0000",
                    "baseline_on": "2022-07-11",
                    "target": "200.0000",
                    "target_on": "2022-10-19",
                    "planned_value": "102.0000",
                    "attainment": "45.00",
                    "planned": "51.00",
                    "gap": "-6.00",
                    "pace": "88.24",
                    "light": {"raw": "green", "computed": "green", "displayed": "green"},
                    "forecast": {
                        "projected": "176.47",
                        "low": "157.87",
                        "high": "205.29",
                        "required_rate": "2.2449",
                        "shortfall": "23.53",
                        "days_left": 49,
                        "from_day": "2022-08-31",
                    },
                    "present": None,
                    "expected": None,
                    "is_corrected": False,
                }
            ],
            "composites": [
                {
                    "unit": "tongxiang",
                    "action": "hundred-days/1",
                    "composite": "45.00",
                    "planned": "51.00",
                    "gap": "-6.00",
                    "coverage": 100,
                    "light": {"raw": "green", "computed": "green", "displayed": "green"},
                    "accepted_reason": None,
                    "likelihood": {"level": "likely", "reason": "Orders are in.", "next_step": ""},
                    "is_corrected": False,
                }
            ],
        }


class ProgressViewSet(ComputedViewSet):
    """Attainment, plan, gap, pace, light and forecast of every unit and indicator; composites with coverage, accepted
    reason and judged likelihood; the same of the city. Before publication as far as disclosed to the caller."""

    serializer_class = ProgressSerializer
    query_class = ProgressQuery
    table = ("indicators", "composites")

    def compute(self, period: Period, periods: Sequence[Period], asked: Mapping[str, Any]) -> Outlook:
        action = action_numbered(period.campaign, asked.get("action"))
        unit, indicator = _unit(asked.get("unit")), _indicator(period, asked.get("indicator"))
        found = outlook(period, periods=periods, person=self.person)
        return _narrowed(found, action=action, unit=unit, indicator=indicator)


def _unit(code: str | None) -> Unit | None:
    if code is None:
        return None
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise unknown("unit", code)
    return unit


def _indicator(period: Period, code: str | None) -> Indicator | None:
    """An indicator of the period's campaign."""
    if code is None:
        return None
    indicator = Indicator.objects.filter(action__campaign=period.campaign, code=code).first()
    if indicator is None:
        raise unknown("indicator", code)
    return indicator


def _narrowed(found: Outlook, *, action: Action | None, unit: Unit | None, indicator: Indicator | None) -> Outlook:
    """What is asked for. Composites of the whole campaign are left out where one action or indicator is."""
    actions = {one for one in (action and action.pk, indicator and indicator.action_id) if one is not None}

    def is_wanted(row: Any) -> bool:
        is_in_actions = not actions or (row.action is not None and actions == {row.action.pk})
        return is_in_actions and (unit is None or row.unit == unit)

    figures = [row for row in found.indicators if is_wanted(row) and (indicator is None or row.indicator == indicator)]
    return replace(found, indicators=figures, composites=[row for row in found.composites if is_wanted(row)])
