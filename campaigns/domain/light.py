"""Gives a figure its light: green, yellow or red by how it stands to the plan, grey where there is no figure.

Three lights are kept apart. The *raw* one comes from this period's figure alone, the *computed* one adds the rule of
two yellows, the *displayed* one adds an accepted reason. The rule is in ``docs/algorithms/lights.md``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Light(StrEnum):
    """On track, behind, far behind, or no approved figure."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


class LightMethod(StrEnum):
    """How a campaign measures the distance to the plan."""

    SHARE_OF_PACE = "share_of_pace"
    POINTS_BEHIND = "points_behind"


@dataclass(frozen=True, slots=True)
class LightRule:
    """A campaign's thresholds. ``green_from`` and ``yellow_from`` are percent of the plan, each counted in;
    ``green_within`` (not counted in) and ``yellow_within`` (counted in) are points behind it.

    Raises ``ValueError`` where yellow would begin above green.
    """

    method: LightMethod = LightMethod.SHARE_OF_PACE
    green_from: Decimal | int = 80
    yellow_from: Decimal | int = 60
    green_within: Decimal | int = 10
    yellow_within: Decimal | int = 30

    def __post_init__(self) -> None:
        if self.yellow_from > self.green_from:
            raise ValueError("yellow_from must not be above green_from")
        if self.green_within > self.yellow_within:
            raise ValueError("green_within must not be above yellow_within")


def raw_light(attainment: Fraction | None, planned: Fraction | None, rule: LightRule) -> Light:
    """The light of one period's figure alone, judged on the exact shares: 79.999 % of the plan is not 80 %.

    Grey where either share is missing. By share of pace a figure is green where nothing (or less) is planned.
    """
    if attainment is None or planned is None:
        return Light.GREY
    if rule.method is LightMethod.POINTS_BEHIND:
        return _by_points_behind(100 * (planned - attainment), rule)
    if planned <= 0:
        return Light.GREEN
    return _by_share_of_pace(100 * attainment / planned, rule)


def _by_share_of_pace(percent: Fraction, rule: LightRule) -> Light:
    if percent >= Fraction(rule.green_from):
        return Light.GREEN
    return Light.YELLOW if percent >= Fraction(rule.yellow_from) else Light.RED


def _by_points_behind(points: Fraction, rule: LightRule) -> Light:
    if points < Fraction(rule.green_within):
        return Light.GREEN
    return Light.YELLOW if points <= Fraction(rule.yellow_within) else Light.RED


def computed_light(raw: Light, previous_raw: Light | None) -> Light:
    """The raw light, with the rule of two yellows: yellow in this *and* in the period just before is red.

    It looks at raw lights only, so that one stumble does not stay red for ever: raw yellow four times gives yellow,
    red, red, red; raw red, yellow, yellow gives red, yellow, red, as a red turns yellow once made up. Grey never
    becomes green and breaks the run: yellow, grey, yellow gives yellow, grey, yellow. ``previous_raw`` is ``None`` in
    the first period.
    """
    if raw is Light.YELLOW and previous_raw is Light.YELLOW:
        return Light.RED
    return raw


def computed_lights(raws: Iterable[Light]) -> list[Light]:
    """The computed lights of periods that follow each other, first period first."""
    lights: list[Light] = []
    previous: Light | None = None
    for raw in raws:
        lights.append(computed_light(raw, previous))
        previous = raw
    return lights


def displayed_light(computed: Light, *, reason_accepted: bool) -> Light:
    """The light that pages show: an accepted reason lifts red to yellow and yellow to green, for show alone."""
    if not reason_accepted:
        return computed
    return {Light.RED: Light.YELLOW, Light.YELLOW: Light.GREEN}.get(computed, computed)
