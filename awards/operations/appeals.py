"""Appeals against a round in publicity: filed by the people of a scored unit, answered in writing by the office."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from awards.domain.round_life import RoundVerb, Window
from awards.models import Appeal
from awards.operations.round_steps import NOT_YOURS, check, locked_round, move, required, scored_units
from awards.refusals import Invalid, WrongState
from campaigns.queries.clock import local_day
from units.models import Unit, User
from units.operations.changes import Touched, fields_of
from units.permissions import capacities

LONGEST = 4000
TOLD = ("text", "answer", "is_upheld", "answered_at")


@transaction.atomic
def file_appeal(
    *, round_id: int, unit: Unit, text: str, actor: User, now: datetime, version: int | None = None
) -> Appeal:
    """A scored unit objects, by its head or a reporter, on a day of the publicity period."""
    award = locked_round(round_id)
    scored = scored_units(award)
    row = check(award, RoundVerb.APPEAL, actor, now, version, scored)
    if unit.pk not in scored or unit.pk not in capacities(actor, local_day(now)).filing_units:
        raise PermissionDenied(NOT_YOURS)
    assert award.publicity_from is not None  # noqa: S101  (a round in publicity has its days)
    assert award.publicity_until is not None  # noqa: S101
    if not Window(award.publicity_from, award.publicity_until).has(local_day(now)):
        told = {"first": award.publicity_from, "last": award.publicity_until}
        raise WrongState(_("Appeals are taken from %(first)s to %(last)s.") % told)
    words = required(text, "text", _("Say what you object to."), LONGEST)
    appeal = Appeal.objects.create(round=award, unit=unit, made_by=actor, made_at=now, text=words)
    move(award, row, verb="file_appeal", actor=actor, touched=[Touched(appeal, None, fields_of(appeal, TOLD))])
    return appeal


@transaction.atomic
def answer_appeal(
    *,
    round_id: int,
    appeal_id: int,
    answer: str,
    is_upheld: bool,
    actor: User,
    now: datetime,
    sends_back: bool = False,
    version: int | None = None,
) -> Appeal:
    """Answers in writing. One that is upheld may send the round back to computed, to be computed again, reviewed and
    put into publicity anew."""
    award = locked_round(round_id)
    verb = RoundVerb.SEND_BACK if sends_back else RoundVerb.ANSWER
    row = check(award, verb, actor, now, version)
    appeal = Appeal.objects.select_related("unit").filter(round=award, pk=appeal_id).first()
    if appeal is None:
        raise Invalid(_("There is no such appeal against this round."), field="appeal")
    if appeal.answered_at is not None:
        raise WrongState(_("This appeal has been answered already."))
    if sends_back and not is_upheld:
        raise Invalid(_("Only an appeal that is upheld sends a round back."), field="sends_back")
    words = required(answer, "answer", _("Answer in writing."), LONGEST)
    before = fields_of(appeal, TOLD)
    appeal.round = award
    appeal.answer, appeal.is_upheld, appeal.answered_by, appeal.answered_at = words, is_upheld, actor, now
    appeal.save(update_fields=["answer", "is_upheld", "answered_by", "answered_at"])
    touched = [Touched(appeal, before, fields_of(appeal, TOLD))]
    move(award, row, verb="answer_appeal", actor=actor, reason=words, touched=touched)
    return appeal
