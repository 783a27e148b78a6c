"""A period that closes has its pack begun, once, in the name of somebody of the office."""

from __future__ import annotations

from datetime import datetime

from campaigns.models import Pack, Period
from campaigns.operations.closing_packs import build_packs_at_closing
from campaigns.tasks import tick
from tests.builders import close, move_clock_to
from tests.cast import Cast, at
from units.models import Job, Membership, Role


def begun(now: datetime) -> list[str]:
    return [pack.period.month for pack in build_packs_at_closing(now=now)]


def test_the_tick_that_closes_a_period_begins_its_pack(cast: Cast) -> None:
    move_clock_to(at(9, 13, 18, 30))
    tick()
    pack = Pack.objects.get(period=cast.august)
    assert pack.built_by == cast.office
    assert pack.is_in_work


def test_another_tick_begins_no_other(cast: Cast) -> None:
    move_clock_to(at(9, 13, 18, 30))
    tick()
    counted = (Pack.objects.count(), Job.objects.count())
    tick()
    assert counted == (Pack.objects.count(), Job.objects.count())


def test_a_period_closed_early_gets_one_too_and_an_open_one_none(cast: Cast) -> None:
    assert "2022-08" not in begun(cast.now)
    close(cast)
    assert begun(cast.now) == ["2022-08"]
    assert begun(cast.now) == []


def test_a_published_period_is_left_as_it_is(cast_with_july: Cast) -> None:
    assert Period.objects.get(month="2022-07").is_published
    assert begun(cast_with_july.now) == []


def test_while_nobody_is_in_the_office_it_waits(cast: Cast) -> None:
    begun(cast.now)
    close(cast)
    held = list(Membership.objects.filter(role=Role.OFFICE))
    Membership.objects.filter(role=Role.OFFICE).delete()
    assert begun(cast.now) == []
    Membership.objects.bulk_create(held)
    assert begun(cast.now) == ["2022-08"]
