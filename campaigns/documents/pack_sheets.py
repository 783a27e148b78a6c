"""The tables of a pack as rows for a workbook: numbers as numbers, days as days, each figure with where it comes from.

Percent stand as the number before the sign. A figure that is missing is a dash, which no sum takes for nought.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from campaigns.documents.pack_heads import heads
from campaigns.documents.pack_pages import filing_text
from campaigns.documents.pack_words import (
    FOLLOW_UP_STATES,
    LEVELS,
    NOT_ASSIGNED,
    URGENCIES,
    VALUE_STATUSES,
    WARNING_STATES,
    decimal,
    in_language,
    light,
    name_of,
    warning_level,
    words_of,
)
from campaigns.domain.follow_up_life import Urgency
from campaigns.templatetags.look import MISSING
from units.documents.sheets import Cell, Column

Content = Mapping[str, Any]
Row = list[Any]


SUMMED_UP = [
    ("attained", "published", 2),
    ("planned", "planned", 2),
    ("gap", "gap", 2),
    ("change", "change", 2),
    ("coverage", "coverage", 0),
]
"""Of the city: head, field of the content, places."""


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to a page."""

    address: str
    text: str


@dataclass(frozen=True, slots=True)
class PackSheet:
    """One table; its first row names the columns, ``frozen`` columns stay in sight."""

    name: str
    columns: list[Column]
    rows: list[Row] = field(default_factory=list)
    frozen: int = 1


def pack_sheets(content: Content) -> dict[str, PackSheet]:
    """By the name under which the charts find them, in order."""
    told = heads()
    return {
        "standings": _standings(content, told),
        "actions": _actions(content, told),
        "ways": _ways(content, told),
        "figures": _figures(content, told),
        "completeness": _completeness(content, told),
        "warnings": _warnings(content, told),
        "follow_ups": _follow_ups(content, told),
    }


def summary_rows(content: Content) -> list[tuple[str, Any]]:
    """The city's figures and the counts of reports, each with its name."""
    city, total, told = content["city"], content["completeness"]["total"], heads()
    figures = [(told[key], number(city[field], places=places)) for key, field, places in SUMMED_UP]
    bounds = [
        (_("Projected, %"), "projected"),
        (_("Projected at least, %"), "low"),
        (_("Projected at most, %"), "high"),
    ]
    counts = [(told[key], total[key]) for key in ("expected", "filed", "on_time", "approved")]
    return [
        (told["light"], _light(city["light"])),
        *figures,
        *((label, number(city[key], places=2)) for label, key in bounds),
        (_("Actions on track"), sum(one["light"] == "green" for one in content["actions"])),
        *counts,
        (told["on_time_rate"], number(total["on_time_rate"], places=2)),
    ]


def number(figure: str | None, tone: str = "", places: int | None = None) -> Any:
    value = decimal(figure)
    return Cell(MISSING if value is None else value, tone, places)


def _light(code: str | None) -> Cell:
    return Cell(light(code)["text"], code or "grey")


def _day(on: str | None) -> Any:
    return date.fromisoformat(on[:10]) if on else MISSING


# --- standings and actions --------------------------------------------------------------------------------------------


def _standings(content: Content, told: Mapping[str, str]) -> PackSheet:
    actions = [Column(f"{one['number']}. {name_of(one)}", 12, 2) for one in content["actions"]]
    columns = [
        Column(told["rank"], 9), Column(told["unit"], 30), Column(_("Ranked"), 10), Column(told["movement"], 10),
        Column(told["attained"], 11, 2), Column(told["planned"], 11, 2), Column(told["gap"], 11, 2),
        Column(told["coverage"], 11, 0), Column(told["light"], 14), *actions,
    ]  # fmt: skip
    in_group_first = sorted(content["standings"], key=lambda one: not one["is_in_group"])
    return PackSheet(told["standings"], columns, [_standing(one) for one in in_group_first], frozen=2)


def _standing(row: Mapping[str, Any]) -> Row:
    movement = _("new") if row["is_new"] else MISSING if row["movement"] is None else row["movement"]
    return [
        MISSING if row["rank"] is None else row["rank"],
        name_of(row["unit"]),
        _ranked(row),
        movement,
        number(row["published"]),
        number(row["planned"]),
        number(row["gap"]),
        number(row["coverage"]),
        _light(row["light"]),
        *(number(one["published"], one["light"] or "grey") if one["is_assigned"] else NOT_ASSIGNED
          for one in row["cells"]),
    ]  # fmt: skip


