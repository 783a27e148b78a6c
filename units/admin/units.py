"""Units and ranking groups in the administration."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from units.admin.recorded import Access, PartAdmin, RecordedAdmin, RecordedRows
from units.admin.recorded_forms import RecordedForm, describe_constraints
from units.models import RankingGroup, RankingGroupMember, Unit
from units.queries.unit_rules import wrong_with_unit

describe_constraints({"unit_not_counted_in_itself": _("A unit cannot be counted in itself.")})


class UnitForm(RecordedForm):
    rules = wrong_with_unit


@admin.register(Unit)
class UnitAdmin(RecordedAdmin):
    form = UnitForm
    office_may = Access.VIEW
    list_display = ["code", "name_en", "name_zh", "kind", "order", "counted_in", "is_active", "source"]
    list_display_links = ["code", "name_en"]
    list_filter = ["kind", "is_active", "ranking_groups", "source"]
    list_select_related = ["counted_in"]
    search_fields = ["code", "name_en", "name_zh", "short_en", "short_zh", "division_code"]
    autocomplete_fields = ["counted_in"]
    fixed_once_made = ["code"]


class RankingGroupMemberRows(RecordedRows):
    model = RankingGroupMember
    autocomplete_fields = ["unit"]


@admin.register(RankingGroup)
class RankingGroupAdmin(RecordedAdmin):
    office_may = Access.VIEW
    list_display = ["code", "name_en", "name_zh", "member_count", "order", "source"]
    list_display_links = ["code", "name_en"]
    list_filter = ["source"]
    search_fields = ["code", "name_en", "name_zh"]
    fixed_once_made = ["code"]
    hidden_fields = ["units"]
    inlines = [RankingGroupMemberRows]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(member_count=Count("members"))

    @admin.display(description=_("units"), ordering="member_count")
    def member_count(self, group: Any) -> int:
        return group.member_count


@admin.register(RankingGroupMember)
class RankingGroupMemberAdmin(PartAdmin):
    office_may = Access.VIEW
    whole = "group"
    list_display = ["unit", "group"]
    list_filter = ["group"]
    list_select_related = ["group", "unit"]
    search_fields = ["unit__code", "unit__name_en", "unit__name_zh"]
