"""Looks at a figure while it is being filled in: errors block the report, warnings ask for a note.

It returns codes with parameters; the words are chosen where they can be translated. The rule is in
``docs/algorithms/checks.md``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any, Literal

from campaigns.domain.pace import Accumulation

_STEPS_NEEDED = 3
_UNUSUAL_TIMES = 3
_MONTHS_WITHOUT_CHANGE = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. An ``error`` blocks, a ``warning`` wants a note.

    Codes: ``missing_without_comment``, ``too_many_decimals`` (errors); ``below_last_month``, ``unusual_step``,
    ``no_change``, ``outside_range`` (warnings). ``params`` holds the figures that a message names.
    """

    level: Literal["error", "warning"]
    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndicatorLimits:
    """What an indicator allows: decimals, how it accumulates, the plausible range (both ends included, either may be
    open), and whether its figure is required."""

    decimals: int
    accumulation: Accumulation
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    is_required: bool = True


def check_measurement(
    *,
    value: Decimal | None,
    note: str,
    limits: IndicatorLimits,
    earlier: Sequence[Decimal | None] = (),
    earlier_full_months: Sequence[bool] | None = None,
) -> list[Finding]:
    """The findings on one figure, errors first.

    ``earlier`` are the figures of all earlier periods, oldest first, ``None`` where there is none;
    ``earlier_full_months`` says of each whether its period is a whole calendar month. Left out, all but the first are.
    A warning stays in the list when a note answers it; see ``needs_note``.

    Raises ``ValueError`` where the two sequences differ in length.
    """
    if earlier_full_months is None:
        earlier_full_months = [index > 0 for index in range(len(earlier))]
    if len(earlier_full_months) != len(earlier):
        raise ValueError("earlier_full_months needs one entry for each earlier period")
    if value is None:
        return list(_missing(note, limits))
    return [
        *_decimals(value, limits),
        *_below_last_month(value, limits, earlier),
        *_unusual_step(value, earlier, earlier_full_months),
        *_no_change(value, earlier),
        *_outside_range(value, limits),
    ]


def blocks(findings: Iterable[Finding]) -> bool:
    """Whether the report cannot be submitted with these findings."""
    return any(finding.level == "error" for finding in findings)


def needs_note(findings: Iterable[Finding], note: str) -> bool:
    """Whether a warning is still unanswered: any note that is not blank answers all of them."""
    return not note.strip() and any(finding.level == "warning" for finding in findings)


def _missing(note: str, limits: IndicatorLimits) -> Iterator[Finding]:
    if limits.is_required and not note.strip():
        yield Finding("error", "missing_without_comment")


def _decimals(value: Decimal, limits: IndicatorLimits) -> Iterator[Finding]:
    if (Fraction(value) * 10**limits.decimals).denominator != 1:
        yield Finding("error", "too_many_decimals", {"decimals": limits.decimals})


def _below_last_month(value: Decimal, limits: IndicatorLimits, earlier: Sequence[Decimal | None]) -> Iterator[Finding]:
    """Compares with last month's figure; where that is missing, with the newest one before it, as what adds up cannot
    fall below that either."""
    if limits.accumulation is not Accumulation.CUMULATIVE:
        return
    for months_ago, figure in enumerate(reversed(earlier), start=1):
        if figure is not None:
            if value < figure:
                yield Finding("warning", "below_last_month", {"earlier": figure, "months_ago": months_ago})
            return


def _unusual_step(value: Decimal, earlier: Sequence[Decimal | None], full_months: Sequence[bool]) -> Iterator[Finding]:
    """A step is the difference to the period just before, up or down alike; it is a full-month step where its own
    period is a full month. The first period has no step: before it there is no report."""
    last = earlier[-1] if earlier else None
    if last is None:
        return
    steps = [
        abs(figure - before)
        for (before, figure), is_full_month in zip(pairwise(earlier), full_months[1:], strict=True)
        if before is not None and figure is not None and is_full_month
    ]
    if len(steps) < _STEPS_NEEDED:
        return
    usual = median(steps)
    if abs(value - last) > _UNUSUAL_TIMES * usual:
        yield Finding("warning", "unusual_step", {"step": value - last, "usual": usual})


def _no_change(value: Decimal, earlier: Sequence[Decimal | None]) -> Iterator[Finding]:
    last = earlier[-_MONTHS_WITHOUT_CHANGE:]
    if len(last) == _MONTHS_WITHOUT_CHANGE and all(figure == value for figure in last):
        yield Finding("warning", "no_change", {"months": _MONTHS_WITHOUT_CHANGE})


def _outside_range(value: Decimal, limits: IndicatorLimits) -> Iterator[Finding]:
    is_low = limits.minimum is not None and value < limits.minimum
    is_high = limits.maximum is not None and value > limits.maximum
    if is_low or is_high:
        yield Finding("warning", "outside_range", {"minimum": limits.minimum, "maximum": limits.maximum})
