"""Serializers that take exactly what they name: unknown fields, wrong types and changes of fixed fields are refused.

Figures are decimals as strings, related rows their natural keys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from units.models import Unit

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
DECIMAL = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)

UNKNOWN_FIELD = gettext_lazy("There is no field “%(name)s” here. There are: %(known)s.")
READ_ONLY = gettext_lazy("This field is not for writing.")
FIXED = gettext_lazy("This cannot change any more once it is made.")


# --- fields of exact types ------------------------------------------------------------------------------------------


class TextField(serializers.CharField):
    """A JSON string, as it is."""

    default_error_messages = {"invalid": gettext_lazy("A text.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and data is not None and not isinstance(data, str):
            self.fail("invalid")
        return super().run_validation(data)


class SlugField(TextField):
    default_error_messages = {"slug": gettext_lazy("Letters, digits, hyphens and underscores.")}

    def __init__(self, *, allow_unicode: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not re.fullmatch(r"[-a-zA-Z0-9_]+", text):
            self.fail("slug")
        return text


class FlagField(serializers.BooleanField):
    """true or false."""

    default_error_messages = {"invalid": gettext_lazy("true or false.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class WholeNumberField(serializers.IntegerField):
    default_error_messages = {"invalid": gettext_lazy("A whole number.")}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class FigureField(serializers.DecimalField):
    """A decimal as a string, `"12.50"`: a JSON number is a binary fraction in too many programs."""

    default_error_messages = {"invalid": gettext_lazy("A decimal as a string, for example “12.50”.")}

    def to_internal_value(self, data: Any) -> Any:
        if not (isinstance(data, str) and DECIMAL.fullmatch(data)):
            self.fail("invalid")
        return super().to_internal_value(data)


class DayField(serializers.DateField):
    default_error_messages = {"invalid": gettext_lazy("A day as 2022-09-01.")}

    def to_internal_value(self, value: Any) -> Any:
        if not (isinstance(value, str) and DAY.fullmatch(value)) and type(value) is not date:
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class InstantField(serializers.DateTimeField):
    default_error_messages = {"invalid": gettext_lazy("An instant as 2022-09-01T08:00:00+08:00.")}

    def to_internal_value(self, value: Any) -> Any:
        if not (isinstance(value, str) and INSTANT.fullmatch(value)) and not isinstance(value, datetime):
            self.fail("invalid", format="ISO 8601")
        return super().to_internal_value(value)


class WordField(serializers.ChoiceField):
    """One of some words, as the schema lists them."""

    default_error_messages = {"invalid_choice": gettext_lazy("“{input}” is not one of: {known}.")}

    def to_internal_value(self, data: Any) -> Any:
        if data == "" and self.allow_blank:
            return ""
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", input=str(data)[:40], known=", ".join(str(one) for one in self.choices))
        return data

    def to_representation(self, value: Any) -> Any:
        return str(value) if value is not None else None


class KeyField(serializers.Field):
    """A related row by its natural key: one attribute (`code`), or several with slashes between (`<slug>/2022-07`)."""

    default_error_messages = {
        "invalid": gettext_lazy("A key as a text."),
        "does_not_exist": gettext_lazy("There is no “{named}”."),
    }

    def __init__(self, *, parts: Sequence[str], queryset: QuerySet | None = None, **kwargs: Any) -> None:
        self.parts, self.queryset = tuple(parts), queryset
        if queryset is None:
            kwargs["read_only"] = True
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> models.Model:
        if not isinstance(data, str):
            self.fail("invalid")
        values = data.split("/")
        assert self.queryset is not None  # noqa: S101  (a field without one is read-only)
        row = None
        if len(values) == len(self.parts):
            try:
                row = self.queryset.all().filter(**dict(zip(self.parts, values, strict=True))).first()
            except (ValueError, TypeError, OverflowError):
                row = None
        if row is None:
            self.fail("does_not_exist", named=data[:80])
        return row

    def to_representation(self, value: Any) -> str:
        told = []
        for part in self.parts:
            one = value
            for name in part.split("__"):
                one = getattr(one, name)
            told.append(str(one))
        return "/".join(told)


class UnitField(KeyField):
    """A unit by its code."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Unit.objects.all())
        super().__init__(parts=("code",), **kwargs)


