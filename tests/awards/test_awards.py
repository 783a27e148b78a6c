"""The page of the red flag and its result on the meeting page: what it shows, to whom, in how many queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import Criterion, RedFlag, Round, Scheme, Score
from awards.queries.rounds import award_page, rounds_announced_at
from awards.templatetags.methods import method_words
from campaigns.models import AgendaItem, Campaign, Meeting
from tests.cast import Cast, client_of
from tests.sheets import body_of, parts, read_back
from units.models import Unit
from units.permissions import NONE

TODAY = date(2022, 9, 3)
ANNOUNCED = date(2022, 7, 27)


@pytest.fixture
def scheme(cast: Cast) -> Scheme:
    scheme = Scheme.objects.create(
        code="flag",
        name_en="Half-year flag",
        name_zh="半年度流动红旗",
        campaign=cast.campaign,
        group=cast.localities,
        interval=Scheme.Interval.HALF_YEAR,
    )
    add_criterion(scheme, 1, weight=60)
    add_criterion(scheme, 2, weight=40)
    return scheme


def add_criterion(scheme: Scheme, order: int, **fields: object) -> Criterion:
    given = {"weight": 10, "basis": Criterion.Basis.MARK, "method": Criterion.Method.TARGET} | fields
    return Criterion.objects.create(
        scheme=scheme, order=order, name_en=f"Criterion {order}", name_zh=f"项目{order}", **given
    )


def add_round(
    scheme: Scheme,
    year: int,
    *winners: Unit,
    announced_on: date | None = None,
    held_until: date | None = None,
    **fields: object,
) -> Round:
    row = Round.objects.create(
        scheme=scheme,
        name_en=f"First half of {year}",
        name_zh=f"{year}年上半年",
        starts_on=date(year, 1, 1),
        ends_on=date(year, 6, 30),
        **{"state": Round.State.ANNOUNCED if announced_on else Round.State.OPEN, "announced_on": announced_on} | fields,
    )
    for unit in winners:
        RedFlag.objects.create(round=row, unit=unit, held_from=announced_on, held_until=held_until)
    return row


def count_queries(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as made:
        read()
    return len(made)


def text_of(client: Client, **query: str) -> str:
    answer = client.get(reverse("awards"), query)
    assert answer.status_code == 200
    return answer.content.decode()


# --- holders and journey ----------------------------------------------------------------------------------------------


def test_the_holders_stand_side_by_side_in_the_order_of_the_announcement(cast: Cast, scheme: Scheme) -> None:
    add_round(scheme, 2022, cast.neighbour, cast.town, announced_on=ANNOUNCED)
    page = award_page(scheme, person=NONE, today=TODAY)
    assert [flag.unit for flag in page.holders] == [cast.neighbour, cast.town]
    text = text_of(client_of(cast.reporter))
    assert text.count("co-equal, since 27 July 2022") == 2
    assert "First half of 2022, announced 27 July 2022" in text


def test_the_flag_moves_with_the_day(cast: Cast, scheme: Scheme) -> None:
    add_round(scheme, 2021, cast.town, announced_on=date(2021, 7, 28), held_until=ANNOUNCED)
    add_round(scheme, 2022, cast.neighbour, announced_on=ANNOUNCED)
    for day, holder in {date(2022, 7, 26): cast.town, ANNOUNCED: cast.neighbour, TODAY: cast.neighbour}.items():
        page = award_page(scheme, person=NONE, today=day)
        assert [flag.unit for flag in page.holders] == [holder], day
        assert page.current is not None
        assert page.current.announced_on == (ANNOUNCED if day >= ANNOUNCED else date(2021, 7, 28))


def test_the_journey_runs_over_all_versions_of_a_scheme(cast: Cast, scheme: Scheme) -> None:
    add_round(scheme, 2021, cast.town, announced_on=date(2021, 7, 28), held_until=ANNOUNCED)
    Scheme.objects.filter(pk=scheme.pk).update(is_active=False)
    newer = Scheme.objects.create(
        code="flag",
        version=2,
        name_en="Half-year flag",
        name_zh="半年度流动红旗",
        campaign=cast.campaign,
        group=cast.localities,
        interval=Scheme.Interval.HALF_YEAR,
    )
    add_round(newer, 2022, cast.neighbour, announced_on=ANNOUNCED)
    journey = award_page(newer, person=NONE, today=TODAY).journey
    assert [row.round.name_en for row in journey] == ["First half of 2022", "First half of 2021"]
    assert [row.is_current for row in journey] == [True, False]


def test_the_history_counts_flags_by_unit_holders_first(cast: Cast, scheme: Scheme) -> None:
    add_round(scheme, 2020, cast.town, announced_on=date(2020, 7, 28), held_until=date(2021, 7, 28))
    add_round(scheme, 2021, cast.town, announced_on=date(2021, 7, 28), held_until=ANNOUNCED)
    add_round(scheme, 2022, cast.neighbour, announced_on=ANNOUNCED)
    history = award_page(scheme, person=NONE, today=TODAY).history
    assert [(row.unit, len(row.flags), row.is_holder) for row in history] == [
        (cast.neighbour, 1, True),
        (cast.town, 2, False),
    ]


def test_a_flag_is_held_from_its_day_to_the_day_on_which_it_moves_on(cast: Cast, scheme: Scheme) -> None:
    add_round(scheme, 2021, cast.town, announced_on=date(2021, 7, 28), held_until=ANNOUNCED)
    add_round(scheme, 2022, cast.neighbour, cast.town, announced_on=ANNOUNCED)
    history = {row.unit: row for row in award_page(scheme, person=NONE, today=TODAY).history}
    assert [one.days for one in history[cast.town].held] == [38, 364]
    assert (history[cast.town].days, history[cast.neighbour].days) == (402, 38)
    assert [(one.start, one.width, one.is_held) for one in history[cast.town].held] == [
        (905, 94, True),
        (0, 905, False),
    ]
    text = text_of(client_of(cast.reporter))
    assert "28 July 2021 to 27 July 2022, 364 days" in text
    assert "since 27 July 2022, 38 days" in text
    assert "style=" not in text.split("<main")[1]


def test_a_unit_announced_today_has_held_the_flag_for_no_day(cast: Cast, scheme: Scheme) -> None:
    add_round(scheme, 2022, cast.town, announced_on=TODAY)
    held = award_page(scheme, person=NONE, today=TODAY).history[0].held
    assert [(one.days, one.start, one.width) for one in held] == [(0, 0, 0)]


def test_the_page_of_a_unit_has_the_flags_that_it_has_held(cast: Cast, scheme: Scheme) -> None:
    add_round(scheme, 2021, cast.town, announced_on=date(2021, 7, 28), held_until=ANNOUNCED)
    row = add_round(scheme, 2022)
    RedFlag.objects.create(round=row, unit=cast.town, held_from=TODAY)
    text = client_of(cast.outsider).get(reverse("unit", args=["town"])).content.decode()
    assert "held for 364 days in all" in text
    assert "First half of 2021" in text
    assert "First half of 2022" not in text
    assert "held for" not in client_of(cast.outsider).get(reverse("unit", args=["neighbour"])).content.decode()


def test_flags_of_a_round_that_is_not_announced_are_not_shown(cast: Cast, scheme: Scheme) -> None:
    row = add_round(scheme, 2022)
    RedFlag.objects.create(round=row, unit=cast.town, held_from=TODAY)
    page = award_page(scheme, person=NONE, today=TODAY)
    assert page.holders == []
    assert page.history == []
    assert "Nobody holds the flag" in text_of(client_of(cast.reporter))


def test_samples_say_so_and_facts_do_not(cast: Cast, scheme: Scheme) -> None:
    badge = 'class="sample"'
    add_round(scheme, 2022, cast.town, announced_on=ANNOUNCED, source="article")
    assert badge not in text_of(client_of(cast.reporter))
    add_round(scheme, 2021, announced_on=date(2021, 7, 28), source="sample")
    assert text_of(client_of(cast.reporter)).count(badge) == 1


# --- how it scores ----------------------------------------------------------------------------------------------------


def test_criteria_are_listed_with_the_sum_of_their_weights(cast: Cast, scheme: Scheme) -> None:
    text = text_of(client_of(cast.reporter))
    assert "Criterion 1" in text
    assert award_page(scheme, person=NONE, today=TODAY).weight == 100


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("target", {"target": 100}, "full from 100% on, else 0"),
        (
            "linear",
            {"step_per_point": 1, "bonus_cap": 10, "penalty_cap": 50},
            "full at 100%, 1% more or less for each point; at most 10% more; at most 50% less",
        ),
        ("linear", {"bonus_cap": 0}, "full at 100%, 1% more or less for each point; never more than full"),
        ("rank_step", {"first": 100, "step": 5, "floor": 0}, "1st 100%, then 5% less each, not below 0"),
        ("banded", {"band": 5, "points": "2.50"}, "2.5% more or less for each 5 points above or below plan"),
        ("efficacy", {}, "60 + 40 × (x − lowest) ÷ (highest − lowest)"),
    ],
)
def test_a_method_is_told_in_words(method: str, parameters: dict[str, object], words: str) -> None:
    assert method_words(Criterion(method=method, parameters=parameters)) == words


@pytest.mark.parametrize(
    ("state", "seen_by"),
    [
        ("computed", {"office", "leader", "administrator"}),
        ("reviewed", {"office", "leader", "administrator"}),
        ("in_publicity", {"office", "leader", "administrator", "reporter", "outsider", "reviewer"}),
        ("announced", {"office", "leader", "administrator", "reporter", "outsider", "reviewer"}),
    ],
)
def test_scores_are_for_all_from_their_publicity_on(cast: Cast, scheme: Scheme, state: str, seen_by: set[str]) -> None:
    row = add_round(scheme, 2022, state=state, announced_on=ANNOUNCED if state == "announced" else None)
    Score.objects.create(round=row, unit=cast.town, computed_score=Decimal("95.13"), computed_rank=1)
    for part in ("office", "leader", "administrator", "reporter", "outsider", "reviewer"):
        assert ("95.13" in text_of(client_of(cast.people[part]))) is (part in seen_by), part


def test_a_decided_score_stands_beside_the_computed_one_with_its_reason(cast: Cast, scheme: Scheme) -> None:
    row = add_round(scheme, 2022, announced_on=ANNOUNCED)
    Score.objects.create(
        round=row,
        unit=cast.town,
        computed_score=Decimal("91.25"),
        computed_rank=1,
        decided_score=Decimal("92.50"),
        decided_reason="A figure was entered twice.",
        decided_by=cast.administrator,
        is_winner=True,
    )
    text = text_of(client_of(cast.reporter))
    assert "91.25" in text
    assert "92.50" in text
    assert "A figure was entered twice." in text


def test_without_scores_nothing_stands_in_for_them(cast: Cast, scheme: Scheme) -> None:
    add_round(scheme, 2022, cast.town, announced_on=ANNOUNCED)
    assert "Computed" not in text_of(client_of(cast.office))


# --- which scheme -----------------------------------------------------------------------------------------------------


def test_the_address_may_name_campaign_and_scheme(cast: Cast, scheme: Scheme) -> None:
    client = client_of(cast.reporter)
    assert "Half-year flag" in text_of(client, campaign=cast.campaign.slug, scheme="flag")
    assert client.get(reverse("awards"), {"scheme": "no-such"}).status_code == 404
    assert client.get(reverse("awards"), {"campaign": "no-such"}).status_code == 404


def test_the_frame_names_the_campaign_of_the_scheme_that_is_shown(cast: Cast, scheme: Scheme) -> None:
    other = Campaign.objects.create(
        slug="half-year",
        name_en="Half-year campaign",
        name_zh="半年竞赛",
        starts_on=date(2022, 1, 1),
        ends_on=date(2022, 6, 30),
        office=cast.office_unit,
    )
    Scheme.objects.update(campaign=other)
    assert client_of(cast.reporter).get(reverse("awards")).context["shell"].campaign == other


def test_without_any_scheme_the_page_says_what_comes(cast: Cast) -> None:
    assert "No award scheme yet" in text_of(client_of(cast.reporter))


# --- on the meeting page ----------------------------------------------------------------------------------------------


def test_the_meeting_shows_the_result_under_the_item_that_announced_it(cast: Cast, scheme: Scheme) -> None:
    meeting = Meeting.objects.create(campaign=cast.campaign, name_en="Analysis", name_zh="会", held_on=ANNOUNCED)
    item = AgendaItem.objects.create(
        meeting=meeting, order=1, kind=AgendaItem.Kind.AWARD, title_en="The red flag", title_zh="流动红旗"
    )
    add_round(scheme, 2022, cast.town, announced_on=ANNOUNCED, meeting=meeting, agenda_item=item)
    add_round(scheme, 2021, cast.neighbour, announced_on=date(2021, 7, 28), held_until=ANNOUNCED)
    assert [row.name_en for row in rounds_announced_at(meeting)[item.pk]] == ["First half of 2022"]
    text = client_of(cast.reporter).get(reverse("meeting", args=[meeting.pk])).content.decode()
    assert "Mobile red flag, First half of 2022</a>: Riverside Town" in text
    assert "Hillside County" not in text


def test_the_meeting_says_where_nobody_won(cast: Cast, scheme: Scheme) -> None:
    meeting = Meeting.objects.create(campaign=cast.campaign, name_en="Analysis", name_zh="会", held_on=ANNOUNCED)
    item = AgendaItem.objects.create(
        meeting=meeting, order=1, kind=AgendaItem.Kind.AWARD, title_en="The red flag", title_zh="流动红旗"
    )
    add_round(scheme, 2022, announced_on=ANNOUNCED, meeting=meeting, agenda_item=item)
    text = client_of(cast.reporter).get(reverse("meeting", args=[meeting.pk])).content.decode()
    assert "Mobile red flag, First half of 2022</a>: no unit" in text


# --- queries ----------------------------------------------------------------------------------------------------------


def test_the_page_makes_the_same_queries_for_one_row_and_for_three(cast: Cast, scheme: Scheme) -> None:
    client = client_of(cast.reporter)

    def add(year: int) -> None:
        row = add_round(scheme, year, cast.town, announced_on=date(year, 7, 28))
        Score.objects.create(round=row, unit=cast.town, computed_score=90, computed_rank=1)

    add(2022)
    one = count_queries(lambda: text_of(client))
    add(2021)
    add(2020)
    for order in (3, 4):
        add_criterion(scheme, order)
    assert count_queries(lambda: text_of(client)) == one
    assert one <= 12


def test_a_winner_other_than_the_computed_one_needs_reason_and_person(cast: Cast, scheme: Scheme) -> None:
    row = add_round(scheme, 2022, announced_on=ANNOUNCED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.create(round=row, unit=cast.town, is_computed_winner=False, is_winner=True)
    Score.objects.create(round=row, unit=cast.town, is_computed_winner=True, is_winner=True)


# --- as a file --------------------------------------------------------------------------------------------------------


def test_the_file_has_each_round_with_who_held_the_flag(cast: Cast, scheme: Scheme) -> None:
    add_round(scheme, 2021, cast.neighbour, announced_on=date(2021, 7, 20), held_until=ANNOUNCED)
    add_round(scheme, 2022, cast.town, announced_on=ANNOUNCED)
    answer = client_of(cast.stranger).get(reverse("export_awards", args=["xlsx"]) + "?scheme=flag")
    headings, *rows = read_back(body_of(answer))
    place = {name: headings.index(name) for name in ("Award round", "Unit code", "Holds it now")}
    assert [[row[column] for column in place.values()] for row in rows] == [
        ["First half of 2022", "town", "yes"],
        ["First half of 2021", "neighbour", ""],
    ]


def test_the_file_has_no_scores_before_they_may_be_seen(cast: Cast, scheme: Scheme) -> None:
    row = add_round(scheme, 2022)
    Score.objects.create(round=row, unit=cast.town, computed_score=Decimal(90), computed_rank=1)
    path = reverse("export_awards", args=["xlsx"])
    assert "Scores" not in parts(body_of(client_of(cast.stranger).get(path)))["xl/workbook.xml"]
    scores = read_back(body_of(client_of(cast.office).get(path)), 1)
    assert scores[1][:5] == ["First half of 2022", 1, "town", "Riverside Town", 90]


def test_the_file_takes_as_many_queries_whatever_the_rounds(cast: Cast, scheme: Scheme) -> None:
    client, path = client_of(cast.office), reverse("export_awards", args=["xlsx"])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert body_of(client.get(path))
        return len(queries)

    add_round(scheme, 2021, cast.neighbour, announced_on=date(2021, 7, 20), held_until=ANNOUNCED)
    first = cost()
    add_round(scheme, 2022, cast.town, announced_on=ANNOUNCED)
    assert cost() == first <= 12


def test_a_scheme_that_is_none_has_no_file(cast: Cast, scheme: Scheme) -> None:
    client = client_of(cast.office)
    assert client.get(reverse("export_awards", args=["csv"]) + "?scheme=none").status_code == 404
    Scheme.objects.update(is_active=False)
    assert client.get(reverse("export_awards", args=["csv"])).status_code == 404
