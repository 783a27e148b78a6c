"""The API of awards: schemes, rounds and the red flags that they gave.

Nothing is imported here: the framework reads parts of the package while it is being imported itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from units.api.routers import ApiRouter


def register(router: ApiRouter) -> None:
    """The resources of this app."""
    from awards.api.flags import RedFlagViewSet
    from awards.api.rounds import RoundViewSet
    from awards.api.schemes import SchemeViewSet

    router.register("award-schemes", SchemeViewSet)
    router.register("award-rounds", RoundViewSet)
    router.register("red-flags", RedFlagViewSet)
