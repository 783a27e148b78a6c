"""The life of an award round up to its publicity: opened, computed, reviewed, put before everybody.

Each step locks the row, looks at its state again, moves it by the table in `domain.round_life`, raises its version, and
leaves one change in the same transaction.
"""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from awards.domain.round_life import RoundState, RoundVerb, Window, WindowError, publicity_window
from awards.domain.scoring import FORMULA
from awards.domain.snapshot import completed
from awards.models import Round, Scheme
from awards.operations.round_messages import tell_in_publicity
from awards.operations.round_scores import write_scores
from awards.operations.round_steps import NOT_YOURS, check, locked_round, move
from awards.permissions import can_open_rounds
from awards.queries.round_content import digest_of_inputs, fresh_content, is_outdated
from awards.queries.scheme_rules import criteria_of, gates_of, wrong_with_scheme
from awards.refusals import Invalid, WrongScheme, WrongState
from campaigns.models import AgendaItem, Period
from campaigns.queries.calendars import working_calendar
from campaigns.queries.clock import local_day
from units.models import Source, User
from units.operations.changes import Touched, fields_of, record
from units.operations.constraints import must_be_right
from units.permissions import capacities

NAMED = ("name_en", "name_zh", "starts_on", "ends_on", "period", "state")


# --- opening ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_round(
    *,
    scheme: Scheme,
    period: Period,
    name_en: str,
    name_zh: str,
    starts_on: date,
    ends_on: date,
    actor: User,
    now: datetime,
    agenda_item: AgendaItem | None = None,
    source: str = Source.ENTERED,
) -> Round:
    """Opens a round of the scheme's active edition on the figures of a period. From now on that edition is not edited.

    Raises `Invalid` beside the box, `WrongScheme` for a scheme whose weights, sources or gates cannot be.
    """
    if not can_open_rounds(capacities(actor, local_day(now))):
        raise PermissionDenied(NOT_YOURS)
    scheme = Scheme.objects.select_for_update(of=("self",)).select_related("campaign", "group").get(pk=scheme.pk)
    if not scheme.is_active:
        raise Invalid(_("This edition of the scheme is no longer in force. Take the active one."), field="scheme")
    problems = wrong_with_scheme(scheme, criteria_of(scheme), gates_of(scheme))
    if problems:
        raise WrongScheme(problems)
    if period.campaign_id != scheme.campaign_id:
        raise Invalid(_("This period belongs to another campaign."), field="period")
    if not starts_on <= period.ends_on <= ends_on:
        raise Invalid(_("The last day of this period does not lie within the round."), field="period")
    if Round.objects.filter(scheme__code=scheme.code, starts_on=starts_on, ends_on=ends_on).exists():
        raise Invalid(_("There is a round of this scheme for these days already."), field="starts_on")
    award = Round(
        scheme=scheme,
        period=period,
        name_en=name_en.strip(),
        name_zh=name_zh.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        meeting=agenda_item.meeting if agenda_item else None,
        agenda_item=agenda_item,
        source=source,
    )
    try:
        must_be_right(award)
    except ValidationError as wrong:
        name, messages = next(iter(wrong.message_dict.items()))
        raise Invalid(" ".join(messages), field=name) from wrong
    award.save()
    record(actor=actor, verb="open_round", touched=[Touched(award, None, fields_of(award, NAMED))])
    return award


@transaction.atomic
def place_on_agenda(
    *, round_id: int, agenda_item: AgendaItem | None, actor: User, now: datetime, version: int | None = None
) -> Round:
    """Says at which meeting, and under which item of its agenda, the result is announced; None takes it off."""
    award = locked_round(round_id)
    row = check(award, RoundVerb.PLACE, actor, now, version)
    changes = {"meeting": agenda_item.meeting if agenda_item else None, "agenda_item": agenda_item}
    return move(award, row, verb="place_round", actor=actor, changes=changes)


# --- computing --------------------------------------------------------------------------------------------------------


@transaction.atomic
def compute_round(*, round_id: int, actor: User, now: datetime, version: int | None = None) -> Round:
    """Computes every score from the figures of now. Computed again from the same figures nothing changes, no version
    either; from others a reviewed round goes back to computed. Decisions stay, beside the new computed scores."""
    award = locked_round(round_id)
    row = check(award, RoundVerb.COMPUTE, actor, now, version)
    content = fresh_content(award, period=_figures_of(award))
    if not content["units"]:
        raise WrongState(_("There is no active unit in the ranking group. Nothing was computed."))
    digest = digest_of_inputs(content)
    if (award.computed_from, award.formula) == (digest, FORMULA) and award.state != RoundState.OPEN:
        return award
    touched = write_scores(award, completed(content), actor=actor)
    changes = {"formula": FORMULA, "computed_at": now, "computed_from": digest}
    return move(award, row, verb="compute_round", actor=actor, changes=changes, touched=touched)


def _figures_of(award: Round) -> Period:
    """The period whose figures count; raises `WrongState` while it is not over."""
    if award.period is None:
        raise WrongState(_("This round has no period to take figures of."))
    if award.period.state not in (Period.State.CLOSED, Period.State.PUBLISHED):
        raise WrongState(_("A round is computed once its period is closed."))
    return award.period


@transaction.atomic
def review_round(*, round_id: int, actor: User, now: datetime, version: int | None = None) -> Round:
    """The office has looked through the scores; from here they go into publicity."""
    award = locked_round(round_id)
    row = check(award, RoundVerb.REVIEW, actor, now, version)
    return move(award, row, verb="review_round", actor=actor)


# --- publicity --------------------------------------------------------------------------------------------------------


@transaction.atomic
def publicise_round(
    *,
    round_id: int,
    actor: User,
    now: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
    version: int | None = None,
    tells: bool = True,
) -> Round:
    """Puts the scores before everybody, for as many working days as the scheme says; without days from today on.

    Raises `Invalid` for a window in the past or too short a one, `WrongState` where the period is not published or a
    figure has changed since the round was computed.
    """
    award = locked_round(round_id)
    row = check(award, RoundVerb.PUBLICISE, actor, now, version)
    if award.period is None or not award.period.is_published:
        raise WrongState(_("Scores go into publicity once the figures of their period are published."))
    if is_outdated(award):
        raise WrongState(_("Figures have changed since this round was computed. Compute it again, then review it."))
    window = _window(award, starts_on or local_day(now), ends_on, local_day(now))
    changes = {"publicity_from": window.starts_on, "publicity_until": window.ends_on}
    move(award, row, verb="publicise_round", actor=actor, changes=changes)
    if tells:
        tell_in_publicity(award, now)
    return award


def _window(award: Round, starts_on: date, ends_on: date | None, today: date) -> Window:
    try:
        return publicity_window(
            starts_on=starts_on,
            ends_on=ends_on,
            working_days=award.scheme.publicity_working_days,
            today=today,
            calendar=working_calendar(),
        )
    except WindowError as error:
        if error.code == "in_the_past":
            raise Invalid(_("This day lies in the past. Choose a later one."), field="publicity_from") from error
        if error.code == "ends_before_it_begins":
            raise Invalid(_("The publicity period ends before it begins."), field="publicity_until") from error
        told = {"days": award.scheme.publicity_working_days, "until": error.until}
        raise Invalid(
            _("The publicity period takes %(days)s working days: until %(until)s at the earliest.") % told,
            field="publicity_until",
        ) from error
