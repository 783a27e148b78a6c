"""Campaigns and the calendar in the administration: whatever deadlines follow from moves them when it changes."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client

from campaigns.models import CalendarDay, Campaign, Period
from campaigns.operations.periods import make_periods
from tests.admin_builders import make
from tests.admin_forms import add, change, errors, page, run, told
from tests.cast import ZONE, Cast, assemble, client_of
from units.models import Change, Unit, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return client_of(make(User, is_superuser=True, is_staff=True))


@pytest.fixture
def campaign() -> Campaign:
    campaign = make(Campaign)
    make_periods(campaign=campaign, actor=None)
    return campaign


def august(campaign: Campaign) -> Period:
    return campaign.periods.get(month="2022-08")


def verbs() -> list[str]:
    return list(Change.objects.exclude(actor=None).order_by("id").values_list("verb", flat=True))


def test_a_new_campaign_gets_its_periods(client: Client) -> None:
    office = make(Unit, kind="office")
    typed = {"slug": "second", "name_en": "Second", "name_zh": "第二", "office": str(office.pk)}
    answer = add(client, Campaign, **typed, starts_on="2022-07-12", ends_on="2022-10-19")
    assert answer.status_code == 302
    campaign = Campaign.objects.get(slug="second")
    assert list(campaign.periods.values_list("month", flat=True)) == ["2022-07", "2022-08", "2022-09", "2022-10"]
    assert verbs() == ["admin_add", "make_periods"]


@pytest.mark.parametrize(
    ("field", "value", "name", "instant"),
    [
        ("due_day", "15", "due_at", (9, 15, 18)),
        ("due_hour", "12", "due_at", (9, 5, 12)),
        ("due_month_offset", "0", "due_at", (8, 5, 18)),
        ("closing_working_days", "1", "closes_at", (9, 6, 18)),
        ("opens_days_before_end", "3", "opens_at", (8, 29, 0)),
    ],
)
def test_each_part_of_the_rule_moves_the_deadlines(
    client: Client, campaign: Campaign, field: str, value: str, name: str, instant: tuple[int, int, int]
) -> None:
    before = august(campaign)
    assert change(client, campaign, **{field: value}).status_code == 302
    after = august(campaign)
    assert getattr(after, name) == datetime(2022, *instant, tzinfo=ZONE)
    assert after.version == before.version + 1
    assert verbs() == ["admin_change", "set_deadlines"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name_en", "Renamed"), ("asks_signature", None), ("green_from", "85"), ("resubmission_working_days", "3")],
)
def test_what_deadlines_do_not_follow_from_leaves_them(
    client: Client, campaign: Campaign, field: str, value: str | None
) -> None:
    assert change(client, campaign, **{field: value}).status_code == 302
    assert verbs() == ["admin_change"]
    assert august(campaign).version == 1


def test_a_longer_campaign_gets_more_periods_and_its_last_one_grows(client: Client, campaign: Campaign) -> None:
    change(client, campaign, ends_on="2022-11-10")
    periods = {one.month: (one.starts_on, one.ends_on) for one in campaign.periods.all()}
    assert periods["2022-10"] == (date(2022, 10, 1), date(2022, 10, 31))
    assert periods["2022-11"] == (date(2022, 11, 1), date(2022, 11, 10))
    assert campaign.periods.get(month="2022-10").opens_at == datetime(2022, 10, 25, tzinfo=ZONE)
    assert verbs() == ["admin_change", "fit_periods", "make_periods", "set_deadlines"]


def test_a_shorter_campaign_loses_the_periods_outside_it(client: Client, campaign: Campaign) -> None:
    change(client, campaign, starts_on="2022-08-03", ends_on="2022-09-30")
    periods = [(one.month, one.starts_on, one.ends_on) for one in campaign.periods.all()]
    assert periods == [
        ("2022-08", date(2022, 8, 3), date(2022, 8, 31)),
        ("2022-09", date(2022, 9, 1), date(2022, 9, 30)),
    ]


@pytest.fixture
def cast() -> Cast:
    return assemble()


def test_days_of_a_closed_period_no_longer_change(client: Client, cast: Cast) -> None:
    answer = change(client, cast.campaign, starts_on="2022-07-01")
    assert "2022-07 is closed" in errors(answer)["starts_on"][0]
    answer = change(client, cast.campaign, starts_on="2022-08-01")
    assert "2022-07 is closed" in errors(answer)["starts_on"][0]


def test_a_period_with_reports_stays_in_the_campaign(client: Client, cast: Cast) -> None:
    answer = change(client, cast.campaign, ends_on="2022-07-31")
    assert "2022-08 has reports already" in errors(answer)["ends_on"][0]


def test_deadlines_of_a_closed_period_stay(client: Client, cast: Cast) -> None:
    change(client, cast.campaign, due_day="8")
    due = {one.month: one.due_at for one in cast.campaign.periods.all()}
    assert due["2022-07"] == datetime(2022, 8, 5, 18, tzinfo=ZONE)
    assert due["2022-08"] == datetime(2022, 9, 8, 18, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ends_on", "2022-07-01"),
        ("ends_on", "2026-01-01"),
        ("ends_on", "9999-12-31"),
        ("due_month_offset", "2"),
        ("due_day", "32"),
        ("due_day", "0"),
        ("due_hour", "24"),
        ("closing_working_days", "61"),
        ("closing_working_days", "999999999999"),
        ("opens_days_before_end", "0"),
        ("opens_days_before_end", "999999999999"),
        ("resubmission_working_days", "999999999999"),
        ("cap", "99"),
        ("minimum_coverage", "101"),
        ("green_within", "31"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_beside_the_box(
    client: Client, campaign: Campaign, field: str, value: str
) -> None:
    answer = change(client, campaign, **{field: value})
    assert answer.status_code == 200
    assert set(errors(answer)) & {field, "yellow_within"}
    campaign.refresh_from_db()
    assert campaign.version == 1


def test_a_period_that_would_fall_due_before_it_opens_is_refused(client: Client, campaign: Campaign) -> None:
    answer = change(client, campaign, due_month_offset="0", due_day="12", due_hour="0")
    assert "2022-07 would fall due before it opens" in errors(answer)["due_hour"][0]


def test_the_slug_of_a_campaign_never_changes(client: Client, campaign: Campaign) -> None:
    change(client, campaign, slug="another")
    campaign.refresh_from_db()
    assert campaign.slug != "another"


def test_periods_that_are_missing_are_made_from_the_list(client: Client) -> None:
    campaign = make(Campaign)
    assert told(run(client, "make_periods", campaign)) == ["Periods made for 1 campaign."]
    assert campaign.periods.count() == 4


def test_deadlines_are_computed_again_from_the_list(client: Client, campaign: Campaign) -> None:
    CalendarDay.objects.create(on=date(2022, 9, 5), is_working=False)
    assert told(run(client, "compute_deadlines", campaign)) == ["1 period moved."]
    assert august(campaign).due_at == datetime(2022, 9, 6, 18, tzinfo=ZONE)


def test_a_day_off_moves_the_deadlines_of_every_campaign_and_back(client: Client, campaign: Campaign) -> None:
    other = make(Campaign)
    make_periods(campaign=other, actor=None)
    add(client, CalendarDay, on="2022-09-05", note="Typhoon")
    moved = datetime(2022, 9, 6, 18, tzinfo=ZONE)
    assert august(campaign).due_at == august(other).due_at == moved
    day = CalendarDay.objects.get()
    change(client, day, note="Typhoon, second")
    assert verbs() == ["admin_add", "set_deadlines", "admin_change"]
    change(client, day, is_working="on")
    assert august(campaign).due_at == datetime(2022, 9, 5, 18, tzinfo=ZONE)
    change(client, day, is_working=None)
    assert august(campaign).due_at == moved
    client.post(page(CalendarDay, "delete", day.pk), {"post": "yes"})
    assert august(campaign).due_at == august(other).due_at == datetime(2022, 9, 5, 18, tzinfo=ZONE)
    assert verbs()[-2:] == ["admin_delete", "set_deadlines"]


def test_days_deleted_from_the_list_move_the_deadlines_too(client: Client, campaign: Campaign) -> None:
    add(client, CalendarDay, on="2022-09-05")
    run(client, "delete_selected", CalendarDay.objects.get(), post="yes")
    assert august(campaign).due_at == datetime(2022, 9, 5, 18, tzinfo=ZONE)


def test_the_same_day_twice_is_said_beside_the_box(client: Client) -> None:
    make(CalendarDay, on=date(2022, 9, 5))
    assert "already exists" in errors(add(client, CalendarDay, on="2022-09-05"))["on"][0]


def test_the_office_edits_campaigns_and_the_calendar_but_deletes_no_campaign(cast: Cast) -> None:
    cast.office.is_staff = True
    cast.office.save()
    office = client_of(cast.office)
    assert change(office, cast.campaign, due_day="8").status_code == 302
    assert august(cast.campaign).due_at == datetime(2022, 9, 8, 18, tzinfo=ZONE)
    assert add(office, CalendarDay, on="2022-09-08").status_code == 302
    assert august(cast.campaign).due_at == datetime(2022, 9, 9, 18, tzinfo=ZONE)
    assert office.post(page(Campaign, "delete", cast.campaign.pk), {"post": "yes"}).status_code == 403
