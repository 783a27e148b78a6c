"""What the pages of a pack say, as texts in the active language: the same for Word and PDF, section by section.

The names of the fields are those that a Word template uses; `docs/templates.md` lists them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campaigns.documents.pack_actions import action_page
from campaigns.documents.pack_charts import actions_of, way_of
from campaigns.documents.pack_heads import heads
from campaigns.documents.pack_rules import rules
from campaigns.documents.pack_words import (
    FILED_MARKS,
    FOLLOW_UP_STATES,
    NOT_ASSIGNED,
    PLAIN,
    SHAPES,
    TINTS,
    URGENCIES,
    WARNING_STATES,
    band,
    between,
    day_text,
    figure_text,
    heat,
    in_language,
    is_chinese,
    light,
    name_of,
    percent,
    printable,
    short_name_of,
    signed,
    warning_level,
    words_of,
)
from campaigns.domain.canonical import digest_of
from campaigns.domain.follow_up_life import Urgency
from campaigns.models import Period
from campaigns.templatetags.look import LIGHTS, MISSING, full_moment, month_name, short_day

Content = Mapping[str, Any]


def pages(content: Content) -> dict[str, Any]:
    """Every field of the pack. Draws 1 chart, and 2 for each action."""
    shown = {
        "language": "zh" if is_chinese() else "en",
        "heads": heads(),
        **cover(content),
        **summary(content),
        **_charts(content),
        "standings": _standings(content),
        "lines": [_action_line(one) for one in content["actions"]],
        "actions": [action_page(one) for one in content["actions"]],
        "warnings": [_warning(one) for one in content["warnings"]],
        "completeness": _completeness(content),
        "follow_ups": _follow_ups(content["follow_ups"]),
        "rules": rules(content),
        "digest": digest(content),
    }
    return printable(shown | {"contents": _contents(shown)})


def digest(content: Content) -> str:
    """SHA-256 over the canonical JSON, by which anybody can tell that the content is the one that was issued."""
    return content.get("digest") or digest_of(content)


def period_name(content: Content) -> str:
    return month_name(content["period"]["month"])


def title(content: Content) -> str:
    return _("Monthly analysis pack, %(month)s") % {"month": period_name(content)}


def _marks(content: Content) -> Iterator[str]:
    """What must not be overlooked by who holds the paper."""
    if "pack" in content and not content["pack"]["issued_at"]:
        yield pgettext("pack", "Draft")
    if content["period"]["state"] != Period.State.PUBLISHED:
        yield _("Before publication")


# --- cover and summary ------------------------------------------------------------------------------------------------


def cover(content: Content) -> dict[str, Any]:
    period = content["period"]
    first, last = date.fromisoformat(period["starts_on"]), date.fromisoformat(period["ends_on"])
    return {
        "title": title(content),
        "issuer": in_language(content["campaign"].get("office")) or _("Campaign Office"),
        "campaign": name_of(content["campaign"]),
        "period": period_name(content),
        "period_days": _("%(first)s to %(last)s") % {"first": short_day(first), "last": short_day(last)},
        "day": _("day %(day)d of %(days)d") % {"day": period["day"], "days": period["days"]},
        "as_of": _("Figures as of %(moment)s") % {"moment": full_moment(datetime.fromisoformat(content["as_of"]))},
        "date": day_text(content["as_of"]),
        "number": _("No. %(number)s") % {"number": content["pack"]["number"]} if "pack" in content else "",
        "mark": " · ".join(_marks(content)),
        "sample_note": _("This pack contains sample figures.") if content["has_sample"] else "",
    }


def _contents(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The headings in order; Word replaces them by its own table of contents, with page numbers."""
    titles = shown["heads"]
    entries = [(1, titles["summary"]), (1, titles["standings"]), (1, titles["actions"])]
    entries += [(2, one["title"]) for one in shown["actions"]]
    entries += [(1, titles[key]) for key in ("warnings", "completeness", "follow_ups", "annex")]
    return [{"level": level, "title": text} for level, text in entries]


