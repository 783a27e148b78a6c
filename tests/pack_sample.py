"""The content of a monthly analysis pack as a test makes it: 9 localities, 6 departments, 10 actions, August 2022.

It keeps to what ``campaigns.queries.pack_content`` assembles, without a database: figures are decimal strings, missing
is null. A few figures, an explanation and a name are such that a careless document would break on them.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
PLANNED = Decimal("51.00")
MISCHIEF = '=HYPERLINK("http://x") <b>&amp;</b> {{ 7 * 7 }} #panic() ]]>'
"""A text of a person that is a formula, mark-up and a field of a template at once."""

LOCALITIES = [
    ("330402", "Nanhu District", "南湖区"),
    ("330411", "Xiuzhou District", "秀洲区"),
    ("330421", "Jiashan County", "嘉善县"),
    ("330482", "Pinghu City", "平湖市"),
    ("330424", "Haiyan County", "海盐县"),
    ("330481", "Haining City", "海宁市"),
    ("330483", "Tongxiang City", "桐乡市"),
    ("jx-kf", "Jiaxing Economic Development Zone", "嘉兴经开区"),
    ("jx-gq", "Jiaxing Port Area", "嘉兴港区"),
]
DEPARTMENTS = [
    ("drc", "Development and Reform Commission", "市发展改革委"),
    ("eib", "Economic and Information Bureau", "市经信局"),
    ("com", "Commerce Bureau", "市商务局"),
    ("tra", "Transportation Bureau", "市交通局"),
    ("con", "Construction Bureau", "市建设局"),
    ("plc", "Political and Legal Committee", "市委政法委"),
]
ACTIONS = [
    ("Expanding effective investment", "扩大有效投资", "drc"),
    ("Attracting investment", "招商引资", "com"),
    ("Stable industrial growth", "工业稳增长", "eib"),
    ("Stable foreign trade", "外贸稳增长", "com"),
    ("Stable foreign investment", "稳外资", "com"),
    ("Promoting consumption", "促消费", "com"),
    ("Transport construction", "交通建设", "tra"),
    ("Urban construction", "城市建设", "con"),
    ("Helping enterprises", "助企纾困", "eib"),
    ("Eliminating risks and keeping safe", "除险保安", "plc"),
]
UNITS = LOCALITIES + DEPARTMENTS


def sample_content(*, every_unit_in_every_action: bool = False, **changes: Any) -> dict[str, Any]:
    """One whole content; ``changes`` take the place of what stands at the top."""
    actions = [_action(number, every_unit_in_every_action) for number in range(1, len(ACTIONS) + 1)]
    return {
        "format": 1,
        "campaign": _campaign(),
        "period": {
            "key": "hundred-days/2022-08", "month": "2022-08", "state": "open", "starts_on": "2022-08-01",
            "ends_on": "2022-08-31", "due_at": "2022-09-05T18:00:00+08:00", "published_at": None, "day": 51,
            "days": 100,
        },
        "as_of": "2022-09-03T09:00:00+08:00",
        "has_sample": True,
        "group": {"code": "localities", "name": {"en": "All localities", "zh": "所有地区"}},
        "sentences": _sentences(),
        "remarks": {"en": "", "zh": ""},
        "city": {"published": "46.38", "planned": "51.00", "gap": "-4.62", "coverage": "96", "light": "green",
                 "change": "21.13", "projected": "91.20", "low": "84.10", "high": "98.75", "needed_a_day": "1.0943",
                 "made_a_day": "0.9094", "days_left": 49, "way": _way(Decimal("46.38")), "is_corrected": True},
        "actions": actions,
        "standings": _standings(actions),
        "movers": {"risen": ["330421"], "fallen": ["330402", "jx-gq"]},
        "missed": [one["number"] for one in actions if one["is_missed"]],
        "completeness": _completeness(actions),
        "warnings": _warnings(),
        "follow_ups": _follow_ups(),
        "rules": {"missed_below": "90.00", "near_days": 3, "band_low": "10", "band_high": "90", "due_day": 5,
                  "due_hour": 18, "due_month_offset": 1, "closing_working_days": 5, "asks_signature": True},
        **changes,
    }  # fmt: skip


def _campaign() -> dict[str, Any]:
    return {
        "slug": "hundred-days",
        "name": {"en": "Top Ten Hundred-Day Tough Actions", "zh": "十大百日攻坚行动"},
        "short": {"en": "Hundred days", "zh": "百日攻坚"},
        "office": {"en": "Campaign Office", "zh": "攻坚办"},
        "starts_on": "2022-07-12",
        "ends_on": "2022-10-19",
        "cap": "120.00",
        "minimum_coverage": "100.00",
        "light_method": "share_of_pace",
        "green_from": "80.00",
        "yellow_from": "60.00",
        "green_within": "10.00",
        "yellow_within": "30.00",
    }


def _sentences() -> dict[str, list[dict[str, str]]]:
    return {
        "en": [
            {"kind": "missed", "text": "At this rate 2 of 10 actions miss their target by more than a tenth: Stable "
             "foreign trade and Urban construction."},
            {"kind": "leads", "text": "Nanhu District leads with 45.09%."},
            {"kind": "rose", "text": "Jiashan County rose by two places."},
            {"kind": "filed", "text": "3 of 96 reports are not filed."},
        ],
        "zh": [
            {"kind": "missed", "text": "按目前进度，10个行动中有2个将低于目标一成以上：外贸稳增长、城市建设。"},
            {"kind": "leads", "text": "南湖区以45.09%领先。"},
            {"kind": "rose", "text": "嘉善县上升2位。"},
            {"kind": "filed", "text": "96份月报中有3份未报。"},
        ],
    }  # fmt: skip


# --- actions and their units ------------------------------------------------------------------------------------------


def _named(row: tuple[str, str, str]) -> dict[str, Any]:
    code, english, chinese = row
    names = {"en": english, "zh": chinese}
    return {"code": code, "name": names, "short": names}


def _percent(seed: int) -> Decimal:
    """Figures that look grown: from 24 to 64, no two neighbours alike."""
    return (Decimal(seed * 7919 % 4000) / 100 + 24).quantize(CENT)


def _light(attained: Decimal | None) -> str:
    if attained is None:
        return "grey"
    pace = 100 * attained / PLANNED
    return "green" if pace >= 80 else "yellow" if pace >= 60 else "red"


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value.quantize(CENT, ROUND_HALF_UP))


def _action(number: int, has_every_unit: bool) -> dict[str, Any]:
    english, chinese, lead = ACTIONS[number - 1]
    assigned = UNITS if has_every_unit else LOCALITIES + [row for row in DEPARTMENTS if row[0] == lead]
    units = [_unit(number, place, row) for place, row in enumerate(assigned, start=1)]
    known = [Decimal(one["published"]) for one in units if one["published"] is not None]
    attained = sum(known, Decimal(0)) / len(known)
    projected = attained * 2
    return {
        "number": number,
        "name": {"en": english, "zh": chinese},
        "short": {"en": english, "zh": chinese},
        "lead": _named(next(row for row in DEPARTMENTS if row[0] == lead)),
        "light": _light(attained),
        "published": _text(attained),
        "planned": _text(PLANNED),
        "gap": _text(attained - PLANNED),
        "change": _text(attained / 2),
        "coverage": "100",
        "projected": _text(projected),
        "low": _text(projected * Decimal("0.92")),
        "high": _text(projected * Decimal("1.09")),
        "is_missed": projected < 90,
        "needed_a_day": "1.0900",
        "made_a_day": "0.8700",
        "likelihood": _likelihood(number),
        "way": _way(attained),
        "indicators": [_indicator(number, order, attained, units) for order in (1, 2)],
        "units": units,
    }  # fmt: skip


def _likelihood(number: int) -> dict[str, Any] | None:
    if number % 3 == 0:
        return None
    return {
        "level": "unlikely" if number % 2 else "likely",
        "reason": MISCHIEF if number == 1 else "部分项目用地指标尚未落实。Land quota of some projects is not settled.",
        "next_step": "每周调度一次，9月20日前办结。Weekly meeting; settled by 20 September.",
        "judged_by": {"en": "Reviewer of the lead", "zh": "牵头单位审核员"},
        "judged_on": "2022-09-02T16:20:00+08:00",
    }


def _way(attained: Decimal) -> list[dict[str, Any]]:
    return [
        {"on": "2022-07-11", "month": None, "planned": "0.00", "attained": "0.00"},
        {"on": "2022-07-31", "month": "2022-07", "planned": "20.00", "attained": _text(attained / 2)},
        {"on": "2022-08-31", "month": "2022-08", "planned": "51.00", "attained": _text(attained)},
        {"on": "2022-09-30", "month": "2022-09", "planned": "81.00", "attained": None},
        {"on": "2022-10-19", "month": "2022-10", "planned": "100.00", "attained": None},
    ]


def _indicator(number: int, order: int, attained: Decimal, units: list[dict[str, Any]]) -> dict[str, Any]:
    present = sum(one["published"] is not None for one in units)
    return {
        "code": f"a{number:02}-{order}",
        "name": {"en": f"Indicator {order} of action {number}", "zh": f"行动{number}指标{order}"},
        "measure": {"en": "100 million yuan", "zh": "亿元"},
        "decimals": 2,
        "value": _text(attained * 12),
        "target": "1200.00",
        "planned_figure": "612.00",
        "attainment": _text(attained),
        "gap": _text(attained - PLANNED),
        "light": _light(attained),
        "present": present,
        "expected": len(units),
        "is_corrected": number == 2,
    }


def _unit(number: int, place: int, row: tuple[str, str, str]) -> dict[str, Any]:
    attained = None if (number, place) in ((3, 9), (7, 4)) else _percent(number * 31 + place)
    light = _light(attained)
    lifted = light == "red" and place == 2
    return {
        "unit": _named(row),
        "published": _text(attained),
        "planned": _text(PLANNED) if attained is not None else None,
        "gap": _text(attained - PLANNED) if attained is not None else None,
        "pace": _text(100 * attained / PLANNED) if attained is not None else None,
        "coverage": "0" if attained is None else "100",
        "light": "yellow" if lifted else light,
        "computed_light": light,
        "accepted_reason": "台风影响施工十天。Ten days lost to the typhoon." if lifted else None,
        "likelihood": _likelihood(4) if place == 1 else None,
        "figures": [_figure(number, order, place, attained) for order in (1, 2)],
    }


def _figure(number: int, order: int, place: int, attained: Decimal | None) -> dict[str, Any]:
    is_there = attained is not None
    value = None if attained is None else attained * 2
    return {
        "indicator": f"a{number:02}-{order}",
        "value": _text(value),
        "value_status": "preliminary" if is_there else None,
        "growth": "-3.2" if place == 2 else None,
        "baseline": "0.00",
        "target": "200.00",
        "planned_figure": "102.00",
        "attainment": _text(attained),
        "gap": _text(attained - PLANNED) if attained is not None else None,
        "light": _light(attained),
        "is_corrected": number == 2 and place == 3,
        "report": {
            "id": number * 100 + place,
            "url_path": f"/reports/{number * 100 + place}/",
            "filed_by": {"en": "=2+3", "zh": "=2+3"} if place == 1 else {"en": "Reporter", "zh": "填报人"},
            "approved_by": {"en": "Reviewer", "zh": "审核员"},
            "approved_at": "2022-09-02T16:20:00+08:00",
        } if is_there else None,
    }  # fmt: skip


# --- standings and completeness ---------------------------------------------------------------------------------------


def _standings(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = [_standing(row, actions) for row in UNITS]
    ranked = sorted((row for row in rows if row["is_in_group"] and not row["is_incomplete"]),
                    key=lambda row: -Decimal(row["published"]))  # fmt: skip
    for rank, row in enumerate(ranked, start=1):
        row["rank"] = rank
    incomplete = [row for row in rows if row["is_in_group"] and row["is_incomplete"]]
    return ranked + incomplete + [row for row in rows if not row["is_in_group"]]


def _standing(named: tuple[str, str, str], actions: list[dict[str, Any]]) -> dict[str, Any]:
    cells = [_cell(named[0], action) for action in actions]
    known = [Decimal(cell["published"]) for cell in cells if cell["published"] is not None]
    attained = sum(known, Decimal(0)) / len(known) if known else None
    is_locality = named in LOCALITIES
    is_incomplete = any(cell["is_assigned"] and cell["published"] is None for cell in cells)
    return {
        "unit": {**_named(named), "is_locality": is_locality},
        "rank": None,
        "movement": {"330421": 2, "330402": -1, "jx-gq": None}.get(named[0], 0) if is_locality else None,
        "is_new": named[0] == "jx-kf",
        "is_incomplete": is_incomplete,
        "is_in_group": is_locality,
        "published": _text(attained),
        "planned": _text(PLANNED) if known else None,
        "gap": _text(attained - PLANNED) if attained is not None else None,
        "coverage": "90" if is_incomplete else "100",
        "light": _light(attained),
        "cells": cells,
    }


def _cell(code: str, action: dict[str, Any]) -> dict[str, Any]:
    found = next((one for one in action["units"] if one["unit"]["code"] == code), None)
    return {
        "action": action["number"],
        "published": found["published"] if found else None,
        "light": found["light"] if found else None,
        "is_assigned": found is not None,
    }


def _counts(cells: list[dict[str, Any]]) -> dict[str, Any]:
    expected = [one for one in cells if one["is_expected"]]
    counts = {
        "expected": len(expected),
        "filed": sum(one["is_filed"] for one in expected),
        "on_time": sum(one["is_on_time"] for one in expected),
        "approved": sum(one["is_approved"] for one in expected),
    }
    rates = {f"{name}_rate": _rate(counts[name], len(expected)) for name in ("filed", "on_time", "approved")}
    return {**counts, **rates}


def _rate(part: int, whole: int) -> str | None:
    return _text(Decimal(100 * part) / whole) if whole else None


def _completeness(actions: list[dict[str, Any]]) -> dict[str, Any]:
    rows = {unit: [_filed(unit[0], action) for action in actions] for unit in UNITS}
    rows = {unit: cells for unit, cells in rows.items() if any(one["is_expected"] for one in cells)}
    every = [one for cells in rows.values() for one in cells]
    unfiled = {
        unit: [one["action"] for one in cells if one["is_expected"] and not one["is_filed"]]
        for unit, cells in rows.items()
    }
    return {
        "total": _counts(every),
        "units": [{"unit": _named(unit), **_counts(cells), "cells": cells} for unit, cells in rows.items()],
        "actions": [
            {
                "action": one["number"],
                "name": one["name"],
                **_counts([row for row in every if row["action"] == one["number"]]),
            }
            for one in actions
        ],
        "unfiled": [{"unit": _named(unit), "actions": numbers} for unit, numbers in unfiled.items() if numbers],
    }


def _filed(code: str, action: dict[str, Any]) -> dict[str, Any]:
    found = next((one for one in action["units"] if one["unit"]["code"] == code), None)
    is_filed = found is not None and found["published"] is not None
    is_late = is_filed and code == "330402" and action["number"] == 4
    return {
        "action": action["number"],
        "is_expected": found is not None,
        "is_filed": is_filed,
        "is_on_time": is_filed and not is_late,
        "is_late": is_late,
        "is_approved": is_filed and action["number"] != 10,
        "is_overdue": found is not None and not is_filed,
    }


# --- projects and follow-ups ------------------------------------------------------------------------------------------


def _warnings() -> list[dict[str, Any]]:
    return [
        {
            "project": {"code": "P-07", "name": {"en": "Northern ring road", "zh": "北环快速路"},
                        "unit": _named(LOCALITIES[6])},
            "level": "red",
            "state": "explained",
            "causes": [
                {"cause": "behind_plan", "level": "red",
                 "text": {"en": "36.4 points behind the plan to date", "zh": "落后累计计划36.4个百分点"}},
                {"cause": "problem_open", "level": "yellow",
                 "text": {"en": "Problem open for 41 days", "zh": "问题41天未解决"}},
            ],
            "explanation": "管线迁改滞后。",
            "measure": MISCHIEF,
            "measure_due_on": "2022-09-20",
        },
        {
            "project": {"code": "P-11", "name": {"en": "Port logistics hub", "zh": "港口物流枢纽"},
                        "unit": _named(LOCALITIES[8])},
            "level": "yellow",
            "state": "raised",
            "causes": [{"cause": "no_update", "level": "yellow",
                        "text": {"en": "No update for August", "zh": "8月未更新"}}],
            "explanation": "",
            "measure": "",
            "measure_due_on": None,
        },
    ]  # fmt: skip


def _follow_ups() -> dict[str, Any]:
    return {
        "meeting": {"name": {"en": "Second mutual learning and competition event of 2022",
                             "zh": "2022年第二次互学互比暨月度分析会"}, "held_on": "2022-07-27"},
        "rows": [
            {"number": "2022-01", "title": {"en": "Settle the land quota", "zh": "落实用地指标"},
             "lead": _named(DEPARTMENTS[0]), "due_on": "2022-08-31", "state": "in_hand", "urgency": "overdue"},
            {"number": "2022-02", "title": {"en": "Open the ring road's second section", "zh": "环线二标开工"},
             "lead": _named(DEPARTMENTS[3]), "due_on": "2022-09-05", "state": "feedback", "urgency": "near"},
            {"number": "2022-03", "title": {"en": "Visit every enterprise on the list", "zh": "走访清单企业"},
             "lead": _named(DEPARTMENTS[1]), "due_on": "2022-08-20", "state": "closed", "urgency": "closed"},
        ],
    }  # fmt: skip
