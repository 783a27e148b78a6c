"""Every step in the life of a report: who may take it and who may not, from where, when, and what it leaves behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import close_old_connections, connection

from campaigns.domain.workflow import WHO_MAY, ReportStatus, Verb, When, Who, is_open_to_tokens, step
from campaigns.models import Measurement, MeasurementVersion, Period, Report, ReportEvent
from campaigns.operations.periods import advance_periods, publish_period
from campaigns.operations.reports import (
    Figure,
    approve_report,
    approve_reports,
    correct_measurement,
    recall_report,
    reopen_report,
    save_report,
    send_back_report,
    sign_report,
    sign_reports,
    submit_report,
)
from campaigns.permissions import may_ever, may_now
from campaigns.queries.clock import local_day
from campaigns.refusals import Incomplete, Invalid, StaleVersion, WrongState
from tests.builders import bring_to, close, figure, fill, publish
from tests.cast import Cast, assemble, at
from units.models import Change, Membership, Role, User
from units.operations.tokens import create_token
from units.permissions import Capacities, capacities

S = ReportStatus
REASON = "The figure is not cumulative."


def take(verb: Verb, report: Report, person: User, cast: Cast, **given: Any) -> object:
    """The operation of this verb, with whatever else it asks for."""
    common = {"actor": person, "now": cast.now}
    if verb == Verb.CORRECT:
        measurement = report.measurements.order_by("pk")[0]
        return correct_measurement(
            measurement_id=measurement.pk,
            figure=figure("77.70"),
            reason=given.pop("reason", REASON),
            **common,
            **given,
        )
    if verb == Verb.REOPEN:
        return reopen_report(
            unit=report.unit,
            action=report.action,
            period=report.period,
            reason=given.pop("reason", REASON),
            until=given.pop("until", at(9, 20)),
            **common,
        )
    if verb == Verb.SUBMIT and capacities(person, local_day(cast.now)).is_office:
        given.setdefault("on_behalf_of", cast.reporter)
    if verb == Verb.SEND_BACK:
        given.setdefault("reason", REASON)
    operations: dict[Verb, Callable[..., Report]] = {
        Verb.SUBMIT: submit_report,
        Verb.RECALL: recall_report,
        Verb.SIGN: sign_report,
        Verb.SEND_BACK: send_back_report,
        Verb.APPROVE: approve_report,
    }
    return operations[verb](report_id=report.pk, **common, **given)


# --- who may what: the table, row by row ----------------------------------------------------------------------------

CAPACITY = {
    "reporter": {Who.REPORTER},
    "head": {Who.HEAD},
    "reviewer": {Who.REVIEWER},
    "second_reviewer": {Who.REVIEWER},
    "office": {Who.OFFICE},
}
"""In which capacity each of the cast acts on the report of `town` on `trade`; the others have none."""

EVERYBODY = [
    "reporter",
    "head",
    "outsider",
    "outsider_head",
    "reviewer",
    "second_reviewer",
    "other_reviewer",
    "lead_reporter",
    "lead_head",
    "office",
    "leader",
    "administrator",
    "stranger",
]


@pytest.mark.parametrize("status", list(S))
@pytest.mark.parametrize("verb", list(Verb))
def test_every_verb_from_every_status_is_for_those_of_the_table_and_for_nobody_else(
    cast: Cast, verb: Verb, status: S
) -> None:
    """One report for each person: the step is taken where the table allows it, refused and without a trace else."""
    row = step(verb, status)
    bring_to(cast, status)
    if verb in (Verb.REOPEN, Verb.CORRECT):
        close(cast)
    for name in EVERYBODY:
        person, report = getattr(cast, name), cast.report()
        mine = CAPACITY.get(name, set())
        is_ever_mine = any(one.who & mine for one in WHO_MAY if one.verb == verb)
        is_allowed = row is not None and bool(row.who & mine)
        assert may_ever(capacities(person, local_day(cast.now)), verb, report) == is_ever_mine
        assert may_now(capacities(person, local_day(cast.now)), verb, report, cast.now) == is_allowed
        if is_allowed:
            continue
        events, changes = ReportEvent.objects.count(), Change.objects.count()
        expected = WrongState if is_ever_mine and row is None else PermissionDenied
        with pytest.raises(expected):
            take(verb, report, person, cast)
        report.refresh_from_db()
        assert (report.status, ReportEvent.objects.count(), Change.objects.count()) == (status, events, changes)
    if row is not None:
        name = next(name for name in EVERYBODY if row.who & CAPACITY.get(name, set()))
        report = cast.report()
        take(verb, report, getattr(cast, name), cast)
        report.refresh_from_db()
        assert report.status == row.target


@pytest.mark.parametrize("row", WHO_MAY, ids=lambda row: f"{row.verb}-{'-'.join(sorted(row.sources))}")
def test_each_row_holds_for_each_of_its_people(cast: Cast, row: Any) -> None:
    status = sorted(row.sources)[0]
    people = [name for name in EVERYBODY if row.who & CAPACITY.get(name, set())]
    for place, name in enumerate(people):
        where = {"unit": cast.town} if place == 0 else {"unit": cast.town, "action": cast.transport}
        if place > 0 and name in ("reviewer", "second_reviewer"):
            continue
        report = bring_to(cast, status, **where)
        if row.when == When.AFTER_CLOSING:
            close(cast)
        take(row.verb, report, getattr(cast, name), cast)
        report.refresh_from_db()
        assert report.status == row.target


def test_a_step_leaves_one_event_and_one_change(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    changes = Change.objects.count()
    approved = approve_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, version=report.version)
    event = report.events.latest("pk")
    assert (event.verb, event.from_status, event.to_status) == ("approve", "submitted", "approved")
    assert (event.actor, event.at, event.report_version) == (cast.reviewer, cast.now, approved.version)
    assert approved.version == report.version + 1
    assert Change.objects.count() == changes + 1
    item = event.change.items.get()
    assert (event.change.verb, event.change.actor) == ("approve_report", cast.reviewer)
    assert item.before["status"] == "submitted"
    assert item.after["status"] == "approved"


@pytest.mark.parametrize("verb", [verb for verb in Verb if not is_open_to_tokens(verb)])
def test_a_client_system_takes_no_step_that_is_closed_to_tokens_whatever_else_it_may(cast: Cast, verb: Verb) -> None:
    row = next(one for one in WHO_MAY if one.verb == verb)
    report = bring_to(cast, min(row.sources))
    if row.when == When.AFTER_CLOSING:
        close(cast)
    day = local_day(cast.now)
    everything = Capacities(
        head_of=frozenset({cast.town.pk}) if Who.HEAD in row.who else frozenset(),
        reviewer_of=frozenset({cast.lead.pk}) if Who.REVIEWER in row.who else frozenset(),
        office_of=frozenset({cast.office_unit.pk}),
    )
    system = User(username="system", is_service=True)
    system.__dict__["capacities_on"] = {day: everything}
    assert may_ever(capacities(system, day), verb, report)
    with pytest.raises(PermissionDenied):
        take(verb, report, system, cast)


def test_a_client_system_files_and_recalls(cast: Cast) -> None:
    report = bring_to(cast, S.DRAFT)
    row, _secret = create_token(client="A system", scopes=["report"], unit=cast.town, actor=None)
    report = submit_report(report_id=report.pk, actor=row.account, now=cast.now)
    assert report.status == S.TO_SIGN
    assert recall_report(report_id=report.pk, actor=row.account, now=cast.now).status == S.DRAFT


def test_a_reviewer_of_another_lead_cannot_decide(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    with pytest.raises(PermissionDenied):
        approve_report(report_id=report.pk, actor=cast.other_reviewer, now=cast.now)


def test_the_leads_own_report_is_decided_by_the_office(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED, unit=cast.lead)
    with pytest.raises(PermissionDenied):
        approve_report(report_id=report.pk, actor=cast.reviewer, now=cast.now)
    assert approve_report(report_id=report.pk, actor=cast.office, now=cast.now).status == S.APPROVED


def test_a_reviewer_who_also_works_in_the_unit_does_not_decide_on_it(cast: Cast) -> None:
    Membership.objects.create(user=cast.reviewer, unit=cast.town, role=Role.REPORTER)
    report = bring_to(cast, S.SUBMITTED)
    with pytest.raises(PermissionDenied):
        approve_report(report_id=report.pk, actor=cast.reviewer, now=cast.now)
    assert approve_report(report_id=report.pk, actor=cast.second_reviewer, now=cast.now).status == S.APPROVED


def test_a_membership_that_has_ended_gives_nothing(cast: Cast) -> None:
    report = bring_to(cast, S.TO_SIGN)
    Membership.objects.filter(user=cast.head).update(ends_on=local_day(at(9, 2)))
    with pytest.raises(PermissionDenied):
        sign_report(report_id=report.pk, actor=cast.head, now=cast.now)


def test_a_stand_in_signs_during_the_leave(cast: Cast) -> None:
    report = bring_to(cast, S.TO_SIGN)
    Membership.objects.create(
        user=cast.stranger,
        unit=cast.town,
        role=Role.HEAD,
        starts_on=local_day(at(9, 1)),
        ends_on=local_day(at(9, 4)),
        stands_in_for=cast.head,
    )
    assert sign_report(report_id=report.pk, actor=cast.stranger, now=cast.now).status == S.SUBMITTED


def test_a_deactivated_person_may_nothing(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    cast.reviewer.is_active = False
    cast.reviewer.save()
    with pytest.raises(PermissionDenied):
        approve_report(report_id=report.pk, actor=cast.reviewer, now=cast.now)


# --- filling and filing ---------------------------------------------------------------------------------------------


def test_saving_writes_only_what_differs(cast: Cast) -> None:
    report = fill(cast, cast.report(), {cast.exports: figure("40.10")})
    changes, version = Change.objects.count(), report.version
    again = fill(cast, report, {cast.exports: figure("40.10")})
    assert (again.version, Change.objects.count()) == (version, changes)


def test_a_stale_save_is_refused_and_names_who_was_quicker(cast: Cast) -> None:
    opened = cast.report()
    fill(cast, cast.report(), {cast.exports: figure("40.10")})
    with pytest.raises(StaleVersion) as refusal:
        fill(cast, opened, {cast.exports: figure("12.00")})
    assert "Reporter" in str(refusal.value)
    assert Measurement.objects.get(report=opened, indicator=cast.exports).value == Decimal("40.10")


def test_a_figure_of_another_actions_indicator_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid):
        fill(cast, cast.report(), {cast.roads: figure(3)})


@pytest.mark.parametrize("status", [S.TO_SIGN, S.SUBMITTED, S.APPROVED])
def test_a_filed_report_takes_no_figures(cast: Cast, status: S) -> None:
    report = bring_to(cast, status)
    with pytest.raises(WrongState):
        fill(cast, report, {cast.exports: figure("1.00")})


def test_a_report_without_its_figures_cannot_be_filed(cast: Cast) -> None:
    report = fill(cast, cast.report(), {cast.exports: figure("40.10")})
    with pytest.raises(Incomplete) as refusal:
        submit_report(report_id=report.pk, actor=cast.reporter, now=cast.now)
    assert [found.indicator for found in refusal.value.problems] == [cast.share]


def test_a_comment_stands_in_for_a_missing_figure(cast: Cast) -> None:
    report = fill(
        cast,
        cast.report(),
        {cast.exports: figure("40.10"), cast.share: figure(None, note="Customs publish it on the 10th.")},
    )
    assert submit_report(report_id=report.pk, actor=cast.reporter, now=cast.now).status == S.TO_SIGN


def test_without_signature_a_report_is_filed_at_once(cast: Cast) -> None:
    cast.campaign.asks_signature = False
    cast.campaign.save()
    report = fill(cast, cast.report())
    assert submit_report(report_id=report.pk, actor=cast.reporter, now=cast.now).status == S.SUBMITTED


def test_the_office_files_on_behalf_and_both_are_recorded(cast: Cast) -> None:
    report = fill(cast, cast.report())
    submit_report(report_id=report.pk, actor=cast.office, now=cast.now, on_behalf_of=cast.reporter)
    event = report.events.get()
    assert (event.actor, event.on_behalf_of) == (cast.office, cast.reporter)
    assert (event.change.actor, event.change.on_behalf_of) == (cast.office, cast.reporter)


def test_the_office_says_for_whom_it_files(cast: Cast) -> None:
    report = fill(cast, cast.report())
    with pytest.raises(Invalid) as refusal:
        submit_report(report_id=report.pk, actor=cast.office, now=cast.now)
    assert refusal.value.field == "on_behalf_of"
    with pytest.raises(Invalid):
        submit_report(report_id=report.pk, actor=cast.office, now=cast.now, on_behalf_of=cast.outsider)


def test_a_reporter_does_not_file_in_another_name(cast: Cast) -> None:
    report = fill(cast, cast.report())
    Membership.objects.create(user=cast.stranger, unit=cast.town, role=Role.REPORTER)
    with pytest.raises(PermissionDenied):
        submit_report(report_id=report.pk, actor=cast.reporter, now=cast.now, on_behalf_of=cast.stranger)


# --- versions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "status", "name"),
    [
        (Verb.SUBMIT, S.DRAFT, "reporter"),
        (Verb.RECALL, S.SUBMITTED, "reporter"),
        (Verb.SIGN, S.TO_SIGN, "head"),
        (Verb.SEND_BACK, S.SUBMITTED, "reviewer"),
        (Verb.APPROVE, S.SUBMITTED, "reviewer"),
    ],
)
def test_a_stale_version_is_a_conflict(cast: Cast, verb: Verb, status: S, name: str) -> None:
    report = bring_to(cast, status)
    with pytest.raises(StaleVersion) as refusal:
        take(verb, report, getattr(cast, name), cast, version=report.version - 1)
    assert refusal.value.current == report
    report.refresh_from_db()
    assert report.status == status


def test_a_second_click_is_told_what_the_report_is_by_now(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    approve_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, version=report.version)
    with pytest.raises(WrongState, match="approved"):
        approve_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, version=report.version)
    assert report.events.filter(verb="approve").count() == 1


# --- reasons --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
@pytest.mark.parametrize("verb", [Verb.SEND_BACK, Verb.REOPEN, Verb.CORRECT])
def test_a_reason_is_asked_for(cast: Cast, verb: Verb, reason: str) -> None:
    report = bring_to(cast, S.APPROVED)
    person = cast.reviewer
    if verb != Verb.SEND_BACK:
        close(cast)
        person = cast.office
    with pytest.raises(Invalid) as refusal:
        take(verb, report, person, cast, reason=reason)
    assert refusal.value.field == "reason"
    report.refresh_from_db()
    assert report.status == S.APPROVED
    assert not MeasurementVersion.objects.exists()


def test_the_reason_is_kept_word_for_word(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    send_back_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, reason="  只统计到位资金。 ")
    assert report.events.latest("pk").reason == "只统计到位资金。"


# --- when: filing, until publication, after closing -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "status", "name"),
    [(Verb.SUBMIT, S.DRAFT, "reporter"), (Verb.RECALL, S.SUBMITTED, "head"), (Verb.SIGN, S.TO_SIGN, "head")],
)
def test_after_closing_units_file_nothing(cast: Cast, verb: Verb, status: S, name: str) -> None:
    report = bring_to(cast, status)
    close(cast)
    with pytest.raises(WrongState):
        take(verb, report, getattr(cast, name), cast)


def test_after_its_closing_instant_a_period_takes_nothing_even_before_the_beat_comes(cast: Cast) -> None:
    report = fill(cast, cast.report())
    with pytest.raises(WrongState):
        submit_report(report_id=report.pk, actor=cast.reporter, now=cast.august.closes_at)


def test_what_was_filed_is_decided_until_publication(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    other = bring_to(cast, S.SUBMITTED, unit=cast.neighbour)
    close(cast)
    assert approve_report(report_id=report.pk, actor=cast.reviewer, now=cast.now).status == S.APPROVED
    publish(cast)
    with pytest.raises(WrongState):
        approve_report(report_id=other.pk, actor=cast.reviewer, now=cast.now)
    with pytest.raises(WrongState):
        send_back_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, reason=REASON)


def test_an_open_period_is_neither_reopened_nor_corrected(cast: Cast) -> None:
    report = bring_to(cast, S.APPROVED)
    for verb in (Verb.REOPEN, Verb.CORRECT):
        with pytest.raises(WrongState, match="still open"):
            take(verb, report, cast.office, cast)


def test_sent_back_after_closing_the_unit_has_two_working_days(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    close(cast)
    now = at(9, 8, 16)  # a Thursday, before the holiday of 10 to 12 September
    report = send_back_report(report_id=report.pk, actor=cast.reviewer, now=now, reason=REASON)
    assert local_day(report.reopened_until) == local_day(at(9, 13))
    report = fill(cast, report, {cast.exports: figure("80.00")}, now=at(9, 13, 20))
    with pytest.raises(WrongState):
        submit_report(report_id=report.pk, actor=cast.reporter, now=at(9, 14, 0, 1))
    submit_report(report_id=report.pk, actor=cast.reporter, now=at(9, 13, 21))


def test_sent_back_shortly_before_closing_the_unit_has_them_too(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    now = at(9, 13, 17)  # the period closes at 18:00
    report = send_back_report(report_id=report.pk, actor=cast.reviewer, now=now, reason=REASON)
    advance_periods(now=at(9, 13, 18))
    report = cast.report()
    assert report.period.state == Period.State.CLOSED
    assert report.takes_figures(at(9, 15, 12))


def test_sent_back_early_the_period_itself_is_time_enough(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    report = send_back_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, reason=REASON)
    assert report.reopened_until is None


def test_reopening_gives_one_unit_a_new_deadline(cast: Cast) -> None:
    report = bring_to(cast, S.DRAFT)
    close(cast)
    until = at(9, 20, 18)
    report = reopen_report(
        unit=cast.town,
        action=cast.trade,
        period=report.period,
        actor=cast.office,
        now=at(9, 14),
        reason=REASON,
        until=until,
    )
    assert (report.status, report.reopened_until) == (S.RETURNED, until)
    assert report.events.latest("pk").resubmit_by == until
    assert report.takes_figures(at(9, 20, 17))
    assert not report.takes_figures(until)
    assert not cast.report(unit=cast.neighbour).takes_figures(at(9, 15))


def test_reopening_makes_a_report_that_was_missing(cast: Cast) -> None:
    cast.report().delete()
    close(cast)
    report = reopen_report(
        unit=cast.town,
        action=cast.trade,
        period=cast.august,
        actor=cast.office,
        now=cast.now,
        reason=REASON,
        until=at(9, 20),
    )
    assert (report.status, report.version) == (S.RETURNED, 2)


def test_a_unit_that_does_not_report_on_an_action_is_not_reopened(cast: Cast) -> None:
    close(cast)
    with pytest.raises(Invalid):
        reopen_report(
            unit=cast.lead,
            action=cast.transport,
            period=cast.august,
            actor=cast.office,
            now=cast.now,
            reason=REASON,
            until=at(9, 20),
        )
    assert not Report.objects.filter(unit=cast.lead, action=cast.transport).exists()


def test_a_new_deadline_lies_ahead(cast: Cast) -> None:
    report = bring_to(cast, S.APPROVED)
    close(cast)
    with pytest.raises(Invalid) as refusal:
        take(Verb.REOPEN, report, cast.office, cast, until=cast.now)
    assert refusal.value.field == "until"


def test_reopened_after_publication_a_report_is_filed_and_decided_once_more(cast: Cast) -> None:
    report = bring_to(cast, S.APPROVED)
    publish(cast)
    take(Verb.REOPEN, report, cast.office, cast)
    assert not Report.objects.decidable_by(capacities(cast.reviewer, local_day(cast.now))).exists()
    bring_to(cast, S.SUBMITTED, figures={cast.exports: figure("91.00"), cast.share: figure("13.5")})
    assert Report.objects.decidable_by(capacities(cast.reviewer, local_day(cast.now))).get() == report
    approve_report(report_id=report.pk, actor=cast.reviewer, now=cast.now)
    with pytest.raises(WrongState, match="decided for good"):
        send_back_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, reason=REASON)


# --- corrections ----------------------------------------------------------------------------------------------------


@pytest.fixture
def corrected(cast: Cast) -> Measurement:
    """The exports of an approved report of a published period, 90.00, corrected to 95.50."""
    report = bring_to(cast, S.APPROVED)
    publish(cast)
    measurement = report.measurements.get(indicator=cast.exports)
    return correct_measurement(
        measurement_id=measurement.pk,
        actor=cast.office,
        now=at(9, 20),
        figure=figure("95.50", note="Customs revised it."),
        reason="Revised by the customs.",
        version=measurement.version,
    )


def test_a_correction_keeps_the_figure_before(cast: Cast, corrected: Measurement) -> None:
    before = corrected.versions.get()
    assert (before.number, before.value, before.reason) == (1, Decimal("90.00"), "Revised by the customs.")
    assert (before.replaced_by, before.replaced_at) == (cast.office, at(9, 20))
    corrected.refresh_from_db()
    assert (corrected.value, corrected.version, corrected.corrected_at) == (Decimal("95.50"), 2, at(9, 20))


def test_a_correction_leaves_the_report_approved_with_an_event_and_a_change(cast: Cast, corrected: Measurement) -> None:
    report = cast.report()
    event = report.events.latest("pk")
    assert (report.status, event.verb, event.reason) == (S.APPROVED, "correct", "Revised by the customs.")
    assert event.report_version == report.version
    item = event.change.items.get(object_type="campaigns.measurement")
    assert (item.before["value"], item.after["value"]) == ("90.0000", "95.50")


def test_a_second_correction_is_held_against_the_first(cast: Cast, corrected: Measurement) -> None:
    with pytest.raises(StaleVersion):
        correct_measurement(
            measurement_id=corrected.pk,
            actor=cast.office,
            now=at(9, 21),
            figure=figure("1.00"),
            reason=REASON,
            version=1,
        )
    correct_measurement(
        measurement_id=corrected.pk, actor=cast.office, now=at(9, 21), figure=figure("96.00"), reason=REASON, version=2
    )
    assert list(corrected.versions.order_by("number").values_list("value", flat=True)) == [
        Decimal("90.00"),
        Decimal("95.50"),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (figure("95.50", note="Customs revised it."), "value"),  # nothing new
        (figure("95.555"), "value"),  # too many decimals
        (figure(None), "value"),  # missing without a word
    ],
)
def test_a_correction_is_checked_as_a_report_is(cast: Cast, corrected: Measurement, wrong: Figure, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        correct_measurement(measurement_id=corrected.pk, actor=cast.office, now=at(9, 21), figure=wrong, reason=REASON)
    assert refusal.value.field == field
    assert corrected.versions.count() == 1


def test_only_an_approved_report_is_corrected(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    close(cast)
    with pytest.raises(WrongState):
        take(Verb.CORRECT, report, cast.office, cast)


# --- many at once ---------------------------------------------------------------------------------------------------


def test_many_are_approved_together_and_the_refused_one_is_named(cast: Cast) -> None:
    first, second = bring_to(cast, S.SUBMITTED), bring_to(cast, S.SUBMITTED, unit=cast.neighbour)
    outcomes = approve_reports(
        reports=[(first.pk, first.version), (second.pk, second.version - 1)], actor=cast.reviewer, now=cast.now
    )
    assert [(one.report_id, bool(one.refusal)) for one in outcomes] == [(first.pk, False), (second.pk, True)]
    assert cast.report().status == S.APPROVED
    assert cast.report(unit=cast.neighbour).status == S.SUBMITTED


def test_many_are_signed_together(cast: Cast) -> None:
    reports = [bring_to(cast, S.TO_SIGN, action=action) for action in (cast.trade, cast.transport)]
    outcomes = sign_reports(reports=[(one.pk, one.version) for one in reports], actor=cast.head, now=cast.now)
    assert [one.refusal for one in outcomes] == ["", ""]
    assert set(Report.objects.filter(unit=cast.town, period=cast.august).values_list("status", flat=True)) == {
        S.SUBMITTED
    }


def test_what_is_not_theirs_is_refused_one_by_one(cast: Cast) -> None:
    report = bring_to(cast, S.SUBMITTED)
    outcomes = approve_reports(reports=[(report.pk, report.version)], actor=cast.other_reviewer, now=cast.now)
    assert outcomes[0].refusal
    assert cast.report().status == S.SUBMITTED


# --- at the same time, on connections of their own ------------------------------------------------------------------


def at_once(*steps: Callable[[], object]) -> list[BaseException | None]:
    """Runs the steps in threads that start together, each on its own connection; what each raised, in order."""
    start = threading.Barrier(len(steps))
    raised: list[BaseException | None] = [None] * len(steps)

    def run(place: int, one: Callable[[], object]) -> None:
        try:
            start.wait(timeout=20)
            one()
        except BaseException as error:  # noqa: BLE001  (the test looks at it)
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, one)) for place, one in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    close_old_connections()
    assert not any(thread.is_alive() for thread in threads)
    return raised


@pytest.fixture
def lasting_cast(transactional_db: None) -> Cast:
    return assemble()


together = pytest.mark.postgresql


@together
def test_two_reviewers_deciding_at_once_decide_once(lasting_cast: Cast) -> None:
    cast = lasting_cast
    for _round in range(3):
        report = bring_to(cast, S.SUBMITTED)
        events = report.events.count()
        raised = at_once(
            lambda report=report: approve_report(
                report_id=report.pk, actor=cast.reviewer, now=cast.now, version=report.version
            ),
            lambda report=report: send_back_report(
                report_id=report.pk, actor=cast.second_reviewer, now=cast.now, version=report.version, reason=REASON
            ),
        )
        assert sorted(type(one).__name__ for one in raised) in (
            ["NoneType", "StaleVersion"],  # an approved report can still be sent back, but not unseen
            ["NoneType", "WrongState"],
        )
        assert report.events.count() == events + 1
        report.refresh_from_db()
        if report.status == S.APPROVED:
            send_back_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, reason=REASON)


@together
def test_a_double_click_approves_once(lasting_cast: Cast) -> None:
    cast = lasting_cast
    report = bring_to(cast, S.SUBMITTED)

    def click() -> object:
        return approve_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, version=report.version)

    raised = at_once(click, click)
    assert sorted(type(one).__name__ for one in raised) == ["NoneType", "WrongState"]
    assert report.events.filter(verb="approve").count() == 1


@together
def test_two_people_saving_the_same_report_lose_nothing(lasting_cast: Cast) -> None:
    cast = lasting_cast
    Membership.objects.create(user=cast.stranger, unit=cast.town, role=Role.REPORTER)
    report = cast.report()
    values = {cast.reporter.pk: Decimal("41.00"), cast.stranger.pk: Decimal("42.00")}

    def save(person: User) -> Callable[[], object]:
        return lambda: save_report(
            report_id=report.pk,
            actor=person,
            version=report.version,
            figures={cast.exports.pk: Figure(value=values[person.pk])},
            narrative={},
            now=cast.now,
        )

    raised = at_once(save(cast.reporter), save(cast.stranger))
    assert sorted(type(one).__name__ for one in raised) == ["NoneType", "StaleVersion"]
    winner = cast.reporter if raised[0] is None else cast.stranger
    saved = cast.report()
    assert (saved.saved_by, saved.version) == (winner, report.version + 1)
    assert saved.measurements.get(indicator=cast.exports).value == values[winner.pk]


@together
def test_approving_and_publishing_at_once_leaves_no_report_decided_after_publication(lasting_cast: Cast) -> None:
    cast = lasting_cast
    report = bring_to(cast, S.SUBMITTED)
    period = close(cast)
    raised = at_once(
        lambda: approve_report(report_id=report.pk, actor=cast.reviewer, now=cast.now, version=report.version),
        lambda: publish_period(period=period, actor=cast.office, now=cast.now),
    )
    assert raised[1] is None
    report.refresh_from_db()
    assert (report.status == S.APPROVED) == (raised[0] is None)
    if raised[0] is not None:
        assert isinstance(raised[0], WrongState)
    else:
        approval = Change.objects.get(verb="approve_report")
        assert approval.pk < Change.objects.get(verb="publish_period").pk


@together
def test_two_offices_reopening_a_missing_report_make_it_once(lasting_cast: Cast) -> None:
    cast = lasting_cast
    cast.report().delete()
    period = close(cast)

    def reopen() -> object:
        return reopen_report(
            unit=cast.town,
            action=cast.trade,
            period=period,
            actor=cast.office,
            now=cast.now,
            reason=REASON,
            until=at(9, 20),
        )

    raised = at_once(reopen, reopen)
    assert raised == [None, None]  # the second gives the deadline anew
    assert Report.objects.filter(unit=cast.town, action=cast.trade, period=period).count() == 1
