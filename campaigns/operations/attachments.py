"""Files that belong to a report: added and removed while it can be filled, with the record of each."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import Attachment
from campaigns.operations.reports import NOT_YOURS, locked_report, must_be_fillable
from campaigns.permissions import can_fill
from campaigns.queries.clock import local_day
from campaigns.refusals import Invalid
from units.models import User
from units.operations.changes import Touched, fields_of, record
from units.permissions import capacities

PER_REPORT = 20


@transaction.atomic
def add_attachment(
    *, report_id: int, upload: UploadedFile, name: str, content_type: str, actor: User, now: datetime
) -> Attachment:
    """Keeps a checked file with the report. The same bytes twice are kept once; at most twenty files a report."""
    report = locked_report(report_id)
    if not can_fill(capacities(actor, local_day(now)), report):
        raise PermissionDenied(NOT_YOURS)
    must_be_fillable(report, now)
    digest = sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    known = report.attachments.filter(sha256=digest.hexdigest()).first()
    if known is not None:
        return known
    if report.attachments.count() >= PER_REPORT:
        raise Invalid(_("A report holds at most %(count)d files. Remove one first.") % {"count": PER_REPORT})
    attachment = Attachment(
        report=report,
        name=name,
        content_type=content_type,
        size=upload.size or 0,
        sha256=digest.hexdigest(),
        uploaded_by=actor,
    )
    attachment.file.save(name, upload, save=False)
    attachment.save()
    after = fields_of(attachment, ("name", "size", "sha256"))
    record(actor=actor, verb="add_attachment", touched=[Touched(attachment, None, after)])
    return attachment


@transaction.atomic
def remove_attachment(*, attachment_id: int, actor: User, now: datetime) -> None:
    """Takes a file off the report; its bytes are deleted once the transaction holds."""
    attachment = Attachment.objects.get(pk=attachment_id)
    report = locked_report(attachment.report_id)
    if not can_fill(capacities(actor, local_day(now)), report):
        raise PermissionDenied(NOT_YOURS)
    must_be_fillable(report, now)
    before = fields_of(attachment, ("name", "size", "sha256"))
    record(actor=actor, verb="remove_attachment", touched=[Touched(attachment, before, None)])
    stored = attachment.file
    attachment.delete()
    transaction.on_commit(lambda: stored.delete(save=False))
