"""What would be under other rules: who would win, and that nothing of it is saved."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.models import Score
from awards.operations.schemes import scheme_given as as_rows
from awards.queries.what_if import Changes, what_if_round, what_if_scheme
from awards.refusals import Invalid, WrongScheme
from tests.awards.builders import adjusted, computed, criterion, opened, scheme_given, standing
from tests.cast import Cast
from units.models import Change


@pytest.fixture
def cast(cast_with_july: Cast) -> Cast:
    return cast_with_july


def test_a_changed_weight_says_who_would_win_and_saves_nothing(cast: Cast) -> None:
    award = adjusted(cast, computed(cast), cast.neighbour, points=4)
    before, changes = standing(award), Change.objects.count()
    found = what_if_round(award, Changes(weights={1: Decimal(75), 2: Decimal(5)}))
    assert found.winners == ["neighbour"]
    rows = {row.unit: row for row in found.rows}
    assert (rows["town"].score_now, rows["town"].score) == ("61.00", "43.50")
    assert rows["neighbour"].is_changed
    assert (standing(award), Change.objects.count()) == (before, changes)


def test_an_open_round_is_tried_on_the_figures_of_now(cast: Cast) -> None:
    found = what_if_round(opened(cast), Changes(methods={2: ("target", {"target": 100})}))
    assert [row.score for row in found.rows] == ["32.50", "32.50"]
    assert not Score.objects.exists()


def test_rules_that_cannot_be_are_refused(cast: Cast) -> None:
    award = computed(cast)
    with pytest.raises(WrongScheme, match="add to 110"):
        what_if_round(award, Changes(weights={1: Decimal(60)}))
    with pytest.raises(WrongScheme):
        what_if_round(award, Changes(methods={1: ("banded", {})}))
    for changes in (Changes(weights={9: Decimal(1)}), Changes(flags=0), Changes(tie_rule="dice")):
        with pytest.raises(Invalid):
            what_if_round(award, changes)


def test_a_scheme_that_is_not_saved_is_tried_on_a_closed_period(cast: Cast) -> None:
    given = scheme_given(cast, criteria=[criterion(1, 100, basis="campaign_composite")])
    scheme, criteria, gates = as_rows(given)
    found = what_if_scheme(scheme, period=cast.july, criteria=criteria, gates=gates)
    assert [row.unit for row in found.rows] == ["town", "neighbour"]
    assert scheme.pk is None


def test_trying_takes_as_many_queries_for_two_units_as_for_more(cast: Cast) -> None:
    from tests.campaigns.analysis import more_units

    def cost() -> int:
        scheme, criteria, gates = as_rows(scheme_given(cast))
        with CaptureQueriesContext(connection) as made:
            what_if_scheme(scheme, period=cast.july, criteria=criteria, gates=gates)
        return len(made)

    cost()  # what the cast has not loaded yet
    first = cost()
    more_units(cast, 3, cast.july)
    assert cost() == first <= 11
