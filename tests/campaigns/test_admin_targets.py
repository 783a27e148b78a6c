"""Targets, meetings, projects and follow-ups in the administration: what does not fit is said beside the box."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from campaigns.models import (
    AgendaItem,
    Attendance,
    FollowUp,
    Indicator,
    Meeting,
    Minutes,
    MinutesItem,
    Period,
    Project,
    ProjectUpdate,
    Requirement,
    Target,
)
from tests.admin_builders import INSTANT, make
from tests.admin_forms import add, change, errors, page
from tests.cast import client_of
from units.models import Change, Unit, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make(User, is_superuser=True, is_staff=True)


@pytest.fixture
def client(person: User) -> Client:
    return client_of(person)


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "wrong", "right", "words"),
    [
        ("higher", "100", "90", ["", "ceiling"], "floor", "although higher is better"),
        ("lower", "90", "100", ["", "floor"], "ceiling", "although lower is better"),
    ],
)
def test_a_target_against_the_direction_must_be_confirmed(
    client: Client, direction: str, baseline: str, target: str, wrong: list[str], right: str, words: str
) -> None:
    indicator = make(Indicator, direction=direction)
    typed = {"indicator": str(indicator.pk), "unit": str(make(Unit).pk), "baseline": baseline, "target": target}
    for confirmed_as in wrong:
        answer = add(client, Target, **typed, confirmed_as=confirmed_as)
        assert words in errors(answer)["confirmed_as"][0]
    assert add(client, Target, **typed, confirmed_as=right).status_code == 302


@pytest.mark.parametrize(
    ("direction", "baseline", "target"), [("higher", "0", "200"), ("lower", "200", "0"), ("higher", "5", "5")]
)
def test_a_target_in_the_direction_needs_no_confirmation(
    client: Client, direction: str, baseline: str, target: str
) -> None:
    indicator = make(Indicator, direction=direction)
    typed = {"indicator": str(indicator.pk), "unit": str(make(Unit).pk), "baseline": baseline, "target": target}
    assert add(client, Target, **typed).status_code == 302


def test_turning_a_target_around_later_must_be_confirmed_too(client: Client) -> None:
    target = make(Target, baseline=0, target=200)
    assert "confirmed_as" in errors(change(client, target, target="-1"))


def test_a_trajectory_is_edited_with_its_target(client: Client) -> None:
    target = make(Target)
    typed = {"trajectory-TOTAL_FORMS": "1", "trajectory-0-value": "90"}
    outside = change(client, target, **typed, **{"trajectory-0-on": "2022-10-19"})
    assert "does not lie between" in errors(outside)["trajectory-0-on"][0]
    assert change(client, target, **typed, **{"trajectory-0-on": "2022-08-31"}).status_code == 302
    assert list(target.trajectory.values_list("on", "value")) == [(date(2022, 8, 31), 90)]
    assert Change.objects.get().items.get().object_type == "campaigns.trajectorypoint"
    target.refresh_from_db()
    assert target.version == 2


def test_the_city_has_one_target_of_an_indicator(client: Client) -> None:
    row = make(Target, unit=None)
    answer = add(client, Target, indicator=str(row.indicator_id), baseline="0", target="1")
    assert "The city has a target" in errors(answer)["indicator"][0]


def test_issued_minutes_are_final(client: Client) -> None:
    minutes = make(Minutes)
    item = make(MinutesItem, minutes=minutes, agenda_item=make(AgendaItem, meeting=minutes.meeting))
    assert change(client, minutes, **{"items-0-conclusion_en": "Changed"}).status_code == 302
    Minutes.objects.filter(pk=minutes.pk).update(issued_at=INSTANT)
    assert b'name="_save"' not in client.get(page(Minutes, "change", minutes.pk)).content
    assert client.post(page(Minutes, "change", minutes.pk), {}).status_code == 403
    assert client.post(page(Minutes, "delete", minutes.pk), {"post": "yes"}).status_code == 403
    assert client.post(page(MinutesItem, "change", item.pk), {}).status_code == 403
    item.refresh_from_db()
    assert item.conclusion_en == "Changed"


def test_minutes_speak_of_their_own_meetings_agenda(client: Client) -> None:
    minutes, item = make(Minutes), make(AgendaItem)
    typed = {"items-TOTAL_FORMS": "1", "items-0-order": "1", "items-0-conclusion_en": "Agreed"}
    answer = change(client, minutes, **typed, **{"items-0-agenda_item": str(item.pk)})
    assert "another meeting" in errors(answer)["items-0-agenda_item"][0]


def test_an_attendance_names_somebody_once(client: Client) -> None:
    meeting = make(Meeting)
    answer = change(client, meeting, **{"attendances-TOTAL_FORMS": "1", "attendances-0-order": "1"})
    assert "Name a person or a unit." in str(errors(answer))
    seat = make(Attendance, meeting=meeting)
    typed = {"attendances-TOTAL_FORMS": "2", "attendances-1-order": "1", "attendances-1-unit": str(seat.unit_id)}
    assert "listed already" in str(errors(change(client, meeting, **typed)))


def test_the_articles_words_are_not_typed_over(client: Client) -> None:
    meeting = make(Meeting)
    item = make(AgendaItem, meeting=meeting, article_words="互学互比", source="article")
    change(client, meeting, **{"agenda-0-article_words": "other", "agenda-0-source": "entered"})
    item.refresh_from_db()
    assert (item.article_words, item.source) == ("互学互比", "article")


def test_a_period_of_another_campaign_is_refused(client: Client) -> None:
    meeting, project, period = make(Meeting), make(Project), make(Period)
    assert "another campaign" in errors(change(client, meeting, period=str(period.pk)))["period"][0]
    answer = add(client, ProjectUpdate, project=str(project.pk), period=str(period.pk))
    assert "another campaign" in errors(answer)["period"][0]


def test_a_project_update_says_who_reported_it(client: Client, person: User) -> None:
    project = make(Project)
    period = make(Period, campaign=project.campaign)
    typed = {"project": str(project.pk), "period": str(period.pk), "invested_to_date": "500"}
    assert add(client, ProjectUpdate, **typed).status_code == 302
    update = ProjectUpdate.objects.get()
    assert update.updated_by == person
    assert update.updated_at is not None


@pytest.mark.parametrize(
    ("typed", "box"),
    [
        ({"total_investment": "-1"}, "total_investment"),
        ({"latitude": "91", "longitude": "0"}, "longitude"),
        ({"latitude": "30"}, "longitude"),
        ({"stage": "exited"}, "exit_reason"),
        ({"planned_finish_on": "2020-01-01"}, "planned_finish_on"),
        ({"milestones-TOTAL_FORMS": "1", "milestones-0-name_en": "Topping out"}, "milestones-0-planned_on"),
        ({"plans-TOTAL_FORMS": "1", "plans-0-month": "July", "plans-0-planned_to_date": "1"}, "plans-0-month"),
    ],
)
def test_a_project_that_makes_no_sense_is_refused_beside_the_box(
    client: Client, typed: dict[str, str], box: str
) -> None:
    assert box in errors(change(client, make(Project), **typed))


def test_a_follow_up_names_where_it_comes_from(client: Client) -> None:
    follow_up = make(FollowUp)
    assert "origin" in errors(change(client, follow_up, origin="meeting"))
    requirement = make(Requirement)
    answer = change(client, follow_up, requirement=str(requirement.pk))
    assert "another meeting" in errors(answer)["requirement"][0]
    typed = {"origin": "meeting", "meeting": str(requirement.meeting_id), "requirement": str(requirement.pk)}
    assert change(client, follow_up, **typed).status_code == 302


def test_a_closed_follow_up_is_final(client: Client) -> None:
    follow_up = make(FollowUp, state="closed", closed_on=date(2022, 8, 1))
    assert client.post(page(FollowUp, "change", follow_up.pk), {}).status_code == 403


def test_an_indicator_is_not_weighted_by_itself_wherever_it_is_edited(client: Client) -> None:
    row = make(Indicator)
    typed = {"rollup": "weighted_mean", "rollup_weight": str(row.pk)}
    assert "weighted by itself" in errors(change(client, row, **typed))["rollup_weight"][0]
    in_action = change(client, row.action, **{f"indicators-0-{name}": value for name, value in typed.items()})
    assert "weighted by itself" in errors(in_action)["indicators-0-rollup_weight"][0]