class KeysField(serializers.ListField):
    """Related rows by their keys; `child` is a `KeyField`. Each once."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 1000)
        super().__init__(**kwargs)

    def to_representation(self, value: Any) -> list[str]:
        rows = value.all() if hasattr(value, "all") else value
        return [self.child.to_representation(one) for one in rows]

    def to_internal_value(self, data: Any) -> list[Any]:
        rows = super().to_internal_value(data)
        if len({row.pk for row in rows}) != len(rows):
            raise ValidationError(_("One of them stands twice."), code="repeated")
        return rows


# --- serializers ----------------------------------------------------------------------------------------------------


class Strict(serializers.Serializer):
    """A body of its own: for transitions and computed answers. Refuses what it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            wrong = self.not_taken(data)
            if wrong:
                raise ValidationError(wrong)
        return super().to_internal_value(data)

    def not_taken(self, data: Mapping[str, Any]) -> dict[str, list[ErrorDetail]]:
        known = [name for name, field in self.fields.items() if not field.read_only]
        return {
            str(name): [refusal(UNKNOWN_FIELD % {"name": str(name)[:40], "known": ", ".join(known) or "–"}, "unknown")]
            for name in data
            if name not in self.fields
        }


class Nothing(Strict):
    """The body of a step that needs none."""


class Reason(Strict):
    """The body of a step that needs a reason."""

    reason = TextField(max_length=2000, help_text=gettext_lazy("Why; those concerned see exactly these words."))


class ApiSerializer(Strict, serializers.ModelSerializer):
    """A row. Rules and constraints are the row's own: `units.operations.rows` asks them when it saves.

    `Meta.fixed_once_made` names fields that a PATCH may repeat but not change; `version`, `source` and `updated_at` are
    never written. Read-only fields may be sent as they are, so that an object that was read can be sent back.
    """

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: TextField,
        models.TextField: TextField,
        models.SlugField: SlugField,
        models.BooleanField: FlagField,
        models.IntegerField: WholeNumberField,
        models.SmallIntegerField: WholeNumberField,
        models.PositiveIntegerField: WholeNumberField,
        models.PositiveSmallIntegerField: WholeNumberField,
        models.BigIntegerField: WholeNumberField,
        models.DecimalField: FigureField,
        models.DateField: DayField,
        models.DateTimeField: InstantField,
    }
    serializer_choice_field = WordField
    NEVER_WRITTEN = ("version", "source", "updated_at")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name in self.NEVER_WRITTEN:
            if name in fields and not fields[name].read_only:
                fields[name].read_only, fields[name].required = True, False
        return fields

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """Uniqueness is asked once, when the row is saved."""
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        kwargs["validators"] = [one for one in kwargs.get("validators", []) if not hasattr(one, "queryset")]
        if not kwargs["validators"] or issubclass(field_class, SlugField):
            del kwargs["validators"]
        if issubclass(field_class, WholeNumberField):
            _limit(kwargs, model_field)
        return field_class, kwargs

    def get_validators(self) -> list[Any]:
        return []

    def not_taken(self, data: Mapping[str, Any]) -> dict[str, list[ErrorDetail]]:
        wrong = super().not_taken(data)
        shown = self.to_representation(self.instance) if isinstance(self.instance, models.Model) else {}
        fixed = getattr(self.Meta, "fixed_once_made", ()) if shown else ()
        for name, field in self.fields.items():
            if name in data and (field.read_only or name in fixed) and not _is_same(data[name], shown, name):
                wrong[name] = [refusal(FIXED, "fixed") if name in fixed else refusal(READ_ONLY, "read_only")]
        return wrong


SMALLEST_AND_LARGEST = {
    "PositiveSmallIntegerField": (0, 32767),
    "SmallIntegerField": (-32768, 32767),
    "PositiveIntegerField": (0, 2147483647),
    "IntegerField": (-2147483648, 2147483647),
}


def _limit(kwargs: dict[str, Any], model_field: Any) -> None:
    """What every database can hold; SQLite alone would take more."""
    least, most = SMALLEST_AND_LARGEST.get(model_field.get_internal_type(), (None, None))
    if least is not None and most is not None:
        kwargs["min_value"] = max(least, kwargs.get("min_value") or least)
        kwargs["max_value"] = min(most, kwargs.get("max_value") or most)


def _is_same(value: Any, shown: Mapping[str, Any], name: str) -> bool:
    return name in shown and shown[name] == value


def refusal(told: str | Promise, code: str) -> ErrorDetail:
    return ErrorDetail(str(told), code=code)
