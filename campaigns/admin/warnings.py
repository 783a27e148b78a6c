"""Early warnings in the administration: raised by computation and answered on their own pages, so only shown here."""

from django.contrib import admin

from campaigns.admin.office import OfficeView
from campaigns.models import EarlyWarning, WarningEvent
from units.admin.recorded import ViewedRows


class WarningEventRows(ViewedRows):
    model = WarningEvent


@admin.register(EarlyWarning)
class EarlyWarningAdmin(OfficeView):
    list_display = ["project", "cause", "level", "state", "period", "raised_at", "measure_due_on", "cleared_at"]
    list_filter = ["state", "level", "cause", "period__campaign", "period__month", "project__unit", "source"]
    list_select_related = ["project", "period__campaign"]
    search_fields = ["project__code", "project__name_en", "project__name_zh", "explanation", "measure"]
    date_hierarchy = "raised_at"
    inlines = [WarningEventRows]


@admin.register(WarningEvent)
class WarningEventAdmin(OfficeView):
    list_display = ["at", "warning", "from_state", "to_state", "level", "actor", "text"]
    list_filter = ["to_state", "level"]
    list_select_related = ["warning__project", "actor"]
    search_fields = ["warning__project__code", "warning__project__name_en", "warning__project__name_zh", "text"]
    date_hierarchy = "at"
