"""A unit's people see its own rank before the leaders do: marked as a preview, and with nothing of the others."""

from __future__ import annotations

import pytest

from campaigns.models import Period
from campaigns.queries.standings import choose_group, ranking_groups, standings
from tests.builders import close, publish
from tests.campaigns.analysis import approve, more_units, periods_of
from tests.cast import Cast, client_of
from units.models import RankingGroupMember
from units.permissions import capacities

STANDINGS, UNIT = "/standings/?period=2022-08", "/units/town/?period=2022-08"
MARK = "data-preview-rank"
MOVES = "It may move until the month is published."


@pytest.fixture
def three(cast: Cast) -> Cast:
    """An open August in which the town is second of three."""
    approve(cast.town, cast.august, {cast.exports: 80, cast.share: 15, cast.roads: 45})
    approve(cast.neighbour, cast.august, {cast.exports: 120, cast.share: 15, cast.roads: 45})
    third = more_units(cast, 1, cast.august)[0]
    approve(third, cast.august, {cast.exports: 10, cast.share: 15, cast.roads: 45})
    RankingGroupMember.objects.get_or_create(group=cast.localities, unit=third)
    return cast


def text_of(cast: Cast, who: str, address: str) -> str:
    return " ".join(client_of(getattr(cast, who)).get(address).content.decode().split())


@pytest.mark.parametrize("address", [STANDINGS, UNIT])
@pytest.mark.parametrize("who", ["reporter", "head"])
@pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
def test_reporter_and_head_see_their_rank_of_how_many_marked_as_a_preview(
    three: Cast, who: str, address: str, is_closed: bool
) -> None:
    if is_closed:
        close(three)
    text = text_of(three, who, address)
    assert "Preview: no. 2 of 3" in text
    assert MOVES in text
    assert "60.00" not in text  # what the neighbour exported of its target


def test_the_preview_shows_no_other_units_row(three: Cast) -> None:
    periods = periods_of(three)
    august = next(one for one in periods if one.pk == three.august.pk)
    table = standings(
        august,
        periods=periods,
        group=choose_group(ranking_groups(), None),
        person=capacities(three.head, three.now.date()),
    )
    assert [(row.unit, row.rank) for row in table.previews] == [(three.town, 2)]
    assert table.places == 3
    assert [row.unit for row in table.rows] == [three.town]
    assert table.city is None


@pytest.mark.parametrize(
    "who", ["outsider", "outsider_head", "reviewer", "lead_reporter", "stranger", "leader", "office"]
)
def test_nobody_else_gets_a_preview_of_this_unit(three: Cast, who: str) -> None:
    assert MARK not in text_of(three, who, UNIT)
    assert "Riverside Town among" not in text_of(three, who, STANDINGS)


def test_without_enough_figures_it_says_what_a_rank_needs(cast: Cast) -> None:
    approve(cast.town, cast.august, {cast.exports: 80, cast.share: 15})
    for address in (STANDINGS, UNIT):
        text = text_of(cast, "head", address)
        assert "Preview: no rank yet" in text
        assert "50% has an approved figure, 100% is needed" in text


def test_once_published_it_is_the_rank_and_no_preview(three: Cast) -> None:
    publish(three)
    for address in (STANDINGS, UNIT):
        assert MARK not in text_of(three, "head", address)


def test_a_month_that_has_not_begun_has_no_preview(three: Cast) -> None:
    assert Period.objects.get(pk=three.october.pk).state == Period.State.UPCOMING
    for address in (STANDINGS, UNIT):
        assert MARK not in text_of(three, "head", address.replace("2022-08", "2022-10"))
