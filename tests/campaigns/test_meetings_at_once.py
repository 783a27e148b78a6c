"""Two hands on one meeting at the same moment, each with a connection of its own to a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import AgendaItem, Meeting
from campaigns.operations.agenda import ItemFacts, add_item, edit_item, move_item, reorder_agenda
from campaigns.operations.meeting_papers import add_paper, hand_in_paper
from campaigns.operations.meeting_series import next_meeting, series_of
from campaigns.queries.agenda import in_order
from tests.arranged import called, put_on, step
from tests.campaigns.test_concurrency import at_once, names
from tests.cast import Cast, assemble
from units.models import Change

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    made = called(cast)
    for title, unit in (("A", None), ("B", cast.town), ("C", None)):
        put_on(cast, made, title, unit)
    return made


def titles(meeting: Meeting) -> str:
    return "".join(one.title_en for one in in_order(meeting.agenda.all()))


def test_of_two_who_reorder_at_once_one_wins_and_the_other_is_told(cast: Cast, meeting: Meeting) -> None:
    ids = {one.title_en: one.pk for one in meeting.agenda.all()}
    common = step(cast, meeting)

    def order(wanted: str) -> Callable[[], Any]:
        return lambda: reorder_agenda(**common, order=[(ids[title], "main") for title in wanted])

    assert names(at_once(order("CBA"), order("BCA"))) == ["StaleVersion", "done"]
    assert titles(meeting) in ("CBA", "BCA")
    assert Change.objects.filter(verb="reorder_agenda").count() == 1


def test_moving_and_adding_at_once_without_versions_loses_neither(cast: Cast, meeting: Meeting) -> None:
    common = {**step(cast, meeting), "version": None}
    last = meeting.agenda.get(title_en="C").pk
    fact = ItemFacts(kind="other", title_en="D", title_zh="D")
    outcomes = at_once(
        lambda: move_item(**common, item_id=last, is_up=True),
        lambda: add_item(**common, item=fact),
        lambda: move_item(**common, item_id=meeting.agenda.get(title_en="A").pk, is_up=False),
    )
    assert names(outcomes) == ["done"] * 3
    assert sorted(titles(meeting)) == list("ABCD")
    assert sorted(meeting.agenda.values_list("order", flat=True)) == [1, 2, 3, 4]


def test_handing_in_while_the_item_changes_loses_neither(
    cast: Cast, meeting: Meeting, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    item = meeting.agenda.get(title_en="B")
    fact = ItemFacts(kind="other", title_en="B2", title_zh="B2", presenter=cast.town, minutes_allotted=25)
    common = step(cast, meeting)
    upload = SimpleUploadedFile("paper.txt", b"Ours.")
    outcomes = at_once(
        lambda: edit_item(**common, item_id=item.pk, item=fact),
        lambda: hand_in_paper(item_id=item.pk, actor=cast.reporter, now=cast.now),
        lambda: add_paper(item_id=item.pk, upload=upload, name="paper.txt", content_type="text/plain",
                          actor=cast.head, now=cast.now),
    )  # fmt: skip
    assert names(outcomes) == ["done"] * 3
    kept = AgendaItem.objects.get(pk=item.pk)
    assert (kept.title_en, kept.minutes_allotted, kept.handed_in_at is not None) == ("B2", 25, True)
    assert kept.papers.count() == 1


def test_the_next_meeting_asked_for_twice_at_once_is_made_once(cast: Cast) -> None:
    kind = Meeting.Kind.MONTHLY_ANALYSIS.value

    def begin() -> Any:
        return series_of(campaign=cast.campaign, kind=kind, actor=cast.office, now=cast.now)

    first, second = at_once(begin, begin)
    assert first == second
    made = at_once(
        *[lambda: next_meeting(series_id=first.pk, version=first.version, actor=cast.office, now=cast.now)] * 2
    )
    assert names(made) == ["StaleVersion", "done"]
    assert Meeting.objects.count() == 1
