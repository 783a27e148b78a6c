"""The API of units, and the machinery on which the APIs of all apps are built.

Nothing is imported here: the framework reads parts of this package while it is being imported itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from units.api.routers import ApiRouter


def register(router: ApiRouter) -> None:
    """The resources of this app."""
    from units.api.changes import ChangeViewSet
    from units.api.ranking_groups import RankingGroupViewSet
    from units.api.units import UnitViewSet
    from units.api.webhooks import WEBHOOK, WebhookDeliveryViewSet, WebhookViewSet

    router.register("units", UnitViewSet)
    router.register("ranking-groups", RankingGroupViewSet)
    router.register("changes", ChangeViewSet)
    router.register("webhooks", WebhookViewSet)
    router.register(f"{WEBHOOK}/deliveries", WebhookDeliveryViewSet, "webhook-deliveries")
