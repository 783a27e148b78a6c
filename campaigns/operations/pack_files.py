"""The documents of a pack as they are kept, and the Word template that the office puts in place of the built-in one."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.domain.packs import PackState
from campaigns.models import Campaign, Pack, PackFile, PackTemplate
from campaigns.operations.packs import OFFICE_ONLY, locked_pack
from campaigns.permissions import can_issue_packs
from campaigns.queries.clock import local_day
from campaigns.refusals import WrongState
from units.models import User
from units.operations.changes import Touched, fields_of, record
from units.permissions import capacities

TEMPLATE_FIELDS = ("name", "size", "sha256", "withdrawn_at")


def kept_file(pack: Pack, *, kind: str, language: str) -> PackFile | None:
    """The document that was drawn from what the pack says now; none where it is still to be drawn."""
    return pack.files.filter(kind=kind, language=language, drawn_from=pack.digest).first()


@transaction.atomic
def keep_file(*, pack: Pack, kind: str, language: str, content: bytes) -> PackFile | None:
    """Keeps a document that was drawn from `pack`. None where the pack says something else by now: it is drawn anew."""
    current = locked_pack(pack.pk)
    if current.digest != pack.digest:
        return None
    row = PackFile.objects.filter(pack=pack, kind=kind, language=language).first()
    row = row or PackFile(pack=pack, kind=kind, language=language)
    _drop_bytes(row)
    row.size, row.drawn_from = len(content), pack.digest
    row.file.save("document", ContentFile(content), save=False)
    row.save()
    return row


def _drop_bytes(row: PackFile) -> None:
    """Deletes the bytes of the document that another replaces, once that one holds."""
    name, storage = row.file.name, row.file.storage
    if name:
        transaction.on_commit(lambda: storage.delete(name))


# --- the Word template ------------------------------------------------------------------------------------------------


def template_of(campaign_id: int) -> PackTemplate | None:
    """The template that the office put in place; none while the built-in one is used."""
    in_use = PackTemplate.objects.filter(campaign=campaign_id, withdrawn_at=None)
    return in_use.select_related("uploaded_by").first()


@transaction.atomic
def replace_template(*, campaign: Campaign, name: str, content: bytes, actor: User, now: datetime) -> PackTemplate:
    """Puts a checked Word file in place: drafts are drawn with it from now on, issued packs stay as they are."""
    _must_be_office(actor, now)
    before = _withdraw(campaign, now)
    row = PackTemplate(campaign=campaign, name=name, size=len(content), sha256=sha256(content).hexdigest())
    row.uploaded_by, row.uploaded_at = actor, now
    row.file.save("template", ContentFile(content), save=False)
    row.save()
    record(
        actor=actor,
        verb="replace_pack_template",
        touched=[*before, Touched(row, None, fields_of(row, TEMPLATE_FIELDS))],
    )
    return row


@transaction.atomic
def withdraw_template(*, campaign: Campaign, actor: User, now: datetime) -> None:
    """Puts the built-in template back in place."""
    _must_be_office(actor, now)
    touched = _withdraw(campaign, now)
    if not touched:
        raise WrongState(_("The built-in template is in use already."))
    record(actor=actor, verb="withdraw_pack_template", touched=touched)


def _withdraw(campaign: Campaign, now: datetime) -> list[Touched]:
    """Takes the template that is in use out of it; Word documents of drafts are to be drawn again."""
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    touched = []
    for row in PackTemplate.objects.filter(campaign=campaign, withdrawn_at=None):
        before = fields_of(row, TEMPLATE_FIELDS)
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        touched.append(Touched(row, before, fields_of(row, TEMPLATE_FIELDS)))
    _word_files_of_drafts(campaign).update(drawn_from="")
    return touched


def _word_files_of_drafts(campaign: Campaign) -> QuerySet[PackFile]:
    drafts = Pack.objects.filter(period__campaign=campaign).exclude(state=PackState.ISSUED.value)
    return PackFile.objects.filter(pack__in=drafts, kind=PackFile.Kind.DOCX)


def _must_be_office(actor: User, now: datetime) -> None:
    if not can_issue_packs(capacities(actor, local_day(now))):
        raise PermissionDenied(OFFICE_ONLY)
