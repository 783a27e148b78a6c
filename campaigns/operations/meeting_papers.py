"""The papers of presenters: handed in as what is drawn from their reports, or as files beside it, until the minutes are
issued.

The item's row is locked, not the meeting's version raised: presenters do not get in the way of who builds the agenda.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import AgendaItem, AgendaPaper
from campaigns.operations.meetings import NOT_YOURS, must_be_open
from campaigns.permissions import can_hand_in_paper
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid, WrongState
from units.models import User
from units.operations.changes import Touched, fields_of, record
from units.permissions import capacities

PER_ITEM = 10
FIELDS = ("handed_in_at", "handed_in_by")
FILE_FIELDS = ("name", "size", "sha256")


@transaction.atomic
def hand_in_paper(*, item_id: int, actor: User, now: datetime) -> AgendaItem:
    """Says that what is drawn from the unit's reports and updates is its paper. Twice is once."""
    item = _locked(item_id, actor, now)
    if item.handed_in_at is not None:
        return item
    _mark(item, now, actor, "hand_in_paper", [])
    return item


@transaction.atomic
def take_back_paper(*, item_id: int, actor: User, now: datetime) -> AgendaItem:
    """Says that it is not the paper yet. Files go one by one."""
    item = _locked(item_id, actor, now)
    if item.papers.exists():
        raise WrongState(_("Files are handed in for this item. Remove them first."))
    if item.handed_in_at is not None:
        _mark(item, None, None, "take_back_paper", [], by=actor)
    return item


@transaction.atomic
def add_paper(
    *, item_id: int, upload: UploadedFile, name: str, content_type: str, actor: User, now: datetime
) -> AgendaPaper:
    """Keeps a checked file with the item, which hands it in. The same bytes twice are kept once; at most ten files."""
    item = _locked(item_id, actor, now)
    digest = sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    known = item.papers.filter(sha256=digest.hexdigest()).first()
    if known is not None:
        return known
    if item.papers.count() >= PER_ITEM:
        raise Invalid(_("An item holds at most %(count)d files. Remove one first.") % {"count": PER_ITEM}, field="file")
    kept = AgendaPaper(
        agenda_item=item,
        name=name,
        content_type=content_type,
        size=upload.size or 0,
        sha256=digest.hexdigest(),
        uploaded_by=actor,
        uploaded_at=now,
    )
    kept.file.save(name, upload, save=False)
    kept.save()
    _mark(item, item.handed_in_at or now, item.handed_in_by or actor, "add_paper",
          [Touched(kept, None, fields_of(kept, FILE_FIELDS))], by=actor)  # fmt: skip
    return kept


@transaction.atomic
def remove_paper(*, paper_id: int, actor: User, now: datetime) -> AgendaItem:
    """Takes a file away; its bytes are deleted once the transaction holds. With the last one the paper is due again."""
    paper = AgendaPaper.objects.get(pk=paper_id)
    item = _locked(paper.agenda_item_id, actor, now)
    stored, gone = paper.file, Touched(paper, fields_of(paper, FILE_FIELDS), None)
    is_last = not item.papers.exclude(pk=paper_id).exists()
    _mark(item, None if is_last else item.handed_in_at, None if is_last else item.handed_in_by, "remove_paper", [gone],
          by=actor)  # fmt: skip
    paper.delete()
    transaction.on_commit(lambda: stored.delete(save=False))
    return item


def _locked(item_id: int, actor: User, now: datetime) -> AgendaItem:
    rows = AgendaItem.objects.select_for_update(of=("self",)).select_related("meeting", "presenter")
    item = rows.get(pk=item_id)
    if actor.is_service or not can_hand_in_paper(capacities(actor, local_day(now)), item):
        raise PermissionDenied(NOT_YOURS)
    must_be_open(item.meeting)
    if item.presenter_id is None:
        raise WrongState(_("Nobody presents this item: it takes no paper."))
    return item


def _mark(
    item: AgendaItem,
    at: datetime | None,
    whom: User | None,
    verb: str,
    touched: list[Touched],
    *,
    by: User | None = None,
) -> None:
    before = fields_of(item, FIELDS)
    item.handed_in_at, item.handed_in_by = at, whom
    after = fields_of(item, FIELDS)
    if before != after:
        item.save(update_fields=FIELDS)
        touched = [*touched, Touched(item, before, after)]
    record(actor=by or whom, verb=verb, touched=touched)
