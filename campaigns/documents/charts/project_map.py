"""Projects where they lie, without a map service: a mark for each, and names as far as they find room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaigns.documents.charts.chart import Chart, Head, Table
from campaigns.documents.charts.palette import token
from campaigns.documents.charts.style import MARKS, PHONE, label, option, text
from campaigns.domain.light import Light
from campaigns.templatetags.look import MISSING

HEIGHT = 460
MARGIN = 0.05
"""Degrees between the outermost project and the edge: some five kilometres."""
SHOWN_AS = {None: Light.GREEN, "yellow": Light.YELLOW, "red": Light.RED}
WIDTHS = (({"maxWidth": PHONE}, 230), ({"minWidth": PHONE + 1, "maxWidth": 900}, 420), ({"minWidth": 901}, 820))
"""How wide the picture is, in pixels, and how much room names then have from the first degree to the last."""
ROOM_HIGH = 380
MOST_NAMED = 150
"""With more projects than these no picture has room for names."""
MARK, LINE = 14, 16
WIDE, NARROW = 12, 7
"""Pixels that a Chinese and a Latin letter take at most."""


def project_map(projects: Sequence[Any]) -> Chart:
    """Projects by longitude and latitude, the mark by their gravest open warning; rows of `with_warning_level`."""
    title = _("%(count)d projects where they lie") % {"count": len(projects)}
    frame = Frame.around(projects)
    named = [(query, names_with_room(projects, frame, width)) for query, width in WIDTHS]
    drawn = option(
        grid={"top": 20, "right": 40},
        x_axis=_degrees(frame.west, frame.east, "°E"),
        y_axis=_degrees(frame.south, frame.north, "°N"),
        series=[_places(projects, level) for level in SHOWN_AS],
    )
    media = [
        {"query": query, "option": {"series": [{"data": _marks(projects, level, names)} for level in SHOWN_AS]}}
        for query, names in named
    ]
    return Chart(
        title=title,
        note=_("circle: no warning · triangle: yellow · diamond: red · degrees east and north"),
        option=drawn | {"media": media},
        table=Table(
            [
                Head(_("Project")), Head(_("Unit")), Head(_("Early warning")),
                Head(_("Longitude"), is_figure=True), Head(_("Latitude"), is_figure=True),
            ],
            [[one.name, one.unit.name, _level(one), str(one.longitude), str(one.latitude)] for one in projects],
        ),
        summary=_("Map of projects with a mark for each. %(title)s.") % {"title": title},
        height=HEIGHT,
    )  # fmt: skip


def _level(project: Any) -> str:
    return {"red": _("red"), "yellow": _("yellow")}.get(project.warning_level, MISSING)


def _degrees(least: float, most: float, unit: str) -> dict[str, Any]:
    return {
        "type": "value",
        "min": least,
        "max": most,
        "axisLabel": {
            **text(),
            "formatter": "{value}" + unit,
            "hideOverlap": True,
            "showMinLabel": False,
            "showMaxLabel": False,
        },
        "splitLine": {"lineStyle": {"color": token("line")}},
    }


def _places(projects: Sequence[Any], level: str | None) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": level or "",
        **MARKS[SHOWN_AS[level]],
        "data": _marks(projects, level, {}),
    }


def _marks(projects: Sequence[Any], level: str | None, names: Mapping[Any, str]) -> list[dict[str, Any]]:
    return [
        {
            "value": [float(one.longitude), float(one.latitude)],
            "label": label(one.name, position=names[one.pk]) if one.pk in names else {"show": False},
            "tooltip": {"formatter": f"{one.name} · {one.unit.name}"},
        }
        for one in projects
        if one.warning_level == level
    ]


# --- names that find room ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frame:
    """The degrees that the picture shows."""

    west: float
    east: float
    south: float
    north: float

    @classmethod
    def around(cls, projects: Sequence[Any]) -> Frame:
        east, north = ([float(getattr(one, name)) for one in projects] for name in ("longitude", "latitude"))
        ends = (min(east) - MARGIN, max(east) + MARGIN, min(north) - MARGIN, max(north) + MARGIN)
        return cls(*(round(one, 2) for one in ends))

    def at(self, project: Any, width: float) -> tuple[float, float]:
        """Pixels from the left and from above."""
        right = (float(project.longitude) - self.west) / (self.east - self.west)
        down = (self.north - float(project.latitude)) / (self.north - self.south)
        return right * width, down * ROOM_HIGH


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    width: float
    height: float

    def touches(self, other: Box) -> bool:
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )


def names_with_room(projects: Sequence[Any], frame: Frame, width: float) -> dict[Any, str]:
    """By key of a project on which side of its mark its name stands, so that none lies on a mark or another name.

    Early-warning projects come first; names without room are left to the tip and the table.
    """
    if len(projects) > MOST_NAMED:
        return {}
    points = {one.pk: frame.at(one, width) for one in projects}
    taken = [Box(x - MARK / 2, y - MARK / 2, MARK, MARK) for x, y in points.values()]
    rank = {"red": 0, "yellow": 1}
    found = {}
    for one in sorted(projects, key=lambda one: rank.get(one.warning_level, 2)):
        for side, box in _sides(*points[one.pk], _width_of(one.name)):
            is_inside = box.left >= 0 and box.left + box.width <= width + MARK and 0 <= box.top <= ROOM_HIGH - LINE
            if is_inside and not any(box.touches(other) for other in taken):
                found[one.pk] = side
                taken.append(box)
                break
    return found


def _sides(x: float, y: float, width: float) -> Iterator[tuple[str, Box]]:
    away = MARK / 2 + 2
    yield "right", Box(x + away, y - LINE / 2, width, LINE)
    yield "left", Box(x - away - width, y - LINE / 2, width, LINE)
    yield "top", Box(x - width / 2, y - away - LINE, width, LINE)
    yield "bottom", Box(x - width / 2, y + away, width, LINE)


def _width_of(name: str) -> float:
    return sum(WIDE if ord(letter) > 0x2E7F else NARROW for letter in name)
