"""Who may do what: named predicates over a person's capacities and the table in `domain.workflow`.

They say whether this person may; whether the report or period is in a state for it is asked of the workflow.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from campaigns.domain.follow_up_life import WHO_MAY as FOLLOW_UP_STEPS
from campaigns.domain.follow_up_life import FollowUpState, FollowUpVerb, Part
from campaigns.domain.follow_up_life import step as follow_up_step
from campaigns.domain.warning_life import WHO_MAY as WARNING_STEPS
from campaigns.domain.warning_life import Capacity, WarningState, WarningVerb
from campaigns.domain.warning_life import step as warning_step
from campaigns.domain.workflow import EDITABLE, WHO_MAY, ReportStatus, Verb, When, Who, step
from campaigns.models import Action, AgendaItem, Attendance, EarlyWarning, FollowUp, Period, Project, Report
from units.permissions import Capacities, can_manage_campaigns


def acting_as(person: Capacities, report: Report) -> frozenset[Who]:
    """In which capacities a person acts on this report.

    A lead department's own report is decided by the office, never by its own people.
    """
    own = report.unit_id in person.own_units
    is_leads_own = report.unit_id == report.action.lead_id
    is_reviewer = person.is_office if is_leads_own else report.action.lead_id in person.reviewer_of
    capacities = {
        Who.REPORTER: report.unit_id in person.reporter_of,
        Who.HEAD: report.unit_id in person.head_of,
        Who.REVIEWER: is_reviewer and not own,
        Who.OFFICE: person.is_office,
    }
    return frozenset(who for who, holds in capacities.items() if holds)


def may_ever(person: Capacities, verb: Verb, report: Report) -> bool:
    """Whether the person may take this step on this report in some status of it."""
    capacities = acting_as(person, report)
    return any(row.who & capacities for row in WHO_MAY if row.verb == verb)


def may_now(person: Capacities, verb: Verb, report: Report, now: datetime) -> bool:
    """Whether the person may take this step at this instant: what decides if a button is shown."""
    row = step(verb, ReportStatus(report.status))
    return row is not None and bool(row.who & acting_as(person, report)) and is_time_for(row.when, report, now)


def is_time_for(when: When, report: Report, now: datetime) -> bool:
    """Whether the report's period (or its reopening) allows steps of this stretch at this instant."""
    if when == When.FILING:
        return report.takes_figures(now)
    if when == When.UNTIL_PUBLISHED:
        return report.period.is_decidable or report.reopened_until is not None
    return report.period.state in (Period.State.CLOSED, Period.State.PUBLISHED)


def can_fill(person: Capacities, report: Report) -> bool:
    """Reporters of the unit, and the office on behalf of one of them."""
    return can_fill_for(person, report.unit_id)


def can_fill_for(person: Capacities, unit_id: int) -> bool:
    return unit_id in person.reporter_of or person.is_office


def can_fill_some(person: Capacities) -> bool:
    """Whether there is any report that the person may fill, in some state of it."""
    return bool(person.reporter_of) or person.is_office


def can_fill_now(person: Capacities, report: Report, now: datetime) -> bool:
    return can_fill(person, report) and report.status in EDITABLE and report.takes_figures(now)


def can_see_reports_of(person: Capacities, *, unit_id: int, lead_id: int) -> bool:
    """Reports, narratives, attachments, people's names: own unit, lead, office, leaders, administrators."""
    return person.reads_everything or unit_id in person.own_units or lead_id in person.reviewer_of


def can_judge(person: Capacities, action: Action) -> bool:
    """Judged likelihood and accepted reasons are the lead's reviewers'."""
    return action.lead_id in person.reviewer_of


def can_run_periods(person: Capacities) -> bool:
    """Close early and publish, reopen, correct, the calendar."""
    return person.is_office or person.is_manager


def can_build_packs(person: Capacities) -> bool:
    """Take the figures of a period for its pack, for the first time or anew."""
    return person.is_office or person.is_manager


def can_issue_packs(person: Capacities) -> bool:
    """Edit what a pack says, issue it, replace its Word template: never a client system."""
    return person.is_office


def can_see_packs(person: Capacities) -> bool:
    """Who sits in the meeting or prepares it. A pack names people and tells their words, so it is not for everybody;
    heads and reviewers see it once it is issued."""
    return person.reads_everything or bool(person.head_of or person.reviewer_of)


def can_chase(person: Capacities) -> bool:
    """Ask the units for the reports that they have not filed."""
    return person.is_office


def can_move_clock(person: Capacities) -> bool:
    return person.is_administrator


def can_see_all_standings(person: Capacities, period: Period) -> bool:
    """Standings are for all once the period is published; before that for office, leaders and administrators."""
    return period.is_published or person.reads_everything


def can_see_action_standings(person: Capacities, period: Period, action: Action) -> bool:
    """Before publication the action's lead sees the action's figures of every unit."""
    return can_see_all_standings(person, period) or action.lead_id in person.reviewer_of


