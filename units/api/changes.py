"""The feed of changes: append-only, by a sequence without gaps, for systems that follow what happens here."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from units.api.filters import ApiFilterSet
from units.api.pagination import KeysetPagination, size_of
from units.api.routers import ID
from units.api.serializers import Strict
from units.api.viewsets import ReadViewSet
from units.models import Change, User
from units.permissions import sees_whole_record
from units.queries.changes import content, feed, last_sequence

VERB = r"^[a-z_]{1,40}$"


class ChangeItemSerializer(Strict):
    object_type = serializers.CharField(help_text=_("The kind of row, as campaigns.report."))
    object_id = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]  # a field of this name, not the name of a field
        help_text=_("What the row was called at that moment.")
    )
    key = serializers.DictField(child=serializers.CharField(), help_text=_("Its natural key, by part."))
    unit = serializers.CharField(help_text=_("The code of the unit it is about; empty where there is none."))
    before = serializers.DictField(allow_null=True, help_text=_("The changed fields; null for a new row."))
    after = serializers.DictField(allow_null=True, help_text=_("The changed fields; null for a deleted row."))


class ChangeSerializer(Strict):
    """What is sealed, the names of those who acted, and the digest for who sees the whole record."""

    sequence = serializers.IntegerField()
    at = serializers.DateTimeField(help_text=_("Real time, UTC."))
    actor = serializers.IntegerField(allow_null=True, help_text=_("Who did it, by id; null is the system itself."))
    actor_name = serializers.CharField()
    on_behalf_of = serializers.IntegerField(allow_null=True)
    on_behalf_of_name = serializers.CharField()
    token = serializers.IntegerField(allow_null=True, help_text=_("The token that a client system used, by id."))
    verb = serializers.CharField(help_text=_("What was done, as approve_report."))
    reason = serializers.CharField()
    request = serializers.CharField(help_text=_("As in the header X-Request-Id of the answer."))
    items = ChangeItemSerializer(many=True)
    digest = serializers.CharField(
        allow_null=True, help_text=_("SHA-256 over this change and the digest before; null where you see a part.")
    )

    class Meta:
        example = {
            "sequence": 4711,
            "at": "2022-09-03T01:00:00.000000Z",
            "actor": 12,
            "actor_name": "Zhang Bing",
            "on_behalf_of": None,
            "on_behalf_of_name": "",
            "token": None,
            "verb": "approve_report",
            "reason": "",
            "request": "0f8fad5bd9cb469fa16570867728950e",
            "items": [
                {
                    "object_type": "campaigns.report",
                    "object_id": "64",
                    "label": "Tongxiang · Stable foreign trade · 2022-08",
                    "key": {"campaign": "hundred-days", "period": "2022-08", "unit": "tongxiang", "action": "1"},
                    "unit": "tongxiang",
                    "before": {"status": "submitted", "version": 4},
                    "after": {"status": "approved", "version": 5},
                }
            ],
            "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        }

    def to_representation(self, change: Change) -> dict[str, Any]:
        told = content(change)
        told |= {"actor_name": _name_of(change.actor), "on_behalf_of_name": _name_of(change.on_behalf_of)}
        told["digest"] = change.digest if sees_whole_record(self.context["view"].person) else None
        return {str(name): told[str(name)] for name in self.fields}


def _name_of(person: User | None) -> str:
    return person.display_name if person else ""


@extend_schema_field({"type": "integer", "minimum": 0})
class AfterFilter(django_filters.CharFilter):
    """Beyond a sequence."""

    def __init__(self, **kwargs: Any) -> None:
        whole = RegexValidator(rf"^{ID}$", _("A sequence: a whole number."))
        super().__init__(field_name="sequence", lookup_expr="gt", validators=[whole], **kwargs)


@extend_schema_field({"type": "string", "pattern": VERB})
class VerbFilter(django_filters.CharFilter):
    """What was done, as the feed calls it."""

    def __init__(self, **kwargs: Any) -> None:
        word = RegexValidator(VERB, _("A verb as in the feed: small letters and underscores."))
        super().__init__(validators=[word], **kwargs)


class ChangeFilters(ApiFilterSet):
    after = AfterFilter(help_text=_("The last sequence that you have; without it from the beginning."))
    verb = VerbFilter()

    class Meta:
        model = Change
        fields = ("after", "verb")


class FeedPagination(KeysetPagination):
    """`last` is how far the page has looked: what to ask after next time, also where nothing was for the caller."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        size = size_of(request.query_params.get("page_size"))
        newest = last_sequence()
        rows = list(queryset.filter(sequence__lte=newest).order_by("sequence")[: size + 1])
        has_more, rows = len(rows) > size, rows[:size]
        asked = int(request.query_params.get("after", 0))
        self.last = rows[-1].sequence if has_more else max(newest, asked)
        address = remove_query_param(request.build_absolute_uri(), "after")
        self.next = replace_query_param(address, "after", self.last) if has_more else None
        self.previous = None
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "previous": self.previous, "last": self.last, "results": data})

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        told = super().get_paginated_response_schema(schema)
        told["properties"]["last"] = {"type": "integer", "minimum": 0, "readOnly": True}
        return told | {"required": [*told["required"], "last"]}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [one for one in super().get_schema_operation_parameters(view) if one["name"] == "page_size"]


class ChangeViewSet(ReadViewSet):
    """Every operation with the rows that it touched, in the order in which they were sealed; rows never change.

    Clients of the whole city read all but what concerns people and client systems, those that also manage and the
    office read all; clients and people of one unit what concerns that unit.
    """

    queryset = Change.objects.all()
    serializer_class = ChangeSerializer
    filterset_class = ChangeFilters
    pagination_class = FeedPagination
    key = {"sequence": ("sequence", ID)}
    ordering = ("sequence",)
    updated_field = ""

    def get_queryset(self) -> QuerySet:
        return self.queryset.all() if getattr(self, "swagger_fake_view", False) else feed(self.person)

    def query_names(self) -> set[str]:
        return super().query_names() - {"cursor"}

    def version_of(self, row: Change) -> int:
        return 1
