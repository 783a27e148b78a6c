"""The bodies by which a meeting and its parts are written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.api.keys import CampaignField
from campaigns.models import AgendaItem, Attendance, Project, Requirement
from campaigns.operations.agenda import MOST_ITEMS, MOST_MINUTES
from campaigns.operations.attendance import MOST as MOST_ATTENDEES
from campaigns.operations.meetings import LONGEST_REASON
from campaigns.operations.requirements import MOST as MOST_DEMANDS
from campaigns.operations.requirements import Demand
from units.api.serializers import KeyField, Strict, TextField, UnitField, WholeNumberField, WordField

LARGEST_ID = 2**63 - 1


class ItemBody(Strict):
    """An item of the agenda."""

    kind = WordField(AgendaItem.Kind.choices)
    title_en = TextField(max_length=300)
    title_zh = TextField(max_length=150)
    presenter = UnitField(required=False, allow_null=True)
    minutes_allotted = WholeNumberField(min_value=1, max_value=MOST_MINUTES, required=False)
    session = WordField(AgendaItem.Session.choices, required=False)
    form = WordField(AgendaItem.Form.choices, required=False)
    project = KeyField(parts=("code",), queryset=Project.objects.all(), required=False, allow_null=True)
    report = WholeNumberField(min_value=1, max_value=LARGEST_ID, required=False, allow_null=True)
    text_en = TextField(max_length=4000, required=False, allow_blank=True)
    text_zh = TextField(max_length=4000, required=False, allow_blank=True)


def _item() -> WholeNumberField:
    return WholeNumberField(min_value=1, max_value=LARGEST_ID, help_text=_("The id of the item."))


class EditItemBody(ItemBody):
    """What changes of an item; the rest stays."""

    item = _item()
    kind = WordField(AgendaItem.Kind.choices, required=False)
    title_en = TextField(max_length=300, required=False)
    title_zh = TextField(max_length=150, required=False)


class ItemOnlyBody(Strict):
    """Which item."""

    item = _item()


class PlacedBody(Strict):
    """An item, and the session that it is put into."""

    item = _item()
    session = WordField(AgendaItem.Session.choices)


class OrderBody(Strict):
    """Every item of the agenda once, in the order that they are to have."""

    order = PlacedBody(many=True, max_length=MOST_ITEMS)  # type: ignore[call-arg]  # of its list


class AttendeeBody(Strict):
    """A unit, or a person by name."""

    unit = UnitField(required=False, allow_null=True)
    name_en = TextField(max_length=120, required=False, allow_blank=True)
    name_zh = TextField(max_length=60, required=False, allow_blank=True)
    office_en = TextField(max_length=160, required=False, allow_blank=True)
    office_zh = TextField(max_length=80, required=False, allow_blank=True)
    capacity = WordField(Attendance.Capacity.choices, required=False)
    presence = WordField(Attendance.Presence.choices, required=False)


class AttendanceBody(Strict):
    """Who attended, the whole list."""

    rows = AttendeeBody(many=True, max_length=MOST_ATTENDEES)  # type: ignore[call-arg]  # of its list


class DemandBody(Strict):
    """One requirement; `id` where it is there already."""

    id = WholeNumberField(min_value=1, max_value=LARGEST_ID, required=False, allow_null=True)
    group = WordField(Requirement.Group.choices)
    text_en = TextField(max_length=2000)
    text_zh = TextField(max_length=1000)


class DemandsBody(Strict):
    """What the meeting required, the whole list."""

    rows = DemandBody(many=True, max_length=MOST_DEMANDS)  # type: ignore[call-arg]  # of its list


def demand_of(given: dict[str, Any]) -> Demand:
    return Demand(requirement_id=given.pop("id", None), **given)


class CancelBody(Strict):
    """Why it is not held."""

    reason = TextField(max_length=LONGEST_REASON)


class NextBody(Strict):
    """Of which campaign the next monthly analysis is made."""

    campaign = CampaignField()
