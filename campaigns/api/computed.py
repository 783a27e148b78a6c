"""What the computed answers share: of which campaign and period, ETag, and the same rows as a table.

Nothing here is a row of the database: an answer is what a query of the pages found, for this caller, now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.keys import CampaignField, PeriodField
from campaigns.domain.figures import half_up, published_percent
from campaigns.domain.light import Light
from campaigns.models import Action, Campaign, Period
from campaigns.queries.selection import UnknownSelection, select
from units.api.filters import FORMATS, at_parameter, wrong_query
from units.api.routers import NUMBER
from units.api.serializers import FigureField, SlugField, Strict, TextField, WordField
from units.api.tables import csv_of, flat
from units.api.versions import is_unchanged, tag_of
from units.api.viewsets import ApiViewSet

# --- figures ----------------------------------------------------------------------------------------------------------

DIGITS = 20
"""Digits before the point: more than any figure of the database has."""


class RoundedField(FigureField):
    """An exact figure, half-up to so many places."""

    def __init__(self, *, places: int, **kwargs: Any) -> None:
        super().__init__(max_digits=DIGITS + places, decimal_places=places, **kwargs)

    def to_representation(self, value: Any) -> str:
        return str(half_up(value, self.decimal_places or 0))


class PercentField(FigureField):
    """A share (1 = the whole) as percent, half-up to 0.01."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=DIGITS + 2, decimal_places=2, **kwargs)

    def to_representation(self, value: Any) -> str:
        return str(published_percent(value))


class PublishedField(FigureField):
    """A figure that is rounded already, as it stands."""

    def __init__(self, *, places: int = 2, **kwargs: Any) -> None:
        super().__init__(max_digits=DIGITS + places, decimal_places=places, **kwargs)

    def to_representation(self, value: Any) -> str:
        return format(value, "f")


def light_field(**kwargs: Any) -> WordField:
    return WordField(choices=[(one.value, one.value) for one in Light], **kwargs)


# --- what every answer says of itself ---------------------------------------------------------------------------------


class DisclosureSerializer(Strict):
    """How much of a period the caller sees: all of it, what concerns the own units, the actions that they lead."""

    all = serializers.BooleanField(source="sees_all")
    own = serializers.BooleanField(source="sees_own")
    led = serializers.BooleanField(source="sees_led")


class ComputedSerializer(Strict):
    """Of which campaign and period an answer tells. Not published: what is approved so far, as far as disclosed."""

    campaign = CampaignField(source="period.campaign", read_only=True)
    period = PeriodField(read_only=True)
    state = WordField(choices=Period.State.choices, source="period.state")
    disclosed = DisclosureSerializer(source="disclosure")


EXAMPLE = {
    "campaign": "hundred-days",
    "period": "hundred-days/2022-08",
    "state": "published",
    "disclosed": {"all": True, "own": False, "led": False},
}


# --- the query --------------------------------------------------------------------------------------------------------


class PeriodQuery(Strict):
    """Which campaign and month; without them the current campaign and its last published period."""

    campaign = SlugField(required=False, max_length=60, help_text=gettext_lazy("Without it the current campaign."))
    period = TextField(
        required=False,
        validators=[RegexValidator(r"^[0-9]{4}-(0[1-9]|1[0-2])\Z", gettext_lazy("A month as 2022-07."))],
        help_text=gettext_lazy("A month of the campaign as 2022-07; without it the last published one."),
    )
    format = WordField(
        choices=[(one, one) for one in FORMATS],
        required=False,
        help_text=gettext_lazy("csv sends the same rows as a table."),
    )


class NumberField(TextField):
    """The number of an action within its campaign."""

    def __init__(self, **kwargs: Any) -> None:
        number = RegexValidator(rf"^{NUMBER}\Z", gettext_lazy("The number of an action."))
        super().__init__(validators=[number], help_text=gettext_lazy("An action by its number."), **kwargs)


def action_numbered(campaign: Campaign, number: str | None) -> Action | None:
    """The action that the query names; an unknown one is refused. One query."""
    if number is None:
        return None
    action = Action.objects.filter(campaign=campaign, number=number).select_related("lead").first()
    if action is None:
        raise unknown("action", f"{campaign.slug}/{number}")
    action.campaign = campaign
    return action


def unknown(parameter: str, told: str) -> Exception:
    return wrong_query([at_parameter(parameter, _("There is no “%s”.") % told[:60], code="invalid_choice")])


# --- the view ---------------------------------------------------------------------------------------------------------


class ComputedViewSet(ApiViewSet):
    """One answer for a campaign and period. `compute` asks the query that the pages ask; `table` are the lists of the
    answer whose rows make the CSV."""

    http_method_names = ["get", "head"]
    is_computed: ClassVar[bool] = True
    key: ClassVar[Mapping[str, tuple[str, str]]] = {}
    query_class = PeriodQuery
    table: ClassVar[Sequence[str]] = ()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        asked = self.asked()
        period, periods = self.chosen(asked)
        told = self.get_serializer(self.compute(period, periods, asked)).data
        if asked.get("format") == "csv":
            return csv_of(
                [flat(row) for name in self.table for row in told[name]], columns=self.columns(), name=self.basename
            )
        tag = tag_of(period.version, told)
        if is_unchanged(request, tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(told, headers={"ETag": tag})

    def compute(self, period: Period, periods: Sequence[Period], asked: Mapping[str, Any]) -> Any:
        """The answer of a period; `periods` are all of its campaign's."""
        raise NotImplementedError

    def chosen(self, asked: Mapping[str, Any]) -> tuple[Period, Sequence[Period]]:
        """The period that is asked for, as the pages choose it, and all of its campaign. One query."""
        campaign, month = asked.get("campaign"), asked.get("period")
        try:
            found = select(campaign=campaign, month=month, today=self.today, wants_published=True)
        except UnknownSelection as error:
            raise unknown("campaign" if str(error) == campaign else "period", str(error)) from error
        if found.period is None:
            raise wrong_query([at_parameter("campaign", _("There is no campaign yet."), code="required")])
        return found.period, found.periods

    def columns(self) -> Sequence[str]:
        """Every field of the table's rows once, objects laid out beside each other."""
        whole: Any = self.get_serializer()
        rows = [whole.fields[name].child for name in self.table]
        return list(dict.fromkeys(name for row in rows for name in _names(row)))


def _names(serializer: Any, prefix: str = "") -> Sequence[str]:
    names: list[str] = []
    for name, field in serializer.fields.items():
        is_object = isinstance(field, serializers.Serializer)
        names += _names(field, f"{prefix}{name}_") if is_object else [f"{prefix}{name}"]
    return names
