"""Finds an upload again: for its owner alone, and while it is kept."""

from __future__ import annotations

from datetime import datetime

from units.models import Upload, User

LARGEST_ID = 2**63 - 1


def find_upload(*, upload_id: int, kind: str, owner: User, at: datetime) -> Upload | None:
    return Upload.objects.filter(pk=min(upload_id, LARGEST_ID), kind=kind, owner=owner, expires_at__gte=at).first()
