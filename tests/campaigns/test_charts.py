"""Charts: the same figures as the rows, as an option, as a table and drawn; the same bytes for the same option."""

import json
import re
import threading
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import engines
from django.utils.translation import override

from campaigns.documents import drawing
from campaigns.documents.charts import palette
from campaigns.documents.charts.burn_up import Projection, burn_up
from campaigns.documents.charts.chart import Chart
from campaigns.documents.charts.compare import Pair, compare
from campaigns.documents.charts.completeness import FilingRow, completeness
from campaigns.documents.charts.rank_over_time import RankLine, rank_over_time
from campaigns.documents.charts.side_by_side import Bar, side_by_side
from campaigns.domain.composite import Composite
from campaigns.domain.light import Light
from campaigns.models import Period
from campaigns.queries.burn_up import BurnPoint, BurnUp
from campaigns.queries.progress import Weighed

PNG = b"\x89PNG\r\n\x1a\n"


class Whole(Weighed):
    def __init__(self, attained: Fraction, planned: Fraction) -> None:
        self.composite = Composite(attainment=attained, planned=planned, coverage=Fraction(1))


def percent(value: str) -> Fraction:
    return Fraction(value) / 100


def end_of(month: str, day: int, planned: str, attained: str | None = None) -> BurnPoint:
    period = Period(month=month)
    on = date.fromisoformat(f"{month}-{day:02}")
    if attained is None:
        return BurnPoint(on, period, percent(planned), None, None)
    whole = Whole(percent(attained), percent(planned))
    return BurnPoint(on, period, percent(planned), whole, Light.YELLOW)


def way(**attained: str) -> BurnUp:
    """The hundred days of 2022 with what was attained in july, august, september, october."""
    points = [
        BurnPoint(date(2022, 7, 11), None, Fraction(0), None, None, Fraction(0)),
        end_of("2022-07", 31, "20", attained.get("july")),
        end_of("2022-08", 31, "51", attained.get("august")),
        end_of("2022-09", 30, "81", attained.get("september")),
        end_of("2022-10", 19, "100", attained.get("october")),
    ]
    return BurnUp(points)


def burning(projected: str = "67") -> Chart:
    onward = Projection(percent(projected), percent("65"), percent("72"))
    return burn_up(way(july="15.7", august="34.407"), subject="嘉善县", projection=onward)


def charts() -> dict[str, Chart]:
    bars = [
        Bar("Haiyan", percent("39.1"), percent("51"), Light.GREEN),
        Bar("Pinghu", None, percent("51"), Light.GREY),
        Bar("Nanhu", percent("29.8"), percent("51"), Light.RED),
    ]
    pairs = [Pair("Trade", percent("30"), percent("42.5")), Pair("Safety", None, percent("12"))]
    return {
        "burn_up": burning(),
        "rank_over_time": rank_over_time(
            [RankLine("Haiyan", [1, 2]), RankLine("Nanhu", [2, 1], is_own=True), RankLine("Pinghu", [None, 2])],
            ["2022-07", "2022-08"],
            group="Localities",
        ),
        "side_by_side": side_by_side(bars, what="Unit"),
        "compare": compare(pairs, first="July", second="August"),
        "completeness": completeness([FilingRow("Haiyan", 10, 9, 7), FilingRow("Nanhu", 10, 10, 10)], what="Unit"),
    }


def series(chart: Chart, name: str) -> list[Any]:
    return next(one["data"] for one in chart.option["series"] if one["name"] == name)


def values(data: list[Any]) -> list[Any]:
    return [one["value"] if isinstance(one, dict) else one for one in data]


def column(chart: Chart, place: int) -> list[str]:
    return [row[place] for row in chart.table.rows]


def texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [words for one in node.values() for words in texts(one)]
    if isinstance(node, list | tuple):
        return [words for one in node for words in texts(one)]
    return [node] if isinstance(node, str) else []


# --- every kind -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", charts())
def test_an_option_is_json_and_names_colours_by_tokens_alone(kind):
    option = charts()[kind].option
    assert json.loads(json.dumps(option, allow_nan=False)) is not None
    assert not [words for words in texts(option) if re.match(r"#[0-9a-f]{3}|rgb", words)]
    assert option["animation"] is False
    assert option["tooltip"]["renderMode"] == "richText"
    assert "legend" not in option


