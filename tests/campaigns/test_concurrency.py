"""Two hands at the same moment, each with a connection of its own to a real PostgreSQL: one wins, the other is told.

Deciding, saving and publishing at once are in `test_report_operations.py`; here are the other steps, and the pages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, close_old_connections, connection
from django.urls import reverse

from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import (
    AcceptedReason,
    Attachment,
    BusinessClock,
    CalendarDay,
    EarlyWarning,
    Likelihood,
    MeasurementVersion,
    Period,
    Report,
)
from campaigns.operations.attachments import add_attachment
from campaigns.operations.clock import move_clock
from campaigns.operations.judgements import accept_reason, judge_likelihood
from campaigns.operations.periods import advance_periods, close_period, publish_period, set_calendar_day
from campaigns.operations.reports import (
    Figure,
    correct_measurement,
    recall_report,
    reopen_report,
    save_report,
    sign_report,
    submit_report,
)
from campaigns.operations.warning_scan import scan_project, scan_warnings
from campaigns.operations.warnings import clear_warning, escalate_warning
from campaigns.queries.clock import business_now
from tests.builders import bring_all_to, bring_to, close, fill
from tests.cast import Cast, assemble, at, client_of
from tests.warned import project_of, warned
from units.models import Change, Role

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

REASON = "Please look at it again."


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


def at_once(*steps: Callable[[], Any]) -> list[Any]:
    """What each step returned or raised; they start together, each in a thread with its own connection."""
    start = threading.Barrier(len(steps))
    outcomes: list[Any] = [None] * len(steps)

    def run(place: int, one: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            outcomes[place] = one()
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, one)) for place, one in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    close_old_connections()
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


def names(outcomes: list[Any]) -> list[str]:
    """The kinds of refusals, and `done` for what was not refused."""
    return sorted(type(one).__name__ if isinstance(one, Exception) else "done" for one in outcomes)


# --- reports --------------------------------------------------------------------------------------------------------


def test_a_report_submitted_twice_at_once_is_submitted_once(cast: Cast) -> None:
    report = fill(cast, cast.report())

    def click() -> Report:
        return submit_report(report_id=report.pk, actor=cast.reporter, now=cast.now, version=report.version)

    assert names(at_once(click, click, click)) == ["WrongState", "WrongState", "done"]
    assert report.events.count() == 1
    assert cast.report().status == S.TO_SIGN


def test_saving_while_somebody_submits_loses_neither(cast: Cast) -> None:
    for number in range(3):
        report = fill(
            cast, cast.report(), {cast.exports: Figure(value=Decimal(number)), cast.share: Figure(value=Decimal(1))}
        )
        outcomes = at_once(
            lambda report=report: save_report(
                report_id=report.pk,
                actor=cast.reporter,
                version=report.version,
                figures={cast.exports.pk: Figure(value=Decimal(77))},
                narrative={},
                now=cast.now,
            ),
            lambda report=report: submit_report(
                report_id=report.pk, actor=cast.reporter, now=cast.now, version=report.version
            ),
        )
        assert names(outcomes) in (["StaleVersion", "done"], ["WrongState", "done"])
        kept = cast.report()
        value = kept.measurements.get(indicator=cast.exports).value
        assert (kept.status, value) in ((S.TO_SIGN, Decimal(number)), (S.DRAFT, Decimal(77)))
        if kept.status == S.TO_SIGN:
            recall_report(report_id=report.pk, actor=cast.reporter, now=cast.now)


def test_signing_while_the_reporter_recalls_ends_in_one_of_the_two(cast: Cast) -> None:
    report = bring_to(cast, S.TO_SIGN)
    outcomes = at_once(
        lambda: sign_report(report_id=report.pk, actor=cast.head, now=cast.now, version=report.version),
        lambda: recall_report(report_id=report.pk, actor=cast.reporter, now=cast.now, version=report.version),
    )
    assert names(outcomes) in (["StaleVersion", "done"], ["WrongState", "done"])
    assert report.events.count() == 2  # submitted, and one of the two
    assert cast.report().status in (S.SUBMITTED, S.DRAFT)


def test_a_figure_corrected_by_two_at_once_is_corrected_once(cast: Cast) -> None:
    report = bring_to(cast, S.APPROVED)
    close(cast)
    measurement = report.measurements.get(indicator=cast.exports)

    def correct(value: int) -> Callable[[], Any]:
        return lambda: correct_measurement(
            measurement_id=measurement.pk,
            actor=cast.office,
            now=cast.now,
            figure=Figure(value=Decimal(value)),
            reason=REASON,
            version=measurement.version,
        )

    assert names(at_once(correct(70), correct(71))) == ["StaleVersion", "done"]
    assert MeasurementVersion.objects.filter(measurement=measurement).count() == 1


def test_two_reports_that_were_missing_are_reopened_at_once_and_neither_waits_for_ever(cast: Cast) -> None:
    """Each makes a row that points to the period, and each then locks the period."""
    for _round in range(5):
        Report.objects.filter(period=cast.august, unit__in=[cast.town, cast.neighbour], action=cast.trade).delete()
        Period.objects.filter(pk=cast.august.pk).update(state="closed", closed_at=cast.now)

        def reopen(unit: Any) -> Callable[[], Report]:
            return lambda: reopen_report(
                unit=unit, action=cast.trade, period=cast.august, actor=cast.office, now=cast.now, reason=REASON,
                until=at(9, 20),
            )  # fmt: skip

        assert names(at_once(reopen(cast.town), reopen(cast.neighbour))) == ["done", "done"]
        for report in Report.objects.filter(period=cast.august, action=cast.trade):
            report.events.all().delete()


def test_everybody_of_a_period_saves_at_once_and_nobody_is_held_up(cast: Cast) -> None:
    reports = list(Report.objects.filter(period=cast.august).select_related("unit", "action"))
    outcomes = at_once(*[lambda one=one: fill(cast, one) for one in reports])
    assert names(outcomes) == ["done"] * len(reports)
    assert set(Report.objects.filter(period=cast.august).values_list("version", flat=True)) == {2}


# --- through the pages ----------------------------------------------------------------------------------------------


def boxes(report: Report, exports: str) -> dict[str, str]:
    key = f"r{report.pk}"
    sent = {f"{key}-version": str(report.version), "do": "save"}
    for indicator, value in zip(report.action.indicators.order_by("order"), (exports, "13.0"), strict=True):
        sent |= {f"{key}-value-{indicator.pk}": value, f"{key}-status-{indicator.pk}": "verified"}
    return sent


def test_two_browsers_saving_one_report_keep_one_and_show_the_other_what_it_typed(cast: Cast) -> None:
    cast.stranger.memberships.create(unit=cast.town, role=Role.REPORTER)
    url = reverse("report_form", args=["hundred-days", "2022-08", "town"])
    report = cast.report()
    first, second = client_of(cast.reporter), client_of(cast.stranger)
    typed = ["61.11", "62.22"]
    answers = at_once(
        lambda: first.post(url, boxes(report, typed[0])), lambda: second.post(url, boxes(report, typed[1]))
    )
    assert sorted(one.status_code for one in answers) == [302, 409]
    loser = next(place for place, one in enumerate(answers) if one.status_code == 409)
    assert typed[loser] in answers[loser].content.decode()
    assert cast.report().measurements.get(indicator=cast.exports).value == Decimal(typed[1 - loser])


def test_a_double_click_on_send_files_once(cast: Cast) -> None:
    report = cast.report()
    url = reverse("report_form", args=["hundred-days", "2022-08", "town"])
    clients = [client_of(cast.reporter), client_of(cast.reporter)]
    sent = {**boxes(report, "61.11"), "do": f"submit:{report.pk}"}
    answers = at_once(*[lambda one=one: one.post(url, sent) for one in clients])
    assert all(one.status_code in (302, 400, 409) for one in answers)
    assert report.events.filter(verb="submit").count() == 1


# --- files ----------------------------------------------------------------------------------------------------------


def test_the_same_file_twice_at_once_is_kept_once(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    report = cast.report()

    def add(content: bytes = b"Two fairs.") -> Any:
        return add_attachment(
            report_id=report.pk,
            upload=SimpleUploadedFile("notes.txt", content),
            name="notes.txt",
            content_type="text/plain",
            actor=cast.reporter,
            now=cast.now,
        )

    outcomes = at_once(add, add, add)
    assert names(outcomes) == ["done"] * 3
    assert {one.pk for one in outcomes} == {Attachment.objects.get().pk}
    assert len([one for one in tmp_path.rglob("*") if one.is_file()]) == 1


def test_the_last_place_for_a_file_is_given_once(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    report = cast.report()
    Attachment.objects.bulk_create(
        Attachment(
            report=report, file="x", name="x", content_type="text/plain", size=1, sha256=f"{number:064}",
            uploaded_by=cast.reporter,
        )
        for number in range(19)
    )  # fmt: skip

    def add(content: bytes) -> Callable[[], Any]:
        return lambda: add_attachment(
            report_id=report.pk, upload=SimpleUploadedFile("n.txt", content), name="n.txt", content_type="text/plain",
            actor=cast.reporter, now=cast.now,
        )  # fmt: skip

    assert names(at_once(add(b"one"), add(b"two"))) == ["Invalid", "done"]
    assert report.attachments.count() == 20


# --- periods and the clock ------------------------------------------------------------------------------------------


def test_closing_while_a_unit_files_ends_with_a_report_that_was_filed_in_time_or_not_at_all(cast: Cast) -> None:
    report = fill(cast, cast.report())
    outcomes = at_once(
        lambda: submit_report(report_id=report.pk, actor=cast.reporter, now=cast.now, version=report.version),
        lambda: close_period(period=cast.august, actor=cast.office, now=cast.now),
    )
    assert not isinstance(outcomes[1], Exception)
    kept = cast.report()
    if isinstance(outcomes[0], Exception):
        assert names(outcomes[:1]) == ["WrongState"]
        assert kept.status == S.DRAFT
    else:
        assert kept.status == S.TO_SIGN
        verbs = list(Change.objects.order_by("-pk").values_list("verb", flat=True)[:2])
        assert verbs == ["close_period", "submit_report"]


def test_a_period_published_twice_at_once_is_published_once(cast: Cast) -> None:
    period = close(cast)

    def publish() -> Period:
        return publish_period(period=period, actor=cast.office, now=cast.now)

    assert names(at_once(publish, publish)) == ["WrongState", "done"]
    assert Change.objects.filter(verb="publish_period").count() == 1


def test_a_period_closed_by_the_office_and_by_the_beat_at_once_is_closed_once(cast: Cast) -> None:
    later = at(9, 13, 19)
    outcomes = at_once(
        lambda: close_period(period=cast.august, actor=cast.office, now=later), lambda: advance_periods(now=later)
    )
    assert names(outcomes) in (["WrongState", "done"], ["done", "done"])
    assert Change.objects.filter(verb="close_period", items__object_id=str(cast.august.pk)).count() == 1
    assert Period.objects.get(pk=cast.august.pk).state == Period.State.CLOSED


def test_two_ticks_open_a_period_once_and_give_each_unit_one_report(cast: Cast) -> None:
    later = cast.september.opens_at
    moved = at_once(*[lambda: advance_periods(now=later)] * 3)
    assert names(moved) == ["done"] * 3
    assert sorted(one.month for found in moved for one in found if one.state == Period.State.OPEN) == ["2022-09"]
    assert Change.objects.filter(verb="open_period", items__object_id=str(cast.september.pk)).count() == 1
    reports = list(Report.objects.filter(period=cast.september).values_list("unit", "action"))
    assert len(reports) == len(set(reports)) == 5


def test_a_clock_moved_by_two_at_once_never_goes_back(cast: Cast) -> None:
    now = business_now()
    outcomes = at_once(
        lambda: move_clock(to=at(10, 1), actor=cast.administrator, now=now),
        lambda: move_clock(to=at(9, 10), actor=cast.administrator, now=now),
    )
    assert names(outcomes) in (["Invalid", "done"], ["done", "done"])  # first to 10 September, then on to October
    assert BusinessClock.objects.get().stands_at == at(10, 1)


def test_a_day_declared_by_two_at_once_is_declared_once(cast: Cast) -> None:
    def declare(is_working: bool) -> Callable[[], Any]:
        return lambda: set_calendar_day(
            on=date(2022, 9, 7), is_working=is_working, note="", actor=cast.office, now=cast.now
        )

    assert names(at_once(declare(True), declare(False))) == ["done", "done"]
    assert CalendarDay.objects.filter(on=date(2022, 9, 7)).count() == 1


def test_a_day_cleared_by_two_at_once_is_cleared(cast: Cast) -> None:
    set_calendar_day(on=date(2022, 9, 7), is_working=False, note="", actor=cast.office, now=cast.now)

    def clear() -> Any:
        return set_calendar_day(on=date(2022, 9, 7), is_working=None, note="", actor=cast.office, now=cast.now)

    assert names(at_once(clear, clear)) == ["done", "done"]
    assert not CalendarDay.objects.exists()


# --- judgements -----------------------------------------------------------------------------------------------------


def judged(cast: Cast, level: str) -> Callable[[], Any]:
    return lambda: judge_likelihood(
        action=cast.trade, unit=cast.town, period=cast.august, level=level, reason=REASON, next_step="",
        actor=cast.reviewer, now=cast.now,
    )  # fmt: skip


def test_the_first_judgement_of_two_at_once_is_one_row_and_no_page_falls_over(cast: Cast) -> None:
    outcomes = at_once(judged(cast, "likely"), judged(cast, "unlikely"))
    assert all(not isinstance(one, Exception) or isinstance(one, IntegrityError) for one in outcomes)
    assert "done" in names(outcomes)
    assert Likelihood.objects.count() == 1


def test_two_browsers_judging_and_accepting_at_once_get_an_answer(cast: Cast) -> None:
    bring_all_to(cast, S.APPROVED)
    clients = [client_of(cast.reviewer), client_of(cast.second_reviewer)]
    body = {"unit": "town", "level": "likely", "reason": REASON}
    for name, model in (("judge_likelihood", Likelihood), ("accept_reason", AcceptedReason)):
        url = reverse(name, args=["hundred-days", 1]) + "?period=2022-08"
        answers = at_once(*[lambda one=one, url=url: one.post(url, body) for one in clients])
        assert all(one.status_code in (302, 400) for one in answers), names(answers)
        assert model.objects.count() <= 1


def test_a_reason_withdrawn_by_two_at_once_is_withdrawn_once(cast: Cast) -> None:
    accept_reason(
        action=cast.trade, unit=cast.town, period=cast.august, reason=REASON, actor=cast.reviewer, now=cast.now
    )
    clients = [client_of(cast.reviewer), client_of(cast.second_reviewer)]
    url = reverse("withdraw_reason", args=["hundred-days", 1]) + "?period=2022-08"
    answers = at_once(*[lambda one=one: one.post(url, {"unit": "town"}) for one in clients])
    assert [getattr(one, "status_code", one) for one in answers] == [302, 302]
    assert not AcceptedReason.objects.exists()
    assert Change.objects.filter(verb="withdraw_reason").count() == 1


# --- early warnings ---------------------------------------------------------------------------------------------------


def test_two_scans_at_once_raise_each_warning_once(cast: Cast) -> None:
    project = project_of(cast, planned_start_on=date(2022, 5, 1))
    outcomes = at_once(
        lambda: scan_warnings(now=cast.now),
        lambda: scan_warnings(now=cast.now),
        lambda: scan_project(project_id=project.pk, now=cast.now),
    )
    assert sorted(len(one.raised) for one in outcomes) == [0, 0, 2]
    assert EarlyWarning.objects.count() == 2
    assert Change.objects.filter(verb="scan_warnings").count() == 1


def test_of_two_steps_on_one_warning_the_second_finds_the_state_of_the_first(cast: Cast) -> None:
    warning = warned(cast, "explained")
    step = {"warning_id": warning.pk, "now": cast.now, "version": warning.version, "reason": REASON}
    outcomes = at_once(
        lambda: clear_warning(**step, actor=cast.reviewer),
        lambda: escalate_warning(**step, actor=cast.office),
    )
    assert [isinstance(one, EarlyWarning) for one in outcomes].count(True) == 1
    assert warning.events.filter(verb__in=["clear", "escalate"]).count() == 1
