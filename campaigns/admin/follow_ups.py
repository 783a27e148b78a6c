"""Follow-ups in the administration: registered here, moved by operations, final once they are closed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from campaigns.admin.office import OfficeAdmin, OfficeView
from campaigns.models import Extension, FollowUp, FollowUpEvent, FollowUpFile
from units.admin.recorded import ViewedRows
from units.admin.recorded_forms import RecordedForm

FOLLOW_UP_SEARCH = ["follow_up__number", "follow_up__title_en", "follow_up__title_zh"]


class FollowUpForm(RecordedForm):
    """What it comes from belongs to one meeting."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        meeting = self.cleaned_data.get("meeting")
        for name in ("agenda_item", "requirement", "minutes_item"):
            origin = self.cleaned_data.get(name)
            if origin is None:
                continue
            own = origin.minutes.meeting_id if name == "minutes_item" else origin.meeting_id
            if meeting is None or own != meeting.pk:
                self.add_error(name, _("This belongs to another meeting."))
        return cleaned


class FollowUpEventRows(ViewedRows):
    model = FollowUpEvent


class ExtensionRows(ViewedRows):
    model = Extension


@admin.register(FollowUp)
class FollowUpAdmin(OfficeAdmin):
    form = FollowUpForm
    list_display = ["number", "title_en", "title_zh", "lead", "due_on", "state", "origin", "closed_on", "source"]
    list_display_links = ["number", "title_en"]
    list_filter = ["state", "origin", "campaign", "lead", "source"]
    list_select_related = ["campaign", "lead"]
    search_fields = ["number", "title_en", "title_zh", "text", "lead__name_en", "lead__name_zh"]
    autocomplete_fields = [
        "campaign",
        "meeting",
        "agenda_item",
        "minutes_item",
        "requirement",
        "warning",
        "lead",
        "supporting",
    ]
    date_hierarchy = "due_on"
    fixed_once_made = ["number"]
    inlines = [FollowUpEventRows, ExtensionRows]

    def is_frozen(self, row: FollowUp) -> bool:
        return row.state in (FollowUp.State.CLOSED, FollowUp.State.ARCHIVED)


@admin.register(FollowUpEvent)
class FollowUpEventAdmin(OfficeView):
    list_display = ["at", "follow_up", "verb", "from_state", "to_state", "actor", "text"]
    list_filter = ["to_state", "verb"]
    list_select_related = ["follow_up", "actor"]
    search_fields = [*FOLLOW_UP_SEARCH, "text"]
    date_hierarchy = "at"


@admin.register(Extension)
class ExtensionAdmin(OfficeView):
    list_display = ["follow_up", "old_due_on", "new_due_on", "asked_by", "asked_at", "is_granted", "decided_by"]
    list_filter = ["is_granted"]
    list_select_related = ["follow_up", "asked_by", "decided_by"]
    search_fields = [*FOLLOW_UP_SEARCH, "reason"]
    date_hierarchy = "asked_at"


@admin.register(FollowUpFile)
class FollowUpFileAdmin(OfficeView):
    list_display = ["name", "follow_up", "content_type", "size", "uploaded_by", "uploaded_at"]
    list_select_related = ["follow_up", "uploaded_by"]
    search_fields = [*FOLLOW_UP_SEARCH, "name", "sha256"]
    date_hierarchy = "uploaded_at"