def _ranked(row: Mapping[str, Any]) -> str:
    if not row["is_in_group"]:
        return _("no")
    return _("incomplete") if row["is_incomplete"] else _("yes")


def _actions(content: Content, told: Mapping[str, str]) -> PackSheet:
    columns = [
        Column(told["number"], 6), Column(told["action"], 30), Column(told["lead"], 26), Column(told["light"], 14),
        Column(told["attained"], 11, 2), Column(told["planned"], 11, 2), Column(told["gap"], 11, 2),
        Column(told["change"], 11, 2), Column(told["coverage"], 11, 0), Column(_("Projected, %"), 11, 2),
        Column(_("Projected at least, %"), 11, 2), Column(_("Projected at most, %"), 11, 2),
        Column(_("Needed a day, points"), 12, 4), Column(_("Made a day, points"), 12, 4),
        Column(_("Judged"), 14), Column(_("Reason"), 40), Column(_("Next step"), 40), Column(_("Judged by"), 20),
    ]  # fmt: skip
    return PackSheet(told["actions"], columns, [_action(one) for one in content["actions"]], frozen=2)


def _action(one: Mapping[str, Any]) -> Row:
    percents = ("published", "planned", "gap", "change", "coverage", "projected", "low", "high")
    judged = one["likelihood"]
    said = [
        str(LEVELS[judged["level"]]),
        words_of(judged["reason"]),
        words_of(judged["next_step"]),
        words_of(judged["judged_by"]),
    ] if judged else [MISSING] * 4  # fmt: skip
    return [
        one["number"],
        name_of(one),
        name_of(one["lead"]),
        _light(one["light"]),
        *(number(one[key]) for key in percents),
        number(one["needed_a_day"]),
        number(one["made_a_day"]),
        *said,
    ]


def _ways(content: Content, told: Mapping[str, str]) -> PackSheet:
    """Planned and attained at each period's end; the last day has the projection. Blank: not yet known."""
    columns = [
        Column(told["number"], 6), Column(told["action"], 30), Column(_("Day"), 12), Column(told["planned"], 11, 2),
        Column(told["attained"], 11, 2), Column(_("Projected, %"), 11, 2), Column(_("Projected at least, %"), 11, 2),
        Column(_("Projected at most, %"), 11, 2),
    ]  # fmt: skip
    whole = {"number": MISSING, "name": {"en": _("City"), "zh": _("City")}, **content["city"]}
    rows = [row for one in (whole, *content["actions"]) for row in _way(one)]
    return PackSheet(told["way"], columns, rows, frozen=2)


def _way(one: Mapping[str, Any]) -> Iterator[Row]:
    reached = [place for place, point in enumerate(one["way"]) if point["attained"] is not None]
    for place, point in enumerate(one["way"]):
        row = [one["number"], name_of(one), _day(point["on"]), number(point["planned"]), decimal(point["attained"])]
        if one["projected"] is not None and place == len(one["way"]) - 1:
            yield row + [decimal(one[key]) for key in ("projected", "low", "high")]
        elif reached and place == reached[-1]:
            yield row + [decimal(point["attained"])] * 3
        else:
            yield [*row, None, None, None]


# --- figures ----------------------------------------------------------------------------------------------------------


def _figures(content: Content, told: Mapping[str, str]) -> PackSheet:
    columns = [
        Column(told["number"], 6), Column(told["action"], 26), Column(told["unit"], 26), Column(_("Code"), 16),
        Column(told["indicator"], 30), Column(_("Unit of measure"), 14), Column(told["value"], 14),
        Column(_("Status of the figure"), 14), Column(_("Growth, %"), 10), Column(_("Baseline"), 14),
        Column(told["target"], 14), Column(told["planned_value"], 14), Column(told["attained"], 11, 2),
        Column(told["gap"], 11, 2), Column(told["light"], 14), Column(_("Corrected"), 10),
        Column(_("Action of the unit, %"), 12, 2), Column(_("Accepted reason"), 30), Column(_("Report"), 28),
        Column(_("Filed by"), 18), Column(_("Approved by"), 18), Column(_("Approved at"), 17),
    ]  # fmt: skip
    return PackSheet(told["figures"], columns, list(_figure_rows(content)), frozen=3)


