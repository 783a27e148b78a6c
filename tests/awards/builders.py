"""Brings award rounds into the state a test needs, by calling the operations that people would call.

The scheme gives 50 for exports (linear), 30 for a mark and 20 for reporting in time; one flag, from 20 points on. Of
July, town and neighbour filed the same figures, so that the marks decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from awards.models import Round, Scheme
from awards.operations.adjustments import NewAdjustment, adjust_round
from awards.operations.announcements import announce_round
from awards.operations.marks import GivenMark, save_marks
from awards.operations.rounds import compute_round, open_round, publicise_round, review_round
from awards.operations.schemes import CriterionGiven, SchemeGiven, save_scheme
from tests.cast import Cast, at
from units.models import Unit

MARKS = {"town": 95, "neighbour": 80}
PUBLICITY_FROM, PUBLICITY_UNTIL, RIPE = date(2022, 9, 5), date(2022, 9, 7), at(9, 8)
"""Monday to Wednesday, and the day after."""


def criterion(order: int, weight: int | str, **fields: Any) -> CriterionGiven:
    given = {
        "name_en": f"Criterion {order}",
        "name_zh": f"项目{order}",
        "basis": "mark",
        "method": "linear",
        "parameters": {},
    }
    return CriterionGiven(order=order, weight=Decimal(weight), **(given | fields))


def scheme_given(cast: Cast, **fields: Any) -> SchemeGiven:
    given: dict[str, Any] = {
        "code": "flag",
        "name_en": "Monthly flag",
        "name_zh": "月度流动红旗",
        "campaign": cast.campaign,
        "group": cast.localities,
        "interval": "month",
        "flags": 1,
        "minimum_score": Decimal(20),
        "criteria": [
            criterion(1, 50, basis="indicator_attainment", indicator=cast.exports),
            criterion(2, 30),
            criterion(3, 20, basis="on_time", method="target"),
        ],
    }
    return SchemeGiven(**(given | fields))


def saved_scheme(cast: Cast, **fields: Any) -> Scheme:
    return save_scheme(given=scheme_given(cast, **fields), actor=cast.administrator, now=cast.now)


def opened(cast: Cast, scheme: Scheme | None = None, *, marks: Mapping[str, int] = MARKS, **fields: Any) -> Round:
    """A round of July with marks for both."""
    given: dict[str, Any] = {
        "scheme": scheme or saved_scheme(cast),
        "period": cast.july,
        "name_en": "July 2022",
        "name_zh": "2022年7月",
        "starts_on": date(2022, 7, 1),
        "ends_on": date(2022, 7, 31),
        "actor": cast.office,
        "now": cast.now,
    }
    award = open_round(**(given | fields))
    told = {(2, code): GivenMark(Decimal(mark)) for code, mark in marks.items()}
    return save_marks(round_id=award.pk, marks=told, actor=cast.office, now=cast.now)


def computed(cast: Cast, award: Round | None = None) -> Round:
    return compute_round(round_id=(award or opened(cast)).pk, actor=cast.office, now=cast.now)


def in_publicity(cast: Cast, award: Round | None = None, **fields: Any) -> Round:
    """From Monday 5 to Wednesday 7 September."""
    award = award or computed(cast)
    review_round(round_id=award.pk, actor=cast.office, now=cast.now)
    given: dict[str, Any] = {"starts_on": PUBLICITY_FROM} | fields
    return publicise_round(round_id=award.pk, actor=cast.office, now=cast.now, **given)


def announced(cast: Cast, award: Round | None = None, *, now: datetime = RIPE) -> Round:
    award = award or in_publicity(cast)
    return announce_round(round_id=award.pk, actor=cast.administrator, now=now)


def adjusted(cast: Cast, award: Round, unit: Unit, kind: str = "bonus", points: int = 1, **fields: Any) -> Round:
    given: dict[str, Any] = {"reason": "A model project", "evidence_note": "Notice 12"} | fields
    one = NewAdjustment(unit=unit, kind=kind, points=Decimal(0 if kind == "veto" else points), **given)
    return adjust_round(round_id=award.pk, adjustment=one, actor=cast.office, now=cast.now)


def standing(award: Round) -> dict[str, tuple[Decimal | None, int | None, bool]]:
    """By unit what stands: score, rank, whether it wins."""
    return {one.unit.code: (one.score, one.rank, one.is_winner) for one in award.scores.select_related("unit")}
