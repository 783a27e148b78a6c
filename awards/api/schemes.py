"""Award schemes with their criteria and gates. A scheme that was used is never edited: a change is a new edition."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from awards.api.scheme_bodies import by_place, given_from
from awards.models import Criterion, Gate, Scheme
from awards.operations.schemes import SchemeGiven, save_scheme
from awards.permissions import can_save_schemes
from awards.refusals import WrongScheme
from campaigns.api.keys import ActionField, CampaignField, CampaignFilter, IndicatorField
from units.api.filters import ApiFilterSet, BooleanFilter, KeyFilter, WordFilter, at_parameter, wrong_query
from units.api.parts import PartSerializer
from units.api.routers import NUMBER, SLUG
from units.api.serializers import ApiSerializer, KeyField, WholeNumberField
from units.api.viewsets import NOT_YOURS, ReadViewSet
from units.models import RankingGroup

MOST_PARTS = 100


class SchemeField(KeyField):
    """A scheme as `red-flag/1`: its code and edition."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(parts=("code", "version"), read_only=True, **kwargs)


class SchemeCodeFilter(django_filters.CharFilter):
    """`scheme=red-flag`: all editions under this code. A code that none has is refused."""

    def filter(self, queryset: Any, value: Any) -> Any:
        if value and not Scheme.objects.filter(code=value).exists():
            told = _("There is no “%s”.") % value[:60]
            raise wrong_query([at_parameter("scheme", told, code="invalid_choice")])
        return super().filter(queryset, value)


class OrderField(WholeNumberField):
    """Another row of the same list, by its order there."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=32767, **kwargs)


class CriterionSerializer(PartSerializer):
    indicator = IndicatorField(allow_null=True, required=False)
    action = ActionField(allow_null=True, required=False)
    parameters = serializers.DictField(required=False)

    class Meta:
        model = Criterion
        fields = (
            "order",
            "name_en",
            "name_zh",
            "weight",
            "basis",
            "indicator",
            "action",
            "method",
            "parameters",
            "tie_order",
            "source",
        )
        example = {
            "order": 1,
            "name_en": "Exports",
            "name_zh": "出口额",
            "weight": "20.00",
            "basis": "indicator_attainment",
            "indicator": "exports",
            "action": None,
            "method": "linear",
            "parameters": {"step_per_point": "1"},
            "tie_order": 1,
            "source": "sample",
        }


class GateSerializer(PartSerializer):
    criterion = OrderField(source="criterion.order")
    behind = OrderField(source="behind.order", allow_null=True, default=None)

    class Meta:
        model = Gate
        fields = ("order", "name_en", "name_zh", "criterion", "minimum", "behind", "source")
        example = {
            "order": 1,
            "name_en": "Reports on time",
            "name_zh": "按时报送",
            "criterion": 1,
            "minimum": "60.00",
            "behind": None,
            "source": "sample",
        }


class SchemeSerializer(ApiSerializer):
    edition = serializers.IntegerField(source="version", read_only=True)
    campaign = CampaignField()
    group = KeyField(parts=("code",), queryset=RankingGroup.objects.all())
    criteria = CriterionSerializer(many=True, max_length=MOST_PARTS)  # type: ignore[call-arg]  # of many
    gates = GateSerializer(many=True, required=False, max_length=MOST_PARTS)  # type: ignore[call-arg]  # of many

    class Meta:
        model = Scheme
        fields = (
            "code",
            "edition",
            "name_en",
            "name_zh",
            "campaign",
            "group",
            "interval",
            "flags",
            "minimum_score",
            "tie_rule",
            "decimals",
            "bonus_cap",
            "penalty_cap",
            "publicity_working_days",
            "criteria",
            "gates",
            "is_active",
            "source",
            "updated_at",
        )
        read_only_fields = ("is_active",)
        fixed_once_made = ("code",)
        example = {
            "code": "red-flag",
            "edition": 1,
            "name_en": "Mobile red flag",
            "name_zh": "流动红旗",
            "campaign": "mutual-learning-2022",
            "group": "all-localities",
            "interval": "half_year",
            "flags": 3,
            "minimum_score": "90.00",
            "tie_rule": "shared",
            "decimals": 2,
            "bonus_cap": None,
            "penalty_cap": None,
            "publicity_working_days": 3,
            "criteria": [CriterionSerializer.Meta.example],
            "gates": [GateSerializer.Meta.example],
            "is_active": True,
            "source": "sample",
            "updated_at": "2022-07-12T09:00:00+08:00",
        }


class SchemeFilters(ApiFilterSet):
    campaign = CampaignFilter()
    group = KeyFilter(queryset=RankingGroup.objects.all(), key="code")
    interval = WordFilter(Scheme.Interval)
    is_active = BooleanFilter()

    class Meta:
        model = Scheme
        fields = ("campaign", "group", "interval", "is_active")


class SchemeViewSet(ReadViewSet):
    """How awards are decided: among whom, how often, by which criteria. `edition` is the number of the scheme's
    wording under its code, and no count of changes. A scheme that a round uses is never edited: a PATCH makes the next
    edition, which is answered with 201 and its address."""

    queryset = Scheme.objects.select_related("campaign", "group").prefetch_related(
        Prefetch("criteria", Criterion.objects.select_related("indicator", "action__campaign").order_by("order")),
        Prefetch("gates", Gate.objects.select_related("criterion", "behind").order_by("order")),
    )
    serializer_class = SchemeSerializer
    filterset_class = SchemeFilters
    key = {"code": ("code", SLUG), "edition": ("version", NUMBER)}
    ordering = ("code", "version")
    ordering_fields = {"code": "code", "edition": "version", "updated_at": "updated_at"}
    is_for_all = True

    def version_of(self, row: Scheme) -> int:
        """The instant of its last change: an edition is a name."""
        return row.revision

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.action in ("create", "partial_update") and not can_save_schemes(self.person):
            raise PermissionDenied(NOT_YOURS)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new scheme. Weights add to 100, each criterion has its source, no gates stand in a circle."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return self._made(self._save(given_from(serializer.validated_data)))

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Criteria and gates are written as whole lists. 201: it was used, so this is the next edition."""
        row = self.get_object()
        self.must_match(row)
        serializer = self.get_serializer(row, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        saved = self._save(given_from(serializer.validated_data, row), row)
        return self._made(saved) if saved.pk != row.pk else self.answer(self.shown(saved.pk))

    def _save(self, given: SchemeGiven, row: Scheme | None = None) -> Scheme:
        try:
            return save_scheme(
                given=given,
                actor=self.actor,
                now=self.now,
                scheme_id=row.pk if row else None,
                revision=row.revision if row else None,
            )
        except WrongScheme as wrong:
            raise ValidationError(by_place(wrong)) from wrong

    def _made(self, saved: Scheme) -> Response:
        place = self.reverse_action("detail", kwargs={"code": saved.code, "edition": saved.version})
        return self.answer(self.shown(saved.pk), status.HTTP_201_CREATED, {"Location": place})
