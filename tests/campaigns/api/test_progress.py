"""Progress over the API: figures against targets, composites, lights, judgements and forecasts, as disclosed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from campaigns.models import Assignment, Likelihood, Period, Report
from campaigns.operations.judgements import accept_reason, judge_likelihood
from campaigns.operations.reports import correct_measurement
from tests.api_cast import caller, system
from tests.builders import bring_all_to, close, figure, publish
from tests.campaigns.analysis import approve, in_action, more_units, of_indicator
from tests.campaigns.api.computed import MOST_QUERIES, ask, must_fit, queries_of, read, refused, table
from tests.cast import Cast, client_of
from units.models import Unit

Rows = dict[tuple[str | None, str | None], dict[str, Any]]


@pytest.fixture(autouse=True)
def _unthrottled(settings: Any) -> None:
    settings.API_THROTTLE = ""


@pytest.fixture
def august(cast_with_july: Cast) -> Cast:
    """July as everybody filed it (exports 50, share 12, roads 20), August approved."""
    cast = cast_with_july
    approve(cast.town, cast.august, {cast.exports: 90, cast.share: 15, cast.roads: 45})
    approve(cast.neighbour, cast.august, {cast.exports: 60, cast.share: 13, cast.roads: 20})
    approve(cast.lead, cast.august, {cast.exports: 90, cast.share: 15})
    return cast


def figures(told: dict[str, Any]) -> Rows:
    """By unit (none: the city) and indicator."""
    return {(row["unit"], row["indicator"]): row for row in told["indicators"]}


def composites(told: dict[str, Any]) -> Rows:
    """By unit (none: the city) and action (none: the campaign)."""
    return {(row["unit"], row["action"]): row for row in told["composites"]}


def corrected(rows: Rows) -> set[Any]:
    return {key for key, row in rows.items() if row["is_corrected"]}


def forecast_for(client: Client) -> set[Any]:
    """Units (none: the city) and indicators of which this caller gets a forecast."""
    return {key for key, row in figures(read(client, "progress")).items() if row["forecast"]}


# --- figures ----------------------------------------------------------------------------------------------------------


def test_a_figure_comes_with_its_target_plan_pace_light_and_forecast(august: Cast) -> None:
    row = figures(read(system("read"), "progress"))["town", "exports"]
    assert (row["action"], row["value"], row["value_status"]) == ("hundred-days/1", "90.00", "preliminary")
    assert (row["baseline"], row["baseline_on"]) == ("0.0000", "2022-07-11")
    assert (row["target"], row["target_on"], row["planned_value"]) == ("200.0000", "2022-10-19", "102.0000")
    assert (row["attainment"], row["planned"], row["gap"], row["pace"]) == ("45.00", "51.00", "-6.00", "88.24")
    assert row["light"] == {"raw": "green", "computed": "green", "displayed": "green"}
    assert row["forecast"] == {
        "projected": "176.47",
        "low": "157.87",
        "high": "205.29",
        "required_rate": "2.2449",
        "shortfall": "23.53",
        "days_left": 49,
        "from_day": "2022-08-31",
    }


def test_the_figures_are_those_of_the_pages(august: Cast) -> None:
    publish(august)
    told = read(system("read"), "progress")
    page = of_indicator(august, august.share, august.neighbour)
    row = figures(told)["neighbour", "share"]
    assert (row["gap"], row["pace"], row["light"]["computed"]) == (str(page.gap), str(page.pace), page.light)
    action = in_action(august, august.trade, august.neighbour)
    whole = composites(told)["neighbour", "hundred-days/1"]
    assert (whole["composite"], whole["gap"], whole["coverage"]) == (str(action.published), str(action.gap), 100)
    must_fit(told, "Progress")


def test_a_level_is_forecast_where_it_is_and_without_a_band(august: Cast) -> None:
    told = figures(read(system("read"), "progress"))["town", "share"]["forecast"]
    assert (told["projected"], told["low"], told["shortfall"]) == ("15.00", None, "5.00")


def test_a_missing_figure_is_null_and_the_forecast_goes_on_from_the_last_one(august: Cast) -> None:
    approve(august.neighbour, august.august, {august.exports: None, august.share: 13})
    told = read(system("read"), "progress")
    row = figures(told)["neighbour", "exports"]
    assert (row["value"], row["value_status"], row["attainment"], row["gap"]) == (None, None, None, None)
    assert row["light"] == {"raw": "grey", "computed": "grey", "displayed": "grey"}
    assert (row["forecast"]["from_day"], row["forecast"]["days_left"]) == ("2022-07-31", 80)
    assert composites(told)["neighbour", "hundred-days/1"]["coverage"] == 50


def test_nought_is_a_figure(august: Cast) -> None:
    approve(august.town, august.august, {august.roads: 0})
    row = figures(read(system("read"), "progress"))["town", "roads"]
    assert (row["value"], row["attainment"], row["light"]["raw"]) == ("0", "0.00", "red")


def test_without_any_figure_there_is_no_forecast(cast: Cast) -> None:
    row = figures(read(system("read"), "progress"))["town", "exports"]
    assert (row["value"], row["forecast"]) == (None, None)


def test_reports_that_are_not_approved_do_not_count(august: Cast) -> None:
    Report.objects.filter(unit=august.town, action=august.trade, period=august.august).update(status="submitted")
    assert figures(read(system("read"), "progress"))["town", "exports"]["value"] is None


def test_what_is_made_from_a_corrected_figure_says_so(cast_with_july: Cast) -> None:
    cast = cast_with_july
    bring_all_to(cast, "approved")
    close(cast)
    correct_measurement(
        measurement_id=cast.report().measurements.get(indicator=cast.exports).pk, actor=cast.office, now=cast.now,
        figure=figure("95"), reason="Counted twice.",
    )  # fmt: skip
    told = read(system("read"), "progress")
    assert figures(told)["town", "exports"]["value"] == "95.00"
    assert corrected(figures(told)) == {("town", "exports"), (None, "exports")}
    assert corrected(composites(told)) == {
        ("town", "hundred-days/1"), ("town", None), (None, "hundred-days/1"), (None, None),
    }  # fmt: skip


# --- the city ---------------------------------------------------------------------------------------------------------


def test_the_city_has_its_figure_its_forecast_and_how_many_units_are_in_it(august: Cast) -> None:
    row = figures(read(system("read"), "progress"))[None, "roads"]
    assert (row["value"], row["target"], row["attainment"]) == ("65", "200.0000", "32.50")
    assert (row["present"], row["expected"]) == (2, 2)
    assert (row["forecast"]["projected"], row["forecast"]["from_day"]) == ("127.45", "2022-08-31")  # 65 + 65/51 × 49


def test_while_a_unit_is_missing_the_city_is_partial_and_grey(august: Cast) -> None:
    approve(august.neighbour, august.august, {august.roads: None})
    row = figures(read(system("read"), "progress"))[None, "roads"]
    assert (row["value"], row["attainment"], row["present"], row["expected"]) == ("45", None, 1, 2)
    assert row["light"]["displayed"] == "grey"
    assert row["forecast"]["from_day"] == "2022-07-31", "the last month in which it was complete"


def test_a_unit_counted_in_another_adds_nothing_to_the_city(august: Cast) -> None:
    Unit.objects.filter(pk=august.neighbour.pk).update(counted_in=august.town)
    told = figures(read(system("read"), "progress"))
    assert (told[None, "roads"]["value"], told[None, "roads"]["expected"]) == ("45", 1)
    assert told["neighbour", "roads"]["value"] == "20", "it is still shown"


def test_a_unit_that_joins_late_is_no_growth_of_the_city(august: Cast) -> None:
    Assignment.objects.filter(unit=august.neighbour, action=august.transport).update(starts_on="2022-08-15")
    told = figures(read(system("read"), "progress"))[None, "roads"]["forecast"]
    assert told["low"] is None, "July was made by others, and only the baseline and August are left"


# --- composites and judgements ----------------------------------------------------------------------------------------


def test_reason_and_likelihood_stand_beside_the_light(august: Cast) -> None:
    judged = {"action": august.trade, "unit": august.neighbour, "period": august.august, "now": august.now}
    accept_reason(**judged, reason="A typhoon.", actor=august.reviewer)
    judge_likelihood(
        **judged, level=Likelihood.Level.UNLIKELY, reason="Buyers cancelled.", next_step="Find others.",
        actor=august.reviewer,
    )  # fmt: skip
    told = read(system("read"), "progress")
    row = composites(told)["neighbour", "hundred-days/1"]
    assert row["light"] == {"raw": "red", "computed": "red", "displayed": "yellow"}
    assert row["accepted_reason"] == "A typhoon."
    assert row["likelihood"] == {"level": "unlikely", "reason": "Buyers cancelled.", "next_step": "Find others."}
    whole = composites(told)["neighbour", None]["light"]
    assert whole["raw"] == whole["displayed"], "a reason is accepted for one action"


def test_the_city_may_be_judged_too(august: Cast) -> None:
    judge_likelihood(
        action=august.trade, unit=None, period=august.august, level=Likelihood.Level.LIKELY, reason="Orders are in.",
        next_step="", actor=august.reviewer, now=august.now,
    )  # fmt: skip
    row = composites(read(system("read"), "progress"))[None, "hundred-days/1"]
    assert row["likelihood"]["level"] == "likely"


# --- what is asked for ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "wanted_figures", "wanted_composites"),
    [
        (
            {"unit": "town"},
            {("town", "exports"), ("town", "share"), ("town", "roads")},
            {("town", "hundred-days/1"), ("town", "hundred-days/2"), ("town", None)},
        ),
        (
            {"action": "2"},
            {("town", "roads"), ("neighbour", "roads"), (None, "roads")},
            {("town", "hundred-days/2"), ("neighbour", "hundred-days/2"), (None, "hundred-days/2")},
        ),
        ({"unit": "town", "indicator": "share"}, {("town", "share")}, {("town", "hundred-days/1")}),
        ({"action": "2", "indicator": "share"}, set(), set()),
        ({"unit": "office"}, set(), set()),
    ],
)
def test_an_answer_may_be_narrowed(
    august: Cast, query: dict[str, str], wanted_figures: set[Any], wanted_composites: set[Any]
) -> None:
    told = read(system("read"), "progress", **query)
    assert set(figures(told)) == wanted_figures
    assert set(composites(told)) == wanted_composites


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"unit": "nonsense"}, ("/unit", "invalid_choice")),
        ({"indicator": "nonsense"}, ("/indicator", "invalid_choice")),
        ({"action": "9"}, ("/action", "invalid_choice")),
        ({"group": "localities"}, ("/group", "unknown")),
    ],
)
def test_what_is_not_known_is_refused(cast: Cast, query: dict[str, str], wrong: tuple[str, str]) -> None:
    assert refused(system("read"), "progress", **query) == wrong


def test_the_table_has_figures_and_composites_with_their_objects_laid_out(august: Cast) -> None:
    lines = table(system("read"), "progress", unit="town")
    first = lines[0]
    assert (first["indicator"], first["light_displayed"], first["forecast_projected"]) == ("exports", "green", "176.47")
    assert [(line["action"], line["composite"]) for line in lines if not line["indicator"]] == [
        ("hundred-days/1", "47.50"), ("hundred-days/2", "45.00"), ("", "46.25"),
    ]  # fmt: skip
    assert {line["likelihood_level"] for line in lines} == {""}


def test_an_answer_that_is_unchanged_is_not_sent_again(august: Cast) -> None:
    client = system("read")
    tag = ask(client, "progress")["ETag"]
    asked = {"campaign": "hundred-days", "period": "2022-08"}
    assert client.get("/api/v1/progress/", asked, headers={"if-none-match": tag}).status_code == 304


# --- who sees what ----------------------------------------------------------------------------------------------------

TRADE, TRANSPORT = "hundred-days/1", "hundred-days/2"
EVERYTHING = {(unit, action) for unit in ("town", "neighbour", None) for action in (TRADE, TRANSPORT, None)} | {
    ("lead", TRADE),
    ("lead", None),
}
SEES_BEFORE = {
    "stranger": set(),
    "reporter": {("town", TRADE), ("town", TRANSPORT), ("town", None)},
    "outsider": {("neighbour", TRADE), ("neighbour", TRANSPORT), ("neighbour", None)},
    "reviewer": {("town", TRADE), ("neighbour", TRADE), ("lead", TRADE), (None, TRADE)},
    "office": EVERYTHING,
    "leader": EVERYTHING,
    "reads": EVERYTHING,
    "reads_town": {("town", TRADE), ("town", TRANSPORT), ("town", None)},
}


@pytest.mark.parametrize("who", SEES_BEFORE)
def test_before_publication_each_caller_sees_what_is_disclosed(august: Cast, who: str) -> None:
    judge_likelihood(
        action=august.trade, unit=august.neighbour, period=august.august, level=Likelihood.Level.LIKELY,
        reason="Orders are in.", next_step="", actor=august.reviewer, now=august.now,
    )  # fmt: skip
    told = read(caller(who, august), "progress")
    assert set(composites(told)) == SEES_BEFORE[who]
    assert {(row["unit"], row["action"]) for row in told["indicators"]} == {
        (unit, action) for unit, action in SEES_BEFORE[who] if action is not None
    }
    assert ("Orders are in." in str(told)) is (("neighbour", TRADE) in SEES_BEFORE[who])


@pytest.mark.parametrize("who", ["stranger", "reporter", "reviewer", "reads_town"])
def test_once_published_everybody_reads_everything(august: Cast, who: str) -> None:
    publish(august)
    told = read(caller(who, august), "progress")
    assert set(composites(told)) == EVERYTHING
    assert all(row["forecast"] for row in told["indicators"])


def test_a_forecast_tells_nothing_of_an_earlier_month_that_is_not_published(august: Cast) -> None:
    publish(august)
    Period.objects.filter(pk=august.july.pk).update(state=Period.State.CLOSED, published_at=None)
    seen = {who: forecast_for(caller(who, august)) for who in ("stranger", "reporter", "reviewer", "office")}
    assert seen["stranger"] == set()
    assert {unit for unit, _indicator in seen["reporter"]} == {"town"}
    assert {indicator for _unit, indicator in seen["reviewer"]} == {"exports", "share"}
    assert (None, "roads") in seen["office"]


def test_more_rows_take_no_more_queries(august: Cast) -> None:
    client = client_of(august.office)
    query = {"unit": "town", "action": "1", "indicator": "exports"}
    counts = [queries_of(client, "progress", **query)]
    more_units(august, 3, august.august)
    counts.append(queries_of(client, "progress", **query))
    assert counts[0] == counts[1] <= MOST_QUERIES
