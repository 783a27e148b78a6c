"""The record of changes in its chain: no gap, no fork, nothing skipped, and whatever is altered afterwards is found."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from io import StringIO
from itertools import pairwise
from threading import Barrier, Event
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from campaigns.models import Measurement
from campaigns.operations.reports import Figure, save_report, submit_report
from tests.admin_builders import make
from tests.cast import Cast
from units.models import ChainHead, Change, ChangeItem, Unit, User
from units.operations.changes import Touched, natural_keys, nudge_sealing, record
from units.operations.sealing import seal, seal_all
from units.queries.changes import check_chain

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def leave(verb: str = "test", **fields: Any) -> Change:
    """One change of one unit."""
    with transaction.atomic():
        return record(actor=None, verb=verb, touched=[], **fields)


def sequences() -> list[int | None]:
    return list(Change.objects.order_by("id").values_list("sequence", flat=True))


# --- the chain --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_changes_are_numbered_without_gaps_in_one_chain() -> None:
    for _number in range(5):
        leave()
    assert seal(now=NOW, limit=3) == 3
    assert sequences() == [1, 2, 3, None, None]
    assert seal_all(now=NOW) == 2
    assert seal_all(now=NOW) == 0
    assert sequences() == [1, 2, 3, 4, 5]
    head = ChainHead.objects.get()
    assert (head.sequence, head.sealed_at) == (5, NOW)
    assert check_chain().digest == head.digest == Change.objects.get(sequence=5).digest


@pytest.mark.django_db
def test_the_digest_is_what_the_documentation_says() -> None:
    actor, unit = make(User), make(Unit, code="town", name_en="Riverside 河畔")
    record(actor=actor, verb="first", touched=[Touched(unit, {"order": 1}, {"order": 2})], reason="因为")
    record(actor=None, verb="second", touched=[])
    seal_all(now=NOW)
    first, second = Change.objects.order_by("sequence")
    told = {
        "sequence": 1,
        "at": first.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "actor": actor.pk,
        "on_behalf_of": None,
        "token": None,
        "verb": "first",
        "reason": "因为",
        "request": "",
        "items": [
            {
                "object_type": "units.unit",
                "object_id": str(unit.pk),
                "label": str(unit),
                "key": {"unit": "town"},
                "unit": "town",
                "before": {"order": 1},
                "after": {"order": 2},
            }
        ],
        "previous": "",
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert first.digest == sha256(text.encode()).hexdigest()
    assert second.digest != first.digest


@pytest.mark.django_db
def test_nothing_that_holds_is_called_broken() -> None:
    assert check_chain().fault == ""
    leave(reason="tea & “quotes”\n\t河畔 ")
    record(actor=None, verb="x", touched=[Touched(make(Unit), None, {"a": Decimal("1.10"), "b": [1, None], "c": NOW})])
    seal_all(now=NOW)
    leave("not sealed yet")
    out = StringIO()
    call_command("verify_changes", stdout=out)
    assert out.getvalue().startswith("2 changes, the chain holds: ")
    assert ChainHead.objects.get().digest in out.getvalue()


def _alter_reason() -> None:
    Change.objects.filter(sequence=3).update(reason="another")


def _alter_item() -> None:
    ChangeItem.objects.filter(change__sequence=3).update(after={"order": 9})


def _add_item() -> None:
    make(ChangeItem, change=Change.objects.get(sequence=3))


def _remove_middle() -> None:
    ChangeItem.objects.filter(change__sequence=3).delete()
    Change.objects.filter(sequence=3).delete()


def _remove_last() -> None:
    ChangeItem.objects.filter(change__sequence=5).delete()
    Change.objects.filter(sequence=5).delete()


def _exchange() -> None:
    Change.objects.filter(sequence=3).update(sequence=9)
    Change.objects.filter(sequence=4).update(sequence=3)
    Change.objects.filter(sequence=9).update(sequence=4)


def _alter_and_seal_anew() -> None:
    """Somebody who knows how digests are made, and makes one of them anew."""
    from units.queries.changes import content, digest_of

    change = Change.objects.get(sequence=3)
    change.reason = "another"
    change.digest = digest_of(content(change), previous=Change.objects.get(sequence=2).digest)
    change.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tamper", "holds_to"),
    [
        (_alter_reason, 2),
        (_alter_item, 2),
        (_add_item, 2),
        (_remove_middle, 2),
        (_remove_last, 4),
        (_exchange, 2),
        (_alter_and_seal_anew, 3),
    ],
)
def test_tampering_is_found(tamper: Callable[[], None], holds_to: int) -> None:
    unit = make(Unit)
    for number in range(5):
        record(actor=None, verb="test", touched=[Touched(unit, {"order": number}, {"order": number + 1})])
    seal_all(now=NOW)
    tamper()
    chain = check_chain()
    assert chain.fault
    assert chain.sequence == holds_to
    with pytest.raises(CommandError, match="broken"):
        call_command("verify_changes", stdout=StringIO())


@pytest.mark.django_db
def test_the_database_itself_refuses_a_number_twice_or_without_a_digest() -> None:
    leave()
    leave()
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.update(sequence=1, digest="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.filter(pk=Change.objects.first().pk).update(sequence=1)


@pytest.mark.django_db
def test_sealing_takes_the_same_queries_for_one_change_and_for_twenty() -> None:
    unit = make(Unit)
    counts = []
    for many in (1, 1, 20):
        for _number in range(many):
            record(actor=None, verb="test", touched=[Touched(unit, {"order": 1}, {"order": 2})])
        with CaptureQueriesContext(connection) as caught:
            seal(now=NOW)
        counts.append(len(caught))
    assert counts[1] == counts[2]


@pytest.mark.django_db
def test_a_worker_is_nudged_after_commit(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        leave()
    assert callbacks == [nudge_sealing]


# --- how rows are named -----------------------------------------------------------------------------------------------


def test_rows_carry_their_natural_keys_and_their_unit(cast: Cast) -> None:
    report = cast.report()
    save_report(
        report_id=report.pk,
        actor=cast.reporter,
        version=report.version,
        figures={cast.exports.pk: Figure(value=Decimal(90))},
        narrative={"progress": "Orders are in"},
        now=cast.now,
    )
    figure, words = ChangeItem.objects.filter(change__verb="save_report").order_by("object_type")
    named = {"campaign": "hundred-days", "period": "2022-08", "unit": "town", "action": "1"}
    assert (figure.key, figure.unit) == ({**named, "indicator": "exports"}, "town")
    assert (words.key, words.unit) == (named, "town")


def test_keys_are_asked_for_once_for_each_kind_and_not_where_they_are_loaded(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for indicator in (cast.exports, cast.share):
        make(Measurement, report=cast.report(), indicator=indicator)
    bare = list(Measurement.objects.all())
    with django_assert_num_queries(1):
        asked = natural_keys(bare)
    whole = list(Measurement.objects.select_related("report__unit", "report__action", "report__period__campaign"))
    for row in whole:
        row.indicator = {cast.exports.pk: cast.exports, cast.share.pk: cast.share}[row.indicator_id]
    with django_assert_num_queries(0):
        assert natural_keys(whole) == asked


# --- at the same time -------------------------------------------------------------------------------------------------


def in_thread(work: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    return run


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_commits_late_is_not_skipped() -> None:
    has_written, may_commit = Event(), Event()

    def slow() -> int:
        with transaction.atomic():
            change = leave("slow")
            has_written.set()
            assert may_commit.wait(10)
        return change.pk

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(in_thread(slow))
        assert has_written.wait(10)
        quick = leave("quick")
        assert seal_all(now=NOW) == 1
        may_commit.set()
        late_id = late.result(10)
    assert late_id < quick.pk
    assert seal_all(now=NOW) == 1
    assert list(Change.objects.order_by("sequence").values_list("verb", "sequence")) == [("quick", 1), ("slow", 2)]
    assert check_chain().fault == ""


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_writers_and_sealers_make_one_chain() -> None:
    start = Barrier(6)

    def write() -> int:
        start.wait()
        for number in range(15):
            with transaction.atomic():
                leave()
                if number % 5 == 4:
                    transaction.set_rollback(True)
        return 0

    def keep_sealing() -> int:
        start.wait()
        return sum(seal(now=NOW, limit=4) for _time in range(12))

    with ThreadPoolExecutor(6) as pool:
        works = [
            pool.submit(in_thread(work)) for work in (write, write, write, keep_sealing, keep_sealing, keep_sealing)
        ]
        sealed = sum(one.result(60) for one in works)
    sealed += seal_all(now=NOW)
    assert sealed == Change.objects.count() == 36
    numbers = sorted(Change.objects.values_list("sequence", flat=True))
    assert numbers[0] == 1
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))
    assert check_chain().fault == ""


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_sealer_that_is_killed_leaves_the_chain_as_it_was() -> None:
    leave()
    seal_all(now=NOW)
    leave()
    connections.close_all()
    child = os.fork()
    if child == 0:
        with transaction.atomic():
            seal(now=NOW)
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert sequences() == [1, None]
    assert seal_all(now=NOW) == 1
    assert check_chain().sequence == 2
    assert check_chain().fault == ""


def test_an_operation_that_fails_leaves_no_change(cast: Cast) -> None:
    before = Change.objects.count()
    with pytest.raises(Exception, match="missing"):
        submit_report(report_id=cast.report().pk, actor=cast.reporter, now=cast.now)
    assert Change.objects.count() == before
