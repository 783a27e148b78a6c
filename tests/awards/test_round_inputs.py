"""The figures that a round scores: each source, what counts as missing, where figures are from, how many queries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.models import Criterion
from awards.queries.round_inputs import MISSING, Figure, RoundInputs, is_lower_better, round_inputs
from campaigns.models import Measurement, Project, ProjectPlan, ProjectUpdate, ReportEvent
from campaigns.queries.progress import load, progress_in
from tests.awards.builders import opened
from tests.campaigns.analysis import approve, more_units
from tests.cast import Cast, at


@pytest.fixture
def cast(cast_with_july: Cast) -> Cast:
    return cast_with_july


def read(cast: Cast, *criteria: Criterion, **fields: Any) -> RoundInputs:
    given: dict[str, Any] = {
        "campaign": cast.campaign,
        "group": cast.localities,
        "criteria": criteria,
        "period": cast.july,
        "starts_on": date(2022, 7, 1),
        "ends_on": date(2022, 7, 31),
    }
    return round_inputs(**(given | fields))


def of_town(cast: Cast, basis: str, **fields: Any) -> Figure:
    criterion = Criterion(order=1, basis=basis, weight=100, method="linear", **fields)
    return read(cast, criterion).of(cast.town, 1)


def figure_of(cast: Cast) -> Measurement:
    return cast.report(cast.town, cast.trade, cast.july).measurements.get(indicator=cast.exports)


def test_attainment_comes_with_its_report_and_the_version_of_its_figure(cast: Cast) -> None:
    found = of_town(cast, "indicator_attainment", indicator=cast.exports)
    one = figure_of(cast)
    assert found.value == 25
    assert found.origin == {
        "report": one.report_id,
        "measurement": one.pk,
        "version": 1,
        "value": "50.0000",
        "status": "preliminary",
        "is_corrected": False,
        "baseline": "0.0000",
        "target": "200.0000",
    }


def test_growth_is_as_entered_and_missing_where_it_was_not(cast: Cast) -> None:
    assert of_town(cast, "indicator_growth", indicator=cast.exports).value is None
    Measurement.objects.filter(pk=figure_of(cast).pk).update(growth=Decimal("-3.5"))
    assert of_town(cast, "indicator_growth", indicator=cast.exports).value == Fraction("-3.5")


def test_a_missing_figure_is_missing_and_not_nought(cast: Cast) -> None:
    Measurement.objects.filter(pk=figure_of(cast).pk).update(value=None)
    found = of_town(cast, "indicator_attainment", indicator=cast.exports)
    assert found.value is None
    assert found.origin["value"] is None
    Measurement.objects.filter(pk=figure_of(cast).pk).update(value=0)
    assert of_town(cast, "indicator_attainment", indicator=cast.exports).value == 0


def test_figures_that_are_not_approved_do_not_count(cast: Cast) -> None:
    report = figure_of(cast).report
    report.status = "submitted"
    report.save()
    assert of_town(cast, "indicator_attainment", indicator=cast.exports).value is None


def test_composites_are_those_of_the_standings_and_missing_below_the_coverage(cast: Cast) -> None:
    action = of_town(cast, "action_composite", action=cast.trade)
    whole = of_town(cast, "campaign_composite")
    assert action.value == Fraction(45, 2)  # exports 25%, the share of new markets 2 of 10 points
    assert whole.value == (Fraction(45, 2) + 20) / 2  # and roads 20%
    assert len(whole.origin["reports"]) == 2
    Measurement.objects.filter(pk=figure_of(cast).pk).update(value=None)
    assert of_town(cast, "campaign_composite").value is None


def test_composites_and_attainments_are_those_of_every_other_page(cast: Cast) -> None:
    units = [cast.town, cast.neighbour, *more_units(cast, 3, cast.july)]
    approve(units[2], cast.july, {cast.exports: 400, cast.share: None, cast.roads: None})
    approve(units[3], cast.july, {cast.exports: -5, cast.share: "9.5"})
    cast.trade.weight = 3
    cast.trade.save()
    shown = progress_in(load(cast.campaign, [cast.july]), cast.july, None)
    criteria = [
        Criterion(order=1, basis="indicator_attainment", indicator=cast.exports),
        Criterion(order=2, basis="action_composite", action=cast.trade),
        Criterion(order=3, basis="campaign_composite"),
    ]
    found = read(cast, *criteria)
    for unit in units:
        whole, action = shown[unit.pk].composite, shown[unit.pk].actions[cast.trade.pk]
        exports = next(one for one in action.indicators if one.indicator.pk == cast.exports.pk)
        for order, share, is_covered in (
            (1, exports.attainment, True),
            (2, action.composite.attainment, action.composite.coverage == 1),
            (3, whole.attainment, whole.coverage == 1),
        ):
            told = None if share is None or not is_covered else 100 * share
            assert found.of(unit, order).value == told, (unit, order)


def test_reporting_in_time_counts_every_expected_report_of_the_round(cast: Cast) -> None:
    assert of_town(cast, "on_time").value == 100
    report = figure_of(cast).report
    ReportEvent.objects.filter(report=report).update(at=at(8, 9))
    found = of_town(cast, "on_time")
    assert (found.value, found.origin) == (50, {"expected": 2, "on_time": 1, "late": [report.pk]})


def add_project(cast: Cast, code: str, planned: int, done: int | None, **fields: Any) -> Project:
    project = Project.objects.create(
        campaign=cast.campaign, code=code, name_en=code, name_zh=code, unit=cast.town, lead=cast.lead,
        total_investment=1000, plan_this_year=1000, **fields,
    )  # fmt: skip
    ProjectPlan.objects.create(project=project, month="2022-07", planned_to_date=planned)
    if done is not None:
        ProjectUpdate.objects.create(
            project=project, period=cast.july, invested_to_date=done, updated_by=cast.reporter, updated_at=cast.now
        )
    return project


def test_project_progress_is_weighted_by_the_plan_to_date(cast: Cast) -> None:
    add_project(cast, "large", 300, 270)
    package = add_project(cast, "package", 500, 0)
    add_project(cast, "part", 100, 120, package=package)
    add_project(cast, "gone", 400, 0, stage="exited", exit_reason="Given up.")
    found = of_town(cast, "project_progress")
    assert found.value == Fraction(390, 4)
    assert [one["project"] for one in found.origin["projects"]] == ["large", "part"]


def test_a_project_of_which_nothing_was_reported_makes_the_progress_missing(cast: Cast) -> None:
    """Nobody gains by not reporting the one that lags."""
    add_project(cast, "good", 300, 330)
    add_project(cast, "silent", 300, None)
    found = of_town(cast, "project_progress")
    assert found.value is None
    assert found.origin["coverage"] == "50"


def test_marks_are_those_of_the_round(cast: Cast) -> None:
    award = opened(cast)
    [criterion] = award.scheme.criteria.filter(basis="mark")
    assert read(cast, criterion, award=award).of(cast.town, 2).value == 95
    assert read(cast, criterion).of(cast.town, 2) == MISSING


def test_less_is_better_for_the_growth_of_such_an_indicator_alone(cast: Cast) -> None:
    cast.exports.direction = "lower"
    assert is_lower_better(Criterion(basis="indicator_growth", indicator=cast.exports))
    assert not is_lower_better(Criterion(basis="indicator_attainment", indicator=cast.exports))
    assert not is_lower_better(Criterion(basis="indicator_growth", indicator=cast.share))


def test_as_many_queries_whatever_the_units_and_criteria(cast: Cast) -> None:
    bases = ("campaign_composite", "on_time", "project_progress", "mark")
    all_of_them = [Criterion(order=place, basis=basis) for place, basis in enumerate(bases, start=5)]
    all_of_them += [
        Criterion(order=1, basis="indicator_attainment", indicator=cast.exports),
        Criterion(order=2, basis="indicator_growth", indicator=cast.share),
        Criterion(order=3, basis="action_composite", action=cast.trade),
    ]
    award = opened(cast)

    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            read(cast, *all_of_them, award=award)
        return len(made)

    first = cost()
    add_project(cast, "one", 100, 90)
    more_units(cast, 3, cast.july)
    assert cost() == first <= 10
