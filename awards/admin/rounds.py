"""Award rounds in the administration. What is computed is only shown; once it is, a round moves by its steps alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from awards.models import Adjustment, Appeal, Mark, Round, Score, ScoreLine, Snapshot
from units.admin.recorded import PartAdmin, RecordedAdmin, ViewedAdmin, ViewedRows
from units.admin.recorded_forms import RecordedForm, describe_constraints

describe_constraints(
    {
        "round_ends_after_start": _("The last day lies before the first."),
        "round_publicity_in_order": _("The publicity period ends before it begins."),
        "adjustment_has_reason": _("Give the reason."),
    }
)

ROUND_SEARCH = ["round__name_en", "round__name_zh", "unit__code", "unit__name_en", "unit__name_zh"]


class RoundForm(RecordedForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        scheme = given.get("scheme") or getattr(self.instance, "scheme", None)
        period, meeting, item = given.get("period"), given.get("meeting"), given.get("agenda_item")
        if scheme is not None and period is not None and period.campaign_id != scheme.campaign_id:
            self.add_error("period", _("This period belongs to another campaign."))
        if item is not None and (meeting is None or item.meeting_id != meeting.pk):
            self.add_error("agenda_item", _("This item is on the agenda of another meeting."))
        return cleaned


class ScoreRows(ViewedRows):
    model = Score
    fields = [
        "unit",
        "computed_score",
        "computed_rank",
        "is_computed_winner",
        "decided_score",
        "is_vetoed",
        "is_winner",
    ]
    show_change_link = True


class AdjustmentRows(ViewedRows):
    model = Adjustment
    fields = ["unit", "kind", "points", "reason", "made_by", "made_at"]
    show_change_link = True


@admin.register(Round)
class RoundAdmin(RecordedAdmin):
    form = RoundForm
    list_display = ["name_en", "name_zh", "scheme", "starts_on", "ends_on", "state", "announced_on", "source"]
    list_display_links = ["name_en", "name_zh"]
    list_filter = ["state", "scheme", "source"]
    list_select_related = ["scheme"]
    search_fields = ["name_en", "name_zh", "scheme__code", "scheme__name_en", "scheme__name_zh"]
    autocomplete_fields = ["scheme", "period", "meeting", "agenda_item"]
    date_hierarchy = "ends_on"
    fixed_once_made = ["scheme"]
    inlines = [ScoreRows, AdjustmentRows]

    def is_frozen(self, row: Round) -> bool:
        """Scores follow from days, period and adjustments: once there are any, these no longer change behind them."""
        return row.state != Round.State.OPEN

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only one for which nothing has been computed yet."""
        is_open = obj is None or obj.state == Round.State.OPEN
        return is_open and super().has_delete_permission(request, obj)


class ScoreLineRows(ViewedRows):
    model = ScoreLine


@admin.register(Score)
class ScoreAdmin(ViewedAdmin):
    list_display = ["round", "unit", "computed_rank", "computed_score", "decided_score", "is_vetoed", "is_winner"]
    list_display_links = ["round", "unit"]
    list_filter = ["round", "is_winner", "is_vetoed", "unit", "source"]
    list_select_related = ["round", "unit", "decided_by"]
    search_fields = ROUND_SEARCH
    inlines = [ScoreLineRows]


@admin.register(ScoreLine)
class ScoreLineAdmin(PartAdmin):
    whole = "score"
    list_display = ["criterion", "figure", "points"]
    list_filter = ["score__round", "criterion"]
    list_select_related = ["score__round", "score__unit", "criterion"]
    search_fields = ["score__unit__code", "score__unit__name_en", "criterion__name_en", "criterion__name_zh"]


class AdjustmentForm(RecordedForm):
    def clean_round(self) -> Round:
        chosen = self.cleaned_data["round"]
        if chosen.state != Round.State.OPEN:
            self.add_error("round", _("This round has been computed. Put it on the unit on the page of the round."))
        return chosen


@admin.register(Adjustment)
class AdjustmentAdmin(RecordedAdmin):
    form = AdjustmentForm
    list_display = ["round", "unit", "kind", "points", "reason", "made_by", "made_at"]
    list_display_links = ["round", "unit"]
    list_filter = ["kind", "round", "unit", "source"]
    list_select_related = ["round", "unit", "made_by"]
    search_fields = [*ROUND_SEARCH, "reason"]
    autocomplete_fields = ["round", "unit"]
    date_hierarchy = "made_at"
    hidden_fields = ["evidence"]
    readonly_fields = ["made_by", "made_at"]
    fixed_once_made = ["round", "unit"]

    def is_frozen(self, row: Adjustment) -> bool:
        return row.round.state != Round.State.OPEN

    def fill(self, request: HttpRequest, row: Any, change: bool) -> None:
        if not change:
            row.made_by = request.user


@admin.register(Mark)
class MarkAdmin(ViewedAdmin):
    list_display = ["round", "criterion", "unit", "value", "note", "given_by", "given_at"]
    list_display_links = ["round", "criterion"]
    list_filter = ["round", "unit", "source"]
    list_select_related = ["round", "criterion", "unit", "given_by"]
    search_fields = [*ROUND_SEARCH, "note"]
    date_hierarchy = "given_at"


@admin.register(Appeal)
class AppealAdmin(ViewedAdmin):
    list_display = ["made_at", "round", "unit", "made_by", "is_upheld", "answered_by", "answered_at"]
    list_filter = ["is_upheld", "round", "unit"]
    list_select_related = ["round", "unit", "made_by", "answered_by"]
    search_fields = [*ROUND_SEARCH, "text", "answer"]
    date_hierarchy = "made_at"


@admin.register(Snapshot)
class SnapshotAdmin(ViewedAdmin):
    list_display = ["round", "version", "sha256", "made_at", "made_by", "reason"]
    list_display_links = ["round", "version"]
    list_filter = ["round"]
    list_select_related = ["round", "made_by"]
    search_fields = ["round__name_en", "round__name_zh", "sha256", "reason"]
    date_hierarchy = "made_at"
