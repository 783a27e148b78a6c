"""Keeps an uploaded table while somebody looks at its preview, and lets it go afterwards. Times are real time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from units.models import Upload, User

KEPT = timedelta(hours=24)
MOST_OF_ONE = 20
"""So many uploads of one person are kept; the oldest make room."""


def keep_upload(
    *, kind: str, owner: User, name: str, params: dict[str, Any], grid: Sequence[dict[str, Any]], at: datetime
) -> Upload:
    """Keeps the rows for a day, and drops what is too old."""
    Upload.objects.filter(expires_at__lt=at).delete()
    newest = list(Upload.objects.filter(owner=owner).order_by("-pk").values_list("pk", flat=True)[: MOST_OF_ONE - 1])
    Upload.objects.filter(owner=owner).exclude(pk__in=newest).delete()
    return Upload.objects.create(
        kind=kind,
        owner=owner,
        name=name.replace("\x00", "")[:150],
        params=params,
        grid=list(grid),
        expires_at=at + KEPT,
    )


def mark_written(upload: Upload, *, at: datetime) -> None:
    """Remembers that the upload was confirmed, so that going back to its preview says so."""
    upload.written_at = at
    upload.save(update_fields=["written_at"])


def keep_check(upload: Upload, *, problems: Sequence[Sequence[Any]]) -> None:
    """Keeps what a check in the background found."""
    upload.params = {**upload.params, "problems": [list(one) for one in problems]}
    upload.save(update_fields=["params"])
