"""The arithmetic of the analysis as the database holds it: approved figures against targets, lights and composites."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from campaigns.models import Assignment, Campaign, Indicator, Report, Target, TrajectoryPoint
from campaigns.operations.judgements import accept_reason, withdraw_reason
from campaigns.operations.reports import correct_measurement
from campaigns.queries.progress import load
from tests.builders import bring_to, close, figure
from tests.campaigns.analysis import approve, course, figures, in_action, more_units, of_indicator, periods_of


def test_a_cumulative_figure_is_held_against_the_days_gone_by(cast):
    bring_to(cast, "approved", figures=figures({cast.exports: 90, cast.share: 15}))
    one = of_indicator(cast, cast.exports, cast.town)
    assert (one.attainment, one.planned) == (Fraction(45, 100), Fraction(51, 100))
    assert (one.gap, one.pace, one.light) == (Decimal("-6.00"), Decimal("88.24"), "green")
    assert one.planned_figure == 102


@pytest.mark.parametrize("status", ["draft", "to_sign", "submitted", "returned"])
def test_only_approved_figures_count(cast, status):
    bring_to(cast, status)
    one = in_action(cast, cast.trade, cast.town)
    assert (one.composite.attainment, one.light, one.coverage) == (None, "grey", 0)


def test_a_missing_figure_is_not_nought(cast):
    bring_to(cast, "approved", figures=figures({cast.exports: 90, cast.share: None}))
    missing = of_indicator(cast, cast.share, cast.town)
    assert (missing.value, missing.attainment, missing.gap, missing.light) == (None, None, None, "grey")
    whole = in_action(cast, cast.trade, cast.town)
    assert (whole.published, whole.coverage) == (Decimal("45.00"), 50)


def test_nought_is_a_figure(cast):
    approve(cast.town, cast.august, {cast.exports: 0, cast.share: 10})
    whole = in_action(cast, cast.trade, cast.town)
    assert (whole.published, whole.coverage, whole.light) == (Decimal("0.00"), 100, "red")


def test_a_target_that_is_met_from_the_start_is_to_be_held(cast):
    Target.objects.filter(indicator=cast.share, unit=cast.town).update(target=10)
    approve(cast.town, cast.august, {cast.share: 10})
    assert of_indicator(cast, cast.share, cast.town).attainment == 1
    approve(cast.town, cast.august, {cast.share: "9.9"})
    assert of_indicator(cast, cast.share, cast.town).attainment == 0


def test_lower_may_be_better(cast):
    Indicator.objects.filter(pk=cast.share.pk).update(direction="lower")
    Target.objects.filter(indicator=cast.share, unit=cast.town).update(baseline=20, target=10)
    approve(cast.town, cast.august, {cast.share: 13})
    assert of_indicator(cast, cast.share, cast.town).attainment == Fraction(7, 10)


def test_a_trajectory_takes_the_place_of_the_straight_line(cast):
    target = Target.objects.get(indicator=cast.exports, unit=cast.town)
    TrajectoryPoint.objects.create(target=target, on=date(2022, 8, 31), value=80)
    approve(cast.town, cast.august, {cast.exports: 90})
    one = of_indicator(cast, cast.exports, cast.town)
    assert (one.planned, one.planned_figure, one.gap) == (Fraction(40, 100), 80, Decimal("5.00"))


def test_a_late_joiner_is_measured_from_its_own_day(cast):
    Assignment.objects.filter(unit=cast.neighbour, action=cast.transport).update(starts_on=date(2022, 8, 15))
    Target.objects.filter(indicator=cast.roads, unit=cast.neighbour).update(baseline_on=date(2022, 8, 14))
    approve(cast.neighbour, cast.august, {cast.roads: 20})
    months = course(cast)
    assert cast.transport.pk not in months["2022-07"].units[cast.neighbour.pk].actions
    one = of_indicator(cast, cast.roads, cast.neighbour)
    assert one.planned == Fraction(17, 66)


def test_a_unit_that_left_is_no_longer_expected(cast):
    Assignment.objects.filter(unit=cast.neighbour).update(ends_on=date(2022, 8, 20))
    months = course(cast)
    assert cast.neighbour.pk in months["2022-07"].units
    assert cast.neighbour.pk not in months["2022-08"].units


def test_composites_weigh_indicators_and_actions(cast):
    Indicator.objects.filter(pk=cast.exports.pk).update(weight=3)
    cast.transport.weight = Decimal(2)
    cast.transport.save()
    approve(cast.town, cast.august, {cast.exports: 90, cast.share: 13, cast.roads: 60})
    trade = in_action(cast, cast.trade, cast.town)
    assert trade.published == Decimal("41.25")  # (3 × 45 + 30) / 4
    unit = course(cast)["2022-08"].units[cast.town.pk]
    assert unit.published == Decimal("53.75")  # (41.25 + 2 × 60) / 3
    assert unit.composite.planned == Fraction(6325 + 2 * 5100, 30000)  # the same weights


def test_no_indicator_brings_more_than_the_cap_nor_less_than_nothing(cast):
    approve(cast.town, cast.august, {cast.exports: 400, cast.share: 5})
    assert in_action(cast, cast.trade, cast.town).published == Decimal("60.00")  # (120 + 0) / 2
    assert of_indicator(cast, cast.exports, cast.town).attainment == 2


def test_points_behind_is_the_other_method(cast):
    Campaign.objects.filter(pk=cast.campaign.pk).update(light_method="points_behind")
    approve(cast.town, cast.august, {cast.roads: 41})
    assert in_action(cast, cast.transport, cast.town).light == "yellow"  # 10 points behind
    approve(cast.town, cast.august, {cast.roads: 42})
    assert in_action(cast, cast.transport, cast.town).light == "green"


# --- lights over the periods ----------------------------------------------------------------------------------------


def roads_in(cast, july, august):
    """Green from 16 and 40.8, yellow from 12 and 30.6: 80 and 60 percent of what is planned."""
    approve(cast.town, cast.july, {cast.roads: july})
    approve(cast.town, cast.august, {cast.roads: august})


@pytest.mark.parametrize(
    ("july", "august", "raw", "computed"),
    [
        (14, 35, "yellow", "red"),
        (17, 35, "yellow", "yellow"),
        (5, 35, "yellow", "yellow"),  # a red turns yellow once made up
        (None, 35, "yellow", "yellow"),  # grey breaks the run
        (14, 45, "green", "green"),
        (14, None, "grey", "grey"),
    ],
)
def test_two_yellows_running_are_red(cast, july, august, raw, computed):
    roads_in(cast, july, august)
    one = in_action(cast, cast.transport, cast.town)
    assert (one.raw, one.computed) == (raw, computed)


def test_an_accepted_reason_lifts_the_light_that_is_shown_and_no_other(cast):
    roads_in(cast, 14, 35)
    july = {"action": cast.transport, "unit": cast.town, "actor": cast.other_reviewer, "now": cast.now}
    accepted = accept_reason(period=cast.july, reason="The bridge was flooded.", **july)
    in_july = in_action(cast, cast.transport, cast.town, "2022-07")
    assert (in_july.raw, in_july.computed, in_july.light, in_july.is_lifted) == ("yellow", "yellow", "green", True)
    in_august = in_action(cast, cast.transport, cast.town)
    assert (in_august.computed, in_august.light) == ("red", "red"), "the run looks at raw lights"
    withdraw_reason(accepted=accepted, actor=cast.other_reviewer, now=cast.now)
    assert in_action(cast, cast.transport, cast.town, "2022-07").light == "yellow"


def test_a_reason_never_turns_a_missing_figure_green(cast):
    accept_reason(
        action=cast.transport,
        unit=cast.town,
        period=cast.august,
        reason="On leave.",
        actor=cast.other_reviewer,
        now=cast.now,
    )
    one = in_action(cast, cast.transport, cast.town)
    assert (one.light, one.is_lifted) == ("grey", False)


def test_what_is_made_from_a_corrected_figure_says_so(cast):
    bring_to(cast, "approved", figures=figures({cast.exports: 90, cast.share: 15}))
    assert not course(cast)["2022-08"].units[cast.town.pk].is_corrected
    close(cast)
    report = Report.objects.get(unit=cast.town, action=cast.trade, period=cast.august)
    correct_measurement(
        measurement_id=report.measurements.get(indicator=cast.exports).pk,
        actor=cast.office,
        now=cast.now,
        figure=figure(100),
        reason="Counted twice.",
    )
    assert of_indicator(cast, cast.exports, cast.town).is_corrected
    assert not of_indicator(cast, cast.share, cast.town).is_corrected
    unit = course(cast)["2022-08"].units[cast.town.pk]
    assert unit.is_corrected
    assert unit.actions[cast.trade.pk].is_corrected
    city = course(cast)["2022-08"].city
    assert city.is_corrected
    assert [one.indicator for one in city.actions[cast.trade.pk].indicators if one.is_corrected] == [cast.exports]


# --- reading --------------------------------------------------------------------------------------------------------


def test_reading_takes_five_queries_whatever_the_rows(cast, django_assert_num_queries):
    periods = periods_of(cast)
    with django_assert_num_queries(5):
        load(cast.campaign, periods)
    more_units(cast, 3, cast.august)
    with django_assert_num_queries(5):
        load(cast.campaign, periods)


def test_reading_may_be_limited_to_units(cast):
    approve(cast.town, cast.august, {cast.roads: 30})
    approve(cast.neighbour, cast.august, {cast.roads: 40})
    inputs = load(cast.campaign, periods_of(cast), units=[cast.town.pk])
    assert {one.unit_id for one in inputs.assignments} == {cast.town.pk}
    assert {unit_id for _period, unit_id, _indicator in inputs.figures} == {cast.town.pk}


def test_a_target_keeps_its_scope_note(cast):
    Target.objects.filter(indicator=cast.roads, unit=cast.town).update(scope_note_en="Without the ring road.")
    inputs = load(cast.campaign, periods_of(cast))
    assert inputs.scope_notes == {(cast.roads.pk, cast.town.pk): "Without the ring road."}


def test_coverage_is_complete_only_where_nothing_is_missing(cast):
    Indicator.objects.filter(pk=cast.exports.pk).update(weight=Decimal("999"))
    approve(cast.town, cast.august, {cast.exports: 90, cast.share: None})
    assert in_action(cast, cast.trade, cast.town).coverage == 99
