"""The marks that every page is made of say the same to the eye and to the ear, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.template import Context, Template
from django.utils import translation

from campaigns.templatetags import look

DUE = datetime(2022, 9, 5, 10, 0, tzinfo=UTC)  # 18:00 in Jiaxing


def drawn(template: str, **values) -> str:
    return Template("{% load look %}" + template).render(Context(values)).strip()


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (Decimal("1060"), 2, "1,060.00"),
        (Decimal("33.250"), None, "33.250"),
        (Decimal("-12.8"), None, "−12.8"),
        (Decimal("0.125"), 2, "0.13"),
        (Decimal("-0.004"), 2, "0.00"),
        (Fraction(1, 3), None, "0.33"),
        (7, None, "7"),
        ("56.3", 1, "56.3"),
        (None, 2, "–"),
    ],
)
def test_a_number_has_thousands_and_a_true_minus(value, decimals, expected):
    assert look.number_text(value, decimals) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(Decimal("11.85"), "+11.85"), (Decimal("-2.20"), "−2.20"), (0, "±0"), (None, "–")]
)
def test_a_difference_is_signed(value, expected):
    assert look.signed_text(value) == expected


@pytest.mark.parametrize(
    ("share", "decimals", "expected"), [(Fraction(344, 1000), 1, "34.4"), (Decimal("1.2"), 2, "120.00"), (None, 1, "–")]
)
def test_a_share_is_shown_in_per_cent(share, decimals, expected):
    assert look.percent(share, decimals) == expected


@pytest.mark.parametrize(
    ("filter_name", "english", "chinese"),
    [
        ("day", "Monday 5 September 2022", "2022年9月5日 星期一"),
        ("due_day", "Monday 5 September", "9月5日 星期一"),
        ("due_moment", "Monday 5 September, 18:00", "9月5日 星期一 18:00"),
        ("short_day", "5 September", "9月5日"),
        ("short_day_year", "5 September 2022", "2022年9月5日"),
        ("moment", "5 September, 18:00", "9月5日 18:00"),
        ("full_moment", "Monday 5 September 2022, 18:00", "2022年9月5日 星期一 18:00"),
        ("clock_time", "18:00", "18:00"),
        ("month_name", "September 2022", "2022年9月"),
        ("short_month", "September", "9月"),
    ],
)
def test_dates_follow_the_language_and_the_city_clock(filter_name, english, chinese):
    source = "{{ due|" + filter_name + " }}"
    with translation.override("en"):
        assert drawn(source, due=DUE) == english
    with translation.override("zh-hans"):
        assert drawn(source, due=DUE) == chinese
    assert drawn(source, due=None) == "–"


def test_a_month_may_be_a_periods_key():
    assert look.month_name("jiaxing-2022/2022-08") == "August 2022"
    assert look.month_name(date(2022, 8, 31)) == "August 2022"


@pytest.mark.parametrize(
    ("light", "shape", "word"),
    [
        ("green", "s-go", "On track"),
        ("yellow", "s-slow", "Behind"),
        ("red", "s-stop", "Far behind"),
        ("grey", "s-none", "No figure"),
        (None, "s-none", "No figure"),
    ],
)
def test_a_light_has_a_shape_and_a_word(light, shape, word):
    with_word = drawn("{% light value %}", value=light)
    assert f"#{shape}" in with_word
    assert word in with_word
    assert f'aria-label="{word}"' in drawn("{% light_mark value %}", value=light)


def test_a_missing_figure_is_a_dash_and_is_read_out():
    html = drawn("{% figure value '%' 2 %}", value=None)
    assert "–" in html
    assert "no figure" in html
    assert "%" not in html


def test_movement_is_told_in_words():
    assert "up </span>2" in drawn("{% movement 2 %}")
    assert "down </span>1" in drawn("{% movement -1 %}")
    assert "same place" in drawn("{% movement 0 %}")
    assert "new" in drawn("{% movement 'new' %}")
    assert drawn("{% movement None %}") == ""


def test_a_bar_never_leaves_its_frame():
    assert 'width="1000"' in drawn("{% meter value %}", value=Fraction(3, 2))
    below = drawn("{% bullet value planned 'red' %}", value=Fraction(-1, 5), planned=Fraction(1, 2))
    assert "m-stop" not in below
    assert "−20.0% attained, 50.0% planned" in below
    assert 'd="M667 0v12"' in below


def test_a_bullet_without_a_plan_has_no_tick():
    assert "m-plan" not in drawn("{% bullet value None 'grey' %}", value=None)


def test_a_cell_speaks_its_light_also_where_it_shows_none():
    assert "On track" in drawn("{% cell value 'green' %}", value=Decimal("56.34"))
    assert "56.3" in drawn("{% cell value 'green' %}", value=Decimal("56.34"))
    assert 'aria-label="Far behind"' in drawn("{% cell value 'red' %}", value=Decimal("26.1"))
    assert "not assigned" in drawn("{% cell None 'off' %}")
    assert "lifted" in drawn("{% cell value 'yellow' is_lifted=True %}", value=Decimal("30"))


def test_the_strip_of_states_adds_up_and_leaves_out_what_is_empty():
    parts = [
        {"count": 3, "tone": "go", "label": "approved"},
        {"count": 0, "tone": "stop", "label": "came back"},
        {"count": 1, "tone": "bg", "label": "to fill"},
    ]
    html = drawn("{% stacked_meter parts '4 reports' %}", parts=parts)
    assert 'x="0" width="747"' in html
    assert 'x="750" width="247"' in html
    assert "came back" not in html
    assert "4 reports" in html
    assert "m-bg" in drawn("{% stacked_meter parts %}", parts=[])


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        (9, "9 days left", "tag"),
        (1, "1 day left", "tag tag-slow"),
        (0, "due today", "tag tag-slow"),
        (-2, "2 days late", "tag tag-stop"),
    ],
)
def test_a_deadline_grows_louder(days, words, tone):
    html = drawn("{% days_left days %}", days=days)
    assert words in html
    assert f'class="{tone}"' in html


def test_only_a_sample_wears_the_sample_badge():
    assert "sample" in drawn("{% sample_tag %}")
    assert "sample" in drawn("{% sample_tag source %}", source="sample")
    assert drawn("{% sample_tag source %}", source="article") == ""


@pytest.mark.parametrize("status", ["draft", "to_sign", "submitted", "returned", "approved"])
def test_every_status_of_a_report_has_a_badge(status):
    assert 'class="tag' in drawn("{% status_tag status %}", status=status)


def test_words_from_people_are_escaped():
    assert "<b>" not in drawn("{% figure value unit %}", value="<b>1", unit="<b>")
    assert "<b>" not in drawn("{% light 'red' word %}", word="<b>late")
