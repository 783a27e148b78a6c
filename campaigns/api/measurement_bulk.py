"""Many figures in one request: each row is looked at, what is wrong is told by its place, the right ones are written.

Rows are read by hand, not by a serializer: there may be ten thousand of them. The serializers here say what they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.models.reports import ValueStatus
from campaigns.operations.measurement_upsert import (
    CREATED,
    ERROR,
    UNCHANGED,
    UPDATED,
    Entry,
    Rejected,
    upsert_measurements,
)
from units.api.problems import ApiProblem, Error, error, pointer_to
from units.api.scopes import Scope
from units.api.serializers import (
    DECIMAL,
    UNKNOWN_FIELD,
    FigureField,
    FlagField,
    KeyField,
    Strict,
    TextField,
    WordField,
)
from units.api.viewsets import ApiViewSet

MOST_ROWS = 10_000
LONGEST_NOTE = 500
ATOMIC, EACH = "atomic", "each"
MODES = [
    (ATOMIC, gettext_lazy("All rows or none.")),
    (EACH, gettext_lazy("The rows that are right; the others are told.")),
]
STATUSES = (CREATED, UPDATED, UNCHANGED, ERROR)


# --- what it takes and tells ------------------------------------------------------------------------------------------


class FigureRow(Strict):
    """One figure by its unit, indicator and period. What is left out stays as it is, null clears it."""

    unit = TextField(help_text=gettext_lazy("The unit's code."))
    indicator = TextField(help_text=gettext_lazy("The indicator's code."))
    period = TextField(help_text=gettext_lazy("As hundred-days/2022-08."))
    value = FigureField(
        required=False,
        allow_null=True,
        max_digits=18,
        decimal_places=4,
        help_text=gettext_lazy("As many decimals as the indicator has."),
    )
    value_status = WordField(choices=ValueStatus.choices, required=False, allow_null=True)
    growth = FigureField(
        required=False, allow_null=True, max_digits=9, decimal_places=2, help_text=gettext_lazy("Year on year, in %.")
    )
    note = TextField(required=False, allow_null=True, allow_blank=True, max_length=LONGEST_NOTE)


class RowsField(serializers.ListField):
    """A list whose rows are read one by one later."""

    child = FigureRow()
    default_error_messages = {
        "not_a_list": gettext_lazy("A list of rows."),
        "max_length": gettext_lazy("At most {max_length} rows at once."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=1, max_length=MOST_ROWS, **kwargs)

    def run_child_validation(self, data: Any) -> Any:
        return data


class FigureRows(Strict):
    """Figures for drafts and for reports that came back, by unit, indicator and period: new ones or in place of old."""

    mode = WordField(choices=MODES, default=ATOMIC, help_text=gettext_lazy("What happens where some rows are wrong."))
    dry_run = FlagField(default=False, help_text=gettext_lazy("True tells the same and writes nothing."))
    rows = RowsField()

    class Meta:
        example = {
            "mode": "each",
            "dry_run": False,
            "rows": [
                {
                    "unit": "tongxiang",
                    "indicator": "exports",
                    "period": "hundred-days/2022-08",
                    "value": "90.00",
                    "value_status": "preliminary",
                    "growth": "12.50",
                    "note": "",
                }
            ],
        }


class RowFault(Strict):
    pointer = serializers.CharField(help_text=gettext_lazy("Where, as /rows/17/value."))
    code = serializers.CharField()
    detail = serializers.CharField()


class RowOutcome(Strict):
    row = serializers.IntegerField(help_text=gettext_lazy("Its place in the request, from 0."))
    status = WordField(choices=[(one, one) for one in STATUSES])
    errors = RowFault(many=True)  # type: ignore[assignment]  # a field of this name


class Counts(Strict):
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    error = serializers.IntegerField()


class FigureRowsTold(Strict):
    """What became of each row, in order."""

    mode = WordField(choices=MODES)
    dry_run = FlagField()
    counts = Counts()
    rows = RowOutcome(many=True)

    class Meta:
        example = {
            "mode": "each",
            "dry_run": False,
            "counts": {"created": 1, "updated": 0, "unchanged": 0, "error": 0},
            "rows": [{"row": 0, "status": "created", "errors": []}],
        }


# --- the door ---------------------------------------------------------------------------------------------------------


class BulkMeasurements(ApiViewSet):
    """`POST …/bulk/`, for the resource of measurements."""

    @extend_schema(request=FigureRows, responses={200: FigureRowsTold})
    @action(detail=False, methods=["post"], url_path="bulk", scope=Scope.REPORT, max_body=settings.API_MAX_BULK_BODY)
    def bulk(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Writes many figures into drafts and into reports that came back; missing drafts of an open period are made.

        A missing figure without a note is taken: only filing the report asks for one of them.
        """
        given = self.given(FigureRows)
        entries = [read_entry(row) for row in given["rows"]]
        try:
            upsert_measurements(
                entries=entries,
                actor=self.actor,
                now=self.now,
                is_atomic=given["mode"] == ATOMIC,
                is_trial=given["dry_run"],
            )
        except Rejected as refusal:
            raise ApiProblem("invalid", refusal, errors=_errors(entries)) from refusal
        return Response(_told(entries, given))