@pytest.mark.parametrize("kind", charts())
def test_a_chart_says_what_it_shows_and_its_table_has_a_cell_for_every_head(kind):
    chart = charts()[kind]
    assert chart.title
    assert chart.title in chart.summary
    assert {len(row) for row in chart.table.rows} == {len(chart.table.head)}


@pytest.mark.parametrize("kind", charts())
def test_the_same_option_is_drawn_to_the_same_bytes(kind):
    first = charts()[kind]
    drawn = drawing.draw(first.option, 640, first.height)
    for one in charts().values():
        drawing.draw(one.option, 500, one.height)
    assert drawing.draw(charts()[kind].option, 640, first.height) == drawn
    assert drawn.startswith('<svg width="640"')
    assert "var:" not in drawn
    assert "<style" not in drawn


# --- the figures ----------------------------------------------------------------------------------------------------


def test_the_burn_up_shows_the_points_of_the_query():
    chart = burning()
    assert values(series(chart, "Planned")) == [[0, 0.0], [20, 20.0], [51, 51.0], [81, 81.0], [100, 100.0]]
    assert values(series(chart, "Attained")) == [[0, 0.0], [20, 15.7], [51, 34.41]]
    assert column(chart, 2) == ["0.00%", "20.00%", "51.00%", "81.00%", "100.00%", "100.00%"]
    assert column(chart, 3) == ["0.00%", "15.70%", "34.41%", "–", "–", "67.00% (65.00% to 72.00%)"]
    assert column(chart, 4) == ["±0", "−4.30", "−16.59", "–", "–", "−33.00"]
    assert chart.title == "34.4% attained by 31 August, 51.0% planned; at this rate 67% by 19 October"


def test_the_burn_up_draws_the_forecast_dashed_over_its_band():
    chart = burning()
    assert values(series(chart, "Projected")) == [[51, 34.41], [100, 67.0]]
    assert values(series(chart, "low")) == [[51, 34.41], [100, 65.0]]
    assert values(series(chart, "band")) == [[51, 0], [100, 7.0]]


def test_without_a_projection_there_is_none_in_chart_and_table():
    chart = burn_up(way(july="15.7"), subject="city")
    assert "Projected" not in [one["name"] for one in chart.option["series"]]
    assert "Projected" not in column(chart, 0)


def test_on_the_last_day_nothing_is_projected_any_more():
    chart = burn_up(way(october="97"), subject="city", projection=Projection(percent("97")))
    assert "Projected" not in column(chart, 0)
    assert chart.title == "97.0% attained by 19 October, 100.0% planned"


def test_without_a_figure_the_burn_up_is_the_plan_alone():
    chart = burn_up(way(), subject="city")
    assert chart.title == "No figure yet; the plan leads to 100% on 19 October"
    assert values(series(chart, "Attained")) == [[0, 0.0]]


def test_the_ends_of_two_lines_keep_apart():
    offsets = [one["label"]["offset"][1] for one in series(burning("99"), "ends")]
    assert offsets[1] - offsets[0] >= 14
    apart = [one["label"]["offset"][1] for one in series(burning("50"), "ends")]
    assert apart == [0, 0]


def test_an_axis_goes_as_far_as_its_figures():
    chart = burn_up(way(july="115"), subject="city")
    assert (chart.option["yAxis"]["min"], chart.option["yAxis"]["max"]) == (0, 125)
    assert burning().option["yAxis"]["max"] == 100


def test_ranks_have_the_first_place_above_and_a_gap_where_there_is_none():
    chart = charts()["rank_over_time"]
    assert chart.option["yAxis"]["inverse"]
    assert values(series(chart, "Pinghu")) == [[0, None], [1, 2]]
    assert chart.table.rows == [["Haiyan", "1", "2"], ["Nanhu", "2", "1"], ["Pinghu", "–", "2"]]
    assert chart.title == "Nanhu: rank 2 in July, 1 in August"
    own = [one["lineStyle"]["color"] for one in chart.option["series"] if "lineStyle" in one]
    assert own.count("var:accent") == 1
    ends = [one["label"]["formatter"] for one in series(chart, "ends")]
    assert sorted(ends) == ["Haiyan\nPinghu", "Nanhu"], "who shares a place shares a label"


