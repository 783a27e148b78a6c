"""The API of campaigns: what they are made of, their reports and figures, and what is computed from these.

Nothing is imported here: the framework reads parts of the package while it is being imported itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from units.api.routers import ApiRouter


def register(router: ApiRouter) -> None:
    """The resources of this app."""
    from campaigns.api.actions import ActionViewSet
    from campaigns.api.assignments import AssignmentViewSet
    from campaigns.api.campaigns import CampaignViewSet
    from campaigns.api.completeness import CompletenessViewSet
    from campaigns.api.evidence import FOLLOW_UP, EvidenceViewSet
    from campaigns.api.follow_ups import FollowUpViewSet
    from campaigns.api.indicators import IndicatorViewSet
    from campaigns.api.judgements import AcceptedReasonViewSet, LikelihoodViewSet
    from campaigns.api.measurements import MeasurementViewSet
    from campaigns.api.meetings import MeetingViewSet
    from campaigns.api.packs import PackViewSet
    from campaigns.api.periods import PeriodViewSet
    from campaigns.api.progress import ProgressViewSet
    from campaigns.api.project_updates import ProjectUpdateViewSet
    from campaigns.api.projects import ProjectViewSet
    from campaigns.api.reports import ReportViewSet
    from campaigns.api.standings import StandingsViewSet
    from campaigns.api.targets import TargetViewSet
    from campaigns.api.warnings import WarningViewSet

    router.register("campaigns", CampaignViewSet)
    router.register("actions", ActionViewSet)
    router.register("indicators", IndicatorViewSet)
    router.register("assignments", AssignmentViewSet)
    router.register("targets", TargetViewSet)
    router.register("periods", PeriodViewSet)
    router.register("reports", ReportViewSet)
    router.register("measurements", MeasurementViewSet)
    router.register("likelihoods", LikelihoodViewSet)
    router.register("accepted-reasons", AcceptedReasonViewSet)
    router.register("projects", ProjectViewSet)
    router.register("project-updates", ProjectUpdateViewSet)
    router.register("warnings", WarningViewSet)
    router.register("meetings", MeetingViewSet)
    router.register("follow-ups", FollowUpViewSet)
    router.register(f"{FOLLOW_UP}/evidence", EvidenceViewSet, "follow-up-evidence")
    router.register("standings", StandingsViewSet)
    router.register("progress", ProgressViewSet)
    router.register("completeness", CompletenessViewSet)
    router.register("packs", PackViewSet)
