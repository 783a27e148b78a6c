"""Meetings as they are told: their kinds, agenda, requirements, attendance and minutes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.api.keys import CampaignField, PeriodField
from campaigns.models import AgendaItem, Attendance, Meeting, MeetingKind, Minutes, MinutesItem, Requirement
from campaigns.queries.meetings import attendance_seen, is_report_open
from units.api.serializers import ApiSerializer, TextField, UnitField


class MeetingKindSerializer(ApiSerializer):
    class Meta:
        model = MeetingKind
        fields = ("kind", "year", "number")
        example = {"kind": "monthly_analysis", "year": 2022, "number": 7}


class AgendaItemSerializer(ApiSerializer):
    presenter = UnitField(read_only=True, allow_null=True)
    project = serializers.SerializerMethodField(help_text=_("Its code; null where it is not for you to see."))
    report = serializers.SerializerMethodField(help_text=_("Its id; null where it is not for you to see."))

    class Meta:
        model = AgendaItem
        fields = (
            "id",
            "order",
            "session",
            "kind",
            "title_en",
            "title_zh",
            "presenter",
            "minutes_allotted",
            "form",
            "project",
            "report",
            "text_en",
            "text_zh",
            "handed_in_at",
            "source",
        )
        read_only_fields = fields
        example = {
            "id": 31,
            "order": 3,
            "session": "main",
            "kind": "project_video",
            "title_en": "Video link to the major projects",
            "title_zh": "视频连线重大项目现场",
            "presenter": "tongxiang",
            "minutes_allotted": 10,
            "form": "video",
            "project": "ring-road",
            "report": None,
            "text_en": "",
            "text_zh": "",
            "handed_in_at": "2022-08-24T16:20:00+08:00",
            "source": "article",
        }

    def get_project(self, item: AgendaItem) -> str | None:
        project = item.project
        return project.code if project is not None and project.is_seen_by(self.context["view"].person) else None

    def get_report(self, item: AgendaItem) -> int | None:
        return item.report_id if is_report_open(item, self.context["view"].person) else None


class RequirementSerializer(ApiSerializer):
    class Meta:
        model = Requirement
        fields = ("id", "order", "group", "text_en", "text_zh", "source")
        read_only_fields = fields
        example = {
            "id": 8,
            "order": 1,
            "group": "growth_engines",
            "text_en": "Expand effective investment.",
            "text_zh": "扩大有效投资。",
            "source": "article",
        }


class AttendanceSerializer(ApiSerializer):
    unit = UnitField(read_only=True, allow_null=True)

    class Meta:
        model = Attendance
        fields = ("unit", "name_en", "name_zh", "office_en", "office_zh", "capacity", "presence", "source")
        read_only_fields = fields
        example = {
            "unit": "tongxiang",
            "name_en": "",
            "name_zh": "",
            "office_en": "",
            "office_zh": "",
            "capacity": "reporting",
            "presence": "present",
            "source": "sample",
        }


class MeetingSerializer(ApiSerializer):
    campaign = CampaignField()
    period = PeriodField(allow_null=True, required=False)
    starts_at: Any = serializers.TimeField(allow_null=True, required=False)
    video_url = TextField(allow_blank=True, required=False, max_length=300)
    kinds = MeetingKindSerializer(many=True, max_length=len(Meeting.Kind))  # type: ignore[call-arg]  # of its list
    agenda = AgendaItemSerializer(many=True, read_only=True)
    requirements = RequirementSerializer(many=True, read_only=True)
    attendance = serializers.SerializerMethodField(
        help_text=_("Who came: units and who led the meeting; other people where their names are for you to see.")
    )
    minutes_issued_at = serializers.SerializerMethodField(
        help_text=_("When the newest minutes were issued; null where none are.")
    )

    class Meta:
        model = Meeting
        fields = (
            "id",
            "campaign",
            "period",
            "kinds",
            "name_en",
            "name_zh",
            "held_on",
            "starts_at",
            "place",
            "video_url",
            "chair_en",
            "chair_zh",
            "figures_as_of",
            "papers_due_at",
            "summary_en",
            "summary_zh",
            "agenda",
            "requirements",
            "attendance",
            "minutes_issued_at",
            "cancelled_at",
            "cancelled_reason",
            "source",
            "version",
            "updated_at",
        )
        read_only_fields = ("agenda", "requirements", "attendance", "cancelled_at", "cancelled_reason")
        example = {
            "id": 4,
            "campaign": "hundred-days",
            "period": "hundred-days/2022-07",
            "kinds": [MeetingKindSerializer.Meta.example],
            "name_en": "Monthly analysis meeting, August",
            "name_zh": "8月月度分析会",
            "held_on": "2022-08-26",
            "starts_at": "14:30:00",
            "place": "Room 1",
            "video_url": "",
            "chair_en": "Zhang Bing",
            "chair_zh": "张兵",
            "figures_as_of": "2022-08-16T09:00:00+08:00",
            "papers_due_at": "2022-08-24T18:00:00+08:00",
            "summary_en": "",
            "summary_zh": "",
            "agenda": [AgendaItemSerializer.Meta.example],
            "requirements": [RequirementSerializer.Meta.example],
            "attendance": [AttendanceSerializer.Meta.example],
            "minutes_issued_at": "2022-08-29T17:00:00+08:00",
            "cancelled_at": None,
            "cancelled_reason": "",
            "source": "sample",
            "version": 2,
            "updated_at": "2022-08-29T17:00:00+08:00",
        }

    @extend_schema_field(AttendanceSerializer(many=True))
    def get_attendance(self, meeting: Meeting) -> Any:
        seen = attendance_seen(meeting.attendances.all(), self.context["view"].person)
        return AttendanceSerializer(seen, many=True, context=self.context).data

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_minutes_issued_at(self, meeting: Meeting) -> Any:
        issued = [one.issued_at for one in meeting.minutes.all() if one.issued_at]
        return serializers.DateTimeField().to_representation(issued[-1]) if issued else None


class MinutesItemSerializer(ApiSerializer):
    agenda_item: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    responsible = UnitField(read_only=True, allow_null=True)

    class Meta:
        model = MinutesItem
        fields = ("order", "agenda_item", "conclusion_en", "conclusion_zh", "responsible", "due_on", "source")
        read_only_fields = fields
        example = {
            "order": 1,
            "agenda_item": 31,
            "conclusion_en": "The power line is moved by the end of September.",
            "conclusion_zh": "9月底前完成电力线路迁改。",
            "responsible": "tongxiang",
            "due_on": "2022-09-30",
            "source": "entered",
        }


class MinutesSerializer(ApiSerializer):
    meeting: Any = serializers.PrimaryKeyRelatedField(read_only=True)
    items = serializers.SerializerMethodField()

    class Meta:
        model = Minutes
        fields = ("meeting", "number", "version", "issued_at", "items", "source")
        read_only_fields = fields
        example = {
            "meeting": 4,
            "number": "2022-8",
            "version": 1,
            "issued_at": "2022-08-29T17:00:00+08:00",
            "items": [MinutesItemSerializer.Meta.example],
            "source": "entered",
        }

    @extend_schema_field(MinutesItemSerializer(many=True))
    def get_items(self, minutes: Minutes) -> Any:
        """As the query loaded them for this reader."""
        return MinutesItemSerializer(self.context["view"].items, many=True, context=self.context).data
