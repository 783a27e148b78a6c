"""Draws what only the big screen has: the bar from baseline to target with where it leads at this rate."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import template

from campaigns.domain.composite import Composite
from campaigns.domain.projection import Projection
from campaigns.templatetags.look import percent, shape_of
from units.models import Unit

register = template.Library()

LONG = 22
"""Letters of a name that stand in one line."""


@register.filter
def wall_name(unit: Unit) -> str:
    """The name, or the short one where the name is too long to be read from afar."""
    return unit.short if len(unit.name) > LONG else unit.name


@register.inclusion_tag("campaigns/screen/way_bar.html")
def way_bar(whole: Composite, onward: Projection | None, light: Any) -> dict[str, Any]:
    """The whole width is the target; beyond it the bar ends. What is attained is full, what is projected pale."""
    projected = onward.share if onward else None
    return {
        "attained": _thousandths(whole.attainment),
        "projected": _thousandths(projected),
        "planned": None if whole.planned is None else _thousandths(whole.planned),
        "shape": shape_of(light),
        "attained_text": percent(whole.attainment),
        "planned_text": percent(whole.planned),
        "projected_text": percent(projected, 0),
    }


def _thousandths(share: Fraction | None) -> int:
    return 0 if share is None else min(1000, max(0, round(1000 * share)))
