"""The standings of a period for other systems: the same table as on the page, ranked in one group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    action_numbered,
    light_field,
    unknown,
)
from campaigns.api.keys import ActionField, PeriodField
from campaigns.models import Period
from campaigns.queries.standings import Group, Standings, UnknownGroup, choose_group, ranking_groups, standings
from units.api.serializers import SlugField, Strict, UnitField

COVERAGE = _("Percent of the weight that has a figure, rounded down: 100 says that nothing is missing.")


class StandingsQuery(PeriodQuery):
    group = SlugField(
        required=False, max_length=40, help_text=_("A ranking group by its code; without it the largest.")
    )
    action = NumberField(required=False)


class StandingCellSerializer(Strict):
    """A unit in one action: null where it is not assigned, or where the caller may not see it yet."""

    action = ActionField(read_only=True)
    is_assigned = serializers.BooleanField()
    composite = PublishedField(source="progress.published", allow_null=True)
    planned = PercentField(source="progress.composite.planned", allow_null=True)
    gap = PublishedField(source="progress.gap", allow_null=True)
    coverage = serializers.IntegerField(source="progress.coverage", allow_null=True, help_text=COVERAGE)
    light = light_field(
        source="progress.light", allow_null=True, help_text=_("As shown, lifted by an accepted reason.")
    )
    accepted_reason = serializers.CharField(source="progress.reason.reason", allow_null=True)


class WeighedSerializer(Strict):
    composite = PublishedField(source="published", allow_null=True, help_text=_("Percent: the figure that is ranked."))
    planned = PercentField(source="composite.planned", allow_null=True, help_text=_("What the plan asks for by now."))
    gap = PublishedField(allow_null=True, help_text=_("Points ahead of (+) or behind (-) the plan."))
    coverage = serializers.IntegerField(help_text=COVERAGE)
    light = light_field()
    is_corrected = serializers.BooleanField(help_text=_("Made from a figure that was corrected after closing."))


class PlaceSerializer(Strict):
    unit = UnitField(read_only=True)
    counted_in = UnitField(source="unit.counted_in", read_only=True, allow_null=True)
    is_in_group = serializers.BooleanField(help_text=_("Whether it is ranked in this group."))
    rank = serializers.IntegerField(allow_null=True)
    movement = serializers.IntegerField(
        allow_null=True, help_text=_("Places gained (+) or lost (-) against the period compared with.")
    )
    is_new = serializers.BooleanField()
    is_incomplete = serializers.BooleanField(help_text=_("Too little coverage for a rank."))
    is_undisclosed = serializers.BooleanField(help_text=_("Single actions are for the caller, the whole is not yet."))


class StandingSerializer(PlaceSerializer, WeighedSerializer):
    """A unit's row."""

    actions = StandingCellSerializer(source="cells", many=True)


class StandingsSerializer(ComputedSerializer):
    group = serializers.CharField(source="group.group.code", allow_null=True)
    compared_with = PeriodField(
        source="previous", read_only=True, allow_null=True, help_text=_("The published period before.")
    )
    has_sample = serializers.BooleanField(help_text=_("Whether sample figures are among these."))
    rows = StandingSerializer(many=True)
    city = WeighedSerializer(allow_null=True)

    class Meta:
        example = {
            **EXAMPLE,
            "group": "counties",
            "compared_with": "hundred-days/2022-07",
            "has_sample": False,
            "rows": [
                {
                    "unit": "tongxiang",
                    "counted_in": None,
                    "is_in_group": True,
                    "rank": 1,
                    "movement": 2,
                    "is_new": False,
                    "is_incomplete": False,
                    "is_undisclosed": False,
                    "composite": "45.00",
                    "planned": "51.00",
                    "gap": "-6.00",
                    "coverage": 100,
                    "light": "green",
                    "is_corrected": False,
                    "actions": [
                        {
                            "action": "hundred-days/1",
                            "is_assigned": True,
                            "composite": "45.00",
                            "planned": "51.00",
                            "gap": "-6.00",
                            "coverage": 100,
                            "light": "green",
                            "accepted_reason": None,
                        }
                    ],
                }
            ],
            "city": {
                "composite": None,
                "planned": None,
                "gap": None,
                "coverage": 0,
                "light": "grey",
                "is_corrected": False,
            },
        }


class StandingsViewSet(ComputedViewSet):
    """Who is ahead: rank, movement, composite, coverage and light of every unit in a ranking group, then the units that
    are not ranked in it; with `action` in this action alone. Before publication as far as disclosed to the caller."""

    serializer_class = StandingsSerializer
    query_class = StandingsQuery
    table = ("rows",)

    def compute(self, period: Period, periods: Sequence[Period], asked: Mapping[str, Any]) -> Standings:
        return standings(
            period,
            periods=periods,
            group=_group(asked.get("group")),
            person=self.person,
            action=action_numbered(period.campaign, asked.get("action")),
        )


def _group(code: str | None) -> Group | None:
    try:
        return choose_group(ranking_groups(), code)
    except UnknownGroup as error:
        raise unknown("group", str(error)) from error
