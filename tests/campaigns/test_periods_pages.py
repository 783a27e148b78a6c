"""The office's pages: how periods stand, closing and publishing them, and the working-day calendar."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.domain.workflow import ReportStatus
from campaigns.models import CalendarDay, Campaign, Period
from campaigns.operations.periods import make_periods, set_calendar_day
from campaigns.operations.reports import send_back_report
from campaigns.queries.period_list import period_counts
from tests.builders import bring_all_to, bring_to, close, publish
from tests.cast import Cast, at, client_of

S = ReportStatus
PERIODS, CALENDAR = reverse("periods"), reverse("calendar")
NOT_THE_OFFICE = ["reporter", "head", "outsider", "reviewer", "leader", "administrator", "stranger"]


def text_of(response) -> str:  # type: ignore[no-untyped-def]
    return " ".join(response.content.decode().split())


def close_address(month: str = "2022-08") -> str:
    return reverse("close_period", args=["hundred-days", month])


def publish_address(month: str = "2022-08") -> str:
    return reverse("publish_period", args=["hundred-days", month])


@pytest.fixture
def office(cast: Cast) -> Client:
    return client_of(cast.office)


def counts_of(cast: Cast) -> tuple[int, ...]:
    row = period_counts(cast.campaign, [Period.objects.select_related("campaign").get(pk=cast.august.pk)])[0]
    return row.expected, row.filed, row.on_time, row.approved, row.undecided


# --- counts ---------------------------------------------------------------------------------------------------------


def test_counts_are_over_what_is_expected(cast: Cast) -> None:
    assert counts_of(cast) == (5, 0, 0, 0, 0)
    bring_to(cast, S.TO_SIGN)
    bring_to(cast, S.SUBMITTED, unit=cast.neighbour)
    bring_to(cast, S.APPROVED, action=cast.transport)
    bring_to(cast, S.SUBMITTED, unit=cast.neighbour, action=cast.transport, now=at(9, 6))  # late
    assert counts_of(cast) == (5, 3, 2, 1, 2)


def test_a_returned_report_is_not_filed(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    send_back_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, reason="Count again.")
    assert counts_of(cast) == (5, 0, 0, 0, 0)


def test_a_report_that_is_not_expected_does_not_count(cast: Cast) -> None:
    bring_to(cast, S.SUBMITTED)
    cast.town.is_active = False
    cast.town.save()
    assert counts_of(cast) == (3, 0, 0, 0, 0)


def test_the_page_takes_the_same_queries_for_few_and_for_many(cast: Cast, office: Client) -> None:
    office.get(PERIODS)
    bring_to(cast, S.SUBMITTED)
    with CaptureQueriesContext(connection) as few:
        office.get(PERIODS)
    bring_all_rest(cast)
    with CaptureQueriesContext(connection) as many:
        office.get(PERIODS)
    assert len(many) == len(few) <= 14


def bring_all_rest(cast: Cast) -> None:
    for unit, action in ((cast.neighbour, cast.trade), (cast.lead, cast.trade), (cast.neighbour, cast.transport)):
        bring_to(cast, S.APPROVED, unit=unit, action=action)


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_page_shows_instants_states_and_what_may_be_done(cast: Cast, office: Client) -> None:
    page = text_of(office.get(PERIODS))
    for shown in (
        "July 2022",
        "closed",
        "August 2022",
        "open",
        "October 2022",
        "upcoming",
        "8 October",
        "13 September",
    ):
        assert shown in page
    assert close_address() in page
    assert publish_address("2022-07") in page
    assert publish_address("2022-08") not in page


def test_undecided_reports_are_told_before_publishing(cast: Cast, office: Client) -> None:
    bring_to(cast, S.SUBMITTED)
    close(cast)
    assert "August 2022: 1 filed report is still undecided." in text_of(office.get(PERIODS))
    page = text_of(office.get(publish_address()))
    assert "1 filed report is still undecided." in page
    assert "4 reports are not filed." in page


@pytest.mark.parametrize("name", NOT_THE_OFFICE)
def test_the_pages_are_the_offices(cast: Cast, name: str) -> None:
    person = client_of(getattr(cast, name))
    for path in (PERIODS, CALENDAR, close_address(), publish_address("2022-07")):
        assert person.get(path).status_code == 403
    for path in (CALENDAR, close_address(), publish_address("2022-07")):
        assert person.post(path, {"on": "2022-09-05", "declare": "off"}).status_code == 403
    assert not CalendarDay.objects.exists()


def test_closing_asks_first(cast: Cast, office: Client) -> None:
    assert "5 reports are not filed." in text_of(office.get(close_address()))
    cast.august.refresh_from_db()
    assert cast.august.state == Period.State.OPEN
    answer = office.post(close_address(), follow=True)
    assert answer.redirect_chain == [(f"{PERIODS}?campaign=hundred-days", 302)]
    assert "August 2022 is closed." in text_of(answer)
    cast.august.refresh_from_db()
    assert cast.august.state == Period.State.CLOSED


def test_publishing_asks_first_and_is_told(cast: Cast, office: Client) -> None:
    bring_all_to(cast, S.APPROVED)
    close(cast)
    page = text_of(office.get(publish_address()))
    assert "not filed" not in page
    assert "undecided." not in page
    assert "August 2022 is published: its standings are for all." in text_of(
        office.post(publish_address(), follow=True)
    )
    cast.august.refresh_from_db()
    assert cast.august.published_by == cast.office


def test_a_second_click_is_told(cast: Cast, office: Client) -> None:
    close(cast)
    office.post(publish_address())
    answer = office.post(publish_address())
    assert answer.status_code == 409
    assert "Only a closed period can be published." in text_of(answer)


def test_what_cannot_be_done_is_said_without_a_button(cast: Cast, office: Client) -> None:
    page = text_of(office.get(publish_address()))
    assert "Only a closed period can be published. Close it first." in page
    assert ">Publish</button>" not in page
    publish(cast)
    assert "Only an open period can be closed." in text_of(office.get(close_address()))


@pytest.mark.parametrize("address", [("none", "2022-08"), ("hundred-days", "2031-01"), ("hundred-days", "x")])
def test_a_period_that_is_not_there_is_404(cast: Cast, office: Client, address: tuple[str, str]) -> None:
    assert office.get(reverse("close_period", args=address)).status_code == 404


def test_a_year_without_a_published_calendar_is_warned_of(cast: Cast, office: Client) -> None:
    campaign = Campaign.objects.create(
        slug="later",
        name_en="Later",
        name_zh="以后",
        starts_on=date(2090, 1, 1),
        ends_on=date(2090, 2, 10),
        office=cast.office_unit,
    )
    make_periods(campaign=campaign, actor=None)
    assert "make-up days" not in text_of(office.get(PERIODS))
    assert "The make-up days of 2090 are not known." in text_of(office.get(f"{PERIODS}?campaign=later"))
    assert "The make-up days of 2090 are not known." in text_of(office.get(f"{CALENDAR}?month=2090-01"))


# --- the calendar ---------------------------------------------------------------------------------------------------


def test_the_month_shows_holidays_and_make_up_days(cast: Cast, office: Client) -> None:
    days = {day.on: day for week in office.get(f"{CALENDAR}?month=2022-10").context["weeks"] for day in week}
    assert days[date(2022, 10, 3)].is_holiday
    assert days[date(2022, 10, 8)].is_make_up
    assert not days[date(2022, 10, 15)].is_working
    assert days[date(2022, 10, 10)].is_working


def test_declaring_a_day_tells_which_deadlines_moved(cast: Cast, office: Client) -> None:
    answer = office.post(CALENDAR, {"on": "２０２２-０９-０５", "declare": "off", "note": "Typhoon"}, follow=True)
    page = text_of(answer)
    assert answer.redirect_chain == [(f"{CALENDAR}?month=2022-09", 302)]
    assert "Hundred Days, August 2022: due Monday 5 September, 18:00 → Tuesday 6 September, 18:00;" in page
    assert "closes Tuesday 13 September, 18:00 → Wednesday 14 September, 18:00" in page
    assert "Typhoon" in page
    cast.august.refresh_from_db()
    assert cast.august.due_at == at(9, 6, 18)


def test_a_day_is_cleared_again(cast: Cast, office: Client) -> None:
    set_calendar_day(on=date(2022, 9, 5), is_working=False, note="", actor=cast.office, now=cast.now)
    page = text_of(office.post(CALENDAR, {"on": "2022-09-05", "declare": "clear"}, follow=True))
    assert "due Tuesday 6 September, 18:00 → Monday 5 September, 18:00" in page
    assert not CalendarDay.objects.exists()


def test_a_day_that_moves_nothing_is_only_saved(cast: Cast, office: Client) -> None:
    page = text_of(office.post(CALENDAR, {"on": "2022-12-31", "declare": "working"}, follow=True))
    assert "Saved." in page
    assert "→" not in page


@pytest.mark.parametrize(
    ("sent", "beside"),
    [
        ({"on": "", "declare": "off"}, "id_on_error"),
        ({"on": "yesterday", "declare": "off"}, "id_on_error"),
        ({"on": "2022-02-30", "declare": "off"}, "id_on_error"),
        ({"on": "0001-01-01", "declare": "off"}, "id_on_error"),
        ({"on": "9999-12-31", "declare": "off"}, "id_on_error"),
        ({"on": "2022-09-05", "declare": ""}, "id_declare_error"),
        ({"on": "2022-09-05", "declare": "perhaps"}, "id_declare_error"),
        ({"on": "2022-09-05", "declare": "off", "note": "n" * 121}, "id_note_error"),
    ],
)
def test_a_day_that_does_not_fit_is_told_beside_the_box(
    cast: Cast, office: Client, sent: dict[str, str], beside: str
) -> None:
    answer = office.post(CALENDAR, sent)
    assert answer.status_code == 400
    assert f'id="{beside}"' in text_of(answer)
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize("month", ["x", "2022-13", "2022-9", "1999-12", "2100-01", "２０２２-０９"])
def test_a_month_that_is_none_is_404(cast: Cast, office: Client, month: str) -> None:
    assert office.get(f"{CALENDAR}?month={month}").status_code == 404


@pytest.mark.parametrize("month", ["2000-01", "2099-12"])
def test_the_calendar_ends_somewhere(cast: Cast, office: Client, month: str) -> None:
    assert office.get(f"{CALENDAR}?month={month}").status_code == 200
