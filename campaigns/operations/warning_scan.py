"""Raises early warnings, grades them anew, and marks those whose cause is gone: each night, during the day, and after
each update of a project.

One transaction: killed half-way it has changed nothing. It compares what holds with what is stored and writes the
difference alone, so a second run changes nothing. What people have answered it never clears.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from campaigns.domain.warning_life import WarningVerb, clears_by_itself, is_raised_again
from campaigns.models import EarlyWarning, Period, Project, WarningEvent
from campaigns.operations.warning_messages import tell_of_warnings
from campaigns.queries.clock import local_day
from campaigns.queries.warning_findings import Found, findings, running_campaigns
from units.models import Source
from units.operations.changes import Touched, fields_of, record

AT_ONCE = 500
GRADED = ("level", "basis", "period", "particulars", "cause_gone_on", "state", "cleared_at")
SHOWN = ("level", "state", "period", "particulars", "cause_gone_on")
Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class _Move:
    """A warning that was brought to what holds, and what it was before."""

    warning: EarlyWarning
    verb: WarningVerb
    before: Mapping[str, Any]
    from_state: str
    from_level: str


@dataclass(slots=True)
class Scanned:
    """What a scan did; `moved` are the open warnings that it changed."""

    raised: list[EarlyWarning] = field(default_factory=list)
    moved: list[_Move] = field(default_factory=list)

    @property
    def is_idle(self) -> bool:
        return not self.raised and not self.moved


def scan_warnings(*, now: datetime, source: str = Source.ENTERED, tells: bool = True) -> Scanned:
    """Looks at every project of the running campaigns. `tells` sends messages; loading history does not."""
    return _scan(now=now, project_ids=None, source=source, tells=tells)


def scan_project(*, project_id: int, now: datetime) -> Scanned:
    """Looks at one project, after its update. Call it in the transaction that writes the update."""
    return _scan(now=now, project_ids=[project_id], source=Source.ENTERED, tells=True)


@transaction.atomic
def _scan(*, now: datetime, project_ids: Collection[int] | None, source: str, tells: bool) -> Scanned:
    today = local_day(now)
    _lock(project_ids, now)
    found = findings(now, project_ids)
    standing = _standing(project_ids, now)
    cleared = _cleared_while_it_stood(found)
    new = [one for key, one in found.items() if key not in standing and _calls_for(one, cleared.get(key))]
    done = Scanned(
        raised=_raise(new, now, source),
        moved=[move for warning in standing.values() if (move := _regrade(warning, found, today, now)) is not None],
    )
    if not done.is_idle:
        _write(done, now, source)
        if tells:
            tell_of_warnings(raised=done.raised, reddened=_reddened(done), now=now)
    return done


# --- what is there ----------------------------------------------------------------------------------------------------


def _of(project_ids: Collection[int] | None, now: datetime, path: str = "") -> Q:
    if project_ids is not None:
        return Q(**{f"{path}pk__in": project_ids})
    return Q(**{f"{path}campaign__in": running_campaigns(now)})


def _lock(project_ids: Collection[int] | None, now: datetime) -> None:
    """Projects in one order: two scans at once, or a scan and an update, wait for each other."""
    rows = Project.objects.filter(_of(project_ids, now)).select_for_update(of=("self",), no_key=True)
    list(rows.order_by("pk").values_list("pk"))


def _standing(project_ids: Collection[int] | None, now: datetime) -> dict[Key, EarlyWarning]:
    rows = (
        EarlyWarning.objects.filter(_of(project_ids, now, "project__"), project__campaign__in=running_campaigns(now))
        .exclude(state=EarlyWarning.State.CLEARED)
        .select_for_update(of=("self",))
        .select_related("project__unit", "period__campaign")
        .order_by("pk")
    )
    return {(one.project_id, one.cause): one for one in rows}


def _cleared_while_it_stood(found: Mapping[Key, Found]) -> dict[Key, EarlyWarning]:
    """The newest warning of each project and cause that a reviewer cleared although its cause stood."""
    rows = EarlyWarning.objects.filter(
        state=EarlyWarning.State.CLEARED, cause_gone_on=None, project__in={project_id for project_id, _cause in found}
    )
    return {(one.project_id, one.cause): one for one in rows.order_by("cleared_at", "pk")}


def _calls_for(one: Found, cleared: EarlyWarning | None) -> bool:
    finding = one.finding
    return cleared is None or is_raised_again(
        basis=finding.basis, level=finding.level, cleared_basis=cleared.basis, cleared_level=cleared.level
    )


# --- what it becomes --------------------------------------------------------------------------------------------------


def _raise(new: Sequence[Found], now: datetime, source: str) -> list[EarlyWarning]:
    projects = Project.objects.select_related("unit").in_bulk({one.project_id for one in new}) if new else {}
    periods = Period.objects.select_related("campaign").in_bulk({one.period_id for one in new}) if new else {}
    return EarlyWarning.objects.bulk_create(
        (
            EarlyWarning(
                project=projects[one.project_id],
                period=periods[one.period_id],
                cause=one.finding.cause,
                level=one.finding.level,
                basis=one.finding.basis,
                particulars=one.finding.particulars,
                raised_at=now,
                source=source,
            )
            for one in sorted(new, key=lambda one: one.key)
        ),
        batch_size=AT_ONCE,
    )


def _regrade(warning: EarlyWarning, found: Mapping[Key, Found], today: date, now: datetime) -> _Move | None:
    """Brings an open warning to what holds now; None where it says so already."""
    one = found.get((warning.project_id, warning.cause))
    before, state, level = fields_of(warning, SHOWN), warning.state, warning.level
    verb = _mark_gone(warning, today, now) if one is None else _bring_to(warning, one)
    return None if verb is None else _Move(warning, verb, before, state, level)


def _mark_gone(warning: EarlyWarning, today: date, now: datetime) -> WarningVerb | None:
    if warning.cause_gone_on is not None:
        return None
    warning.cause_gone_on = today
    has_words = bool(warning.explanation or warning.measure or warning.accepted_reason)
    if not clears_by_itself(state=warning.state, level=warning.level, has_words=has_words):
        return WarningVerb.CAUSE_GONE
    warning.state, warning.cleared_at = EarlyWarning.State.CLEARED, now
    return WarningVerb.CLEAR


def _bring_to(warning: EarlyWarning, one: Found) -> WarningVerb | None:
    finding = one.finding
    was_gone = warning.cause_gone_on is not None
    stands = (warning.level, warning.basis, warning.particulars)
    if stands == (finding.level, finding.basis, finding.particulars) and not was_gone:
        return None
    if warning.basis != finding.basis:
        warning.period_id = one.period_id
    warning.cause_gone_on = None
    warning.level, warning.basis, warning.particulars = finding.level, finding.basis, finding.particulars
    return WarningVerb.CAUSE_BACK if was_gone else WarningVerb.REGRADE


def _reddened(done: Scanned) -> list[EarlyWarning]:
    red = EarlyWarning.Level.RED
    return [one.warning for one in done.moved if one.warning.level == red and one.from_level != red]


# --- writing it -------------------------------------------------------------------------------------------------------


def _write(done: Scanned, now: datetime, source: str) -> None:
    for move in done.moved:
        move.warning.version += 1
        move.warning.updated_at = timezone.now()  # what bulk_update leaves out
    EarlyWarning.objects.bulk_update(
        [move.warning for move in done.moved], [*GRADED, "version", "updated_at"], batch_size=AT_ONCE
    )
    WarningEvent.objects.bulk_create(_events(done, now, source), batch_size=AT_ONCE)
    record(actor=None, verb="scan_warnings", touched=_touched(done))


def _touched(done: Scanned) -> Iterable[Touched]:
    yield from (Touched(one, None, {"cause": one.cause, **fields_of(one, SHOWN)}) for one in done.raised)
    yield from (Touched(one.warning, one.before, fields_of(one.warning, SHOWN)) for one in done.moved)


def _events(done: Scanned, now: datetime, source: str) -> Iterable[WarningEvent]:
    """What a person reading the history wants to see: a new month's figure that changes no light is none."""
    for one in done.raised:
        yield _event(one, WarningVerb.RAISE, "", now, source)
    for move in done.moved:
        if move.verb != WarningVerb.REGRADE or move.warning.level != move.from_level:
            yield _event(move.warning, move.verb, move.from_state, now, source)


def _event(warning: EarlyWarning, verb: WarningVerb, from_state: str, now: datetime, source: str) -> WarningEvent:
    return WarningEvent(
        warning=warning,
        verb=verb,
        from_state=from_state,
        to_state=warning.state,
        level=warning.level,
        at=now,
        source=source,
    )
