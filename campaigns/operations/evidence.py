"""Files that prove what was done for a follow-up: added by the lead unit while it has the follow-up before it.

A client system that reports for the unit may add them too: a file decides nothing.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain.follow_up_life import DONE, FollowUpVerb
from campaigns.models import FollowUp, FollowUpFile
from campaigns.operations.follow_ups import NOT_YOURS
from campaigns.permissions import may_ever_on_follow_up
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid, WrongState
from units.models import User
from units.operations.changes import Touched, fields_of, record
from units.permissions import capacities

PER_FOLLOW_UP = 20


@transaction.atomic
def add_evidence(
    *, follow_up_id: int, upload: UploadedFile, name: str, content_type: str, actor: User, now: datetime
) -> FollowUpFile:
    """Keeps a checked file with the follow-up. The same bytes twice are kept once; at most twenty files."""
    follow_up = FollowUp.objects.select_for_update(of=("self",)).select_related("warning__project").get(pk=follow_up_id)
    if not may_ever_on_follow_up(capacities(actor, local_day(now)), FollowUpVerb.FEEDBACK, follow_up):
        raise PermissionDenied(NOT_YOURS)
    if follow_up.state in DONE:
        raise WrongState(_("This follow-up is closed. The file was not kept."))
    digest = sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    known = follow_up.files.filter(sha256=digest.hexdigest()).first()
    if known is not None:
        return known
    if follow_up.files.count() >= PER_FOLLOW_UP:
        raise Invalid(_("A follow-up holds at most %(count)d files.") % {"count": PER_FOLLOW_UP}, field="file")
    kept = FollowUpFile(
        follow_up=follow_up,
        name=name,
        content_type=content_type,
        size=upload.size or 0,
        sha256=digest.hexdigest(),
        uploaded_by=actor,
    )
    kept.file.save(name, upload, save=False)
    kept.save()
    record(
        actor=actor,
        verb="add_evidence",
        touched=[Touched(kept, None, fields_of(kept, ("name", "size", "sha256")))],
    )
    return kept
