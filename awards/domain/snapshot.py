"""What an announcement freezes: inputs and rules of a round as one JSON object, with everything that follows from them.

The canonical form and its digest are those of ``campaigns.domain.canonical``. Numbers are texts, fractions ``417/4``,
so that nothing is rounded on the way. ``completed`` computes results into a content, ``faults`` computes them again and
says where the content tells otherwise; neither looks at anything but the content. Described in ``docs/awards.md``.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from awards.domain.methods import method_of, parameters_of
from awards.domain.scoring import (
    FORMULA,
    CriterionRule,
    Decision,
    GateRule,
    SchemeRule,
    TieRule,
    UnitInput,
    UnitResult,
    decided,
    score_round,
)

FORMAT = 1
"""Raised when a key changes its meaning; keys may be added any time."""

NOUGHT = Fraction(0)


class NotASnapshot(ValueError):
    """The content lacks what a snapshot has, or names a formula that is not this one."""


def text(value: Fraction | Decimal | None) -> str | None:
    """A number as a snapshot writes it: ``5``, ``417/4``."""
    return None if value is None else str(Fraction(value))


def number(told: str | None) -> Fraction | None:
    return None if told is None else Fraction(told)


# --- from the content -------------------------------------------------------------------------------------------------


def rule_of(scheme: Mapping[str, Any]) -> SchemeRule:
    """The rule that the scheme part of a content tells."""
    return SchemeRule(
        flags=scheme["flags"],
        minimum_score=Fraction(scheme["minimum_score"]),
        decimals=scheme["decimals"],
        tie_rule=TieRule(scheme["tie_rule"]),
        bonus_cap=number(scheme["bonus_cap"]),
        penalty_cap=number(scheme["penalty_cap"]),
        criteria=[
            CriterionRule(
                order=one["order"],
                weight=Fraction(one["weight"]),
                method=method_of(one["method"]),
                parameters=parameters_of(method_of(one["method"]), one["parameters"]),
                tie_order=one["tie_order"],
                is_lower_better=one["is_lower_better"],
            )
            for one in scheme["criteria"]
        ],
        gates=[
            GateRule(
                order=one["order"],
                criterion=one["criterion"],
                minimum=Fraction(one["minimum"]),
                behind=one["behind"],
            )
            for one in scheme["gates"]
        ],
    )


def inputs_of(units: Sequence[Mapping[str, Any]]) -> list[UnitInput]:
    return [
        UnitInput(
            unit=one["unit"],
            figures={figure["criterion"]: number(figure["figure"]) for figure in one["figures"]},
            bonus=_points(one, "bonus"),
            penalty=_points(one, "penalty"),
            is_vetoed=any(added["kind"] == "veto" for added in one["adjustments"]),
        )
        for one in units
    ]


def decisions_of(units: Sequence[Mapping[str, Any]]) -> dict[str, Decision]:
    return {
        one["unit"]: Decision(
            score=None if one["decision"]["score"] is None else Decimal(one["decision"]["score"]),
            is_winner=one["decision"]["is_winner"],
        )
        for one in units
        if one["decision"] is not None
    }


def _points(unit: Mapping[str, Any], kind: str) -> Fraction:
    return sum((Fraction(one["points"]) for one in unit["adjustments"] if one["kind"] == kind), NOUGHT)


# --- into the content -------------------------------------------------------------------------------------------------


def completed(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with everything that follows from its inputs: each unit's steps, score, rank, and the winners.

    Units come in the order in which they stand: by rank, then as they were given.
    """
    units = content["units"]
    computed, final = _results(content)
    told = [
        {**unit, "computed": told_of(computed[unit["unit"]]), "final": _final(final[unit["unit"]])} for unit in units
    ]
    told.sort(key=lambda one: (one["final"]["rank"] is None, one["final"]["rank"]))
    winners = [one["unit"] for one in told if one["final"]["is_winner"]]
    return {**content, "format": FORMAT, "formula": FORMULA, "units": told, "winners": winners}


def _results(content: Mapping[str, Any]) -> tuple[dict[str, UnitResult], dict[str, UnitResult]]:
    """By unit what is computed, and what stands after decisions."""
    rule, units = rule_of(content["scheme"]), content["units"]
    computed = score_round(rule, inputs_of(units))
    final = decided(rule, computed, decisions_of(units))
    return {one.unit: one for one in computed}, {one.unit: one for one in final}


def told_of(result: UnitResult) -> dict[str, Any]:
    """A computed result with every step, as a snapshot tells it."""
    return {
        "lines": [
            {"criterion": one.criterion, "share": text(one.share), "points": text(one.points), "place": one.place}
            for one in result.lines
        ],
        "bonus": text(result.bonus),
        "penalty": text(result.penalty),
        "exact": text(result.exact),
        "failed_gate": result.failed_gate,
        "is_vetoed": result.is_vetoed,
        **_final(result),
    }


def _final(result: UnitResult) -> dict[str, Any]:
    return {"score": f"{result.score:f}", "rank": result.rank, "is_winner": result.is_winner}


# --- computed again ---------------------------------------------------------------------------------------------------


def faults(content: Mapping[str, Any]) -> list[str]:
    """Where the content tells something else than follows from its own inputs: one line each, none where all is right.

    Raises ``NotASnapshot``.
    """
    try:
        if content["format"] != FORMAT or content["formula"] != FORMULA:
            raise NotASnapshot(f"format {content['format']!r}, formula {content['formula']!r} are not known here")
        return list(_faults(content, completed(content)))
    except (KeyError, TypeError, AttributeError, ZeroDivisionError) as error:
        raise NotASnapshot(f"{type(error).__name__}: {error}") from error
    except ValueError as error:
        raise error if isinstance(error, NotASnapshot) else NotASnapshot(str(error)) from error


def _faults(content: Mapping[str, Any], again: Mapping[str, Any]) -> Iterator[str]:
    expected = {one["unit"]: one for one in again["units"]}
    if len(expected) != len(content["units"]):
        yield "units: one of them stands twice"
    for one in content["units"]:
        for part in ("computed", "final"):
            for name, value in expected[one["unit"]][part].items():
                if one[part][name] != value:
                    yield f"{one['unit']}: {part} {name} is {one[part][name]!r}, computed again it is {value!r}"
    if content["winners"] != again["winners"]:
        yield f"winners are {content['winners']!r}, computed again they are {again['winners']!r}"
