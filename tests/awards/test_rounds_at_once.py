"""Two hands at one award round at the same moment, each with a connection of its own to a real PostgreSQL."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from awards.models import Appeal, RedFlag, Round, Scheme, Snapshot
from awards.operations.announcements import announce_round, revise_announced
from awards.operations.appeals import file_appeal
from awards.operations.decisions import decide_score
from awards.operations.rounds import compute_round
from awards.operations.schemes import save_scheme
from campaigns.operations.reports import Figure, correct_measurement
from tests.awards.builders import (
    RIPE,
    adjusted,
    announced,
    computed,
    in_publicity,
    opened,
    saved_scheme,
    scheme_given,
    standing,
)
from tests.builders import assemble_with_july
from tests.campaigns.test_concurrency import at_once, names
from tests.cast import Cast, at
from units.models import Change, Message

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble_with_july()


def test_a_round_announced_twice_at_once_is_announced_once(cast: Cast) -> None:
    award = in_publicity(cast)

    def click() -> Round:
        return announce_round(round_id=award.pk, actor=cast.administrator, now=RIPE)

    assert names(at_once(click, click, click)) == ["WrongState", "WrongState", "done"]
    assert (Snapshot.objects.count(), RedFlag.objects.count()) == (1, 1)
    assert Change.objects.filter(verb="announce_round").count() == 1
    assert Message.objects.filter(kind="award_announced", recipient=cast.leader).count() == 1


def test_two_administrators_who_decide_at_once_do_not_overwrite_each_other(cast: Cast) -> None:
    award = computed(cast)

    def decide(score: int) -> Any:
        return lambda: decide_score(
            round_id=award.pk, unit=cast.neighbour, score=Decimal(score), reason=f"For {score}.",
            actor=cast.administrator, now=cast.now, version=award.version,
        )  # fmt: skip

    outcomes = at_once(decide(70), decide(80))
    assert names(outcomes) == ["StaleVersion", "done"]
    score = award.scores.get(unit=cast.neighbour)
    assert score.decided_reason == f"For {score.decided_score:.0f}."


def test_announcing_while_an_administrator_decides_freezes_what_stands_or_is_refused(cast: Cast) -> None:
    award = in_publicity(cast)
    version = award.version
    outcomes = at_once(
        lambda: announce_round(round_id=award.pk, actor=cast.administrator, now=RIPE, version=version),
        lambda: decide_score(
            round_id=award.pk, unit=cast.neighbour, score=Decimal(90), reason="Why.", actor=cast.administrator,
            now=RIPE, version=version,
        ),
    )  # fmt: skip
    assert names(outcomes) in (["StaleVersion", "done"], ["WrongState", "done"])
    assert Snapshot.objects.exists() is (award.scores.get(unit=cast.neighbour).decided_score is None)


def test_an_appeal_that_arrives_while_announcing_is_answered_before_or_comes_too_late(cast: Cast) -> None:
    """It was sent on the last day of the window, and reaches the server as the result is announced."""
    award = in_publicity(cast)
    outcomes = at_once(
        lambda: announce_round(round_id=award.pk, actor=cast.administrator, now=RIPE),
        lambda: file_appeal(
            round_id=award.pk, unit=cast.neighbour, text="Our mark.", actor=cast.outsider_head, now=at(9, 7, 23)
        ),
    )
    assert names(outcomes) == ["WrongState", "done"]
    award.refresh_from_db()
    assert award.is_announced is not Appeal.objects.exists()
    assert award.is_announced is Snapshot.objects.exists()


def test_a_figure_corrected_while_announcing_does_not_come_in(cast: Cast) -> None:
    award = in_publicity(cast)
    before = standing(award)
    measurement = cast.report(cast.town, cast.trade, cast.july).measurements.get(indicator=cast.exports)
    outcomes = at_once(
        lambda: announce_round(round_id=award.pk, actor=cast.administrator, now=RIPE),
        lambda: correct_measurement(
            measurement_id=measurement.pk, actor=cast.office, now=RIPE, figure=Figure(value=Decimal(10)),
            reason="Counted twice.", version=measurement.version,
        ),
    )  # fmt: skip
    assert names(outcomes) == ["done", "done"]
    assert standing(award) == before
    assert '"value":"50.0000"' in Snapshot.objects.get().content


def test_two_rounds_of_a_scheme_announced_at_once_leave_the_flag_with_one(cast: Cast) -> None:
    first = in_publicity(cast)
    days = {"period": cast.july, "starts_on": date(2022, 7, 2), "ends_on": date(2022, 8, 31)}
    second = computed(cast, opened(cast, first.scheme, marks={"town": 50, "neighbour": 90}, **days))
    second = in_publicity(cast, second)
    outcomes = at_once(
        *[
            lambda one=one: announce_round(round_id=one.pk, actor=cast.administrator, now=RIPE)
            for one in (first, second)
        ]
    )
    assert names(outcomes) in (["WrongState", "done"], ["done", "done"])
    assert [flag.unit.code for flag in RedFlag.objects.filter(held_until=None)] == ["neighbour"]


def test_a_round_computed_by_two_at_once_has_each_score_once(cast: Cast) -> None:
    award = opened(cast)

    def click() -> Round:
        return compute_round(round_id=award.pk, actor=cast.office, now=cast.now)

    assert names(at_once(click, click)) == ["done", "done"]
    assert award.scores.count() == 2
    assert Change.objects.filter(verb="compute_round").count() == 1


def test_a_veto_while_announcing_ends_in_one_of_the_two(cast: Cast) -> None:
    award = in_publicity(cast)
    outcomes = at_once(
        lambda: announce_round(round_id=award.pk, actor=cast.administrator, now=RIPE),
        lambda: adjusted(cast, award, cast.town, "veto"),
    )
    assert names(outcomes) == ["WrongState", "done"]
    award.refresh_from_db()
    assert award.is_announced is not award.adjustments.exists()


def test_two_revisions_at_once_make_one_snapshot_each_or_are_refused(cast: Cast) -> None:
    award = announced(cast)

    def revise(recompute: bool = True) -> Round:
        return revise_announced(
            round_id=award.pk, actor=cast.administrator, now=at(9, 20), reason="Why.", recompute=recompute,
            version=award.version,
        )  # fmt: skip

    measurement = cast.report(cast.town, cast.trade, cast.july).measurements.get(indicator=cast.exports)
    correct_measurement(
        measurement_id=measurement.pk, actor=cast.office, now=cast.now, figure=Figure(value=Decimal(10)),
        reason="Counted twice.", version=measurement.version,
    )  # fmt: skip
    assert names(at_once(revise, revise)) == ["StaleVersion", "done"]
    assert list(Snapshot.objects.values_list("version", flat=True)) == [1, 2]


def test_a_scheme_saved_by_two_at_once_has_one_next_edition(cast: Cast) -> None:
    scheme = saved_scheme(cast)
    opened(cast, scheme)

    def save(flags: int) -> Any:
        return lambda: save_scheme(
            given=scheme_given(cast, flags=flags), actor=cast.administrator, now=cast.now, scheme_id=scheme.pk,
            revision=scheme.revision,
        )  # fmt: skip

    assert names(at_once(save(2), save(3))) == ["StaleVersion", "done"]
    assert list(Scheme.objects.order_by("version").values_list("version", "is_active")) == [(1, False), (2, True)]
