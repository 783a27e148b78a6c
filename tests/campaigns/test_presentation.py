"""The presentation of a meeting: its order and times, what each kind of item shows and asks, to whom, in how many
queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from campaigns.domain.questions import Topic
from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import (
    AcceptedReason,
    AgendaItem,
    Campaign,
    FollowUp,
    Likelihood,
    Meeting,
    MeetingKind,
    Milestone,
    ProjectPhoto,
    Requirement,
)
from campaigns.operations.warning_scan import scan_warnings
from campaigns.queries.presentation import Presentation, UnknownItem, presentation
from tests.builders import bring_to, figure, publish
from tests.campaigns.analysis import more_units
from tests.cast import Cast, client_of
from tests.followed import registered
from tests.warned import project_of, reported, warned
from units.models import User
from units.permissions import capacities

Kind = AgendaItem.Kind
HELD_ON = date(2022, 8, 26)


@pytest.fixture
def meeting(cast_with_july: Cast) -> Meeting:
    cast = cast_with_july
    meeting = Meeting.objects.create(
        campaign=cast.campaign,
        period=cast.july,
        name_en="Analysis",
        name_zh="分析会",
        held_on=HELD_ON,
        chair_en="The Mayor",
        chair_zh="市长",
    )
    MeetingKind.objects.create(meeting=meeting, kind=Meeting.Kind.MONTHLY_ANALYSIS, order=1)
    return meeting


def add_item(meeting: Meeting, kind: str, **fields: Any) -> AgendaItem:
    order = meeting.agenda.count() + 1
    given = {"title_en": f"Item {order}", "title_zh": f"事项{order}", "kind": kind, "order": order}
    return AgendaItem.objects.create(meeting=meeting, **given | fields)


def seen(cast: Cast, meeting: Meeting, who: str | User = "leader", number: int = 1) -> Presentation:
    person = getattr(cast, who) if isinstance(who, str) else who
    return presentation(meeting.pk, number=number, person=capacities(person, cast.now.date()), now=cast.now)


def text_of(cast: Cast, meeting: Meeting, who: str = "leader", **query: Any) -> str:
    answer = client_of(getattr(cast, who)).get(reverse("present_meeting", args=[meeting.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def topics(page: Presentation) -> list[Topic]:
    return [one.topic for one in page.questions]


# --- the way through the agenda ---------------------------------------------------------------------------------------


def test_items_come_by_session_with_the_minutes_before_each(cast_with_july: Cast, meeting: Meeting) -> None:
    add_item(meeting, Kind.AWARD, minutes_allotted=5)
    add_item(meeting, Kind.STUDY, session=AgendaItem.Session.MORNING, minutes_allotted=75)
    page = seen(cast_with_july, meeting)
    assert [(one.number, one.item.kind, one.after, one.clock) for one in page.stops] == [
        (1, Kind.STUDY, 0, "+0:00"),
        (2, Kind.AWARD, 75, "+1:15"),
    ]
    assert page.minutes == 80
    assert page.previous is None
    assert page.next == page.stops[1]


def test_a_meeting_with_a_beginning_tells_the_time_of_day(cast_with_july: Cast, meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=time(9, 30))
    add_item(meeting, Kind.STUDY, minutes_allotted=45)
    add_item(meeting, Kind.OTHER)
    assert [one.clock for one in seen(cast_with_july, meeting).stops] == ["09:30", "10:15"]


def test_the_presenter_is_the_heading_and_the_rest_of_the_title_stands_below(
    cast_with_july: Cast, meeting: Meeting
) -> None:
    add_item(meeting, Kind.LOCALITY_REPORT, presenter=cast_with_july.town, title_en="Riverside Town: the half-year")
    add_item(meeting, Kind.LOCALITY_REPORT, presenter=cast_with_july.town, title_en="The half-year")
    add_item(meeting, Kind.STUDY, title_en="The study")
    stops = seen(cast_with_july, meeting).stops
    assert [(one.heading, one.sub) for one in stops] == [
        ("Riverside Town", "The half-year"),
        ("Riverside Town", "The half-year"),
        ("The study", ""),
    ]


@pytest.mark.parametrize("asked", ["0", "3", "-1", "x", "", "١", "99999999999999999999"])
def test_an_item_that_is_not_on_the_agenda_is_not_found(cast_with_july: Cast, meeting: Meeting, asked: str) -> None:
    add_item(meeting, Kind.STUDY)
    add_item(meeting, Kind.OTHER)
    answer = client_of(cast_with_july.leader).get(reverse("present_meeting", args=[meeting.pk]), {"item": asked})
    assert answer.status_code == 404
    with pytest.raises(UnknownItem):
        seen(cast_with_july, meeting, number=3)


def test_a_meeting_that_is_not_there_is_not_found(cast_with_july: Cast, meeting: Meeting) -> None:
    client = client_of(cast_with_july.leader)
    assert client.get(reverse("present_meeting", args=[meeting.pk + 1])).status_code == 404


def test_without_an_agenda_the_page_says_what_comes(cast_with_july: Cast, meeting: Meeting) -> None:
    assert "No agenda yet" in text_of(cast_with_july, meeting)
    page = client_of(cast_with_july.leader).get(reverse("meeting", args=[meeting.pk])).content.decode()
    assert reverse("present_meeting", args=[meeting.pk]) not in page
    add_item(meeting, Kind.STUDY)
    page = client_of(cast_with_july.leader).get(reverse("meeting", args=[meeting.pk])).content.decode()
    assert reverse("present_meeting", args=[meeting.pk]) in page


def test_the_language_of_the_room_is_in_the_address_and_goes_along(cast_with_july: Cast, meeting: Meeting) -> None:
    add_item(meeting, Kind.STUDY, text_en="Study it.", text_zh="认真学习。")
    add_item(meeting, Kind.OTHER)
    text = text_of(cast_with_july, meeting, lang="zh-hans")
    assert 'lang="zh-Hans"' in text
    assert "认真学习。" in text
    assert 'href="?item=2&amp;lang=zh-hans"' in text
    assert 'href="?item=2"' in text_of(cast_with_july, meeting, lang="fr")


def test_papers_are_offered_to_whom_they_are_shown(cast_with_july: Cast, meeting: Meeting) -> None:
    add_item(meeting, Kind.LOCALITY_REPORT, presenter=cast_with_july.town)
    link = reverse("meeting_papers", args=[meeting.pk])
    for who, is_offered in {"leader": True, "reporter": True, "outsider": False}.items():
        assert (link in text_of(cast_with_july, meeting, who)) is is_offered, who


# --- projects by video link -------------------------------------------------------------------------------------------


def test_a_units_projects_stand_with_plan_problem_milestones_and_warnings(
    cast_with_july: Cast, meeting: Meeting
) -> None:
    cast = cast_with_july
    project = project_of(cast, planned_start_on=date(2022, 5, 30), video_url="https://video.example.org/bridge")
    update = reported(
        cast, project, cast.july, 3000, image_percent=31, problem="Land.", next_step="Ask.", image_progress="Piles."
    )
    ProjectPhoto.objects.create(update=update, name="site.jpg", caption="The site", sha256="0" * 64, file="x")
    Milestone.objects.create(project=project, order=1, name_en="Roof", name_zh="封顶", planned_on=date(2022, 8, 1))
    project_of(cast, "hall", unit=cast.neighbour)
    project_of(cast, "old", stage="completed")
    scan_warnings(now=cast.now)
    add_item(meeting, Kind.PROJECT_VIDEO, presenter=cast.town)
    page = seen(cast, meeting)
    [one] = page.shown.projects
    assert (one.done, one.share_of_year, one.share_to_date) == (3000, 30, 60)
    assert [step.name_en for step in one.late] == ["Roof"]
    assert one.level == "red"
    assert Topic.NO_MEASURE in topics(page)
    assert Topic.MILESTONE_LATE in topics(page)
    text = text_of(cast, meeting)
    for words in ("Piles.", "Land.", "Ask.", "Roof (1 August)", "Start overdue", 'alt="The site"'):
        assert words in text
    assert 'href="https://video.example.org/bridge" target="_blank" rel="noopener noreferrer"' in text


def test_an_update_after_the_month_of_the_meeting_is_not_shown(cast_with_july: Cast, meeting: Meeting) -> None:
    cast = cast_with_july
    project = project_of(cast)
    reported(cast, project, cast.july, 3000)
    reported(cast, project, cast.august, 9000)
    add_item(meeting, Kind.PROJECT_VIDEO, presenter=cast.town)
    assert seen(cast, meeting).shown.projects[0].done == 3000


def test_an_item_that_names_a_project_shows_that_one(cast_with_july: Cast, meeting: Meeting) -> None:
    project_of(cast_with_july)
    named = project_of(cast_with_july, "hall", unit=cast_with_july.neighbour)
    add_item(meeting, Kind.PROJECT_VIDEO, project=named)
    assert [one.project for one in seen(cast_with_july, meeting).shown.projects] == [named]


@pytest.mark.parametrize(
    ("who", "is_seen"),
    [
        ("reporter", True),
        ("reviewer", True),
        ("office", True),
        ("leader", True),
        ("outsider", False),
        ("stranger", False),
    ],
)
def test_projects_and_warnings_are_for_whom_their_pages_are(
    cast_with_july: Cast, meeting: Meeting, who: str, is_seen: bool
) -> None:
    warned(cast_with_july, level="red")
    add_item(meeting, Kind.PROJECT_VIDEO, presenter=cast_with_july.town)
    add_item(meeting, Kind.WARNING_VIDEO)
    projects, warnings = (seen(cast_with_july, meeting, who, number) for number in (1, 2))
    assert bool(projects.shown.projects) is is_seen
    assert projects.shown.is_partial is not is_seen
    assert bool(warnings.shown.rows) is is_seen
    assert bool(projects.questions) is bool(warnings.questions) is is_seen
    text = text_of(cast_with_july, meeting, who) + text_of(cast_with_july, meeting, who, item=2)
    assert ("Project bridge" in text) is is_seen


def test_the_gravest_warnings_stand_first_with_explanation_measure_and_rule(
    cast_with_july: Cast, meeting: Meeting
) -> None:
    cast = cast_with_july
    warned(cast, "measures")
    project_of(cast, "hall", planned_start_on=date(2022, 5, 30))
    scan_warnings(now=cast.now)
    add_item(meeting, Kind.WARNING_VIDEO)
    page = seen(cast, meeting)
    assert [row.first.project.code for row in page.shown.rows] == ["hall", "bridge"]
    assert (page.shown.red, page.shown.yellow) == (1, 1)
    text = text_of(cast, meeting)
    for words in ("The land came late.", "A second shift.", "by 30 September 2022", "three months overdue red"):
        assert words in text


# --- reports ----------------------------------------------------------------------------------------------------------


def test_a_locality_stands_with_rank_places_contributions_and_what_it_wrote(
    cast_with_july: Cast, meeting: Meeting
) -> None:
    cast = cast_with_july
    more_units(cast, 2, cast.july)
    add_item(meeting, Kind.LOCALITY_REPORT, presenter=cast.town)
    cast.report(period=cast.july).__class__.objects.filter(pk=cast.report(period=cast.july).pk).update(
        progress="Two fairs were held."
    )
    shown = seen(cast, meeting).shown
    assert shown.rank is not None
    assert (shown.rank.rank, shown.rank.ranked) == (3, 4)
    assert [(one.row.indicator.code, one.rank, one.of) for one in shown.figures] == [
        ("exports", 3, 4),
        ("share", 3, 4),
        ("roads", 3, 4),
    ]
    assert [report.progress for report in shown.written] == ["Two fairs were held."]
    assert "Two fairs were held." in text_of(cast, meeting, "reporter")
    assert "Two fairs were held." not in text_of(cast, meeting, "outsider")


def test_what_a_unit_still_owes_is_shown_to_whom_it_concerns(cast_with_july: Cast, meeting: Meeting) -> None:
    cast = cast_with_july
    owed = registered(cast)
    FollowUp.objects.filter(pk=owed.pk).update(due_on=date(2022, 9, 1), registered_on=date(2022, 8, 1))
    add_item(meeting, Kind.LOCALITY_REPORT, presenter=cast.town)
    page = seen(cast, meeting)
    assert topics(page)[0] is Topic.FOLLOW_UP_OVERDUE
    assert "overdue by 2 days" in page.questions[0].text
    assert seen(cast, meeting, "outsider").shown.follow_ups == []


def test_what_lies_behind_a_figure_is_asked(cast_with_july: Cast, meeting: Meeting) -> None:
    cast = cast_with_july
    bring_to(cast, S.APPROVED, figures={cast.exports: figure("55.00", growth="-4.2"), cast.share: figure("11.0")})
    given = {"action": cast.trade, "unit": cast.town, "period": cast.august}
    AcceptedReason.objects.create(**given, reason="A flood.", accepted_by=cast.reviewer, accepted_at=cast.now)
    Likelihood.objects.create(**given, level="likely", reason="Orders.", judged_by=cast.reviewer, judged_at=cast.now)
    publish(cast)
    Meeting.objects.filter(pk=meeting.pk).update(period=cast.august)
    add_item(meeting, Kind.LOCALITY_REPORT, presenter=cast.town)
    page = seen(cast, meeting)
    assert set(topics(page)) == {
        Topic.MUST_SPEED_UP,
        Topic.JUDGED_BETTER,
        Topic.NO_FIGURE,
        Topic.SHRANK,
        Topic.LIGHT_LIFTED,
    }
    text = " ".join(one.text for one in page.questions)
    assert "“Exports, to date” is 4.20% below the year before" in text
    assert "“Transport construction” has no approved figure" in text
    assert "(A flood)" in text
    with translation.override("zh-hans"):
        chinese = " ".join(one.text for one in seen(cast, meeting).questions)
    assert "“出口额”同比下降4.20%" in chinese
    assert "Transport" not in chinese


@pytest.mark.parametrize(
    ("who", "actions", "is_whole"),
    [("leader", 2, True), ("office", 2, True), ("head", 2, True), ("reviewer", 1, False), ("outsider", 0, False)],
)
def test_before_publication_a_locality_is_seen_as_on_its_page(
    cast_with_july: Cast, meeting: Meeting, who: str, actions: int, is_whole: bool
) -> None:
    cast = cast_with_july
    bring_to(cast, S.APPROVED)
    Meeting.objects.filter(pk=meeting.pk).update(period=cast.august)
    add_item(meeting, Kind.LOCALITY_REPORT, presenter=cast.town)
    shown = seen(cast, meeting, who).shown
    assert len(shown.page.actions) == actions
    assert shown.page.is_disclosed is is_whole
    if who not in ("leader", "office"):
        assert {one.rank for one in shown.figures} <= {None}
    assert ("not published yet" in text_of(cast, meeting, who)) is (actions == 0)


def test_a_department_tells_of_the_actions_that_it_leads(cast_with_july: Cast, meeting: Meeting) -> None:
    cast = cast_with_july
    Likelihood.objects.create(
        action=cast.trade,
        period=cast.july,
        level="likely",
        reason="Orders.",
        judged_by=cast.reviewer,
        judged_at=cast.now,
    )
    add_item(meeting, Kind.DEPARTMENT_REPORT, presenter=cast.lead)
    [one] = seen(cast, meeting).shown.actions
    assert one.action == cast.trade
    assert one.main is not None
    assert one.main.value == 150
    assert one.projection is not None
    assert one.units == 3
    text = text_of(cast, meeting)
    assert "Likely" in text
    assert "Orders." in text
    assert "Transport construction" not in text


def test_before_publication_a_department_is_seen_by_its_own_reviewers(cast_with_july: Cast, meeting: Meeting) -> None:
    cast = cast_with_july
    Meeting.objects.filter(pk=meeting.pk).update(period=cast.august)
    add_item(meeting, Kind.DEPARTMENT_REPORT, presenter=cast.lead)
    for who, is_seen in {"reviewer": True, "leader": True, "other_reviewer": False, "reporter": False}.items():
        shown = seen(cast, meeting, who).shown
        assert (len(shown.actions), shown.hidden) == ((1, 0) if is_seen else (0, 1)), who


def test_a_meeting_on_a_campaign_that_is_over_looks_at_the_work_that_runs(
    cast_with_july: Cast, meeting: Meeting
) -> None:
    cast = cast_with_july
    over = Campaign.objects.create(
        slug="half-year",
        name_en="Half-year",
        name_zh="半年",
        starts_on=date(2022, 1, 1),
        ends_on=date(2022, 6, 30),
        office=cast.office_unit,
    )
    cast.july.__class__.objects.create(
        campaign=over, month="2022-06", starts_on=date(2022, 6, 1), ends_on=date(2022, 6, 30),
        opens_at=cast.july.opens_at, due_at=cast.july.due_at, closes_at=cast.july.closes_at,
    )  # fmt: skip
    Meeting.objects.filter(pk=meeting.pk).update(campaign=over, period=None)
    add_item(meeting, Kind.LOCALITY_REPORT, presenter=cast.town)
    add_item(meeting, Kind.DEPARTMENT_REPORT, presenter=cast.lead)
    locality, department = (seen(cast, meeting, number=number).shown for number in (1, 2))
    assert locality.look.period.key == "half-year/2022-06"
    assert department.look.period == cast.july  # published on 16 August, before the meeting
    Meeting.objects.filter(pk=meeting.pk).update(held_on=date(2022, 7, 27))
    assert seen(cast, meeting, number=2).shown.look.period == cast.july  # the day lies in it


# --- the other items --------------------------------------------------------------------------------------------------


def test_unfinished_follow_ups_of_earlier_meetings_are_carried_over(cast_with_july: Cast, meeting: Meeting) -> None:
    cast = cast_with_july
    earlier = Meeting.objects.create(
        campaign=cast.campaign, held_on=date(2022, 7, 27), name_en="Earlier", name_zh="上次会议"
    )
    MeetingKind.objects.create(meeting=earlier, kind=Meeting.Kind.MONTHLY_ANALYSIS, order=1)
    one = registered(cast)
    FollowUp.objects.filter(pk=one.pk).update(meeting=earlier, registered_on=date(2022, 8, 1), due_on=date(2022, 8, 30))
    add_item(meeting, Kind.FOLLOW_UPS)
    page = seen(cast, meeting)
    assert [row.follow_up for row in page.shown.rows] == [one]
    assert topics(page) == [Topic.FOLLOW_UP_OVERDUE]
    assert "overdue 4 days" in text_of(cast, meeting)
    assert seen(cast, meeting, "outsider").shown.rows == []


def test_requirements_stand_in_their_groups(cast_with_july: Cast, meeting: Meeting) -> None:
    for order, group in enumerate(Requirement.Group.values, start=1):
        Requirement.objects.create(meeting=meeting, group=group, order=order, text_en=f"Do {order}", text_zh="办")
    add_item(meeting, Kind.REQUIREMENTS)
    shown = seen(cast_with_july, meeting).shown
    assert [len(group.requirements) for group in shown.groups] == [1] * len(Requirement.Group.values)
    assert "Do 3" in text_of(cast_with_july, meeting, "stranger")


def test_a_report_of_nobody_shows_its_words(cast_with_july: Cast, meeting: Meeting) -> None:
    for kind in (Kind.LOCALITY_REPORT, Kind.DEPARTMENT_REPORT, Kind.PROJECT_VIDEO, Kind.ASSESSMENT):
        add_item(meeting, kind, text_en="All went well.", text_zh="进展顺利。")
    for number in range(1, 5):
        text = text_of(cast_with_july, meeting, item=number)
        assert "All went well." in text
        assert "The Mayor" in text


# --- queries ----------------------------------------------------------------------------------------------------------

QUERIES = {
    Kind.PROJECT_VIDEO: 12,
    Kind.WARNING_VIDEO: 7,
    Kind.LOCALITY_REPORT: 16,
    Kind.DEPARTMENT_REPORT: 12,
    Kind.AWARD: 6,
    Kind.REQUIREMENTS: 6,
    Kind.FOLLOW_UPS: 8,
    Kind.STUDY: 5,
    Kind.ASSESSMENT: 5,
    Kind.OTHER: 5,
}
"""Of the whole page, with the session's own."""


