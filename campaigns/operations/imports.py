"""Writes what somebody has looked at in a preview: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from campaigns.models import Report
from campaigns.operations.reports import Figure, save_report
from units.models import User


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """Figures by indicator id for one report, in the version that the person looked at."""

    report_id: int
    version: int
    figures: dict[int, Figure]


@transaction.atomic
def import_figures(*, saves: Sequence[ReportFigures], actor: User, now: datetime) -> list[Report]:
    """Saves each report as somebody typing would. Where one refuses, or has moved since, none is written.

    Raises what `save_report` raises. Reports are locked in the order of their ids, as every operation on many does.
    """
    return [
        save_report(
            report_id=one.report_id,
            actor=actor,
            version=one.version,
            figures=one.figures,
            narrative={},
            now=now,
        )
        for one in sorted(saves, key=lambda one: one.report_id)
    ]
