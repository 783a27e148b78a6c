"""The closing report: final standings and results, what was late and corrected, totals, and that it says the same."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from awards.models import RedFlag, Round
from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import FollowUp, Measurement, Period, Project
from campaigns.operations.reports import correct_measurement
from campaigns.queries.closing import Closing, closing
from campaigns.queries.standings import choose_group, ranking_groups
from tests.admin_builders import make
from tests.builders import bring_all_to, bring_to, close, figure, publish
from tests.campaigns.analysis import approve, more_units, periods_of
from tests.cast import Cast, at, client_of
from tests.sheets import body_of
from units.permissions import capacities

ADDRESS = "/campaigns/hundred-days/closing/"


def report_of(cast: Cast) -> Closing:
    periods = periods_of(cast)
    return closing(
        periods[0].campaign,
        periods=periods,
        group=choose_group(ranking_groups(), None),
        person=capacities(cast.leader, cast.now.date()),
    )


def publish_all(cast: Cast) -> None:
    """Every month is over and out."""
    for period in Period.objects.filter(campaign=cast.campaign).exclude(state=Period.State.PUBLISHED):
        Period.objects.filter(pk=period.pk).update(
            state=Period.State.PUBLISHED, closed_at=period.closes_at, published_at=period.closes_at
        )


def text_of(cast: Cast, who: str = "leader", query: str = "") -> str:
    return " ".join(client_of(getattr(cast, who)).get(ADDRESS + query).content.decode().split())


# --- standings and targets --------------------------------------------------------------------------------------------


def test_before_the_last_month_is_published_it_is_provisional(cast_with_july: Cast) -> None:
    assert not report_of(cast_with_july).is_final
    assert "1 of 4 months are published" in text_of(cast_with_july)
    publish_all(cast_with_july)
    assert report_of(cast_with_july).is_final
    assert "rovisional" not in text_of(cast_with_july)


def test_without_a_published_month_there_is_nothing_to_report(cast: Cast) -> None:
    assert report_of(cast).last is None
    assert "No month of this campaign is published yet." in text_of(cast)


def test_ranks_and_composites_stand_side_by_side_month_by_month(cast_with_july: Cast) -> None:
    cast = cast_with_july
    approve(cast.town, cast.august, {cast.exports: 60, cast.share: 15, cast.roads: 45})
    approve(cast.neighbour, cast.august, {cast.exports: 120, cast.share: 15, cast.roads: 45})
    publish(cast)
    first, second = report_of(cast).units[:2]
    assert [first.row.unit, second.row.unit] == [cast.neighbour, cast.town]
    assert [[month.rank for month in one.months if month] for one in (first, second)] == [[1, 1], [1, 2]]


def test_a_target_is_met_from_100_percent_on_and_missed_by_the_points_that_lack(cast_with_july: Cast) -> None:
    cast = cast_with_july
    approve(cast.town, cast.august, {cast.exports: 200, cast.share: 20, cast.roads: 45})
    approve(cast.neighbour, cast.august, {cast.exports: 199, cast.share: 20, cast.roads: None})
    publish(cast)
    results = {one.row.unit.code: one for one in report_of(cast).units}
    trade, transport = results["town"].actions
    assert (trade.percent, trade.is_met, trade.missed_by) == (Decimal("100.00"), True, None)
    assert (transport.percent, transport.is_met, transport.missed_by) == (Decimal("45.00"), False, Decimal("55.00"))
    assert results["town"].met == 1
    trade, transport = results["neighbour"].actions
    assert (trade.percent, trade.missed_by) == (Decimal("99.75"), Decimal("0.25"))
    assert (transport.percent, transport.is_met, transport.missed_by) == (None, False, None)
    assert results["lead"].actions[1] is None
    whole = {one.action.number: (one.met, one.units) for one in report_of(cast).actions}
    assert whole == {1: (1, 3), 2: (0, 2)}


def test_it_says_the_same_to_everybody(cast_with_july: Cast) -> None:
    bring_all_to(cast_with_july, S.APPROVED)
    of_leader = report_of(cast_with_july)
    cast_with_july.leader = cast_with_july.stranger
    of_stranger = report_of(cast_with_july)
    assert [one.actions for one in of_leader.units] == [one.actions for one in of_stranger.units]
    assert of_leader.published == of_stranger.published


def test_unpublished_figures_are_in_it_for_nobody(cast_with_july: Cast) -> None:
    bring_to(cast_with_july, S.APPROVED, figures={cast_with_july.exports: figure("91.37"),
             cast_with_july.share: figure("13.7")})  # fmt: skip
    for who in ("office", "leader", "head", "outsider"):
        text = text_of(cast_with_july, who)
        assert "41.34" not in text
        assert "45.69" not in text


# --- reports, corrections, projects, follow-ups, flags ----------------------------------------------------------------


def test_what_was_late_and_what_never_came_is_told_by_unit_and_month(cast_with_july: Cast) -> None:
    cast = cast_with_july
    bring_to(cast, S.APPROVED, now=at(9, 6))
    bring_to(cast, S.APPROVED, action=cast.transport)
    publish(cast, now=at(9, 14))
    report = report_of(cast)
    late = {(one.unit.code, one.period.month): (one.late, one.counts.missing) for one in report.late}
    assert late == {("town", "2022-08"): (1, 0), ("neighbour", "2022-08"): (0, 2), ("lead", "2022-08"): (0, 1)}
    assert (report.total.expected, report.total.filed, report.total.on_time) == (10, 7, 6)


def test_corrected_figures_are_listed(cast_with_july: Cast) -> None:
    cast = cast_with_july
    one = Measurement.objects.get(report=cast.report(period=cast.july), indicator=cast.exports)
    correct_measurement(
        measurement_id=one.pk, actor=cast.office, version=one.version, figure=figure("48"), reason="Customs.",
        now=cast.now,
    )  # fmt: skip
    assert [one.value for one in report_of(cast).corrected] == [Decimal(48)]
    text = text_of(cast, "outsider")
    assert "Corrected figures" in text
    assert "Customs." not in text


def test_projects_follow_ups_and_flags_are_counted_for_this_campaign_alone(cast_with_july: Cast) -> None:
    cast = cast_with_july
    make(Project, campaign=cast.campaign, stage=Project.Stage.IN_PRODUCTION)
    make(Project, campaign=cast.campaign)
    make(Project)
    make(FollowUp, campaign=cast.campaign, state="closed", closed_on=cast.now.date())
    make(FollowUp)
    report = report_of(cast)
    assert (report.projects.done, report.projects.total) == (1, 2)
    assert (report.follow_ups.done, report.follow_ups.total) == (1, 1)


def test_flags_of_announced_rounds_are_named(cast_with_july: Cast) -> None:
    cast = cast_with_july
    flag = make(RedFlag, unit=cast.town)
    scheme = flag.round.scheme
    scheme.campaign = cast.campaign
    scheme.save()
    assert "No flag of this campaign has been announced." in text_of(cast)
    Round.objects.filter(pk=flag.round_id).update(state=Round.State.ANNOUNCED, announced_on=cast.now.date())
    assert flag.round.name_en in text_of(cast)


# --- the file, and what it costs --------------------------------------------------------------------------------------


def test_the_workbook_holds_what_the_page_shows(cast_with_july: Cast) -> None:
    answer = client_of(cast_with_july.leader).get(f"{ADDRESS}export.xlsx")
    with CalamineWorkbook.from_filelike(BytesIO(body_of(answer))) as book:
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    assert list(sheets) == [
        "Standings", "Actions", "Units and actions", "Figures", "Reports", "Late and missing", "Corrected figures",
        "Totals", "Flags",
    ]  # fmt: skip
    first = report_of(cast_with_july).units[0]
    assert sheets["Standings"][1][:3] == [first.row.rank, first.row.unit.code, first.row.unit.name]
    assert Decimal(str(sheets["Standings"][1][3])) == first.row.published
    assert "Provisional: 1 of 4 months are published." in [row[0] for row in sheets["Standings"]]
    assert ["Reports filed", 5, 5] in sheets["Totals"]


def test_the_csv_holds_the_standings(cast_with_july: Cast) -> None:
    answer = client_of(cast_with_july.leader).get(f"{ADDRESS}export.csv")
    assert "town" in body_of(answer).decode()


def test_it_takes_as_many_queries_for_many_rows_and_months_as_for_few(cast_with_july: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            report = report_of(cast_with_july)
            assert report.units
        return len(captured)

    queries()
    few = queries()
    more_units(cast_with_july, 3, cast_with_july.august)
    close(cast_with_july)
    publish_all(cast_with_july)
    assert queries() == few
    assert few <= 14


@pytest.mark.parametrize("query", ["?group=nowhere"])
def test_an_unknown_group_is_not_there(cast_with_july: Cast, query: str) -> None:
    assert client_of(cast_with_july.leader).get(ADDRESS + query).status_code == 404
