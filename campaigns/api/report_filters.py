"""Filters of what belongs to a report, by campaign, period, unit and action: joins, so that they cost no query.

A key that names nothing finds nothing. So it is looked up only where nothing was found, and refused then.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework.request import Request

from campaigns.api.keys import ActionFilter, CampaignFilter, IndicatorFilter, PeriodFilter, UnitFilter
from campaigns.models import Measurement
from units.api.filters import ApiFilterSet, errors_of_form, wrong_query
from units.api.viewsets import ReadViewSet

LONGEST_NUMBER = 4


class JoinedNumberFilter(django_filters.CharFilter):
    """By a whole number, as it is written in an address."""

    def filter(self, queryset: Any, value: str) -> Any:
        if not value:
            return queryset
        is_number = value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER
        return queryset.filter(**{self.field_name: value}) if is_number else queryset.none()


class _Keys(ApiFilterSet):
    """The same keys, each looked up."""

    campaign = CampaignFilter(field_name="report__period__campaign")
    period = PeriodFilter(field_name="report__period")
    unit = UnitFilter(field_name="report__unit")
    action = ActionFilter(field_name="report__action")
    indicator = IndicatorFilter()

    class Meta:
        model = Measurement
        fields = ("campaign", "period", "unit", "action", "indicator")


def must_name_what_there_is(request: Request) -> None:
    """Refuses a query by a campaign, period, unit, action or indicator that there is not."""
    found = _Keys(request.query_params, queryset=Measurement.objects.none())
    if not found.is_valid():
        raise wrong_query(errors_of_form(found.form.errors))
    found.filter_queryset(Measurement.objects.none())


class JoinedListViewSet(ReadViewSet):
    """A list whose filters join; an empty one is looked at twice."""

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        if not page:
            must_name_what_there_is(self.request)
        return page

    def table(self, rows: QuerySet) -> Any:
        if not rows.exists():
            must_name_what_there_is(self.request)
        return super().table(rows)
