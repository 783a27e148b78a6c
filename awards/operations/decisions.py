"""What an administrator decides otherwise than was computed: a score, or who wins. The computed one stays beside it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from awards.domain.round_life import RoundVerb
from awards.models import Round, Score
from awards.operations.round_scores import resum_scores
from awards.operations.round_steps import check, locked_round, move, required
from awards.refusals import Invalid, WrongState
from campaigns.domain.figures import half_up
from units.models import Unit, User
from units.operations.changes import Touched, fields_of

HIGHEST = Decimal(1000)
TOLD = ("decided_score", "decided_winner", "decided_reason", "decided_by")


@transaction.atomic
def decide_score(
    *,
    round_id: int,
    unit: Unit,
    score: Decimal,
    reason: str,
    actor: User,
    now: datetime,
    version: int | None = None,
) -> Round:
    """Gives a unit another score; ranks and winners follow from it. The computed score stays beside it."""
    return _decide(round_id, unit, reason, actor, now, version, score=score)


@transaction.atomic
def decide_winner(
    *,
    round_id: int,
    unit: Unit,
    is_winner: bool,
    reason: str,
    actor: User,
    now: datetime,
    version: int | None = None,
) -> Round:
    """Gives a unit the flag, or not, whatever its score. Nobody who is vetoed wins."""
    return _decide(round_id, unit, reason, actor, now, version, is_winner=is_winner)


@transaction.atomic
def withdraw_decision(
    *, round_id: int, unit: Unit, reason: str, actor: User, now: datetime, version: int | None = None
) -> Round:
    """What was computed of the unit stands again."""
    award = locked_round(round_id)
    row = check(award, RoundVerb.DECIDE, actor, now, version)
    why = required(reason, "reason", _("Say why it is taken back."))
    score = _score(award, unit)
    if not score.is_decided:
        raise WrongState(_("Nothing was decided of this unit."))
    before = fields_of(score, TOLD)
    score.decided_score = score.decided_winner = None
    # Until it is added up anew the winner may still differ from the computed one, so the words stay.
    score.save(update_fields=["decided_score", "decided_winner"])
    own = Touched(score, before, fields_of(score, TOLD))
    _content, changed = resum_scores(award, actor=actor)
    return move(award, row, verb="withdraw_decision", actor=actor, reason=why, touched=[own, *changed])


def _decide(
    round_id: int,
    unit: Unit,
    reason: str,
    actor: User,
    now: datetime,
    version: int | None,
    *,
    score: Decimal | None = None,
    is_winner: bool | None = None,
) -> Round:
    award = locked_round(round_id)
    row = check(award, RoundVerb.DECIDE, actor, now, version)
    own = put_decision(award, unit, score=score, is_winner=is_winner, reason=reason, actor=actor)
    _content, changed = resum_scores(award, actor=actor)
    verb = "decide_score" if score is not None else "decide_winner"
    return move(award, row, verb=verb, actor=actor, reason=reason.strip(), touched=[own, *changed])


def put_decision(
    award: Round, unit: Unit, *, score: Decimal | None, is_winner: bool | None, reason: str, actor: User
) -> Touched:
    """Writes the decision beside the computed score; call it within a step that holds the lock and adds up after."""
    why = required(reason, "reason", _("Give the reason; it stands beside the computed score."))
    if score is None and is_winner is None:
        raise Invalid(_("Decide a score, or who wins."), field="score")
    row = _score(award, unit)
    before = fields_of(row, TOLD)
    if score is not None:
        row.decided_score = _checked(score, award.scheme.decimals)
    if is_winner is not None:
        if is_winner and row.is_vetoed:
            raise Invalid(_("This unit is vetoed and cannot win."), field="is_winner")
        row.decided_winner = is_winner
    row.decided_reason, row.decided_by = why, actor
    row.save(update_fields=["decided_score", "decided_winner", "decided_reason", "decided_by"])
    return Touched(row, before, fields_of(row, TOLD))


def _checked(score: Decimal, decimals: int) -> Decimal:
    if not score.is_finite() or not 0 <= score <= HIGHEST:
        raise Invalid(_("A score lies between 0 and %(most)s.") % {"most": HIGHEST}, field="score")
    if score != half_up(score, decimals):
        raise Invalid(_("A score of this scheme has at most %(count)d decimals.") % {"count": decimals}, field="score")
    return score


def _score(award: Round, unit: Unit) -> Score:
    row = Score.objects.select_for_update(of=("self",)).select_related("unit").filter(round=award, unit=unit).first()
    if row is None:
        raise Invalid(_("This unit is not scored in this round."), field="unit")
    row.round = award
    return row
