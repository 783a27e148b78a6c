"""A comparison as a sheet, and what its two sides are called."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from campaigns.documents.exports import LIGHTS, SAMPLES
from campaigns.domain.figures import half_up
from campaigns.queries.compare import Compared, Comparison, Line, Place
from campaigns.templatetags.look import month_name, short_month
from units.documents.sheets import Cell, Column, Sheet


def names_of(compared: Comparison) -> tuple[str, str]:
    """What tells the sides apart: their months, with the year where it differs too, or their units."""
    first, second = compared.first, compared.second
    if first.period == second.period:
        return place_name(first), place_name(second)
    name = short_month if first.period.month[:4] == second.period.month[:4] else month_name
    return name(first.period.month), name(second.period.month)


def place_name(place: Place) -> str:
    return place.unit.short if place.unit else _("City")


def compare_sheets(compared: Comparison) -> list[Sheet]:
    """A row for each action, the whole last; both sides beside each other with the difference."""
    columns = [Column(_("No."), 6), Column(_("Action"), 32)]
    for name in names_of(compared):
        heads = ((_("Attained, %"), 2), (_("Planned, %"), 2), (_("Gap, points"), 2), (_("Light"), None))
        columns += [Column(f"{name}: {head}", 16, places) for head, places in heads]
    columns.append(Column(_("Difference, points"), 12, 2))
    notes = [str(SAMPLES)] if compared.has_sample else []
    return [Sheet(_("Comparison"), columns, [_row(one) for one in compared.rows], notes)]


def _row(line: Line) -> list[Any]:
    name = [line.action.number, line.action.name] if line.action else [None, _("Whole campaign")]
    return [*name, *_side(line.first), *_side(line.second), line.difference]


def _side(one: Compared | None) -> list[Any]:
    if one is None:
        return [None, None, None, ""]
    shares = (None if share is None else half_up(share, 2) for share in (one.percent, one.planned_percent))
    return [*shares, one.gap, Cell(str(LIGHTS[one.light]), one.light.value)]