def can_see_unit_standings(person: Capacities, period: Period, unit_id: int) -> bool:
    """Before publication a unit's own head and reporters see their own rows."""
    return can_see_all_standings(person, period) or unit_id in person.shown_units


def acting_on_warning(person: Capacities, warning: EarlyWarning) -> frozenset[Capacity]:
    """In which capacities a person acts on a warning, whose project must be loaded.

    The office decides where the lead department's own project is warned; nobody decides for the own unit.
    """
    unit_id, lead_id = warning.project.unit_id, warning.project.lead_id
    is_reviewer = person.is_office if unit_id == lead_id else lead_id in person.reviewer_of
    capacities = {
        Capacity.UNIT: unit_id in person.reporter_of or unit_id in person.head_of,
        Capacity.REVIEWER: is_reviewer and unit_id not in person.own_units,
        Capacity.OFFICE: person.is_office,
    }
    return frozenset(who for who, holds in capacities.items() if holds)


def may_ever_on_warning(person: Capacities, verb: WarningVerb, warning: EarlyWarning) -> bool:
    """Whether the person may take this step on this warning in some state of it."""
    capacities = acting_on_warning(person, warning)
    return any(row.who & capacities for row in WARNING_STEPS if row.verb == verb)


def may_now_on_warning(person: Capacities, verb: WarningVerb, warning: EarlyWarning) -> bool:
    """Whether the person may take this step in the state that the warning is in: what decides if a form is shown."""
    row = warning_step(verb, WarningState(warning.state))
    return row is not None and bool(row.who & acting_on_warning(person, warning))


def can_update_project(person: Capacities, project: Project) -> bool:
    """Report on it each month: reporters of its unit, and the office on their behalf."""
    return can_fill_for(person, project.unit_id)


def can_stage_project(person: Capacities, project: Project) -> bool:
    """Move it to another stage: who manages projects, and the lead's reviewers, never for the unit they work in."""
    is_reviewer = project.lead_id in person.reviewer_of and project.unit_id not in person.own_units
    return can_manage_campaigns(person) or is_reviewer


def can_exit_project(person: Capacities) -> bool:
    """Take a project out of the campaign, with the reason why: who manages projects."""
    return can_manage_campaigns(person)


# --- meetings and follow-ups ------------------------------------------------------------------------------------------


def can_see_attendance(person: Capacities, attendance: Attendance) -> bool:
    """Which units came, who had the chair and which leaders attended is for everybody; other people's names are for
    their own unit, the office, leaders and administrators."""
    is_named = bool(attendance.name_en or attendance.name_zh)
    led = attendance.unit_id is None and attendance.capacity != Attendance.Capacity.REPORTING
    return not is_named or led or person.reads_everything or attendance.unit_id in person.own_units


def can_run_meetings(person: Capacities) -> bool:
    """Write and issue minutes, register follow-ups."""
    return person.is_office


def can_arrange_meetings(person: Capacities) -> bool:
    """Call, change and cancel meetings with agenda, attendance and requirements."""
    return person.is_office or person.is_administrator or person.is_manager


def can_hand_in_paper(person: Capacities, item: AgendaItem) -> bool:
    """The people of the unit that presents; the office on their behalf."""
    return person.is_office or (item.presenter_id is not None and item.presenter_id in person.filing_units)


def can_see_papers_of(person: Capacities, *, unit_id: int, lead_ids: Collection[int]) -> bool:
    """Papers quote reports: own unit, the leads of its actions, office, leaders, administrators."""
    return person.reads_everything or unit_id in person.own_units or not person.reviewer_of.isdisjoint(lead_ids)


def acting_on_follow_up(person: Capacities, follow_up: FollowUp) -> frozenset[Part]:
    """In which capacities a person acts on a follow-up, whose warning with its project must be loaded."""
    lead_id, warning = follow_up.lead_id, follow_up.warning
    is_source_lead = warning is not None and warning.project.lead_id in person.reviewer_of
    parts = {
        Part.OFFICE: person.is_office,
        Part.LEAD_UNIT: lead_id in person.filing_units,
        Part.SOURCE_LEAD: is_source_lead and lead_id not in person.own_units,
    }
    return frozenset(part for part, holds in parts.items() if holds)


def may_ever_on_follow_up(person: Capacities, verb: FollowUpVerb, follow_up: FollowUp) -> bool:
    """Whether the person may take this step on this follow-up in some state of it."""
    parts = acting_on_follow_up(person, follow_up)
    return any(row.who & parts for row in FOLLOW_UP_STEPS if row.verb == verb)


def may_now_on_follow_up(person: Capacities, verb: FollowUpVerb, follow_up: FollowUp) -> bool:
    """Whether the person may take this step in the state that it is in: what decides if a form is shown."""
    row = follow_up_step(verb, FollowUpState(follow_up.state))
    return row is not None and bool(row.who & acting_on_follow_up(person, follow_up))