def summary(content: Content) -> dict[str, Any]:
    language = "zh" if is_chinese() else "en"
    said = [one["text"] for one in content["sentences"].get(language, [])]
    return {
        "sentences": said,
        "remarks": in_language(content.get("remarks")),
        "figures": _five_figures(content),
    }


def _charts(content: Content) -> dict[str, Any]:
    return {"chart": way_of(content["city"], _("the city")), "actions_chart": actions_of(content)}


def _five_figures(content: Content) -> list[dict[str, str]]:
    city, total = content["city"], content["completeness"]["total"]
    green = sum(one["light"] == "green" for one in content["actions"])
    return [
        _figure(_("City, attained"), percent(city["published"]), light(city["light"])["text"]),
        _figure(_("Against the plan, points"), signed(city["gap"]), _("planned %(planned)s") % {"planned":
                                                                                       percent(city["planned"])}),
        _figure(_("At this rate"), percent(city["projected"]), _between(city)),
        _figure(_("Actions on track"), str(green), _("of %(count)d") % {"count": len(content["actions"])}),
        _figure(_("Filed on time"), percent(total["on_time_rate"]), _("%(filed)d of %(expected)d filed") % total),
    ]  # fmt: skip


def _figure(label: str, value: str, note: str) -> dict[str, str]:
    return {"label": label, "value": value, "note": note}


def _between(one: Mapping[str, Any]) -> str:
    return _("on the last day") if one["low"] is None or one["high"] is None else between(one)


# --- standings --------------------------------------------------------------------------------------------------------


def _standings(content: Content) -> dict[str, Any]:
    rows = content["standings"]
    return {
        "group": name_of(content["group"]),
        "actions": [str(one["number"]) for one in content["actions"]],
        "rows": [_standing(one) for one in rows if one["is_in_group"]],
        "others": [_standing(one) for one in rows if not one["is_in_group"]],
        "legend": _legend(),
    }


def _legend() -> str:
    lights = [light(code)["text"] for code in LIGHTS]
    return "    ".join([*lights, _not_assigned()])


def _not_assigned() -> str:
    return NOT_ASSIGNED + " " + _("not assigned")


def _standing(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "rank": _rank(row),
        "unit": short_name_of(row["unit"]),
        "movement": _movement(row),
        "attained": figure_text(row["published"]),
        "planned": figure_text(row["planned"]),
        "gap": signed(row["gap"]),
        "coverage": figure_text(row["coverage"], 0),
        "light": light(row["light"]),
        "cells": [heat(one["published"], one["light"], one["is_assigned"]) for one in row["cells"]],
    }


def _rank(row: Mapping[str, Any]) -> str:
    if row["rank"] is not None:
        return str(row["rank"])
    return _("incomplete") if row["is_incomplete"] and row["is_in_group"] else MISSING


def _movement(row: Mapping[str, Any]) -> str:
    if row["is_new"]:
        return _("new")
    steps = row["movement"]
    if steps is None:
        return MISSING
    return "=" if steps == 0 else f"{'▲' if steps > 0 else '▼'} {abs(steps)}"


def _action_line(action: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": str(action["number"]),
        "name": name_of(action),
        "lead": name_of(action["lead"]),
        "light": light(action["light"]),
        "attained": figure_text(action["published"]),
        "planned": figure_text(action["planned"]),
        "gap": signed(action["gap"]),
        "change": signed(action["change"]),
        "projected": band(action),
        "is_missed": action["is_missed"],
    }


# --- warnings, completeness, follow-ups -------------------------------------------------------------------------------


def _warning(one: Mapping[str, Any]) -> dict[str, Any]:
    measure = words_of(one["measure"])
    if one["measure_due_on"]:
        measure = _("%(measure)s (by %(day)s)") % {"measure": measure, "day": day_text(one["measure_due_on"])}
    return {
        "code": one["project"]["code"],
        "project": name_of(one["project"]),
        "unit": name_of(one["project"]["unit"]),
        "level": warning_level(one["level"]),
        "state": str(WARNING_STATES.get(one["state"], one["state"])),
        "causes": "\n".join(words_of(cause["text"]) for cause in one["causes"]),
        "explanation": words_of(one["explanation"]),
        "measure": measure,
    }


