"""Monthly reports in the administration: to look at, and to decide on by the same operations as everywhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from campaigns.admin.office import OfficePart, OfficeView, now_of
from campaigns.models import Attachment, Measurement, MeasurementVersion, Report, ReportEvent
from campaigns.operations.reports import approve_report, reopen_report, send_back_report
from units.admin.recorded import ViewedRows, person_of
from units.admin.steps import ReasonForm, ask_then_take, take_each


class ReopenForm(ReasonForm):
    until = forms.DateTimeField(
        label=_("New deadline"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )


class MeasurementRows(ViewedRows):
    model = Measurement
    fields = ["indicator", "value", "value_status", "growth", "note", "corrected_at", "correct"]
    readonly_fields = ["correct"]

    @admin.display(description=_("correct it"))
    def correct(self, measurement: Measurement) -> str:
        return correction_link(measurement)


class ReportEventRows(ViewedRows):
    model = ReportEvent
    fields = ["at", "verb", "from_status", "to_status", "actor", "on_behalf_of", "reason", "resubmit_by"]


class AttachmentRows(ViewedRows):
    model = Attachment
    fields = ["name", "content_type", "size", "uploaded_by", "uploaded_at"]


def correction_link(measurement: Measurement) -> str:
    """Figures are corrected on a page that asks for the reason; the earlier version is kept."""
    address = reverse("correct_measurement", args=[measurement.pk])
    return format_html('<a href="{}">{}</a>', address, _("Correct"))


@admin.register(Report)
class ReportAdmin(OfficeView):
    list_display = ["unit", "action", "period", "status", "status_since", "reopened_until", "saved_by", "version"]
    list_filter = ["status", "period__campaign", "period__month", "action", "unit"]
    list_select_related = ["unit", "action__campaign", "period__campaign", "saved_by"]
    search_fields = [
        "unit__code",
        "unit__name_en",
        "unit__name_zh",
        "action__name_en",
        "action__name_zh",
        "period__month",
        "period__campaign__slug",
    ]
    date_hierarchy = "status_since"
    readonly_fields = ["page"]
    inlines = [MeasurementRows, AttachmentRows, ReportEventRows]
    actions = ["approve", "send_back", "reopen"]

    @admin.display(description=_("its page"))
    def page(self, report: Report) -> str:
        return format_html('<a href="{}">{}</a>', reverse("report", args=[report.pk]), str(report))

    @admin.action(description=_("Approve"), permissions=["operate"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        take_each(
            request,
            queryset,
            lambda report: approve_report(
                report_id=report.pk, version=report.version, actor=person_of(request), now=now_of(request)
            ),
            done=lambda count: ngettext("%d report approved.", "%d reports approved.", count) % count,
        )

    @admin.action(description=_("Send back, with a reason"), permissions=["operate"])
    def send_back(self, request: HttpRequest, queryset: QuerySet[Report]) -> HttpResponse | None:
        def step(report: Report, answer: dict[str, Any]) -> None:
            send_back_report(
                report_id=report.pk, actor=person_of(request), now=now_of(request), reason=answer["reason"]
            )

        return ask_then_take(
            self,
            request,
            queryset,
            action="send_back",
            title=_("Send back"),
            question=_("These reports go back to their units, who read your words."),
            form_class=ReasonForm,
            step=step,
            done=lambda count: ngettext("%d report sent back.", "%d reports sent back.", count) % count,
        )

    @admin.action(description=_("Reopen after closing, with a reason and a new deadline"), permissions=["operate"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Report]) -> HttpResponse | None:
        def step(report: Report, answer: dict[str, Any]) -> None:
            reopen_report(
                unit=report.unit,
                action=report.action,
                period=report.period,
                actor=person_of(request),
                now=now_of(request),
                reason=answer["reason"],
                until=answer["until"],
            )

        return ask_then_take(
            self,
            request,
            queryset,
            action="reopen",
            title=_("Reopen"),
            question=_("The units may fill and file these reports again, until the new deadline."),
            form_class=ReopenForm,
            step=step,
            done=lambda count: ngettext("%d report reopened.", "%d reports reopened.", count) % count,
        )


REPORT_SEARCH = ["report__unit__code", "report__unit__name_en", "report__unit__name_zh", "report__period__month"]
REPORT_NAME = ["report__unit", "report__action", "report__period__campaign"]


@admin.register(ReportEvent)
class ReportEventAdmin(OfficeView):
    list_display = ["at", "verb", "report", "from_status", "to_status", "actor", "on_behalf_of", "reason"]
    list_filter = ["verb", "report__period__campaign", "report__period__month", "report__unit"]
    list_select_related = [*REPORT_NAME, "actor", "on_behalf_of", "change"]
    search_fields = [*REPORT_SEARCH, "reason", "actor__username", "actor__name", "actor__name_zh"]
    date_hierarchy = "at"


@admin.register(Measurement)
class MeasurementAdmin(OfficeView):
    list_display = ["indicator", "unit", "month", "value", "value_status", "growth", "note", "corrected_at", "correct"]
    list_filter = [
        "report__period__campaign",
        "report__period__month",
        "report__action",
        "report__unit",
        "value_status",
    ]
    list_select_related = [*REPORT_NAME, "indicator"]
    search_fields = ["indicator__code", "indicator__name_en", "indicator__name_zh", "note", *REPORT_SEARCH]
    readonly_fields = ["correct"]

    @admin.display(description=_("unit"), ordering="report__unit__order")
    def unit(self, measurement: Measurement) -> str:
        return measurement.report.unit.name

    @admin.display(description=_("month"), ordering="report__period__month")
    def month(self, measurement: Measurement) -> str:
        return measurement.report.period.month

    @admin.display(description=_("correct it"))
    def correct(self, measurement: Measurement) -> str:
        return correction_link(measurement)


@admin.register(MeasurementVersion)
class MeasurementVersionAdmin(OfficePart):
    whole = "measurement"
    list_display = ["replaced_at", "number", "value", "value_status", "growth", "replaced_by", "reason"]
    list_filter = ["measurement__report__period__campaign", "measurement__report__period__month"]
    list_select_related = ["measurement__indicator", "replaced_by"]
    search_fields = ["measurement__indicator__code", "measurement__indicator__name_en", "reason"]
    date_hierarchy = "replaced_at"


@admin.register(Attachment)
class AttachmentAdmin(OfficeView):
    list_display = ["name", "report", "content_type", "size", "uploaded_by", "uploaded_at"]
    list_filter = ["content_type", "report__period__campaign", "report__period__month"]
    list_select_related = [*REPORT_NAME, "uploaded_by"]
    search_fields = ["name", "sha256", *REPORT_SEARCH]
    date_hierarchy = "uploaded_at"
    hidden_fields = ["file"]