def test_bars_end_in_the_shape_of_their_light():
    chart = charts()["side_by_side"]
    assert values(series(chart, "Attained")) == [39.1, None, 29.8]
    assert values(series(chart, "Planned")) == [[51.0, 0], [51.0, 1], [51.0, 2]]
    assert [one["symbol"] for one in series(chart, "Light")] == ["circle", "circle", "diamond"]
    assert [one["itemStyle"]["color"] for one in series(chart, "Light")] == [
        "var:go-fill",
        "var:surface",
        "var:stop-fill",
    ]
    assert column(chart, 4) == ["On track", "No figure", "Far behind"]
    assert chart.title == "Haiyan is furthest with 39.1%; 1 of 3 is behind"


def test_two_periods_are_two_dots_and_the_difference():
    chart = charts()["compare"]
    assert values(series(chart, "July")) == [[30.0, 0]]
    assert values(series(chart, "August")) == [[42.5, 0], [12.0, 1]]
    assert chart.table.rows == [["Trade", "30.00%", "42.50%", "+12.50"], ["Safety", "–", "12.00%", "–"]]
    assert chart.title == "August is higher than July in 1 of 1"


def test_filed_reports_are_on_time_late_or_missing():
    chart = charts()["completeness"]
    assert [values(series(chart, name)) for name in ("On time", "Filed late", "Missing")] == [
        [7, 10],
        [2, None],
        [1, None],
    ]
    assert chart.table.rows == [["Haiyan", "10", "9", "7", "2", "1"], ["Nanhu", "10", "10", "10", "0", "0"]]
    assert chart.title == "19 of 20 reports filed, 17 on time"


# --- on paper -------------------------------------------------------------------------------------------------------


def test_paper_has_the_colours_of_the_light_theme():
    css = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text()
    light = dict(re.findall(r"--([\w-]+):\s*([^;]+);", css[: css.index('[data-bs-theme="dark"]')]))
    red, green, blue, alpha = bytes.fromhex(light["band"].removeprefix("#"))
    light |= {"band": f"rgba({red}, {green}, {blue}, {alpha / 255:.2f})", "sans": palette.PAPER["sans"]}
    assert {name: light.get(name) for name in palette.PAPER} == palette.PAPER


def test_chinese_is_drawn_in_a_font_that_has_it():
    with override("zh-hans"):
        chart = burning()
    drawn = drawing.draw(chart.option, 640, 320)
    assert "7月12日" in drawn
    assert "Noto Sans SC" in drawn


def test_a_drawing_becomes_a_picture_for_word():
    picture = drawing.svg_to_png(drawing.draw(burning().option, 640, 320), 640)
    assert picture.startswith(PNG)
    assert int.from_bytes(picture[16:20]) == 3 * 640


def test_every_thread_draws_the_same():
    option, drawn = burning().option, []

    def draw_anew():
        drawing.forget_charts()
        drawn.append(drawing.draw(option, 640, 320))

    threads = [threading.Thread(target=draw_anew) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert drawn == [drawing.draw(option, 640, 320)] * 3


def test_a_broken_option_is_told_and_the_next_is_drawn():
    with pytest.raises(drawing.DrawingFailed, match="ECharts could not draw"):
        drawing.draw({"series": [{"type": "line", "data": [1]}], "xAxis": {"gridIndex": 7}}, 640, 320)
    assert drawing.draw(burning().option, 640, 320).startswith("<svg")


def test_missing_packages_are_named(settings, tmp_path):
    settings.NODE_MODULES = tmp_path
    drawing.forget_charts()
    with pytest.raises(drawing.DrawingFailed, match="Install the npm packages"):
        drawing.draw(burning().option, 640, 320)


# --- in a page ------------------------------------------------------------------------------------------------------


def test_a_page_has_the_option_the_table_and_the_words_for_those_who_hear_it():
    chart = burning()
    template = engines["django"].from_string("{% load charts %}{% chart chart 200 %}")
    html = template.render({"chart": chart})
    option = re.search(r'<script type="application/json">(.*?)</script>', html)
    assert option is not None
    assert json.loads(option.group(1)) == json.loads(json.dumps(chart.option))
    assert 'data-height="200"' in html
    assert f'aria-label="{chart.summary}"' in html
    for row in chart.table.rows:
        assert all(text in html for text in row)
