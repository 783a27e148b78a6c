"""What must hold of targets and their trajectories beyond the constraints, for every door that writes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.domain.pace import Direction
from campaigns.models import Indicator, Target, TrajectoryPoint

CONFIRM: dict[str, Any] = {
    Target.ConfirmedAs.FLOOR: _(
        "The target lies below the baseline, although higher is better. Confirm it as a floor, or correct it."
    ),
    Target.ConfirmedAs.CEILING: _(
        "The target lies above the baseline, although lower is better. Confirm it as a ceiling, or correct it."
    ),
}
NOT_BETWEEN = _("This day does not lie between the baseline's and the target's.")


def confirmation_needed(indicator: Indicator, baseline: Any, target: Any) -> str:
    """As what a target against the indicator's direction must be confirmed; empty where it lies in its direction."""
    if target == baseline or Direction(indicator.direction).is_met(target, baseline):
        return Target.ConfirmedAs.NOTHING
    return Target.ConfirmedAs.FLOOR if indicator.direction == Direction.HIGHER else Target.ConfirmedAs.CEILING


def wrong_with_target(target: Target) -> dict[str, Any]:
    """A sentence for each field that cannot stay as it is."""
    needed = confirmation_needed(target.indicator, target.baseline, target.target)
    return {"confirmed_as": CONFIRM[needed]} if needed and target.confirmed_as != needed else {}


def lies_between(target: Target, on: date) -> bool:
    """Whether a planned figure on this day would be looked at."""
    campaign = target.indicator.action.campaign
    starts_early = on < target.baseline_on if target.baseline_on else on < campaign.starts_on
    return not starts_early and on < (target.target_on or campaign.ends_on)


def wrong_with_point(point: TrajectoryPoint) -> dict[str, Any]:
    return {} if lies_between(point.target, point.on) else {"on": NOT_BETWEEN}
