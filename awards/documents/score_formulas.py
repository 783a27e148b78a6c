"""The formulas of the score sheet in Excel: how share, points, score, rank and flag follow from the cells beside them.

Each gives the number that `awards.domain` computes. Excel counts in binary: where a number is rounded, cut or held
against a limit, it is rounded to ten decimals first, so that 94.625 is not taken for 94.62499999999999. Places come
from `RANK` over the figures as they were written, which are equal where the exact figures are. No text of a person is
ever part of a formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from awards.domain.methods import Method

NOISE = 10
"""Decimals beyond which a number is what binary counting made of it."""
MOST_DIGITS = 15
"""A number in Excel keeps no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCells:
    """Where a step of a sum finds what it is made of: cells, and in `field` the figures of all units.

    `parameters` are the cells of those parameters that are given or have a default; `direction` is 1, or −1 where
    lower is better.
    """

    figure: str
    field: str
    place: str
    weight: str
    share: str
    direction: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateCells:
    figure: str
    share: str
    minimum: str
    label: str


def text(words: str) -> str:
    """Words of the product as a formula has them."""
    return '"' + words.replace('"', '""') + '"'


def exact(value: Fraction) -> float | str:
    """A figure as a number, or as a division where no decimal is exact: ``=1250/12``."""
    is_decimal = _without(_without(value.denominator, 2), 5) == 1
    if is_decimal and len(str(abs(value.numerator))) <= MOST_DIGITS:
        return float(value)
    if max(len(str(abs(value.numerator))), len(str(value.denominator))) <= MOST_DIGITS:
        return f"={value.numerator}/{value.denominator}"
    return float(value)


def _without(number: int, factor: int) -> int:
    while number % factor == 0:
        number //= factor
    return number


def clean(formula: str) -> str:
    return f"ROUND({formula},{NOISE})"


# --- a step -----------------------------------------------------------------------------------------------------------


def place(cells: StepCells) -> str:
    return f'=IF({cells.figure}="","",RANK({cells.figure},{cells.field},IF({cells.direction}<0,1,0)))'


def share(method: Method, cells: StepCells) -> str:
    """In percent of full points, never below nought, nought where the figure is missing."""
    made = {
        Method.TARGET: _target,
        Method.LINEAR: _linear,
        Method.BANDED: _banded,
        Method.RANK_STEP: _rank_step,
        Method.EFFICACY: _efficacy,
    }[method]
    return f'=IF({cells.figure}="",0,MAX(0,{made(cells)}))'


def points(cells: StepCells) -> str:
    return f"={cells.weight}*{cells.share}/100"


def _target(cells: StepCells) -> str:
    return f"IF({cells.direction}*{cells.figure}>={cells.direction}*{cells.parameters['target']},100,0)"


def _linear(cells: StepCells) -> str:
    above = f"{cells.direction}*({cells.figure}-{cells.parameters['full_at']})"
    return _capped(f"{cells.parameters['step_per_point']}*{above}", cells)


def _banded(cells: StepCells) -> str:
    bands = f"{cells.direction}*({cells.figure}-{cells.parameters['plan']})/{cells.parameters['band']}"
    return _capped(f"{cells.parameters['points']}*TRUNC({clean(bands)})", cells)


def _capped(more: str, cells: StepCells) -> str:
    if "bonus_cap" in cells.parameters:
        more = f"MIN({more},{cells.parameters['bonus_cap']})"
    if "penalty_cap" in cells.parameters:
        more = f"MAX({more},-{cells.parameters['penalty_cap']})"
    return f"100+{more}"


def _rank_step(cells: StepCells) -> str:
    given = cells.parameters
    return f"{given['first']}-{given['step']}*({cells.place}-1),{given['floor']}"


def _efficacy(cells: StepCells) -> str:
    low, high = f"MIN({cells.field})", f"MAX({cells.field})"
    worst = f"IF({cells.direction}<0,{high},{low})"
    return f"IF({high}={low},100,60+40*ABS({cells.figure}-{worst})/({high}-{low}))"


# --- the sum ----------------------------------------------------------------------------------------------------------


def within(added: str, cap: str | None) -> str:
    return f"=MIN({added},{cap})" if cap else f"={added}"


def rounded(cell: str, decimals: str) -> str:
    """Half-up: Excel rounds away from nought, and no score lies below it."""
    return f"=ROUND({clean(cell)},{decimals})"


def kept_out(veto: str, veto_label: str, gates: Sequence[GateCells]) -> str:
    """What keeps the unit out: a veto, else the first gate that is not met; nothing where neither does."""
    found = '""'
    for gate in reversed(gates):
        failed = f'OR({gate.figure}="",{clean(gate.share)}<{gate.minimum})'
        found = f"IF({failed},{text(gate.label)},{found})"
    return f"=IF({veto},{text(veto_label)},{found})"


def rank(kept_out: str, key: str, keys: str, ties: Sequence[tuple[str, str]]) -> str:
    """One and all that are better: by the key, and where it is equal by the shares that break ties, one after the
    other. Each of `ties` is the unit's own cell with those of all units."""
    if not ties:
        return f'=IF({kept_out}<>"","",RANK({key},{keys}))'
    better, equal = [f"({keys}>{key})"], f"({keys}={key})"
    for own, column in ties:
        better.append(f"{equal}*({column}>{own})")
        equal += f"*({column}={own})"
    return f'=IF({kept_out}<>"","",1+SUMPRODUCT({"+".join(better)}))'


def flag(rank: str, score: str, flags: str, minimum: str, label: str) -> str:
    return f'=IF(AND({rank}<>"",N({rank})<={flags},{score}>={minimum}),{text(label)},"")'


def decided_flag(decided: str, computed: str, kept_out: str, *, yes: str, no: str, veto: str, label: str) -> str:
    """A decided winner wins and a decided loser does not; nobody who is vetoed wins."""
    inner = f'IF({decided}={text(yes)},{text(label)},IF({decided}={text(no)},"",{computed.removeprefix("=")}))'
    return f'=IF({kept_out}={text(veto)},"",{inner})'
