"""A person's inbox: the newest messages first, page by page, each in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from units.models import Message, User

from .messages import Words, words_of

PAGE = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One message as the inbox shows it; `day` is the business day that it belongs to."""

    id: int
    kind: str
    day: date
    is_read: bool
    words: Words


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page. `older` is the id to go on below, None on the last page; `newest` is there on the first page only.

    `unread` counts the whole inbox.
    """

    lines: Sequence[Line]
    unread: int
    older: int | None
    newest: int | None


def inbox(reader: User, *, before: int | None = None, size: int = PAGE) -> Inbox:
    """The messages with ids below `before` (None: the newest). Two queries, whatever their number."""
    rows = Message.objects.filter(recipient=reader).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: size + 1])
    shown = found[:size]
    return Inbox(
        lines=[Line(one.pk, one.kind, one.day, one.read_at is not None, words_of(one)) for one in shown],
        unread=unread_count(reader),
        older=shown[-1].pk if len(found) > size else None,
        newest=shown[0].pk if shown and before is None else None,
    )


def unread_count(reader: User) -> int:
    return Message.objects.filter(recipient=reader, read_at=None).count()
