"""Typed figures are read exactly or refused with a code; published ones are rounded half-up once."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.figures import FigureError, half_up, parse_figure, published_percent

FULL_WIDTH = str.maketrans("0123456789+-.,", "０１２３４５６７８９＋－．，")


def figures(*, places: int = 4) -> st.SearchStrategy[Decimal]:
    limit = Decimal("99999999999999")
    return st.decimals(min_value=-limit, max_value=limit, places=places, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("0", "0.00"),
        ("12", "12.00"),
        ("12.5", "12.50"),
        ("12.50", "12.50"),
        ("12.5000", "12.50"),
        (".5", "0.50"),
        ("5.", "5.00"),
        ("007", "7.00"),
        ("+3", "3.00"),
        ("-3", "-3.00"),
        ("−3", "-3.00"),
        ("－３．２５", "-3.25"),
        ("＋３", "3.00"),
        ("-0", "0.00"),
        ("-0.00", "0.00"),
        ("  8 ", "8.00"),
        ("\u3000８\u3000", "8.00"),
        ("\u00a08\t", "8.00"),
        ("1,234.5", "1234.50"),
        ("１，２３４．５", "1234.50"),
        ("-12,345,678", "-12345678.00"),
        ("99999999999999.99", "99999999999999.99"),
        ("0000000000000000000001", "1.00"),
    ],
)
def test_a_figure_is_read_exactly(text: str, figure: str) -> None:
    parsed = parse_figure(text, decimals=2)
    assert str(parsed) == figure


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            "+",
            ".",
            ",",
            "-.",
            "--1",
            "+-1",
            "1-",
            "- 1",
            "1 2",
            "1 234",
            "NaN",
            "nan",
            "sNaN",
            "Infinity",
        ),
        *(
            "-inf",
            "∞",
            "1e3",
            "1E3",
            "10^30",
            "1x",
            "十二",
            "12亿元",
            "12%",
            "１２。５",
            "0x1F",
            "1_000",
            "①",
            "٣",
            "५",
        ),
        *("1,2", "1,23", "12,34", "1234,567", "1,2345", ",123", "1,,234", "0,123", "00,123", "1,234,56", "1.234,5"),
        *("1.2.3", "1,234.5,6", "–", "null", "None", "\x00", "1\x00", "=1+1", "'12"),
    ],
)
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(FigureError) as refusal:
        parse_figure(text, decimals=2)
    assert refusal.value.code == "not_a_number"
    assert refusal.value.params == {}


@pytest.mark.parametrize(("text", "decimals"), [("1.5", 0), ("1.234", 2), ("-0.001", 2), ("0.0000001", 6)])
def test_too_many_decimals_are_refused(text: str, decimals: int) -> None:
    with pytest.raises(FigureError) as refusal:
        parse_figure(text, decimals=decimals)
    assert refusal.value.code == "too_many_decimals"
    assert refusal.value.params == {"decimals": decimals}


@pytest.mark.parametrize("text", ["1" + "0" * 30, "-" + "9" * 15, "100,000,000,000,000", "9" * 15 + ".999", "1" * 5000])
def test_too_large_a_figure_is_refused(text: str) -> None:
    with pytest.raises(FigureError) as refusal:
        parse_figure(text, decimals=2)
    assert refusal.value.code == "too_large"
    assert refusal.value.params == {"max_integer_digits": 14}


@given(figures())
def test_a_printed_figure_is_read_back(figure: Decimal) -> None:
    for text in (f"{figure:f}", f"{figure:,f}", f"{figure:,f}".translate(FULL_WIDTH), f" {figure:f} "):
        assert parse_figure(text, decimals=4) == figure


def outcome(text: str) -> str:
    try:
        figure = parse_figure(text, decimals=3)
    except FigureError as refusal:
        return refusal.code
    return "figure" if figure.is_finite() and figure.as_tuple().exponent == -3 else "broken"


@given(st.text(max_size=30) | st.text(alphabet="0123456789０１,，.．-−+eE ", max_size=30))
def test_any_text_gives_a_figure_or_a_known_code(text: str) -> None:
    assert outcome(text) in {"figure", "not_a_number", "too_many_decimals", "too_large"}


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(2, 3), 2, "0.67"),
        (Fraction(-1, 1000), 2, "0.00"),
        (Decimal("2.675"), 2, "2.68"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("-2.5"), 0, "-3"),
        (Decimal("1E+3"), 1, "1000.0"),
        (Decimal(0), 2, "0.00"),
    ],
)
def test_halves_are_rounded_away_from_nought(value: Fraction | Decimal, places: int, rounded: str) -> None:
    assert str(half_up(value, places)) == rounded


@given(figures(), st.integers(0, 6))
def test_rounding_agrees_with_the_decimal_module(value: Decimal, places: int) -> None:
    with localcontext(prec=60):
        assert half_up(value, places) == value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@given(st.fractions(), st.integers(0, 4))
def test_rounding_moves_a_figure_by_half_a_unit_at_most(value: Fraction, places: int) -> None:
    assert abs(Fraction(half_up(value, places)) - value) <= Fraction(1, 2 * 10**places)


@given(st.fractions(), st.fractions())
def test_rounding_keeps_the_order(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert half_up(low, 2) <= half_up(high, 2)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_not_finite_cannot_be_published(text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        half_up(Decimal(text), 2)


def test_rounding_does_not_depend_on_the_decimal_context() -> None:
    with localcontext(prec=3):
        assert half_up(Fraction(123456789, 1000), 2) == Decimal("123456.79")
        assert parse_figure("123456.78", decimals=2) == Decimal("123456.78")


def test_a_share_is_published_as_percent() -> None:
    assert str(published_percent(Fraction(1, 4))) == "25.00"
    assert str(published_percent(Fraction(2, 3))) == "66.67"
    assert str(published_percent(Fraction(6, 5))) == "120.00"