def _completeness(content: Content) -> dict[str, Any]:
    found = content["completeness"]
    unfiled = [_unfiled(one) for one in found["unfiled"]]
    return {
        "actions": [str(one["number"]) for one in content["actions"]],
        "total": _counts(found["total"]),
        "total_line": _("Of %(expected)d expected reports %(filed)d are filed, %(on_time)d of them on time, "
                        "%(approved)d approved.") % found["total"],
        "rows": [_filed_row(short_name_of(one["unit"]), one, content["actions"]) for one in found["units"]],
        "unfiled": unfiled,
        "unfiled_line": _("; ").join(unfiled),
        "legend": "    ".join([*(f"{sign} {word}" for _tone, sign, word in FILED_MARKS.values()),
                               _not_assigned()]),
    }  # fmt: skip


def _filed_row(name: str, row: Mapping[str, Any], actions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    by_action = {one["action"]: one for one in row["cells"]}
    return {
        "unit": name,
        **_counts(row),
        "cells": [_filed_cell(by_action.get(action["number"])) for action in actions],
    }


def _counts(one: Mapping[str, Any]) -> dict[str, str]:
    return {
        "expected": str(one["expected"]),
        "filed": str(one["filed"]),
        "on_time": str(one["on_time"]),
        "approved": str(one["approved"]),
        "filed_rate": percent(one["filed_rate"]),
        "on_time_rate": percent(one["on_time_rate"]),
        "approved_rate": percent(one["approved_rate"]),
    }


def _filed_cell(cell: Mapping[str, Any] | None) -> dict[str, str]:
    if cell is None or not cell["is_expected"]:
        return {"text": NOT_ASSIGNED, "tint": PLAIN}
    tone, sign, _word = FILED_MARKS[_how_far(cell)]
    return {"text": sign, "tint": TINTS[tone]}


def filing_text(cell: Mapping[str, Any]) -> tuple[str, str]:
    """The sign and word of a report's filing, and the tone of its light."""
    if not cell["is_expected"]:
        return NOT_ASSIGNED, ""
    tone, sign, word = FILED_MARKS[_how_far(cell)]
    return f"{sign} {word}", tone


def _how_far(cell: Mapping[str, Any]) -> str:
    if not cell["is_filed"]:
        return "overdue" if cell["is_overdue"] else "unfiled"
    if cell["is_late"]:
        return "late"
    return "approved" if cell["is_approved"] else "filed"


def _unfiled(one: Mapping[str, Any]) -> str:
    numbers = (_(", ")).join(str(number) for number in one["actions"])
    told = ngettext("%(unit)s: action %(numbers)s", "%(unit)s: actions %(numbers)s", len(one["actions"]))
    return told % {"unit": name_of(one["unit"]), "numbers": numbers}


def _follow_ups(found: Mapping[str, Any]) -> dict[str, Any]:
    meeting = found["meeting"]
    held = _("%(meeting)s, held on %(day)s")
    return {
        "meeting": held % {"meeting": name_of(meeting), "day": day_text(meeting["held_on"])} if meeting else "",
        "rows": [_follow_up(one) for one in found["rows"]],
    }


def _follow_up(one: Mapping[str, Any]) -> dict[str, Any]:
    tone, word = URGENCIES[Urgency(one["urgency"])]
    return {
        "number": one["number"],
        "title": words_of(one["title"]),
        "lead": name_of(one["lead"]),
        "due": day_text(one["due_on"]),
        "state": str(FOLLOW_UP_STATES.get(one["state"], one["state"])),
        "urgency": f"{SHAPES[tone]} {word}" if tone else str(word),
        "tint": TINTS.get(tone, PLAIN),
    }
