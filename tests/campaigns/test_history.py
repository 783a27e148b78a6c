"""Earlier months: their city is the same whether their rows are loaded or the database adds them up, and they cost the
analysis no arithmetic."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Assignment, Indicator, Measurement, Period, Report, Target, TrajectoryPoint
from campaigns.queries import city, progress
from campaigns.queries.city import CityProgress, city_months
from campaigns.queries.dashboard import dashboard
from campaigns.queries.forecasts import forecasts
from campaigns.queries.history import NOTHING_EARLIER, earlier_figures
from campaigns.queries.outlook import outlook
from campaigns.queries.pack_content import pack_content
from campaigns.queries.progress import load, progress_in
from campaigns.queries.screen import screen
from campaigns.queries.standings import choose_group, ranking_groups, standings
from tests.campaigns.analysis import approve, more_units, periods_of
from tests.cast import Cast, at
from units.models import Unit
from units.permissions import Capacities

EVERYTHING = Capacities(is_reader=True)
MONTHS = ("2022-07", "2022-08", "2022-09", "2022-10")


@pytest.fixture
def course(cast: Cast) -> Cast:
    """Four published months, figures with decimals."""
    more_units(cast, 3, cast.august)
    units = [*Unit.objects.filter(code__startswith="extra"), cast.town, cast.neighbour, cast.lead]
    for place, month in enumerate(MONTHS, start=1):
        period = Period.objects.get(campaign=cast.campaign, month=month)
        for number, unit in enumerate(units, start=1):
            exports = Decimal("10.01") * place * number + Decimal("0.07")
            approve(unit, period, {cast.exports: exports, cast.share: Decimal("10.1") + place + number})
            if unit != cast.lead:
                approve(unit, period, {cast.roads: 7 * place + number})
    Period.objects.filter(campaign=cast.campaign).update(
        state=Period.State.PUBLISHED, closed_at=at(11, 20), published_at=at(11, 20)
    )
    return cast


def the_last(cast: Cast) -> tuple[Period, list[Period]]:
    periods = periods_of(cast)
    return periods[-1], periods


def as_it_is(cast: Cast) -> None:
    """Sums and a mean."""


def a_figure_that_is_missing(cast: Cast) -> None:
    figures = Measurement.objects.filter(report__unit=cast.neighbour, indicator__in=[cast.share, cast.exports])
    figures.filter(report__period=cast.august).update(value=None)


def a_mean_that_is_weighed(cast: Cast) -> None:
    Indicator.objects.filter(pk=cast.share.pk).update(rollup="weighted_mean", rollup_weight=cast.exports)


def a_mean_that_another_action_weighs(cast: Cast) -> None:
    Indicator.objects.filter(pk=cast.share.pk).update(rollup="weighted_mean", rollup_weight=cast.roads)


def a_figure_of_the_lead(cast: Cast) -> None:
    Indicator.objects.filter(pk=cast.share.pk).update(rollup="lead")


def a_target_of_the_city(cast: Cast) -> None:
    Target.objects.create(indicator=cast.exports, unit=None, baseline=0, target=1000)


def a_unit_counted_in_another(cast: Cast) -> None:
    Unit.objects.filter(code="extra-0").update(counted_in=cast.town)


def a_unit_that_joined_late(cast: Cast) -> None:
    Assignment.objects.filter(unit__code="extra-1").update(starts_on=date(2022, 8, 20))


def a_unit_that_left_early(cast: Cast) -> None:
    Assignment.objects.filter(unit=cast.neighbour, action=cast.trade).update(ends_on=date(2022, 8, 30))


def a_unit_without_a_target(cast: Cast) -> None:
    Target.objects.filter(unit__code="extra-2", indicator=cast.exports).delete()


def a_unit_that_is_gone(cast: Cast) -> None:
    Unit.objects.filter(code="extra-2").update(is_active=False)


def a_trajectory(cast: Cast) -> None:
    target = Target.objects.get(indicator=cast.exports, unit=cast.town)
    TrajectoryPoint.objects.create(target=target, on=date(2022, 8, 31), value=30)


def a_report_that_is_not_approved(cast: Cast) -> None:
    Report.objects.filter(unit=cast.town, period=cast.july).update(status="submitted")


CASES = (
    as_it_is, a_figure_that_is_missing, a_mean_that_is_weighed, a_mean_that_another_action_weighs,
    a_figure_of_the_lead, a_target_of_the_city, a_unit_counted_in_another, a_unit_that_joined_late,
    a_unit_that_left_early, a_unit_without_a_target, a_unit_that_is_gone, a_trajectory,
    a_report_that_is_not_approved,
)  # fmt: skip


@pytest.mark.parametrize("with_units", [False, True], ids=["added up", "by unit"])
@pytest.mark.parametrize("change", CASES, ids=lambda change: change.__name__)
def test_the_citys_way_is_the_same_whoever_adds(course: Cast, change: Any, with_units: bool) -> None:
    change(course)
    periods = periods_of(course)
    whole = load(course.campaign, periods)
    part = load(course.campaign, periods[-2:])
    earlier = earlier_figures(part, periods[:-2], with_units=with_units)
    expected, found = city_months(whole, periods), city_months(part, periods, earlier)
    assert [told(one.city) for one in found] == [told(one.city) for one in expected]
    assert any(one.city.composite.attainment for one in found[:2])


def told(one: CityProgress) -> list[Any]:
    indicators = [
        (row.indicator.code, row.units, row.figure, row.line, row.attainment, row.planned, row.raw, row.light)
        for action in one.actions.values()
        for row in action.indicators
    ]
    actions = [(row.action.pk, row.composite, row.raw, row.light) for row in one.actions.values()]
    return [one.composite, one.raw, one.light, actions, indicators]


@pytest.mark.parametrize("change", CASES, ids=lambda change: change.__name__)
def test_so_is_every_forecast(course: Cast, change: Any) -> None:
    change(course)
    periods = periods_of(course)
    found = []
    for loaded in (periods, periods[-2:]):
        inputs = load(course.campaign, loaded)
        earlier = earlier_figures(inputs, [one for one in periods if one not in loaded], with_units=True)
        rows = progress_in(inputs, periods[-1], None)
        found.append(forecasts(inputs, city_months(inputs, periods, earlier), rows, EVERYTHING, earlier))
    assert found[0] == found[1]
    assert found[0].city
    assert found[0].units


def test_large_figures_with_decimals_add_up_exactly(course: Cast) -> None:
    figures = Measurement.objects.filter(indicator=course.exports, report__period=course.july)
    figures.update(value=Decimal("12345678.1235"))
    inputs = load(course.campaign, periods_of(course)[-2:])
    earlier = earlier_figures(inputs, [course.july])
    added = earlier.added_up(course.july, course.exports, expected=6)
    assert added is not None
    assert added.value == 6 * Decimal("12345678.1235")


def test_a_sample_in_an_earlier_month_is_told(course: Cast) -> None:
    period, periods = the_last(course)
    arguments: dict[str, Any] = {"periods": periods, "group": None, "person": EVERYTHING, "now": period.due_at}
    Measurement.objects.update(source="entered")
    assert not dashboard(period, **arguments).has_sample
    Measurement.objects.filter(report__period=course.july).update(source="sample")
    assert dashboard(period, **arguments).has_sample


def test_without_earlier_months_nothing_is_asked(course: Cast, django_assert_num_queries: Any) -> None:
    inputs = load(course.campaign, periods_of(course))
    with django_assert_num_queries(0):
        assert earlier_figures(inputs, []) is NOTHING_EARLIER


# --- what months cost -------------------------------------------------------------------------------------------------


class Counter:
    """How often the arithmetic of an attainment is called for units, and how many figures are read as rows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.attainments = self.rolled_up = 0
        of_unit, rolling = progress.attainment, city.roll_up

        def counted(*arguments: Any) -> Any:
            self.attainments += 1
            return of_unit(*arguments)

        def counted_rolling(*arguments: Any) -> Any:
            self.rolled_up += 1
            return rolling(*arguments)

        monkeypatch.setattr(progress, "attainment", counted)
        monkeypatch.setattr(city, "roll_up", counted_rolling)


