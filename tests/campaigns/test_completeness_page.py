"""Completeness: how each report stands, by shape and word; and the office's word, once per report and day."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.operations.chase import Chased, chase_reports
from campaigns.operations.periods import advance_periods, make_expected_reports
from campaigns.operations.reminders import plan_reminders
from campaigns.refusals import WrongState
from tests.builders import bring_to, close, move_clock_to
from tests.campaigns.analysis import more_units
from tests.campaigns.test_exports import as_csv, xlsx
from tests.cast import Cast, assemble, at, client_of
from units.models import Change, Membership, Message, Role, User
from units.queries.messages import words_of

AUGUST = "?campaign=hundred-days&period=2022-08"


def page_of(who: User, query: str = AUGUST) -> str:
    answer = client_of(who).get(reverse("completeness") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def words_in(page: str) -> set[str]:
    """The words that stand behind a shape in a cell of the table."""
    return set(re.findall(r"</svg>\s*([a-z ]+?)\s*<", page[page.index("<tbody>") : page.index("</table>")]))


def chase(cast: Cast, **what: Any) -> Chased:
    return chase_reports(period=cast.august, actor=cast.office, **{"now": cast.now, **what})


def chased(person: User | None = None) -> list[Message]:
    rows = Message.objects.filter(kind="report_chased").order_by("pk")
    return list(rows.filter(recipient=person) if person else rows)


def numbers(message: Message) -> list[int]:
    return [one["number"] for one in message.params["reports"]]


def press(cast: Cast, **body: str) -> str:
    answer = client_of(cast.office).post(reverse("chase_reports") + AUGUST, body, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


# --- the table --------------------------------------------------------------------------------------------------------


def test_each_report_stands_with_a_word_of_its_own(cast: Cast) -> None:
    bring_to(cast, "approved")
    bring_to(cast, "submitted", action=cast.transport)
    bring_to(cast, "submitted", unit=cast.neighbour, now=at(9, 6))
    move_clock_to(at(9, 7))
    page = page_of(cast.office)
    assert words_in(page) == {"approved", "on time", "late", "missing"}
    assert "3/5" in page


def test_before_the_due_instant_a_missing_report_is_due(cast: Cast) -> None:
    assert words_in(page_of(cast.office)) == {"due"}


def test_a_unit_sees_its_own_row_and_no_button(cast: Cast) -> None:
    page = page_of(cast.reporter)
    assert "Riverside Town" in page
    assert "Hillside County" not in page
    assert 'name="report"' not in page
    assert "Chase all" not in page


def test_only_those_with_missing_reports_can_be_asked_for(cast: Cast) -> None:
    for action in (cast.trade, cast.transport):
        bring_to(cast, "submitted", action=action)
    page = page_of(cast.office, AUGUST + "&show=missing")
    assert "Hillside County" in page
    assert "/units/town/" not in page
    assert client_of(cast.office).get(reverse("completeness") + "?show=odd").status_code == 404


def test_the_table_comes_as_excel_and_csv(cast: Cast) -> None:
    bring_to(cast, "submitted")
    rows = as_csv(cast.office, "export_completeness", AUGUST)
    assert rows[0][:4] == ["Unit code", "Unit", "Expected", "Filed"]
    town = next(row for row in rows if row[0] == "town")
    assert town[2:4] == ["2", "1"]
    assert town[-2:] == ["filed on time", "not filed"]
    assert [row[0] for row in xlsx(cast.office, "export_completeness", AUGUST, sheet=1)[1:]] == [1, 2]
    assert {row[0] for row in as_csv(cast.reporter, "export_completeness", AUGUST)[1:]} == {"town", ""}


# --- chasing ----------------------------------------------------------------------------------------------------------


def test_one_report_is_asked_of_the_unit_s_reporters(cast: Cast) -> None:
    done = chase(cast, unit=cast.town, number=2)
    (message,) = chased()
    assert (done.people, done.reports) == (1, 1)
    assert (message.recipient, numbers(message)) == (cast.reporter, [2])
    assert message.url == "/reports/hundred-days/2022-08/town/"
    words = words_of(message)
    assert words.title == "The campaign office asks for 1 report for August 2022"
    assert "2 Transport construction" in words.body


def test_a_unit_gets_one_message_about_all_that_it_has_not_filed(cast: Cast) -> None:
    chase(cast, unit=cast.town)
    assert [numbers(one) for one in chased()] == [[1, 2]]


def test_all_that_have_not_filed_are_asked_and_nobody_else(cast: Cast) -> None:
    bring_to(cast, "submitted", unit=cast.lead)
    done = chase(cast)
    assert {one.recipient for one in chased()} == {cast.reporter, cast.outsider}
    assert (done.people, done.reports) == (2, 4)


def test_a_report_is_asked_for_once_a_day(cast: Cast) -> None:
    chase(cast, unit=cast.town, number=1)
    done = chase(cast, unit=cast.town)
    assert [numbers(one) for one in chased()] == [[1], [2]]
    assert list(done.asked_before) == [cast.reporter]
    assert chase(cast, unit=cast.town).people == 0
    assert chase(cast, unit=cast.town, now=at(9, 5)).people == 1


def test_the_reminder_of_the_same_day_is_never_doubled(cast: Cast) -> None:
    tuesday = at(9, 6, 8)
    advance_periods(now=tuesday)
    plan_reminders(now=tuesday)
    assert Message.objects.filter(kind="report_overdue", recipient=cast.reporter).exists()
    done = chase(cast, now=tuesday)
    assert done.people == 0
    assert cast.reporter in done.asked_before
    assert chase(cast, now=at(9, 7)).people > 0


def test_nor_where_that_reminder_has_still_to_go_out(cast: Cast) -> None:
    assert chase(cast, unit=cast.town, now=at(9, 6, 8)).people == 0


def test_a_unit_without_a_reporter_is_asked_by_its_head_and_without_either_is_named(cast: Cast) -> None:
    Membership.objects.filter(unit=cast.town, role=Role.REPORTER).delete()
    chase(cast, unit=cast.town)
    assert {one.recipient for one in chased()} == {cast.head}
    Membership.objects.filter(unit=cast.neighbour).delete()
    done = chase(cast, unit=cast.neighbour)
    assert (done.people, list(done.unreachable)) == (0, [cast.neighbour])


def test_what_is_filed_or_closed_cannot_be_chased(cast: Cast) -> None:
    bring_to(cast, "submitted")
    with pytest.raises(WrongState):
        chase(cast, unit=cast.town, number=1)
    close(cast)
    cast.august.refresh_from_db()
    with pytest.raises(WrongState):
        chase(cast)
    assert chased() == []


def test_only_the_office_chases(cast: Cast) -> None:
    for person in (cast.leader, cast.reviewer, cast.reporter, cast.administrator):
        with pytest.raises(PermissionDenied):
            chase_reports(period=cast.august, actor=person, now=cast.now)


def test_a_chase_is_a_change_with_the_reports_it_asked_for(cast: Cast) -> None:
    chase(cast, unit=cast.town)
    change = Change.objects.get(verb="chase_reports")
    assert change.actor == cast.office
    assert {(item.unit, item.key["action"]) for item in change.items.all()} == {("town", "1"), ("town", "2")}
    chase(cast, unit=cast.town)
    assert Change.objects.filter(verb="chase_reports").count() == 1


def test_the_answer_says_how_many_were_told_and_who_was_told_already(cast: Cast) -> None:
    assert "1 person told of 1 missing report." in press(cast, report="town/1")
    page = press(cast)
    assert "3 people told of 4 missing reports." in page
    assert "Asked today already, and not again: Reporter." in page
    assert "asked today" in page
    assert 'form="chase"' not in page


def test_a_chase_of_what_does_not_exist_is_not_found(cast: Cast) -> None:
    client = client_of(cast.office)
    for body in ({"unit": "atlantis"}, {"report": "town/x"}):
        assert client.post(reverse("chase_reports") + AUGUST, body).status_code == 404
    assert "There is nothing to chase" in press(cast, report="town/99")


def test_the_number_of_queries_does_not_grow_with_the_units(cast: Cast) -> None:
    def queries(now: datetime) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert chase(cast, now=now).people
        return len(captured)

    few = queries(cast.now)
    more_units(cast, 3, cast.august)
    make_expected_reports(period=cast.august, now=cast.now)
    assert queries(at(9, 5)) == few


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_send_it_once() -> None:
    cast, start = assemble(), Barrier(2)

    def run(_one: int) -> int:
        try:
            start.wait()
            return chase(cast).people
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [0, 3]
    assert len(chased()) == 3
