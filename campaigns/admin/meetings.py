"""Meetings and minutes in the administration. Minutes that have been issued are final."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from campaigns.admin.office import OfficeAdmin, OfficePart, OfficeView
from campaigns.models import (
    AgendaItem,
    AgendaPaper,
    Attendance,
    Meeting,
    MeetingKind,
    MeetingSeries,
    Minutes,
    MinutesItem,
    Requirement,
    SeriesItem,
)
from campaigns.queries.meetings import is_closed
from units.admin.recorded import RecordedRows, RecordedStack
from units.admin.recorded_forms import RecordedForm, describe_constraints

describe_constraints(
    {
        "meeting_kind_number_has_year": _("A number in a series needs its year, and begins with 1."),
        "agenda_item_takes_time": _("At least one minute."),
        "series_item_takes_time": _("At least one minute."),
        "meeting_series_day_of_a_month": _("A day from 1 to 31."),
        "attendance_of_unit_once": _("This unit is listed already."),
        "attendance_of_person_once": _("This person is listed already."),
        "attendance_names_person_or_unit": _("Name a person or a unit."),
        "minutes_item_has_conclusion": _("Write the conclusion, in English or in Chinese."),
    }
)

MEETING_SEARCH = ["meeting__name_en", "meeting__name_zh"]


class MeetingForm(RecordedForm):
    def clean_period(self) -> Any:
        period = self.cleaned_data["period"]
        campaign = self.cleaned_data.get("campaign")
        if period is not None and campaign is not None and period.campaign_id != campaign.pk:
            self.add_error("period", _("This period belongs to another campaign."))
        return period


class MeetingKindRows(RecordedRows):
    model = MeetingKind


class AgendaItemStack(RecordedStack):
    model = AgendaItem
    autocomplete_fields = ["presenter", "project", "report"]
    readonly_fields = ["article_words"]


class AttendanceRows(RecordedRows):
    model = Attendance
    autocomplete_fields = ["unit"]


class RequirementStack(RecordedStack):
    model = Requirement
    readonly_fields = ["article_words"]


@admin.register(Meeting)
class MeetingAdmin(OfficeAdmin):
    form = MeetingForm
    list_display = ["held_on", "name_en", "name_zh", "campaign", "period", "place", "source"]
    list_display_links = ["held_on", "name_en"]
    list_filter = ["campaign", "kinds__kind", "source"]
    list_select_related = ["campaign", "period__campaign"]
    search_fields = ["name_en", "name_zh", "place", "chair_en", "chair_zh"]
    autocomplete_fields = ["campaign", "period"]
    date_hierarchy = "held_on"
    inlines = [MeetingKindRows, AgendaItemStack, AttendanceRows, RequirementStack]

    def is_frozen(self, row: Meeting) -> bool:
        """Issued minutes quote the meeting; what it required may still be written on its page."""
        return is_closed(row)


@admin.register(MeetingKind)
class MeetingKindAdmin(OfficePart):
    whole = "meeting"
    list_display = ["kind", "year", "number"]
    list_filter = ["kind", "year"]
    list_select_related = ["meeting"]
    search_fields = MEETING_SEARCH


@admin.register(AgendaItem)
class AgendaItemAdmin(OfficePart):
    whole = "meeting"
    list_display = ["order", "title_en", "title_zh", "kind", "session", "form", "presenter", "minutes_allotted"]
    list_display_links = ["order", "title_en"]
    list_filter = ["kind", "session", "form", "meeting", "source"]
    list_select_related = ["meeting", "presenter"]
    search_fields = ["title_en", "title_zh", *MEETING_SEARCH]


@admin.register(Attendance)
class AttendanceAdmin(OfficePart):
    whole = "meeting"
    list_display = ["name_en", "name_zh", "office_en", "unit", "capacity", "presence"]
    list_filter = ["capacity", "presence", "meeting", "source"]
    list_select_related = ["meeting", "unit"]
    search_fields = ["name_en", "name_zh", "unit__name_en", "unit__name_zh", *MEETING_SEARCH]


@admin.register(Requirement)
class RequirementAdmin(OfficePart):
    whole = "meeting"
    list_display = ["order", "group", "text_en", "text_zh", "source"]
    list_filter = ["group", "meeting", "source"]
    list_select_related = ["meeting"]
    search_fields = ["text_en", "text_zh", *MEETING_SEARCH]


@admin.register(AgendaPaper)
class AgendaPaperAdmin(OfficeView):
    list_display = ["name", "agenda_item", "size", "uploaded_by", "uploaded_at"]
    list_filter = ["agenda_item__meeting"]
    list_select_related = ["agenda_item", "uploaded_by"]
    search_fields = ["name", "agenda_item__title_en", "agenda_item__title_zh"]
    date_hierarchy = "uploaded_at"


class SeriesItemStack(RecordedStack):
    model = SeriesItem


@admin.register(MeetingSeries)
class MeetingSeriesAdmin(OfficeAdmin):
    list_display = ["name_en", "name_zh", "campaign", "kind", "day_of_month", "starts_at", "place"]
    list_filter = ["campaign", "kind"]
    list_select_related = ["campaign"]
    search_fields = ["name_en", "name_zh", "campaign__name_en", "campaign__name_zh"]
    autocomplete_fields = ["campaign"]
    inlines = [SeriesItemStack]


@admin.register(SeriesItem)
class SeriesItemAdmin(OfficePart):
    whole = "series"
    list_display = ["order", "title_en", "title_zh", "kind", "presenters", "minutes_allotted", "form"]
    list_display_links = ["order", "title_en"]
    list_filter = ["kind", "presenters", "series"]
    list_select_related = ["series"]
    search_fields = ["title_en", "title_zh", "series__name_en", "series__name_zh"]


class MinutesItemFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            item = form.cleaned_data.get("agenda_item") if hasattr(form, "cleaned_data") else None
            if item is not None and item.meeting_id != self.instance.meeting_id:
                form.add_error("agenda_item", _("This item is on the agenda of another meeting."))


class MinutesItemStack(RecordedStack):
    model = MinutesItem
    formset = MinutesItemFormSet
    autocomplete_fields = ["agenda_item", "responsible"]


@admin.register(Minutes)
class MinutesAdmin(OfficeAdmin):
    list_display = ["number", "version", "meeting", "issued_at", "issued_by", "source"]
    list_display_links = ["number", "version"]
    list_filter = [("issued_at", admin.EmptyFieldListFilter), "meeting__campaign", "source"]
    list_select_related = ["meeting", "issued_by"]
    search_fields = ["number", *MEETING_SEARCH]
    autocomplete_fields = ["meeting"]
    date_hierarchy = "issued_at"
    fixed_once_made = ["meeting"]
    inlines = [MinutesItemStack]

    def is_frozen(self, row: Minutes) -> bool:
        return row.is_frozen


@admin.register(MinutesItem)
class MinutesItemAdmin(OfficePart):
    whole = "minutes"
    list_display = ["order", "agenda_item", "conclusion_en", "conclusion_zh", "responsible", "due_on"]
    list_filter = ["responsible", "minutes__meeting"]
    list_select_related = ["minutes", "agenda_item", "responsible"]
    search_fields = ["conclusion_en", "conclusion_zh", "minutes__number"]
    date_hierarchy = "due_on"
