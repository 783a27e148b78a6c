"""Makes a share of a criterion's full points from a unit's figure, by one of five methods.

Everything is exact: figures and parameters come in as fractions, shares go out in percent (100 = full points), and
nothing is rounded here. The rules are in ``docs/algorithms/award-methods.md``.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)

FULL = Fraction(100)
LEAST_EFFICACY, EFFICACY_SPAN = Fraction(60), Fraction(40)
LARGEST = Decimal(1_000_000)
MOST_DECIMALS = 6
"""No parameter is larger or finer."""


class Method(StrEnum):
    TARGET = "target"
    LINEAR = "linear"
    RANK_STEP = "rank_step"
    BANDED = "banded"
    EFFICACY = "efficacy"


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a method may be told; `default` None is no limit. `is_required`: there is no default."""

    name: str
    default: Fraction | None = None
    least: Fraction | None = None
    most: Fraction | None = None
    is_required: bool = False
    is_above_least: bool = False
    """Above `least`, not equal to it."""


NOUGHT = Fraction(0)
CAPS = (Parameter("bonus_cap", least=NOUGHT), Parameter("penalty_cap", least=NOUGHT))
PARAMETERS: Mapping[Method, tuple[Parameter, ...]] = {
    Method.TARGET: (Parameter("target", FULL),),
    Method.LINEAR: (Parameter("full_at", FULL), Parameter("step_per_point", Fraction(1), least=NOUGHT), *CAPS),
    Method.RANK_STEP: (
        Parameter("first", FULL, least=NOUGHT),
        Parameter("step", Fraction(5), least=NOUGHT),
        Parameter("floor", NOUGHT, least=NOUGHT),
    ),
    Method.BANDED: (
        Parameter("plan", FULL),
        Parameter("band", least=NOUGHT, is_required=True, is_above_least=True),
        Parameter("points", least=NOUGHT, is_required=True),
        *CAPS,
    ),
    Method.EFFICACY: (),
}
"""By method what it takes. Caps are in percent of full points; without one there is no limit but nought below."""

Parameters = Mapping[str, Fraction | None]


class ParameterError(ValueError):
    """A parameter that a method cannot take.

    ``code`` is ``unknown_method``, ``unknown``, ``missing``, ``not_a_number``, ``too_small``, ``too_large``,
    ``too_many_decimals`` or ``floor_above_first``; ``params`` holds what a message needs. The words are chosen
    where they can be translated.
    """

    def __init__(self, code: str, name: str, **params: Any) -> None:
        super().__init__(f"{name}: {code}")
        self.code, self.name, self.params = code, name, params


# --- parameters -------------------------------------------------------------------------------------------------------


def method_of(name: str) -> Method:
    """Raises ``ParameterError`` for a method that is none."""
    try:
        return Method(name)
    except ValueError:
        raise ParameterError("unknown_method", name, known=", ".join(Method)) from None


def parameters_of(method: Method, given: Mapping[str, Any]) -> dict[str, Fraction | None]:
    """The parameters as exact numbers, with defaults where none is given. Raises ``ParameterError`` for the first that
    is wrong."""
    known = {one.name: one for one in PARAMETERS[method]}
    for name in given:
        if name not in known:
            raise ParameterError("unknown", str(name), known=", ".join(known) or "–")
    values = {name: _value(one, given.get(name)) for name, one in known.items()}
    if method is Method.RANK_STEP and (values["floor"] or NOUGHT) > (values["first"] or NOUGHT):
        raise ParameterError("floor_above_first", "floor")
    return values


def _value(parameter: Parameter, given: Any) -> Fraction | None:
    if given is None or given == "":
        if parameter.is_required:
            raise ParameterError("missing", parameter.name)
        return parameter.default
    number = _number(parameter.name, given)
    if abs(number) > LARGEST:
        raise ParameterError("too_large", parameter.name, most=str(LARGEST))
    value = Fraction(number)
    if parameter.least is not None:
        is_low = value <= parameter.least if parameter.is_above_least else value < parameter.least
        if is_low:
            raise ParameterError("too_small", parameter.name, least=str(parameter.least))
    if parameter.most is not None and value > parameter.most:
        raise ParameterError("too_large", parameter.name, most=str(parameter.most))
    return value


