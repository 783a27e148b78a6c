"""What a criterion may look at, by the code or number under which people type it; and where a preview takes figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from awards.models import Scheme
from campaigns.models import Action, Campaign, Indicator, Period


@dataclass(frozen=True, slots=True)
class Sources:
    """Indicators by code; actions by campaign and number."""

    indicators: Mapping[str, Indicator]
    actions: Mapping[tuple[int, int], Action]

    def action(self, campaign_id: int, number: str) -> Action | None:
        text = number.strip()
        is_number = text.isascii() and text.isdigit() and len(text) < 6
        return self.actions.get((campaign_id, int(text))) if is_number else None

    def of_campaign(self, campaign_id: int | None) -> Sources:
        """What the lists below the boxes offer; all of it where no campaign is chosen."""
        if campaign_id is None:
            return self
        indicators = {code: one for code, one in self.indicators.items() if one.action.campaign_id == campaign_id}
        return Sources(indicators, {key: one for key, one in self.actions.items() if key[0] == campaign_id})


def scheme_sources() -> Sources:
    """Two queries."""
    indicators = Indicator.objects.select_related("action").order_by("action__campaign", "action__number", "order")
    actions = Action.objects.order_by("campaign", "number")
    return Sources(
        {one.code: one for one in indicators},
        {(one.campaign_id, one.number): one for one in actions},
    )


def last_closed(campaign: Campaign) -> Period | None:
    """The newest period whose figures are whole. One query."""
    rows = Period.objects.filter(campaign=campaign, state__in=(Period.State.CLOSED, Period.State.PUBLISHED))
    return rows.select_related("campaign").order_by("-month").first()


def scheme_list() -> Sequence[Scheme]:
    """Every edition, those in force first, with how many criteria it has and how many rounds used it. One query."""
    rows: QuerySet[Scheme] = Scheme.objects.select_related("campaign", "group").annotate(
        criterion_count=Count("criteria", distinct=True), round_count=Count("rounds", distinct=True)
    )
    return list(rows.order_by("-is_active", "code", "-version"))
