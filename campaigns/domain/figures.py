"""Reads a figure that a person typed, and rounds a figure that is about to be published.

Everything between the two is exact: decimals come in, fractions are computed with, and ``half_up`` is the one rounding.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

# What a Chinese keyboard gives for the characters of a number. The true minus is what our own pages print.
_TO_PLAIN = str.maketrans("０１２３４５６７８９＋－．，−﹣", "0123456789+-.,--")
_PLAIN_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]*))?")
# The first group holds one to three digits and no leading nought: 0,123 would rather be a decimal comma.
_GROUPED_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.(?P<part>[0-9]*))?")


class FigureError(ValueError):
    """A text that is not a figure the indicator can take.

    ``code`` is ``not_a_number``, ``too_many_decimals`` or ``too_large``; ``params`` holds what a message needs
    (``decimals`` or ``max_integer_digits``). The words are chosen where they can be translated.
    """

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, Any] = dict(params or {})


def parse_figure(text: str, *, decimals: int, max_integer_digits: int = 14) -> Decimal:
    """The figure in ``text``, exact, with ``decimals`` places.

    Full-width digits, signs, commas and dots count as their plain twins; blanks around, a true minus and thousands
    separators are accepted. Noughts after the last place are no decimals: 1.50 fits an indicator with one decimal.

    Raises ``FigureError``: ``not_a_number`` (nothing typed, words, NaN, infinity, exponents, doubtful grouping such as
    1,2), ``too_large`` (more than ``max_integer_digits`` before the point), ``too_many_decimals``.
    """
    plain = text.translate(_TO_PLAIN).strip()
    match = _PLAIN_NUMBER.fullmatch(plain) or _GROUPED_NUMBER.fullmatch(plain)
    if match is None or not (match["whole"] or match["part"]):
        raise FigureError("not_a_number")
    whole = match["whole"].replace(",", "").lstrip("0")
    part = (match["part"] or "").rstrip("0")
    if len(whole) > max_integer_digits:
        raise FigureError("too_large", {"max_integer_digits": max_integer_digits})
    if len(part) > decimals:
        raise FigureError("too_many_decimals", {"decimals": decimals})
    digits = int(whole + part.ljust(decimals, "0") or "0")
    return _decimal(-digits if match["sign"] == "-" else digits, decimals)


def half_up(value: Fraction | Decimal, places: int) -> Decimal:
    """``value`` rounded to ``places`` decimals; a half goes away from nought (0.125 → 0.13, -0.125 → -0.13).

    Never gives a negative nought. Raises ``ValueError`` or ``OverflowError`` for NaN and infinity.
    """
    exact = Fraction(value)
    magnitude = abs(exact) * 10**places
    digits = (2 * magnitude.numerator + magnitude.denominator) // (2 * magnitude.denominator)
    return _decimal(-digits if exact < 0 else digits, places)


def published_percent(share: Fraction) -> Decimal:
    """A share (1 = the whole) as the percentage that is published: times 100, half-up to 0.01."""
    return half_up(share * 100, 2)


def _decimal(digits: int, places: int) -> Decimal:
    """``digits`` × 10^-``places``, built without a context so that no precision setting can round it."""
    return Decimal((int(digits < 0), tuple(map(int, str(abs(digits)))), -places))
