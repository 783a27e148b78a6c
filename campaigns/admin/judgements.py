"""The lead's judgements in the administration: to look at, since only the lead's reviewers judge."""

from django.contrib import admin

from campaigns.admin.office import OfficeView
from campaigns.models import AcceptedReason, Likelihood

SEARCH = ["action__name_en", "action__name_zh", "unit__code", "unit__name_en", "unit__name_zh", "reason"]
FILTER = ["period__campaign", "period__month", "action", "unit", "source"]


@admin.register(Likelihood)
class LikelihoodAdmin(OfficeView):
    list_display = ["period", "action", "unit", "level", "reason", "next_step", "judged_by", "judged_at"]
    list_filter = ["level", *FILTER]
    list_select_related = ["period__campaign", "action", "unit", "judged_by"]
    search_fields = [*SEARCH, "next_step"]
    date_hierarchy = "judged_at"


@admin.register(AcceptedReason)
class AcceptedReasonAdmin(OfficeView):
    list_display = ["period", "action", "unit", "reason", "accepted_by", "accepted_at"]
    list_filter = [*FILTER]
    list_select_related = ["period__campaign", "action", "unit", "accepted_by"]
    search_fields = SEARCH
    date_hierarchy = "accepted_at"
