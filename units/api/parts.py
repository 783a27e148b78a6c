"""Lists of rows that belong to a row and are written with it: what of them is taken, and where one is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as RowError
from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError

from units.api.serializers import ApiSerializer, refusal
from units.operations.changes import Touched
from units.operations.parts import WrongPart, replace_parts

Refused = dict[Any, dict[str, list[ErrorDetail]]]
"""What is wrong with the rows of a list, by their place in it."""


class PartSerializer(ApiSerializer):
    """One row of such a list. What it needs it needs in a PATCH too, since the list takes the place of the old one."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            needed = [name for name, field in self.fields.items() if field.required and not field.read_only]
            missing = {name: [refusal(_("This field is required."), "required")] for name in needed if name not in data}
            if missing:
                raise ValidationError(missing)
        return super().to_internal_value(data)


def save_list(
    field: str,
    part: type[PartSerializer],
    *,
    there: Iterable[Model],
    given: Sequence[Mapping[str, Any]],
    new: Callable[[], Model],
    key: str,
) -> list[Touched]:
    """Replaces the rows that are `there` by what was given as `field`; what is wrong is told with its place there."""
    keys = [values[key] for values in given]
    again = [place for place, told in enumerate(keys) if told in keys[:place]]
    if again:
        twice: Refused = {place: {key: [refusal(_("“%s” stands twice.") % keys[place], "repeated")]} for place in again}
        raise ValidationError({field: twice})
    try:
        return replace_parts(there=there, given=given, new=new, key=key, names=part.Meta.fields)
    except WrongPart as refused:
        one: Refused = {refused.place: _by_field(refused.wrong)}
        raise ValidationError({field: one}) from refused


def _by_field(wrong: RowError) -> dict[str, list[ErrorDetail]]:
    return {
        "non_field_errors" if name == NON_FIELD_ERRORS else name: [
            refusal(" ".join(one.messages), str(one.code or "invalid")) for one in found
        ]
        for name, found in wrong.error_dict.items()
    }
