"""Writes many figures at once into drafts and returned reports, as a client system sends them: an upsert by key.

A few statements for each thousand rows. Reports are locked in the order of their ids and before their periods: one
that saves a single report locks them in the same order, so that nobody waits for each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.domain.figures import FigureError, parse_figure
from campaigns.domain.workflow import EDITABLE
from campaigns.models import Indicator, Measurement, Period, Report
from campaigns.models.reports import ValueStatus
from campaigns.operations.reports import FIGURE_FIELDS, NOT_YOURS, must_be_fillable
from campaigns.permissions import can_fill_for, can_fill_some
from campaigns.queries.clock import local_day
from campaigns.queries.measurement_upsert import AT_ONCE, Named, ReportKey, named, portions, report_ids
from campaigns.refusals import Refusal, WrongState
from units.models import Source, Unit, User
from units.operations.changes import Touched, fields_of, record
from units.permissions import Capacities, capacities

VERB = "save_measurements"
CLEARED = {"value": None, "value_status": ValueStatus.PRELIMINARY.value, "growth": None, "note": ""}
"""What a field is without a figure; null clears it to this."""
WHOLE_DIGITS = {"value": 14, "growth": 7}
GROWTH_DECIMALS = 2
MOST_ROWS_NAMED = 10
"""So many other rows for the same figure are named, so that a file with nothing else in it is answered quickly."""

CREATED, UPDATED, UNCHANGED, ERROR = "created", "updated", "unchanged", "error"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, and in which of its fields; the row as a whole where that is empty."""

    field: str
    code: str
    message: str


@dataclass(slots=True, kw_only=True)
class Entry:
    """One row: what it names, what it gives, and then what became of it.

    `given` has the fields that the row has, and no others: figures as they are written, None to clear. A key that
    cannot be read is empty, and then among the `faults`.
    """

    unit: str = ""
    indicator: str = ""
    period: str = ""
    given: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    status: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.unit, self.indicator, self.period

    def refuse(self, name: str, code: str, message: Any) -> None:
        self.faults.append(Fault(name, code, str(message)))


class Rejected(Refusal):
    """All or nothing was asked for and some row is wrong: nothing was written."""


@dataclass(slots=True)
class Place:
    """Where a row's figure belongs. `is_expected`: the period expects this report, whether it is there or not."""

    unit: Unit
    indicator: Indicator
    period: Period
    is_expected: bool
    report: Report | None = None

    @property
    def report_key(self) -> ReportKey:
        return self.unit.pk, self.indicator.action_id, self.period.pk


Placed = list[tuple[Entry, Place]]


@transaction.atomic
def upsert_measurements(
    *, entries: Sequence[Entry], actor: User, now: datetime, is_atomic: bool, is_trial: bool = False
) -> None:
    """Sets what became of each entry: created, updated, unchanged or error.

    Reports that the open period expects and that are not there yet are made. A trial says the same and writes nothing.
    Raises `PermissionDenied` for who fills no reports, `Rejected` where `is_atomic` and some entry is at fault.
    """
    person = capacities(actor, local_day(now))
    if not can_fill_some(person):
        raise PermissionDenied(NOT_YOURS)
    _refuse_repeated(entries)
    placed = _placed(entries, person)
    made = _find_reports(placed, now, is_trial=is_trial)
    for entry, place in placed:
        _must_take_figures(entry, place, now)
    touched = _set_figures([one for one in placed if not one[0].faults])
    for entry in entries:
        entry.status = ERROR if entry.faults else entry.status
    if is_atomic and any(entry.faults for entry in entries):
        raise Rejected(_("Some rows cannot be taken, so none was."))
    if not is_trial:
        _write(touched, made=made, actor=actor)


# --- what the rows name -----------------------------------------------------------------------------------------------


def _refuse_repeated(entries: Sequence[Entry]) -> None:
    """Of two rows for one figure neither is right: both are named."""
    places: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        if all(entry.key):
            places[entry.key].append(number)
    for numbers in places.values():
        if len(numbers) > 1:
            for number in numbers:
                others = list(islice((one for one in numbers if one != number), MOST_ROWS_NAMED + 1))
                rows = ", ".join(str(one) for one in others[:MOST_ROWS_NAMED])
                rows += ", …" if len(others) > MOST_ROWS_NAMED else ""
                message = _("The same figure stands in row %(rows)s too.") % {"rows": rows}
                entries[number].refuse("", "repeated", message)