@pytest.mark.parametrize("kind", Kind.values)
def test_each_kind_makes_as_many_queries_for_one_row_and_for_three(
    cast_with_july: Cast, meeting: Meeting, kind: str
) -> None:
    cast = cast_with_july
    presenter = cast.lead if kind == Kind.DEPARTMENT_REPORT else cast.town
    add_item(meeting, kind, presenter=presenter)
    grow(cast, meeting, 1)
    client, url = client_of(cast.leader), reverse("present_meeting", args=[meeting.pk])

    def counted() -> int:
        client.get(url)
        return count_queries(lambda: client.get(url))

    one = counted()
    grow(cast, meeting, 2)
    grow(cast, meeting, 3)
    add_item(meeting, Kind.OTHER, presenter=cast.neighbour)
    assert counted() == one
    assert one == QUERIES[Kind(kind)]


def count_queries(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as made:
        read()
    return len(made)


def grow(cast: Cast, meeting: Meeting, number: int) -> None:
    """One more of everything that an item shows."""
    project = project_of(cast, f"project-{number}", planned_start_on=date(2022, 5, 30))
    for period in (cast.july, cast.august)[:number]:
        update = reported(cast, project, period)
        ProjectPhoto.objects.create(update=update, name="site.jpg", sha256=str(number) * 64, file="x")
    Milestone.objects.create(project=project, order=1, name_en="Roof", name_zh="封顶", planned_on=date(2022, 8, 1))
    scan_warnings(now=cast.now)
    more_units(cast, 1, cast.july, codes=f"more-{number}")
    Requirement.objects.create(
        meeting=meeting, order=number, group=Requirement.Group.values[0], text_en="Do it", text_zh="办"
    )
    earlier = Meeting.objects.create(
        campaign=cast.campaign, held_on=date(2022, 7, number), name_en="Earlier", name_zh="上次"
    )
    MeetingKind.objects.create(meeting=earlier, kind=Meeting.Kind.MONTHLY_ANALYSIS, order=1)
    one = registered(cast)
    FollowUp.objects.filter(pk=one.pk).update(meeting=earlier)
