"""What the pages of one action say in a pack: figures, the way to the target, its units, the lead's judgement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from campaigns.documents.pack_charts import units_of, way_of
from campaigns.documents.pack_words import (
    LEVELS,
    band,
    day_text,
    figure_text,
    in_language,
    light,
    name_of,
    percent,
    signed,
    words_of,
)

Row = Mapping[str, Any]


def action_page(action: Row) -> dict[str, Any]:
    return {
        "number": str(action["number"]),
        "title": f"{action['number']}. {name_of(action)}",
        "lead_line": _labelled(_("Lead unit"), name_of(action["lead"])),
        "light": light(action["light"]),
        "is_missed": action["is_missed"],
        "figures": _figures(action),
        "indicators": [_indicator(one) for one in action["indicators"]],
        "way": way_of(action, name_of(action)),
        "judgement": _judgement(action["likelihood"]),
        "units": [_unit(one) for one in action["units"]],
        "units_chart": units_of(action),
    }


def _figures(action: Row) -> list[dict[str, str]]:
    return [
        {"label": _("Light"), "value": light(action["light"])["text"]},
        {"label": _("Attained"), "value": percent(action["published"])},
        {"label": _("Planned"), "value": percent(action["planned"])},
        {"label": _("Gap, points"), "value": signed(action["gap"])},
        {"label": _("At this rate"), "value": band(action)},
        {"label": _("Points a day: needed / made"), "value": _a_day(action)},
    ]


def _a_day(action: Row) -> str:
    """Points of a percent that each day left has to bring, and what the days so far brought."""
    return f"{figure_text(action['needed_a_day'], 2)} / {figure_text(action['made_a_day'], 2)}"


def _indicator(one: Row) -> dict[str, Any]:
    places = one["decimals"]
    name = _("%(indicator)s, %(measure)s") % {"indicator": name_of(one), "measure": in_language(one["measure"])}
    return {
        "name": _("%(indicator)s (corrected)") % {"indicator": name} if one["is_corrected"] else name,
        "value": figure_text(one["value"], places),
        "target": figure_text(one["target"], places),
        "planned_value": figure_text(one["planned_figure"], places),
        "attained": figure_text(one["attainment"]),
        "gap": signed(one["gap"]),
        "light": light(one["light"]),
        "present": _("%(present)d of %(expected)d") % one,
    }


def _unit(one: Row) -> dict[str, Any]:
    return {
        "unit": name_of(one["unit"]),
        "attained": figure_text(one["published"]),
        "planned": figure_text(one["planned"]),
        "gap": signed(one["gap"]),
        "pace": figure_text(one["pace"]),
        "coverage": figure_text(one["coverage"], 0),
        "light": light(one["light"]),
        "note": _note(one),
    }


def _note(one: Row) -> str:
    """An accepted reason with the light that was computed, and what the lead judges of this unit."""
    notes = []
    if one["accepted_reason"]:
        lifted = _("Computed %(light)s; accepted: %(reason)s")
        computed = light(one["computed_light"])["word"]
        notes.append(lifted % {"light": computed, "reason": words_of(one["accepted_reason"])})
    level = _level(one["likelihood"])
    if level:
        notes.append(_("Judged %(level)s") % {"level": level})
    if any(figure["is_corrected"] for figure in one["figures"]):
        notes.append(_("Corrected"))
    return "\n".join(notes)


def _level(likelihood: Any) -> str:
    code = likelihood["level"] if isinstance(likelihood, Mapping) else likelihood
    return str(LEVELS[code]) if code else ""


def _judgement(one: Row | None) -> dict[str, str] | None:
    if one is None:
        return None
    return {
        "level": _level(one),
        "reason": _labelled(_("Reason"), words_of(one["reason"])),
        "next_step": _labelled(_("Next step"), words_of(one["next_step"])),
        "by": _("%(person)s, %(day)s") % {"person": words_of(one["judged_by"]), "day": day_text(one["judged_on"])},
    }


def _labelled(label: str, text: str) -> str:
    return _("%(label)s: %(text)s") % {"label": label, "text": text}