def cost(cast: Cast, monkeypatch: pytest.MonkeyPatch, read: Any, place: int) -> tuple[int, int, int, int]:
    """Attainments, roll-ups, figures read one by one, and queries, for the month at this place."""
    periods = periods_of(cast)
    with monkeypatch.context() as patches:
        counter, read_rows = Counter(patches), 0
        from_db = Measurement.from_db.__func__  # type: ignore[attr-defined]

        def counted(cls: type[Measurement], *arguments: Any) -> Measurement:
            nonlocal read_rows
            read_rows += 1
            made: Measurement = from_db(cls, *arguments)
            return made

        patches.setattr(Measurement, "from_db", classmethod(counted))
        with CaptureQueriesContext(connection) as captured:
            read(periods[place], periods)
    return counter.attainments, counter.rolled_up, read_rows, len(captured)


def of_dashboard(period: Period, periods: list[Period]) -> Any:
    group = choose_group(ranking_groups(), None)
    return dashboard(period, periods=periods, group=group, person=EVERYTHING, now=period.due_at)


def of_standings(period: Period, periods: list[Period]) -> Any:
    return standings(period, periods=periods, group=choose_group(ranking_groups(), None), person=EVERYTHING)


def of_screen(period: Period, periods: list[Period]) -> Any:
    return screen(period, periods=periods, person=EVERYTHING, now=period.due_at)


def of_outlook(period: Period, periods: list[Period]) -> Any:
    return outlook(period, periods=periods, person=EVERYTHING)


def of_pack(period: Period, periods: list[Period]) -> Any:
    return pack_content(period, periods=periods, now=period.due_at)


@pytest.mark.parametrize("read", [of_dashboard, of_standings, of_screen])
def test_earlier_months_cost_no_arithmetic(course: Cast, monkeypatch: pytest.MonkeyPatch, read: Any) -> None:
    """The fourth month has two more behind it than the second, and costs as much; they are one query."""
    second, third, fourth = (cost(course, monkeypatch, read, place) for place in (1, 2, 3))
    assert second[0] > 0
    assert fourth[:3] == third[:3] == second[:3]
    assert fourth[3] == third[3] <= second[3] + 1


@pytest.mark.parametrize("read", [of_outlook, of_pack])
def test_for_the_units_forecasts_their_figures_are_read_alone(
    course: Cast, monkeypatch: pytest.MonkeyPatch, read: Any
) -> None:
    second, third, fourth = (cost(course, monkeypatch, read, place) for place in (1, 2, 3))
    assert second[0] > 0
    assert [fourth[0], fourth[2]] == [third[0], third[2]] == [second[0], second[2]]
    assert fourth[3] == third[3] <= second[3] + 1


def test_the_rows_of_an_earlier_month_are_not_read(course: Cast) -> None:
    """Of what is added up the database answers a row for each month and indicator, however many units there are."""
    inputs = load(course.campaign, periods_of(course)[-2:])
    earlier = earlier_figures(inputs, [course.july, course.august])
    assert len(earlier.sums) == 6
    assert not earlier.values
