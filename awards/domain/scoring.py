"""Adds a round up: points of every criterion, bonus and penalty, gates and vetoes, ranks and winners.

Sums are exact fractions. A score is rounded once, by ``rounded``, half-up to the scheme's decimals; ranks, ties and the
minimum score look at the rounded score alone. The rules are in ``docs/algorithms/award-scoring.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from awards.domain.methods import FULL, Field, Method, Parameters, field_of, share_of
from campaigns.domain.figures import half_up

FORMULA = "1"
"""The version of methods and sums; a snapshot names it. It counts up when the same inputs would score otherwise."""

NOUGHT = Fraction(0)


class TieRule(StrEnum):
    SHARED = "shared"
    CRITERIA = "criteria"


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRule:
    """One criterion by its order in the scheme; `tie_order` is its place among those that break ties."""

    order: int
    weight: Fraction
    method: Method
    parameters: Parameters
    tie_order: int | None = None
    is_lower_better: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRule:
    """At least `minimum` percent of a criterion's full points; asked after the gate `behind`, both by their order."""

    order: int
    criterion: int
    minimum: Fraction
    behind: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeRule:
    flags: int
    minimum_score: Fraction
    decimals: int
    criteria: Sequence[CriterionRule]
    gates: Sequence[GateRule] = ()
    tie_rule: TieRule = TieRule.SHARED
    bonus_cap: Fraction | None = None
    penalty_cap: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitInput:
    """What is known of a unit: its figure by the order of the criterion (None: missing), and what came on top."""

    unit: str
    figures: Mapping[int, Fraction | None]
    bonus: Fraction = NOUGHT
    penalty: Fraction = NOUGHT
    is_vetoed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step of a sum. `share` is in percent of full points, `points` = weight × share; `place` among the units with
    a figure."""

    criterion: int
    figure: Fraction | None
    share: Fraction
    points: Fraction
    place: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitResult:
    """A unit's sum with all its steps. `bonus` and `penalty` are what counts within the caps. `failed_gate` is the
    first gate that was not met; `rank` None: a veto or a gate keeps the unit out, whatever its score."""

    unit: str
    lines: Sequence[Line]
    bonus: Fraction
    penalty: Fraction
    exact: Fraction
    score: Decimal
    failed_gate: int | None
    is_vetoed: bool
    tie_shares: Sequence[Fraction]
    rank: int | None = None
    is_winner: bool = False

    @property
    def is_out(self) -> bool:
        return self.is_vetoed or self.failed_gate is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an administrator decided of a unit, either or both; the computed score stays beside it."""

    score: Decimal | None = None
    is_winner: bool | None = None


class CircularGates(ValueError):
    """Gates that would be asked after each other for ever; `orders` are theirs."""

    def __init__(self, orders: Sequence[int]) -> None:
        super().__init__(", ".join(map(str, orders)))
        self.orders = tuple(orders)


def rounded(exact: Fraction, decimals: int) -> Decimal:
    """The one rounding of a score: half-up."""
    return half_up(exact, decimals)


# --- the sum ----------------------------------------------------------------------------------------------------------


def score_round(rule: SchemeRule, units: Sequence[UnitInput]) -> list[UnitResult]:
    """The result of every unit, in the order in which they came; that order changes nothing else.

    Raises ``CircularGates``.
    """
    gates = in_turn(rule.gates)
    fields = {one.order: _field(one, units) for one in rule.criteria}
    return ranked(rule, [_result(rule, gates, fields, one) for one in units])


def _field(criterion: CriterionRule, units: Sequence[UnitInput]) -> Field:
    figures = {one.unit: one.figures.get(criterion.order) for one in units}
    return field_of(figures, is_lower_better=criterion.is_lower_better)


