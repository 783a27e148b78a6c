"""The record of changes in the administration: who changed what, when and why, before and after."""

import json
from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from units.admin.recorded import ViewedAdmin, ViewedRows
from units.models import ChainHead, Change, ChangeItem


@admin.display(description=_("before → after"))
def differences(item: ChangeItem) -> str:
    """One line for each field that changed; a new row has no before, a deleted one no after."""
    before, after = item.before or {}, item.after or {}
    names = dict.fromkeys([*before, *after])
    lines = [(name, _shown(before, name), _shown(after, name)) for name in names]
    return format_html_join("", "<div>{}: {} → {}</div>", lines)


def _shown(fields: dict[str, Any], name: str) -> str:
    if name not in fields or fields[name] in (None, ""):
        return "–"
    value = fields[name]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class ChangeItemRows(ViewedRows):
    model = ChangeItem
    fields = ["object_type", "object_id", "label", "differences"]
    readonly_fields = ["differences"]
    differences = staticmethod(differences)


@admin.register(Change)
class ChangeAdmin(ViewedAdmin):
    list_display = ["sequence", "at", "actor", "verb", "on_behalf_of", "token", "reason", "request"]
    list_display_links = ["at"]
    list_filter = ["verb", "items__object_type"]
    list_select_related = ["actor", "on_behalf_of", "token"]
    search_fields = ["verb", "reason", "request", "actor__username", "actor__name", "items__label"]
    date_hierarchy = "at"
    inlines = [ChangeItemRows]


@admin.register(ChangeItem)
class ChangeItemAdmin(ViewedAdmin):
    list_display = ["at", "actor", "verb", "object_type", "label", "differences"]
    list_filter = ["object_type", "change__verb"]
    list_select_related = ["change__actor"]
    search_fields = ["label", "=object_id", "change__request", "change__actor__username"]
    date_hierarchy = "change__at"
    ordering = ["-id"]
    fields = ["change", "object_type", "object_id", "label", "unit", "differences"]
    readonly_fields = ["differences"]
    differences = staticmethod(differences)

    @admin.display(description=_("at"), ordering="change__at")
    def at(self, item: Any) -> Any:
        return item.change.at

    @admin.display(description=_("person"))
    def actor(self, item: Any) -> Any:
        return item.change.actor

    @admin.display(description=_("verb"))
    def verb(self, item: Any) -> str:
        return item.change.verb


@admin.register(ChainHead)
class ChainHeadAdmin(ViewedAdmin):
    """How far changes are sealed; `manage.py verify_changes` says whether the chain up to here holds."""

    list_display = ["sequence", "digest", "sealed_at"]
    search_fields = ["digest"]
