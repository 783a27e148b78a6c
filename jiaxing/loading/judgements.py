"""What the lead departments judged beside the computed lights, and the reasons they accepted."""

from __future__ import annotations

from datetime import datetime

from campaigns.models import AcceptedReason, Action, Likelihood, Period
from units.models import Unit, User

from .files import as_instant, read
from .reports import OPEN_CAMPAIGN
from .tally import Tally


def load_judgements(tally: Tally, stands_at: datetime) -> None:
    actions = {action.number: action for action in Action.objects.filter(campaign__slug=OPEN_CAMPAIGN)}
    periods = {period.month: period for period in Period.objects.filter(campaign__slug=OPEN_CAMPAIGN)}
    units = {unit.code: unit for unit in Unit.objects.all()} | {None: None}
    people = {person.username: person for person in User.objects.all()}
    likelihoods = [
        Likelihood(
            action=actions[row["action"]],
            unit=units[row["unit"]],
            period=periods[row["period"]],
            level=row["level"],
            reason=row["reason"],
            next_step=row["next_step"],
            judged_by=people[row["by"]],
            judged_at=as_instant(row["at"]),
            source=row["source"],
        )
        for row in read("judgements")["likelihoods"]
        if as_instant(row["at"]) <= stands_at
    ]
    accepted = [
        AcceptedReason(
            action=actions[row["action"]],
            unit=units[row["unit"]],
            period=periods[row["period"]],
            reason=row["reason"],
            accepted_by=people[row["by"]],
            accepted_at=as_instant(row["at"]),
            source=row["source"],
        )
        for row in read("judgements")["accepted_reasons"]
        if as_instant(row["at"]) <= stands_at
    ]
    tally.add_missing(likelihoods, "action", "unit", "period")
    tally.add_missing(accepted, "action", "unit", "period")
