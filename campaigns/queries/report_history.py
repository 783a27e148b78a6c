"""What happened to one report: every step with who, when and why, and what its corrections changed.

At most two queries, however much happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.domain.workflow import ReportStatus, Verb
from campaigns.models import Indicator, Measurement, MeasurementVersion, Report, ReportEvent


@dataclass(frozen=True, slots=True)
class Correction:
    """One figure before and after; `new` is the next version kept, or what the measurement says now."""

    indicator: Indicator
    old: MeasurementVersion
    new: MeasurementVersion | Measurement


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the time line, with the correction that belongs to it."""

    event: ReportEvent
    correction: Correction | None

    @property
    def is_good(self) -> bool:
        return self.event.verb in (Verb.SIGN, Verb.APPROVE)

    @property
    def is_back(self) -> bool:
        return self.event.verb in (Verb.SEND_BACK, Verb.REOPEN)


@dataclass(frozen=True, slots=True)
class ReportHistory:
    """The steps of a report, oldest first."""

    steps: Sequence[Step]

    @property
    def filed(self) -> ReportEvent | None:
        """The last submission by the unit (or on its behalf)."""
        return self._last(Verb.SUBMIT)

    @property
    def signed(self) -> ReportEvent | None:
        """The signature under the last submission; none where it was recalled or sent back since."""
        signature, filed = self._last(Verb.SIGN), self.filed
        return signature if signature and filed and signature.report_version > filed.report_version else None

    @property
    def returned(self) -> ReportEvent | None:
        """Why the report is back with the unit, while it is."""
        if not self.steps or self.steps[-1].event.to_status != ReportStatus.RETURNED:
            return None
        return self.steps[-1].event

    def _last(self, verb: Verb) -> ReportEvent | None:
        found = [one.event for one in self.steps if one.event.verb == verb]
        return found[-1] if found else None


def report_history(report: Report) -> ReportHistory:
    """Each correction left one event and one kept version, both in the same order."""
    events = list(report.events.select_related("actor", "on_behalf_of").order_by("report_version"))
    corrections = iter(_corrections(report) if any(one.verb == Verb.CORRECT for one in events) else ())
    return ReportHistory([Step(one, next(corrections, None) if one.verb == Verb.CORRECT else None) for one in events])


def _corrections(report: Report) -> list[Correction]:
    kept = list(
        MeasurementVersion.objects.filter(measurement__report=report)
        .select_related("measurement__indicator")
        .order_by("pk")
    )
    by_number = {(one.measurement_id, one.number): one for one in kept}
    return [
        Correction(one.measurement.indicator, one, by_number.get((one.measurement_id, one.number + 1), one.measurement))
        for one in kept
    ]