def _told(entries: list[Entry], given: Mapping[str, Any]) -> dict[str, Any]:
    counted = Counter(entry.status for entry in entries)
    return {
        "mode": given["mode"],
        "dry_run": given["dry_run"],
        "counts": {status: counted[status] for status in STATUSES},
        "rows": [
            {"row": place, "status": entry.status, "errors": [_without_place(one) for one in _errors_of(place, entry)]}
            for place, entry in enumerate(entries)
        ],
    }


def _errors(entries: list[Entry]) -> list[Error]:
    return [one for place, entry in enumerate(entries) for one in _errors_of(place, entry)]


def _errors_of(place: int, entry: Entry) -> list[Error]:
    return [
        error(pointer_to("rows", place, *([one.field] if one.field else [])), one.message, code=one.code)
        for one in entry.faults
    ]


def _without_place(told: Error) -> Error:
    """All of them are in the body."""
    return {name: told[name] for name in ("pointer", "code", "detail")}


# --- a row ------------------------------------------------------------------------------------------------------------

KEYS = ("unit", "indicator", "period")
FIGURES = ("value", "growth")
FIELDS = (*KEYS, "value", "value_status", "growth", "note")


def read_entry(row: Any) -> Entry:
    """The row as far as it can be read; what cannot is among its faults."""
    entry = Entry()
    if not isinstance(row, Mapping):
        entry.refuse("", "invalid", _("An object with the fields of a row."))
        return entry
    for name in row:
        if name not in FIELDS:
            entry.refuse(str(name), "unknown", UNKNOWN_FIELD % {"name": name[:40], "known": ", ".join(FIELDS)})
    for name in KEYS:
        setattr(entry, name, _key(entry, name, row))
    for name in FIELDS[len(KEYS) :]:
        if name in row and (row[name] is None or _is_right(entry, name, row[name])):
            entry.given[name] = row[name]
    return entry


def _key(entry: Entry, name: str, row: Mapping[str, Any]) -> str:
    key = row.get(name)
    if isinstance(key, str) and key:
        return key
    if name not in row:
        entry.refuse(name, "required", serializers.Field.default_error_messages["required"])
    else:
        entry.refuse(name, "invalid", KeyField.default_error_messages["invalid"])
    return ""


def _is_right(entry: Entry, name: str, written: Any) -> bool:
    if name in FIGURES:
        is_right = isinstance(written, str) and DECIMAL.fullmatch(written) is not None
        code, told = "invalid", FigureField.default_error_messages["invalid"]
    elif name == "value_status":
        is_right = isinstance(written, str) and written in ValueStatus.values
        known = ", ".join(ValueStatus.values)
        code, told = "invalid_choice", WordField.default_error_messages["invalid_choice"]
        told = told.format(input=str(written)[:40], known=known)
    else:
        is_right = isinstance(written, str) and len(written) <= LONGEST_NOTE
        code, told = "invalid", _("A text of at most %(longest)d characters.") % {"longest": LONGEST_NOTE}
    if not is_right:
        entry.refuse(name, code, told)
    return is_right
