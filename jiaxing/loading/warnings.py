"""The early warnings on the sample projects: computed for each morning of the campaign as a scan would have found them
then, and answered by the people of the sample through the operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from campaigns.models import Campaign, EarlyWarning, WarningEvent
from campaigns.operations.warning_scan import scan_warnings
from campaigns.operations.warnings import agree_measures, clear_warning, escalate_warning, explain_warning
from campaigns.queries.clock import local_day
from units.models import Source, User

from .files import as_instant, at_clock, read
from .reports import OPEN_CAMPAIGN
from .tally import Tally

MORNING = time(8)


@dataclass(frozen=True, slots=True)
class _Answer:
    """A step that somebody takes at an instant."""

    at: datetime
    project: str
    cause: str
    actor: str
    take: Callable[..., EarlyWarning]
    words: dict[str, Any]


def load_warnings(tally: Tally, stands_at: datetime) -> None:
    """Goes on from the last morning that was loaded; what is there stays as it is."""
    last = WarningEvent.objects.filter(source=Source.SAMPLE, actor=None).order_by("-at").first()
    after = last.at if last else None
    warnings, events = EarlyWarning.objects.count(), WarningEvent.objects.count()
    steps: list[_Answer | datetime] = [*_mornings(after, stands_at), *_answers(after, stands_at)]
    for one in sorted(steps, key=lambda one: one if isinstance(one, datetime) else one.at):
        if isinstance(one, datetime):
            scan_warnings(now=one, source=Source.SAMPLE, tells=False)
        else:
            _give(one)
    tally.count(EarlyWarning, EarlyWarning.objects.count() - warnings)
    tally.count(WarningEvent, WarningEvent.objects.count() - events)


def _mornings(after: datetime | None, stands_at: datetime) -> Iterator[datetime]:
    """Each morning from the first day of the campaign on."""
    day = Campaign.objects.get(slug=OPEN_CAMPAIGN).starts_on if after is None else local_day(after) + timedelta(days=1)
    while (morning := at_clock(day, MORNING.hour)) <= stands_at:
        yield morning
        day += timedelta(days=1)


def _answers(after: datetime | None, stands_at: datetime) -> Iterator[_Answer]:
    for row in read("projects")["answers"]:
        for answer in _steps(row):
            if answer.at <= stands_at and (after is None or answer.at > after):
                yield answer


def _steps(row: dict[str, Any]) -> Iterator[_Answer]:
    """The steps of one warning, in their order."""
    given: list[tuple[str, str, Callable[..., EarlyWarning], dict[str, Any]]] = [
        ("explained_at", "by", explain_warning, {"explanation": row.get("explanation")}),
        ("escalated_at", "escalated_by", escalate_warning, {"reason": row.get("escalated")}),
        ("cleared_at", "cleared_by", clear_warning, {"reason": row.get("cleared")}),
    ]
    for at, by, take, words in given:
        if at in row:
            yield _Answer(as_instant(row[at]), row["project"], row["cause"], row[by], take, words)
    if "measure" in row:
        words = {"measure": row["measure"], "measure_due_on": row["measure_due_on"]}
        agreed_at = as_instant(row["explained_at"]) + timedelta(minutes=1)
        yield _Answer(agreed_at, row["project"], row["cause"], row["by"], agree_measures, words)


def _give(answer: _Answer) -> None:
    warning = EarlyWarning.objects.filter(
        project__code=answer.project, cause=answer.cause, state__in=_STANDING[answer.take]
    ).first()
    if warning is None:
        return
    answer.take(warning_id=warning.pk, actor=User.objects.get(username=answer.actor), now=answer.at, **answer.words)
    warning.events.exclude(source=Source.SAMPLE).update(source=Source.SAMPLE)


_STANDING: dict[Callable[..., EarlyWarning], tuple[str, ...]] = {
    explain_warning: ("raised",),
    agree_measures: ("explained",),
    escalate_warning: ("explained",),
    clear_warning: ("explained", "measures"),
}
"""The states in which a step of the sample finds its warning, where nobody has gone on with it."""