def _figure_rows(content: Content) -> Iterator[Row]:
    for action in content["actions"]:
        indicators = {one["code"]: one for one in action["indicators"]}
        for unit in action["units"]:
            for one in unit["figures"]:
                indicator = indicators[one["indicator"]]
                yield [
                    action["number"],
                    name_of(action),
                    name_of(unit["unit"]),
                    one["indicator"],
                    name_of(indicator),
                    in_language(indicator["measure"]),
                    *_figure(one, indicator["decimals"]),
                    number(unit["published"], unit["light"]),
                    unit["accepted_reason"] or "",
                    *_origin(one["report"]),
                ]


def _figure(one: Mapping[str, Any], decimals: int) -> Row:
    status = one["value_status"]
    return [
        number(one["value"], places=decimals),
        str(VALUE_STATUSES[status]) if status else MISSING,
        number(one["growth"]),
        *(number(one[key], places=decimals) for key in ("baseline", "target", "planned_figure")),
        number(one["attainment"]),
        number(one["gap"]),
        _light(one["light"]),
        _("yes") if one["is_corrected"] else "",
    ]


def _origin(report: Mapping[str, Any] | None) -> Row:
    """The report's page, who filed and who approved it, and when."""
    if report is None:
        return [MISSING] * 4
    at = report["approved_at"]
    return [
        Link(f"{settings.SITE_URL}{report['url_path']}", _("Report %(number)s") % {"number": report["id"]}),
        words_of(report["filed_by"]),
        words_of(report["approved_by"]),
        datetime.fromisoformat(at) if at else MISSING,
    ]


# --- completeness, projects, follow-ups -------------------------------------------------------------------------------


def _completeness(content: Content, told: Mapping[str, str]) -> PackSheet:
    found = content["completeness"]
    counted = ("expected", "filed", "on_time", "approved")
    columns = [
        Column(told["unit"], 30), *(Column(told[key], 10) for key in counted), Column(told["filed_rate"], 10, 2),
        Column(told["on_time_rate"], 10, 2),
        *(Column(f"{one['number']}. {name_of(one)}", 14) for one in content["actions"]),
    ]  # fmt: skip
    numbers = [one["number"] for one in content["actions"]]
    rows = [_filed(name_of(one["unit"]), one, numbers) for one in found["units"]]
    return PackSheet(told["completeness"], columns, [*rows, _filed(told["total"], found["total"], numbers)])


def _filed(name: str, row: Mapping[str, Any], numbers: list[int]) -> Row:
    cells = {one["action"]: one for one in row.get("cells", ())}
    return [
        name,
        *(row[key] for key in ("expected", "filed", "on_time", "approved")),
        number(row["filed_rate"]),
        number(row["on_time_rate"]),
        *(Cell(*filing_text(cells[one])) if one in cells else "" for one in numbers),
    ]


def _warnings(content: Content, told: Mapping[str, str]) -> PackSheet:
    columns = [
        Column(_("Code"), 14), Column(told["project"], 30), Column(told["unit"], 26), Column(told["level"], 14),
        Column(told["state"], 14), Column(told["causes"], 44), Column(told["explanation"], 40),
        Column(told["measure"], 40), Column(told["due"], 12),
    ]  # fmt: skip
    rows = [
        [
            one["project"]["code"],
            name_of(one["project"]),
            name_of(one["project"]["unit"]),
            Cell(warning_level(one["level"])["text"], one["level"]),
            str(WARNING_STATES.get(one["state"], one["state"])),
            "\n".join(words_of(cause["text"]) for cause in one["causes"]),
            words_of(one["explanation"]),
            words_of(one["measure"]),
            _day(one["measure_due_on"]),
        ]
        for one in content["warnings"]
    ]
    return PackSheet(told["warnings"], columns, rows, frozen=2)


def _follow_ups(content: Content, told: Mapping[str, str]) -> PackSheet:
    columns = [
        Column(told["number"], 14), Column(told["item"], 50), Column(told["lead"], 30), Column(told["due"], 12),
        Column(told["state"], 14), Column(told["urgency"], 14),
    ]  # fmt: skip
    rows = []
    for one in content["follow_ups"]["rows"]:
        tone, word = URGENCIES[Urgency(one["urgency"])]
        state = str(FOLLOW_UP_STATES.get(one["state"], one["state"]))
        named = [one["number"], words_of(one["title"]), name_of(one["lead"])]
        rows.append([*named, _day(one["due_on"]), state, Cell(str(word), tone)])
    return PackSheet(told["follow_ups"], columns, rows)