def _placed(entries: Sequence[Entry], person: Capacities) -> Placed:
    """The entries whose unit, indicator and period there are, for this person; their figures are looked at too."""
    known = named(
        units=sorted({one.unit for one in entries if one.unit}),
        indicators=sorted({one.indicator for one in entries if one.indicator}),
        periods=sorted({one.period for one in entries if one.period}),
    )
    placed = []
    for entry in entries:
        place = _place(entry, known, person)
        if place is not None:
            _read_figures(entry, place.indicator)
            placed.append((entry, place))
    return placed


def _place(entry: Entry, known: Named, person: Capacities) -> Place | None:
    """A unit for which the person does not report looks like one that there is not."""
    unit = known.units.get(entry.unit)
    if unit is not None and not can_fill_for(person, unit.pk):
        unit = None
    indicator, period = known.indicators.get(entry.indicator), known.periods.get(entry.period)
    for name, found in (("unit", unit), ("indicator", indicator), ("period", period)):
        written = getattr(entry, name)
        if found is None and written:
            entry.refuse(name, "does_not_exist", _("There is no “{named}”.").format(named=written[:80]))
    if unit is None or indicator is None or period is None:
        return None
    if indicator.action.campaign_id != period.campaign_id:
        entry.refuse("period", "other_campaign", _("The indicator belongs to another campaign than the period."))
        return None
    if not known.owes(unit, indicator):
        entry.refuse("indicator", "no_target", _("This unit has no target for this indicator."))
    return Place(unit, indicator, period, is_expected=known.is_expected(unit, indicator, period))


def _read_figures(entry: Entry, indicator: Indicator) -> None:
    """From what is written to decimals, as many as the indicator takes."""
    for name, decimals in (("value", indicator.decimals), ("growth", GROWTH_DECIMALS)):
        written = entry.given.get(name)
        if written is None:
            continue
        try:
            entry.given[name] = parse_figure(written, decimals=decimals, max_integer_digits=WHOLE_DIGITS[name])
        except FigureError as error:
            entry.refuse(name, error.code, _words(error.code, decimals, WHOLE_DIGITS[name]))
        else:
            if name == "growth" and not indicator.asks_growth:
                entry.refuse(name, "not_asked", _("This indicator does not ask for the growth year on year."))


def _words(code: str, decimals: int, whole: int) -> str:
    if code == "too_large":
        return _("This number is too large: at most %(digits)s digits before the point.") % {"digits": whole}
    return ngettext("This figure takes %(decimals)d decimal.", "This figure takes %(decimals)d decimals.", decimals) % {
        "decimals": decimals
    }


# --- their reports ----------------------------------------------------------------------------------------------------


def _find_reports(placed: Placed, now: datetime, *, is_trial: bool) -> list[Report]:
    """Gives each place its report, locked unless this is a trial; returns those that were made for it."""
    keys = {place.report_key for _entry, place in placed}
    reports = _read_reports(report_ids(keys).values(), is_locked=not is_trial)
    periods = _read_periods({place.period.pk for _entry, place in placed}, is_locked=not is_trial)
    missing = {}
    for entry, place in placed:
        place.period = periods[place.period.pk]
        is_new = place.is_expected and place.report_key not in reports
        if is_new and not entry.faults and place.period.takes_figures(now):
            missing[place.report_key] = place
    made = {} if is_trial else _make_drafts(missing, now)
    reports |= made
    for _entry, place in placed:
        place.report = reports.get(place.report_key) or _draft_to_be(place, now)
        if place.report is not None:
            place.report.unit, place.report.action = place.unit, place.indicator.action
            place.report.period = place.period
    return list(made.values())


def _read_reports(ids: Iterable[int], *, is_locked: bool) -> dict[ReportKey, Report]:
    rows = Report.objects.select_for_update() if is_locked else Report.objects.all()
    return {
        (one.unit_id, one.action_id, one.period_id): one
        for part in portions(sorted(ids))
        for one in rows.filter(pk__in=part).order_by("pk")
    }


