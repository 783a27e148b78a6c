"""What nobody needs any more goes, what waits stays; administrators hear of tokens before they expire, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.utils import timezone

from tests.units.test_messages import person, send_to
from units.models import ApiToken, BeatJob, BeatRun, Change, Delivery, IdempotencyKey, Job, Message, Upload
from units.operations.cleanup import DELIVERIES_KEPT, KEYS_KEPT, clean_up
from units.operations.token_expiry import TAKEN_BACK_AFTER, take_back_expired, tell_of_expiry
from units.operations.tokens import create_token

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def now() -> datetime:
    return timezone.now()


def test_the_clean_up_takes_what_is_old_and_leaves_what_is_not(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    one = person()
    for age, key in ((KEYS_KEPT + DAY, "old"), (timedelta(), "new")):
        kept = IdempotencyKey.objects.create(account=one, key=key, digest="0" * 64)
        IdempotencyKey.objects.filter(pk=kept.pk).update(created_at=now() - age)
        Upload.objects.create(kind="x", owner=one, name=key, grid=[], expires_at=now() + DAY - age)
        Session.objects.create(session_key=key, session_data="", expire_date=now() + DAY - age)
        job = Job(kind="x", title=key, owner=one, state=Job.State.DONE, finished_at=now() - age)
        job.save()
        job.file.save("result", ContentFile(b"x"))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    gone = clean_up(now=now())
    assert {name: number for name, number in gone.items() if number} == {"keys": 1, "uploads": 1, "files": 1}
    assert [row.key for row in IdempotencyKey.objects.all()] == ["new"]
    assert [row.name for row in Upload.objects.all()] == ["new"]
    assert [row.session_key for row in Session.objects.all()] == ["new"]
    assert [row.title for row in Job.objects.all()] == ["new"]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == len(files) - 1
    assert not any(clean_up(now=now()).values())


def test_old_deliveries_go_and_the_ledger_stays_so_that_nothing_is_sent_twice() -> None:
    reader = person()
    send_to(reader)
    long_ago = now() - DELIVERIES_KEPT - DAY
    Delivery.objects.update(next_attempt_at=long_ago)
    assert clean_up(now=now())["deliveries"] == 0
    Delivery.objects.update(status="sent", sent_at=long_ago)
    assert clean_up(now=now())["deliveries"] == 1
    assert send_to(reader) == 0
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 0)


def test_of_each_job_the_newest_runs_are_kept() -> None:
    job, quiet = BeatJob.objects.create(task="a"), BeatJob.objects.create(task="b")
    for one, number in ((job, 60), (quiet, 3)):
        BeatRun.objects.bulk_create(BeatRun(job=one, started_at=now(), seconds=n) for n in range(number))
    assert clean_up(now=now())["runs"] == 10
    assert job.history.first().seconds == 59
    assert quiet.history.count() == 3


# --- tokens -----------------------------------------------------------------------------------------------------------


def token(expires_in: timedelta) -> ApiToken:
    row, _secret = create_token(client="City dashboard", scopes=["read"], actor=None, expires_at=now() + DAY)
    ApiToken.objects.filter(pk=row.pk).update(expires_at=now() + expires_in)
    row.refresh_from_db()
    return row


def test_administrators_hear_two_weeks_and_three_days_before_once_each() -> None:
    administrator = person("root", is_superuser=True)
    person("nobody")
    token(15 * DAY)
    assert [tell_of_expiry(now=now() + days * DAY) for days in (0, 2, 3, 10, 13, 14, 16)] == [0, 1, 0, 0, 1, 0, 0]
    assert {message.recipient for message in Message.objects.all()} == {administrator}


def test_after_a_week_without_a_beat_only_the_newest_stage_is_told() -> None:
    person("root", is_superuser=True)
    token(2 * DAY)
    assert tell_of_expiry(now=now()) == 1


def test_a_token_that_was_revoked_or_has_no_end_is_nobodys_worry() -> None:
    person("root", is_superuser=True)
    token(2 * DAY)
    ApiToken.objects.update(revoked_at=now())
    create_token(client="For ever", scopes=["read"], actor=None)
    assert tell_of_expiry(now=now()) == 0


def test_what_expired_long_ago_is_taken_back_with_its_account_and_a_record() -> None:
    old, fresh = token(-TAKEN_BACK_AFTER - DAY), token(-DAY)
    assert take_back_expired(now=now()) == 1
    assert take_back_expired(now=now()) == 0
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert old.revoked_at is not None
    assert (old.account.is_active, fresh.account.is_active, fresh.revoked_at) == (False, True, None)
    assert Change.objects.get(verb="revoke_token").reason == "expired"
