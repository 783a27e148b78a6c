"""How many SQL queries each page makes, and that more rows do not make it more: one table, quoted by the documents.

Counted as the person who uses the page most, with the session's own and its person's; every number is exact, so that
a query more is seen, and one fewer is written down.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import (
    AgendaItem,
    Assignment,
    Attendance,
    Indicator,
    Meeting,
    Report,
    Requirement,
    Target,
)
from campaigns.operations.periods import make_expected_reports
from campaigns.operations.warning_scan import scan_warnings
from tests.addresses import SAMPLES, Scene, address_of, build_scene, the_follow_up, the_warning
from tests.builders import bring_to
from tests.cast import Cast, client_of
from tests.followed import registered
from tests.warned import project_of, reported
from units.models import Membership, Message, RankingGroupMember, Role, Unit, User

MOST = {"my_work": 12, "report_form": 14, "standings": 11, "dashboard": 14}
"""What the pages of every day may need at most, for the people of a unit."""
OTHERS = 25
SAVING = 30
"""Saving while somebody types, where nothing changed."""

TABLE = {
    # (page, role): queries
    ("my_work", "reporter"): 12,
    ("my_work", "head"): 11,
    ("my_work", "reviewer"): 12,
    ("report_form", "reporter"): 13,
    ("reports", "reporter"): 11,
    ("reports", "office"): 12,
    ("report", "reporter"): 22,
    ("review", "reviewer"): 19,
    ("dashboard", "reporter"): 13,
    ("dashboard", "leader"): 13,
    ("standings", "reporter"): 11,
    ("completeness", "reporter"): 8,
    ("completeness", "office"): 9,
    ("compare", "reporter"): 11,
    ("actions", "reporter"): 11,
    ("action", "reporter"): 13,
    ("unit", "reporter"): 16,
    ("screen", "reporter"): 14,
    ("packs", "office"): 7,
    ("pack", "office"): 21,
    ("pack_template", "office"): 6,
    ("campaigns", "reporter"): 6,
    ("copy_campaign", "office"): 12,
    ("closing", "reporter"): 19,
    ("warnings", "reporter"): 9,
    ("warning", "reporter"): 7,
    ("projects", "reporter"): 10,
    ("project", "reporter"): 14,
    ("project_update", "reporter"): 11,
    ("follow_ups", "reporter"): 12,
    ("follow_up", "reporter"): 10,
    ("meetings", "reporter"): 8,
    ("meeting", "reporter"): 14,
    ("meetings", "office"): 9,
    ("new_meeting", "office"): 7,
    ("edit_meeting", "office"): 10,
    ("agenda", "office"): 11,
    ("agenda_item", "office"): 11,
    ("edit_attendance", "office"): 11,
    ("edit_requirements", "office"): 8,
    ("meeting_papers", "office"): 13,
    ("awards", "reporter"): 6,
    ("inbox", "reporter"): 7,
    ("profile", "reporter"): 7,
    ("deliveries", "office"): 8,
    ("background", "office"): 8,
    ("people", "office"): 9,
    ("stand_ins", "head"): 8,
    ("periods", "office"): 11,
    ("calendar", "office"): 6,
    ("clock", "administrator"): 6,
}


@pytest.fixture
def scene(cast_with_july: Cast, settings: Any, tmp_path: Any) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return build_scene(cast_with_july)


def counted(scene: Scene, name: str, who: str) -> int:
    client, url = client_of(getattr(scene.cast, who)), address_of(name, scene)
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(captured)


def grow_projects(scene: Scene) -> None:
    """Three more projects with parts, plans, milestones, updates and warnings, and three more follow-ups."""
    cast, warned, follow_up = scene.cast, the_warning(scene).project, the_follow_up(scene)
    for number in range(3):
        project = project_of(cast, f"more-{number}", latitude=30, longitude=120 + number)
        project_of(cast, f"part-{number}", package=project)
        reported(cast, project, cast.july, problem="No land.", problem_since=date(2022, 7, 1))
        for one in (project, warned):
            one.milestones.create(name_en=f"Step {number}", planned_on=date(2022, 10, 1))
            one.plans.create(month=f"2022-1{number}", planned_to_date=1)
        for one in (registered(cast), follow_up):
            one.supporting.add(Unit.objects.get(code=f"more-{number}"))
    scan_warnings(now=cast.now)


def grow(scene: Scene) -> None:
    """Three more of everything that a page lists."""
    cast = scene.cast
    for number in range(3):
        unit = Unit.objects.create(
            code=f"more-{number}", name_en=f"More {number}", name_zh=f"更多{number}", kind=Unit.Kind.COUNTY, order=50
        )
        RankingGroupMember.objects.create(group=cast.localities, unit=unit)
        indicator = Indicator.objects.create(
            action=cast.trade, code=f"more-{number}", name_en="More", name_zh="更多", measure_en="km",
            measure_zh="公里", order=50, is_required=False,
        )  # fmt: skip
        for one in (unit, cast.town):
            Target.objects.create(indicator=indicator, unit=one, baseline=0, target=10)
        Target.objects.create(indicator=cast.exports, unit=unit, baseline=0, target=10)
        Assignment.objects.create(action=cast.trade, unit=unit)
        person = User.objects.create(
            username=f"more-{number}", name=f"More {number}", email=f"more{number}@example.org"
        )
        for role in (Role.REPORTER, Role.HEAD):
            Membership.objects.create(user=person, unit=unit, role=role)
        Membership.objects.create(
            user=person, unit=cast.town, role=Role.REPORTER, stands_in_for=cast.reporter,
            starts_on=date(2022, 9, 1), ends_on=date(2022, 9, 20 + number),
        )  # fmt: skip
        Message.objects.create(
            kind="report_due_soon", subject=f"period:{number}", recipient=cast.reporter, day=date(2022, 9, 2), url="/"
        )
        meeting = Meeting.objects.create(
            campaign=cast.campaign, held_on=date(2022, 9, 21), name_en=f"More {number}", name_zh=f"更多{number}"
        )
        for one in (meeting, scene.meeting):
            AgendaItem.objects.create(meeting=one, order=number + 1, title_en="Item", title_zh="议题", presenter=unit)
            Attendance.objects.create(meeting=one, unit=unit, order=number)
            Requirement.objects.create(
                meeting=one, order=number + 1, group=Requirement.Group.values[0], text_en="Do it", text_zh="做"
            )
    grow_projects(scene)
    make_expected_reports(period=cast.august, now=cast.now)
    for report in Report.objects.filter(period=cast.august, unit__code__startswith="more-"):
        Report.objects.filter(pk=report.pk).update(status=S.SUBMITTED)


def test_every_page_makes_as_many_queries_as_the_table_says_whatever_its_rows(scene: Scene) -> None:
    bring_to(scene.cast, S.SUBMITTED, unit=scene.cast.neighbour)
    the_warning(scene)
    the_follow_up(scene)
    few = {(name, who): counted(scene, name, who) for name, who in TABLE}
    grow(scene)
    many = {(name, who): counted(scene, name, who) for name, who in TABLE}
    assert few == many
    assert few == TABLE


def test_the_pages_of_every_day_stay_below_their_limits() -> None:
    of_units = {name: count for (name, who), count in TABLE.items() if who in ("reporter", "head")}
    assert all(of_units[name] <= most for name, most in MOST.items())
    assert max(TABLE.values()) <= OTHERS


@pytest.mark.parametrize(("page", "most"), [("dashboard", 15), ("screen", 15), ("standings", 12)])
def test_all_months_further_back_are_one_query_at_most(scene: Scene, page: str, most: int) -> None:
    """October has two more behind it than August; the city of these is added up by the database."""
    client, url = client_of(scene.cast.leader), reverse(page)
    counts = []
    for month in ("2022-08", "2022-09", "2022-10"):
        client.get(url, {"period": month})
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url, {"period": month}).status_code == 200
        counts.append(len(captured))
    assert counts[0] <= counts[1] <= counts[2] <= counts[0] + 1
    assert counts[2] <= most


def test_saving_while_one_types_takes_a_fixed_number_too(scene: Scene) -> None:
    client, url = client_of(scene.cast.reporter), reverse("save_report", args=[scene.report.pk])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(url, SAMPLES["save_report"].body(scene))
        assert answer.status_code == 200
        return len(captured)

    queries()
    few = queries()
    grow(scene)
    assert few == queries() <= SAVING
