"""Writes what somebody has looked at in a preview: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.models import Report
from campaigns.operations.reports import Figure, save_report
from campaigns.refusals import Invalid, StaleVersion
from units.models import Source, User
from units.operations.admin_changes import added, has_row_version, raise_version
from units.operations.changes import Touched, fields_of, record


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


# --- master data ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row as it is to be written; `before` holds the fields that differ, none for a new row."""

    row: Any
    before: Mapping[str, Any] | None


@transaction.atomic
def import_rows(*, kind: str, changes: Sequence[RowChange], actor: User, whole: str = "") -> None:
    """Writes the rows of one table with one change that names them all; nothing is ever deleted.

    `whole` names the field that leads to what a part belongs to, whose version is raised with it. The rows have been
    checked. Raises `StaleVersion` where a row moved since it was read, `Invalid` where the database refuses one.
    """
    _must_be_unmoved([one.row for one in changes if one.before is not None])
    touched, wholes = [], {}
    try:
        for one in changes:
            row, is_new = one.row, one.before is None
            row.source = Source.ENTERED
            if not is_new and has_row_version(type(row)):
                row.version += 1
            row.save()
            if whole:
                wholes[getattr(row, f"{whole}_id")] = getattr(row, whole)
            touched.append(added(row) if is_new else Touched(row, one.before, fields_of(row, one.before or ())))
    except IntegrityError as error:
        raise Invalid(_("A row contradicts what is there already. Look at the preview once more.")) from error
    for row in wholes.values():
        raise_version(row)
    if touched:
        record(actor=actor, verb=f"import_{kind}", touched=touched)


def _must_be_unmoved(rows: Sequence[Any]) -> None:
    """Locks the rows and holds their versions against those that were read; some hundred at a time."""
    for start in range(0, len(rows), 500):
        portion = {row.pk: row for row in rows[start : start + 500]}
        model = type(next(iter(portion.values())))
        found = model._base_manager.select_for_update().order_by("pk").in_bulk(portion)  # noqa: SLF001
        for key, row in portion.items():
            now = found.get(key)
            if now is None or getattr(now, "version", 0) != getattr(row, "version", 0):
                raise StaleVersion(
                    _("Somebody changed these rows meanwhile. Look at the preview once more."), current=now
                )
