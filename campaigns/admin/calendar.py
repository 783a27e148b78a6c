"""The working-day calendar and the business clock in the administration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from campaigns.admin.office import OfficeAdmin, OfficeView
from campaigns.models import BusinessClock, CalendarDay
from campaigns.operations.periods import set_deadlines
from units.admin.recorded import person_of


@admin.register(CalendarDay)
class CalendarDayAdmin(OfficeAdmin):
    """A change moves the deadlines of all campaigns that follow from it."""

    list_display = ["on", "is_working", "note", "source"]
    list_filter = ["is_working", "source"]
    search_fields = ["note", "on"]
    date_hierarchy = "on"

    def after_save(self, request: HttpRequest, row: Any, changed_fields: frozenset[str]) -> None:
        if changed_fields & {"on", "is_working"}:
            set_deadlines(actor=person_of(request))

    def after_delete(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        set_deadlines(actor=person_of(request))


@admin.register(BusinessClock)
class BusinessClockAdmin(OfficeView):
    list_display = ["stands_at", "set_at"]
    readonly_fields = ["move"]

    @admin.display(description=_("move it"))
    def move(self, clock: BusinessClock) -> str:
        return format_html('<a href="{}">{}</a>', reverse("clock"), _("on its own page"))
