"""Meeting packs in the administration: built, edited and issued on their own pages, so only shown here."""

from django.contrib import admin

from campaigns.admin.office import OfficeView
from campaigns.models import Pack, PackFile, PackTemplate, PackWords
from units.admin.recorded import ViewedRows


class PackWordsRows(ViewedRows):
    model = PackWords


class PackFileRows(ViewedRows):
    model = PackFile
    exclude = ["file"]


@admin.register(Pack)
class PackAdmin(OfficeView):
    list_display = ["period", "number", "state", "built_at", "built_by", "issued_at", "issued_by", "digest"]
    list_filter = ["state", "period__campaign", "period__month"]
    list_select_related = ["period__campaign", "built_by", "issued_by"]
    search_fields = ["digest", "period__month"]
    date_hierarchy = "built_at"
    hidden_fields = ["content"]
    inlines = [PackWordsRows, PackFileRows]


@admin.register(PackTemplate)
class PackTemplateAdmin(OfficeView):
    list_display = ["campaign", "name", "size", "uploaded_by", "uploaded_at", "withdrawn_at"]
    list_filter = ["campaign"]
    list_select_related = ["campaign", "uploaded_by"]
    search_fields = ["name", "sha256"]
    hidden_fields = ["file"]


@admin.register(PackWords)
class PackWordsAdmin(OfficeView):
    list_display = ["pack", "language", "edited_by", "edited_at"]
    list_filter = ["language", "pack__period__campaign", "pack__period__month"]
    list_select_related = ["pack__period__campaign", "edited_by"]
    search_fields = ["pack__period__month"]


@admin.register(PackFile)
class PackFileAdmin(OfficeView):
    list_display = ["pack", "kind", "language", "size", "drawn_from", "drawn_at"]
    list_filter = ["kind", "language", "pack__period__campaign", "pack__period__month"]
    list_select_related = ["pack__period__campaign"]
    search_fields = ["drawn_from", "pack__period__month"]
    hidden_fields = ["file"]
