"""The flags that a campaign's schemes have given."""

from __future__ import annotations

from awards.models import RedFlag
from campaigns.models import Campaign


def campaign_flags(campaign: Campaign) -> list[RedFlag]:
    """Every flag of an announced round, the newest first, in the order of announcement. One query."""
    rows = RedFlag.objects.announced().filter(round__scheme__campaign=campaign)
    return list(rows.select_related("unit", "round__scheme").order_by("-held_from", "pk"))
