"""Two people at one pack at the same moment, each with a connection of its own to a real PostgreSQL."""

from __future__ import annotations

import pytest

from campaigns.models import Pack
from campaigns.operations.packs import build_pack, issue_pack
from tests.builders import assemble_with_july, draft_pack
from tests.campaigns.test_concurrency import at_once, names
from tests.campaigns.test_packs import edit, said
from tests.cast import Cast
from units.models import Message

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble_with_july()


def test_a_pack_built_twice_at_once_is_built_once(cast: Cast) -> None:
    def click() -> Pack:
        return build_pack(period=cast.july, actor=cast.office, now=cast.now)

    assert names(at_once(click, click, click)) == ["WrongState", "WrongState", "done"]
    assert Pack.objects.count() == 1


def test_two_who_write_at_once_lose_nothing_unseen(cast: Cast) -> None:
    pack = draft_pack(cast)
    outcomes = at_once(lambda: edit(cast, pack, leads="First."), lambda: edit(cast, pack, leads="Second."))
    assert names(outcomes) == ["StaleVersion", "done"]
    [kept] = [one for one in outcomes if isinstance(one, Pack)]
    assert said(Pack.objects.get()) == said(kept)


def test_a_pack_issued_twice_at_once_is_issued_once(cast: Cast) -> None:
    pack = draft_pack(cast)

    def click() -> Pack:
        return issue_pack(pack_id=pack.pk, version=pack.version, actor=cast.office, now=cast.now)

    assert names(at_once(click, click)) == ["WrongState", "done"]
    assert Message.objects.filter(kind="pack_ready", recipient=cast.leader).count() == 1


def test_what_is_written_while_somebody_issues_is_in_the_pack_or_refused(cast: Cast) -> None:
    pack = draft_pack(cast)
    outcomes = at_once(
        lambda: edit(cast, pack, leads="At the last moment."),
        lambda: issue_pack(pack_id=pack.pk, version=pack.version, actor=cast.office, now=cast.now),
    )
    assert sum(isinstance(one, Pack) for one in outcomes) == 1
    issued = Pack.objects.get()
    assert issued.is_issued is ("At the last moment." not in said(issued).values())