def _number(name: str, given: Any) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal):
        raise ParameterError("not_a_number", name)
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        raise ParameterError("not_a_number", name) from None
    if not number.is_finite():
        raise ParameterError("not_a_number", name)
    if -int(number.as_tuple().exponent) > MOST_DECIMALS:
        raise ParameterError("too_many_decimals", name, most=MOST_DECIMALS)
    return number


# --- shares -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """What a method knows of all units of a round: how many have a figure, the extremes, and places by figure.

    Only units with a figure count: one without takes nobody's place and moves no extreme.
    """

    count: int
    lowest: Fraction | None
    highest: Fraction | None
    places: Mapping[Fraction, int]


def field_of(figures: Mapping[Key, Fraction | None], *, is_lower_better: bool = False) -> Field:
    """Places are competition ranks on the exact figures (1, 2, 2, 4), the best first."""
    there = sorted((one for one in figures.values() if one is not None), reverse=not is_lower_better)
    places: dict[Fraction, int] = {}
    for place, value in enumerate(there, start=1):
        places.setdefault(value, place)
    return Field(len(there), min(there, default=None), max(there, default=None), places)


def share_of(
    method: Method, parameters: Parameters, figure: Fraction | None, field: Field, *, is_lower_better: bool = False
) -> Fraction:
    """The share of full points in percent, never below nought. `parameters` as ``parameters_of`` gives them.

    A missing figure earns nothing: it is no nought that is scored, but no score at all, and its line says that it is
    missing. Where lower is better, the figure and what it is held against change their sign.
    """
    if figure is None:
        return NOUGHT
    sign = -1 if is_lower_better else 1
    if method is Method.TARGET:
        share = FULL if sign * figure >= sign * _known(parameters, "target") else NOUGHT
    elif method is Method.LINEAR:
        above = sign * (figure - _known(parameters, "full_at"))
        share = _capped(_known(parameters, "step_per_point") * above, parameters)
    elif method is Method.BANDED:
        bands = sign * (figure - _known(parameters, "plan")) / _known(parameters, "band")
        share = _capped(_known(parameters, "points") * _whole(bands), parameters)
    elif method is Method.RANK_STEP:
        below_first = _known(parameters, "step") * (field.places[figure] - 1)
        share = max(_known(parameters, "first") - below_first, _known(parameters, "floor"))
    else:
        share = _efficacy(figure, field, sign)
    return max(share, NOUGHT)


def _known(parameters: Parameters, name: str) -> Fraction:
    value = parameters[name]
    if value is None:
        raise ParameterError("missing", name)
    return value


def _whole(bands: Fraction) -> int:
    """Whole bands alone count, upwards and downwards."""
    whole = abs(bands).__floor__()
    return whole if bands >= 0 else -whole


def _capped(more: Fraction, parameters: Parameters) -> Fraction:
    """Full points and what comes on top or off, within the caps."""
    bonus_cap, penalty_cap = parameters["bonus_cap"], parameters["penalty_cap"]
    if bonus_cap is not None:
        more = min(more, bonus_cap)
    if penalty_cap is not None:
        more = max(more, -penalty_cap)
    return FULL + more


def _efficacy(figure: Fraction, field: Field, sign: int) -> Fraction:
    """60 + 40 × (x − lowest) ÷ (highest − lowest), 100 where all are the same; lowest is the worst."""
    if field.lowest is None or field.highest is None or field.lowest == field.highest:
        return FULL
    worst = field.lowest if sign > 0 else field.highest
    return LEAST_EFFICACY + EFFICACY_SPAN * abs(figure - worst) / (field.highest - field.lowest)
