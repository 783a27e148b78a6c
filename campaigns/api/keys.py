"""How campaigns, actions, periods and indicators are named in bodies and in queries: by their natural keys."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.models import Action, Campaign, Indicator, Period
from units.api.filters import KeyFilter, at_parameter, wrong_query
from units.api.serializers import KeyField
from units.models import Unit

# --- in bodies --------------------------------------------------------------------------------------------------------


class CampaignField(KeyField):
    """A campaign by its slug."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Campaign.objects.all())
        super().__init__(parts=("slug",), **kwargs)


class ActionField(KeyField):
    """An action as `hundred-days/1`; its row must come with its campaign."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Action.objects.select_related("campaign"))
        super().__init__(parts=("campaign__slug", "number"), **kwargs)


class PeriodField(KeyField):
    """A period as `hundred-days/2022-07`; its row must come with its campaign."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Period.objects.select_related("campaign"))
        super().__init__(parts=("campaign__slug", "month"), **kwargs)


class IndicatorField(KeyField):
    """An indicator by its code."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", Indicator.objects.select_related("action__campaign"))
        super().__init__(parts=("code",), **kwargs)


# --- in queries -------------------------------------------------------------------------------------------------------


class CampaignFilter(KeyFilter):
    """`campaign=hundred-days`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Campaign.objects.all(), key="slug", **kwargs)


class IndicatorFilter(KeyFilter):
    """`indicator=exports`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Indicator.objects.all(), key="code", **kwargs)


class UnitFilter(KeyFilter):
    """`unit=tongxiang`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Unit.objects.all(), key="code", **kwargs)


class _OfCampaignFilter(django_filters.CharFilter):
    """A row by what it is called within the campaign, which the query names too."""

    parameter: str
    rows: QuerySet
    named_by: str

    def filter(self, queryset: Any, value: Any) -> Any:
        if not value:
            return queryset
        campaign = self.parent.form.cleaned_data["campaign"]
        try:
            row = self.rows.filter(campaign=campaign, **{self.named_by: value}).first()
        except (ValueError, OverflowError):
            row = None
        if row is None:
            told = _("There is no “%s”.") % f"{campaign.slug}/{value[:40]}"
            raise wrong_query([at_parameter(self.parameter, told, code="invalid_choice")])
        return queryset.filter(**{self.field_name: row.pk})


class ActionFilter(_OfCampaignFilter):
    """`campaign=hundred-days&action=1`: the set of filters needs a `campaign` beside it."""

    parameter, rows, named_by = "action", Action.objects.all(), "number"


class PeriodFilter(_OfCampaignFilter):
    """`campaign=hundred-days&period=2022-07`: the set of filters needs a `campaign` beside it."""

    parameter, rows, named_by = "period", Period.objects.all(), "month"
