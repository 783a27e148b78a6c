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
    from campaigns.api.indicators import IndicatorViewSet
    from campaigns.api.measurement_bulk import MeasurementBulkViewSet
    from campaigns.api.periods import PeriodViewSet
    from campaigns.api.targets import TargetViewSet

    router.register("campaigns", CampaignViewSet)
    router.register("actions", ActionViewSet)
    router.register("indicators", IndicatorViewSet)
    router.register("assignments", AssignmentViewSet)
    router.register("targets", TargetViewSet)
    router.register("periods", PeriodViewSet)
    router.register("measurements", MeasurementBulkViewSet)
