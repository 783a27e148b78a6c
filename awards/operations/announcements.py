"""Announces a round and, where it must change after that, revises it: each with a frozen snapshot and its digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from awards.domain.round_life import RoundState, RoundVerb, Window, is_over
from awards.domain.scoring import FORMULA
from awards.domain.snapshot import completed
from awards.models import Round, Scheme, Snapshot
from awards.operations.adjustments import NewAdjustment, add_adjustment
from awards.operations.decisions import put_decision
from awards.operations.flags import move_flags, revise_flags
from awards.operations.round_messages import tell_announced
from awards.operations.round_scores import follows, resum_scores, write_scores
from awards.operations.round_steps import check, locked_round, move, required
from awards.queries.round_content import Content, digest_of_inputs, fresh_content, stored_content
from awards.refusals import Invalid, WrongState
from campaigns.domain.canonical import canonical_bytes, digest_of
from campaigns.models import AgendaItem
from campaigns.queries.clock import local_day
from units.models import Unit, User
from units.operations.changes import Touched, fields_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDecision:
    """What a revision decides of a unit: another score, or whether it wins."""

    unit: Unit
    score: Decimal | None = None
    is_winner: bool | None = None


@transaction.atomic
def announce_round(
    *,
    round_id: int,
    actor: User,
    now: datetime,
    version: int | None = None,
    agenda_item: AgendaItem | None = None,
    tells: bool = True,
) -> Round:
    """Freezes inputs, rules, scores, ranks and winners in a snapshot with its digest; the flag moves to the winners.

    What is announced is what was in publicity: figures that changed since then do not come in. Raises `WrongState`
    before the publicity period is over, while an appeal waits for its answer, and after a later round.
    """
    award, of_scheme = _locked_with_scheme(round_id)
    row = check(award, RoundVerb.ANNOUNCE, actor, now, version)
    today = local_day(now)
    _must_be_ripe(award, today)
    if of_scheme.filter(state=RoundState.ANNOUNCED, ends_on__gt=award.ends_on).exists():
        raise WrongState(_("A later round of this scheme has been announced. This one can no longer be."))
    content = completed(stored_content(award))
    if not follows(award, content):
        raise WrongState(_("The scores are not those of the stored figures. Compute the round again."))
    content["round"]["announced_on"] = today.isoformat()
    snapshot = _freeze(award, content, actor=actor, now=now)
    flags = move_flags(award, content["winners"], on=today)
    changes: dict[str, Any] = {"announced_on": today}
    if agenda_item is not None:
        changes |= {"meeting": agenda_item.meeting, "agenda_item": agenda_item}
    move(award, row, verb="announce_round", actor=actor, changes=changes, touched=[snapshot, *flags])
    if tells:
        tell_announced(award, content["winners"], now)
    return award


def _locked_with_scheme(round_id: int) -> tuple[Round, QuerySet[Round]]:
    """The round and all rounds under the scheme's code. The scheme's editions are locked first, so that no two rounds
    of it are announced at once."""
    code = Round.objects.values_list("scheme__code", flat=True).get(pk=round_id)
    list(Scheme.objects.select_for_update().filter(code=code).order_by("pk").values_list("pk"))
    return locked_round(round_id), Round.objects.filter(scheme__code=code)


def _must_be_ripe(award: Round, today: date) -> None:
    if award.publicity_from is None or award.publicity_until is None:
        raise WrongState(_("This round has not been in publicity."))
    window = Window(award.publicity_from, award.publicity_until)
    if not is_over(window, today, award.scheme.publicity_working_days):
        raise WrongState(
            _("The publicity period lasts until %(until)s. The result is announced after that.")
            % {"until": window.ends_on}
        )
    if award.appeals.filter(answered_at=None).exists():
        raise WrongState(_("An appeal waits for its answer. Answer it first."))


def _freeze(award: Round, content: Content, *, actor: User, now: datetime, reason: str = "") -> Touched:
    """A new snapshot after the last one, whose digest it names."""
    last = award.snapshots.order_by("-version").first()
    number = last.version + 1 if last else 1
    whole = {
        **content,
        "snapshot": {"version": number, "reason": reason, "previous": last.sha256 if last else None},
    }
    snapshot = Snapshot.objects.create(
        round=award,
        version=number,
        content=canonical_bytes(whole).decode(),
        sha256=digest_of(whole),
        made_at=now,
        made_by=actor,
        reason=reason,
    )
    return Touched(snapshot, None, fields_of(snapshot, ("version", "sha256")))


# --- after the announcement -------------------------------------------------------------------------------------------


@transaction.atomic
def revise_announced(
    *,
    round_id: int,
    actor: User,
    now: datetime,
    reason: str,
    recompute: bool = False,
    adjustments: Sequence[NewAdjustment] = (),
    decisions: Sequence[NewDecision] = (),
    version: int | None = None,
    tells: bool = True,
) -> Round:
    """Changes an announced round: a new snapshot with the reason, beside the old ones, which stay as they are.

    `recompute` takes the figures of now; `adjustments` add a bonus, penalty or veto, `decisions` another score or
    winner. Raises `Invalid` where nothing would change.
    """
    award, _of_scheme = _locked_with_scheme(round_id)
    row = check(award, RoundVerb.REVISE, actor, now, version)
    why = required(reason, "reason", _("Say why the announced result changes."))
    touched = [add_adjustment(award, one, actor=actor) for one in adjustments]
    for one in decisions:
        touched.append(put_decision(award, one.unit, score=one.score, is_winner=one.is_winner, reason=why, actor=actor))
    if recompute:
        if award.period is None:
            raise WrongState(_("This round has no period to take figures of."))
        content = completed(fresh_content(award, period=award.period))
        touched += write_scores(award, content, actor=actor)
    else:
        content, changed = resum_scores(award, actor=actor)
        touched += changed
    digest = digest_of_inputs(content)
    if digest == award.computed_from and not decisions:
        raise Invalid(_("Nothing of the result would change. There is nothing to revise."))
    snapshot = _freeze(award, content, actor=actor, now=now, reason=why)
    flags = revise_flags(award, content["winners"], on=local_day(now))
    changes = {"formula": FORMULA, "computed_at": now, "computed_from": digest}
    move(
        award, row, verb="revise_round", actor=actor, reason=why, changes=changes, touched=[snapshot, *touched, *flags]
    )
    if tells:
        tell_announced(award, content["winners"], now)
    return award