def _result(rule: SchemeRule, gates: Sequence[GateRule], fields: Mapping[int, Field], unit: UnitInput) -> UnitResult:
    lines = [_line(one, fields[one.order], unit.figures.get(one.order)) for one in rule.criteria]
    shares = {line.criterion: line.share for line in lines}
    is_there = {line.criterion: line.figure is not None for line in lines}
    bonus, penalty = _within(unit.bonus, rule.bonus_cap), _within(unit.penalty, rule.penalty_cap)
    exact = max(sum((line.points for line in lines), NOUGHT) + bonus - penalty, NOUGHT)
    failed = next((one for one in gates if not is_there[one.criterion] or shares[one.criterion] < one.minimum), None)
    breakers = sorted((one for one in rule.criteria if one.tie_order is not None), key=lambda one: one.tie_order or 0)
    return UnitResult(
        unit=unit.unit,
        lines=lines,
        bonus=bonus,
        penalty=penalty,
        exact=exact,
        score=rounded(exact, rule.decimals),
        failed_gate=failed.order if failed else None,
        is_vetoed=unit.is_vetoed,
        tie_shares=[shares[one.order] for one in breakers] if rule.tie_rule is TieRule.CRITERIA else [],
    )


def _line(criterion: CriterionRule, field: Field, figure: Fraction | None) -> Line:
    share = share_of(criterion.method, criterion.parameters, figure, field, is_lower_better=criterion.is_lower_better)
    place = None if figure is None else field.places[figure]
    points = criterion.weight * share / FULL
    return Line(criterion=criterion.order, figure=figure, share=share, points=points, place=place)


def _within(given: Fraction, cap: Fraction | None) -> Fraction:
    return given if cap is None else min(given, cap)


def in_turn(gates: Sequence[GateRule]) -> list[GateRule]:
    """The gates in the order in which they are asked: by their own order, each after the one it stands behind.

    Raises ``CircularGates`` where there is no such order.
    """
    waiting = sorted(gates, key=lambda one: one.order)
    known = {one.order for one in gates}
    asked: list[GateRule] = []
    while waiting:
        done = {one.order for one in asked}
        ready = next((one for one in waiting if one.behind not in known or one.behind in done), None)
        if ready is None:
            raise CircularGates([one.order for one in waiting])
        asked.append(ready)
        waiting.remove(ready)
    return asked


# --- ranks and winners ------------------------------------------------------------------------------------------------


def ranked(rule: SchemeRule, results: Sequence[UnitResult]) -> list[UnitResult]:
    """Gives each result its rank and whether it wins, from its rounded score.

    Competition ranking: equal scores share the better rank. By `CRITERIA` equal scores are told apart by their shares
    in the named criteria, one after the other, and what is equal in all of them shares the rank after all. The winners
    are those whose rank is at most the number of flags: all that are tied at the last flag win, co-equal.
    """
    keys = {one.unit: (Fraction(one.score), *one.tie_shares) for one in results if not one.is_out}
    places: dict[tuple[Fraction, ...], int] = {}
    for place, key in enumerate(sorted(keys.values(), reverse=True), start=1):
        places.setdefault(key, place)
    found = []
    for one in results:
        rank = places[keys[one.unit]] if one.unit in keys else None
        is_high = Fraction(one.score) >= rule.minimum_score
        found.append(replace(one, rank=rank, is_winner=rank is not None and rank <= rule.flags and is_high))
    return found


def decided(rule: SchemeRule, results: Sequence[UnitResult], decisions: Mapping[str, Decision]) -> list[UnitResult]:
    """The results once decisions have been put in: decided scores are rounded and ranked among the computed ones, then
    a decided winner wins and a decided loser does not. Nobody who is vetoed wins."""
    put_in = [
        replace(one, score=rounded(Fraction(decision.score), rule.decimals))
        if (decision := decisions.get(one.unit)) is not None and decision.score is not None
        else one
        for one in results
    ]
    found = []
    for one in ranked(rule, put_in):
        decision = decisions.get(one.unit)
        if decision is not None and decision.is_winner is not None:
            found.append(replace(one, is_winner=decision.is_winner and not one.is_vetoed))
        else:
            found.append(one)
    return found
