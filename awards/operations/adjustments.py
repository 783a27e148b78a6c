"""Bonus, penalty and veto on a unit in a round, each with its reason and evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from awards.domain.round_life import RoundState, RoundVerb
from awards.models import Adjustment, Round
from awards.operations.round_scores import resum_scores
from awards.operations.round_steps import check, locked_round, move, required
from awards.queries.round_content import digest_of_inputs
from awards.refusals import Invalid
from units.models import Unit, User
from units.operations.changes import Touched, fields_of

LARGEST = Decimal(100)
TOLD = ("kind", "points", "reason", "evidence_note")
NOTE_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAdjustment:
    """What is put on a unit. Evidence is a checked file, or words that say where it is; a veto carries no points."""

    unit: Unit
    kind: str
    reason: str
    points: Decimal = Decimal(0)
    evidence_note: str = ""
    evidence: UploadedFile | None = None


@transaction.atomic
def adjust_round(
    *, round_id: int, adjustment: NewAdjustment, actor: User, now: datetime, version: int | None = None
) -> Round:
    """Adds a bonus, a penalty or a veto. Where scores are computed already they are added up anew, and a round that was
    reviewed or in publicity goes back to computed: what is announced has been in publicity as it is.

    Raises `Invalid` beside the box: no reason, no evidence, points that do not fit, a unit that is not scored.
    """
    award = locked_round(round_id)
    row = check(award, RoundVerb.ADJUST, actor, now, version)
    touched = [add_adjustment(award, adjustment, actor=actor)]
    changes, changed = _resummed(award, actor)
    return move(
        award,
        row,
        verb="veto_round" if adjustment.kind == Adjustment.Kind.VETO else "adjust_round",
        actor=actor,
        reason=adjustment.reason.strip(),
        changes=changes,
        touched=[*touched, *changed],
    )


@transaction.atomic
def withdraw_adjustment(
    *, round_id: int, adjustment_id: int, reason: str, actor: User, now: datetime, version: int | None = None
) -> Round:
    """Takes a bonus, penalty or veto back before the announcement. The record of changes keeps it."""
    award = locked_round(round_id)
    row = check(award, RoundVerb.ADJUST, actor, now, version)
    why = required(reason, "reason", _("Say why it is taken back."))
    one = Adjustment.objects.select_related("unit").filter(round=award, pk=adjustment_id).first()
    if one is None:
        raise Invalid(_("It has been taken back already."), field="adjustment")
    gone = Touched(one, fields_of(one, (*TOLD, "unit")), None)
    Adjustment.objects.filter(pk=one.pk).delete()
    changes, changed = _resummed(award, actor)
    return move(
        award,
        row,
        verb="withdraw_adjustment",
        actor=actor,
        reason=why,
        changes=changes,
        touched=[gone, *changed],
    )


def _resummed(award: Round, actor: User) -> tuple[dict[str, str], list[Touched]]:
    if award.state == RoundState.OPEN:
        return {}, []
    content, changed = resum_scores(award, actor=actor)
    return {"computed_from": digest_of_inputs(content)}, changed


def add_adjustment(award: Round, given: NewAdjustment, *, actor: User) -> Touched:
    """Writes the row; call it within a step that holds the lock."""
    if given.kind not in Adjustment.Kind.values:
        raise Invalid(_("Choose bonus, penalty or veto."), field="kind")
    reason = required(given.reason, "reason", _("Give the reason."))
    note = given.evidence_note.strip()
    if not note and given.evidence is None:
        raise Invalid(_("Attach the evidence, or say where it is."), field="evidence_note")
    if len(note) > NOTE_LENGTH:
        raise Invalid(_("At most %(most)d characters.") % {"most": NOTE_LENGTH}, field="evidence_note")
    if given.kind == Adjustment.Kind.VETO and given.points:
        raise Invalid(_("A veto carries no points; a bonus or penalty carries more than 0."), field="points")
    if given.kind != Adjustment.Kind.VETO and not 0 < given.points <= LARGEST:
        raise Invalid(_("Give points above 0 and at most %(most)s.") % {"most": LARGEST}, field="points")
    _must_be_scored(award, given.unit)
    row = Adjustment(
        round=award, unit=given.unit, kind=given.kind, points=given.points, reason=reason, evidence_note=note,
        made_by=actor,
    )  # fmt: skip
    if given.evidence is not None:
        row.evidence.save(_digest_name(given.evidence), given.evidence, save=False)
    row.save()
    return Touched(row, None, fields_of(row, (*TOLD, "unit")))


def _must_be_scored(award: Round, unit: Unit) -> None:
    """A computed round scores whom it scores; an open one will score the active members of its group."""
    rows = award.scores.filter(unit=unit) if award.computed_from else unit.group_memberships.filter(
        group=award.scheme.group_id
    )  # fmt: skip
    if not rows.exists():
        raise Invalid(_("This unit is not scored in this round."), field="unit")


def _digest_name(upload: UploadedFile) -> str:
    """By its digest, so that no name a person typed reaches the file system; the ending stays."""
    digest = sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return f"{digest.hexdigest()}{PurePath(upload.name or '').suffix.lower()[:10]}"