def _read_periods(ids: Iterable[int], *, is_locked: bool) -> dict[int, Period]:
    """Locked so that none closes meanwhile, yet rows that refer to it can be added by others."""
    rows = Period.objects.select_related("campaign").order_by("pk")
    if is_locked:
        rows = rows.select_for_update(of=("self",), no_key=True)
    return {one.pk: one for part in portions(sorted(ids)) for one in rows.filter(pk__in=part)}


def _make_drafts(missing: dict[ReportKey, Place], now: datetime) -> dict[ReportKey, Report]:
    """Who makes the same draft at this moment wins; it is then read and locked like any other."""
    Report.objects.bulk_create(
        [
            Report(unit_id=unit_id, action_id=action_id, period_id=period_id, status_since=now)
            for unit_id, action_id, period_id in sorted(missing)
        ],
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )
    return _read_reports(report_ids(missing).values(), is_locked=True)


def _draft_to_be(place: Place, now: datetime) -> Report | None:
    """What would be there; nothing where the period expects no such report."""
    if not place.is_expected:
        return None
    return Report(unit=place.unit, action=place.indicator.action, period=place.period, status_since=now)


def _must_take_figures(entry: Entry, place: Place, now: datetime) -> None:
    report = place.report
    if report is None:
        entry.refuse("unit", "not_assigned", _("This unit does not report on this action."))
        return
    try:
        must_be_fillable(report, now)
    except WrongState as refusal:
        entry.refuse("period" if report.status in EDITABLE else "", "wrong_state", refusal)


# --- their figures ----------------------------------------------------------------------------------------------------


def _set_figures(placed: Placed) -> list[Touched]:
    """Holds what is given against what is there, row by row; returns what differs, as it is to be written."""
    there = _measurements({place.report.pk for _entry, place in placed if place.report and place.report.pk})
    touched = []
    for entry, place in placed:
        assert place.report is not None  # noqa: S101  (it would be a fault)
        existing = there.get((place.report.pk, place.indicator.pk))
        before = fields_of(existing, FIGURE_FIELDS) if existing else None
        after = _after(entry.given, before or CLEARED)
        if after == before or (existing is None and after == CLEARED | {"value_status": after["value_status"]}):
            entry.status = UNCHANGED
            continue
        entry.status = UPDATED if existing else CREATED
        version = existing.version + 1 if existing else 1
        touched.append(Touched(_row(place, version, after), before, after))
    return touched


def _measurements(ids: Iterable[int]) -> dict[tuple[int, int], Measurement]:
    return {
        (one.report_id, one.indicator_id): one
        for part in portions(sorted(ids))
        for one in Measurement.objects.filter(report__in=part).order_by()
    }


def _after(given: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """A field that is left out stays; null clears it."""
    chosen = {name: CLEARED[name] if value is None else value for name, value in given.items()}
    return {name: chosen.get(name, before[name]) for name in FIGURE_FIELDS}


def _row(place: Place, version: int, figure: dict[str, Any]) -> Measurement:
    """Without an id: the database finds the row that is there by report and indicator."""
    return Measurement(report=place.report, indicator=place.indicator, version=version, source=Source.ENTERED, **figure)


def _write(touched: Sequence[Touched], *, made: Sequence[Report], actor: User) -> None:
    """Figures, the versions of their reports, and one change for each thousand rows."""
    rows: list[Any] = [one.row for one in touched]
    Measurement.objects.bulk_create(
        rows,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["report", "indicator"],
        update_fields=[*FIGURE_FIELDS, "version", "source", "updated_at"],
    )
    for part in portions(sorted({one.report_id for one in rows})):
        Report.objects.filter(pk__in=part).update(
            version=F("version") + 1, saved_by=actor, source=Source.ENTERED, updated_at=timezone.now()
        )
    drafts = [Touched(one, None, {"status": one.status}) for one in made]
    for part in portions([*drafts, *touched]):
        record(actor=actor, verb=VERB, touched=part)
