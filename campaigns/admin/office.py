"""What the pages of this app share: the campaign office works on them, leaders look at them."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from campaigns.queries.clock import business_now
from units.admin.recorded import Access, PartAdmin, RecordedAdmin, ViewedAdmin


def now_of(request: HttpRequest) -> datetime:
    """The business instant of the request."""
    return getattr(request, "business_now", None) or business_now()


class OfficeAdmin(RecordedAdmin):
    """Changed by administrators and the office."""

    office_may = Access.CHANGE


class OfficeView(ViewedAdmin):
    """Looked at by administrators, the office and leaders; actions are for those who may take the step."""

    office_may = Access.CHANGE


class OfficePart(PartAdmin):
    """A list of parts for administrators, the office and leaders."""

    office_may = Access.CHANGE
