"""What must hold of an indicator beyond the constraints of the database, for every door that writes it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.models import Indicator


def wrong_with_indicator(indicator: Indicator) -> dict[str, Any]:
    weight = indicator.rollup_weight
    if weight is not None and (weight is indicator or (weight.pk is not None and weight.pk == indicator.pk)):
        return {"rollup_weight": _("An indicator cannot be weighted by itself.")}
    earlier = indicator.follows
    if earlier is not None and earlier.action.campaign_id == indicator.action.campaign_id:
        return {"follows": _("Name an indicator of another campaign.")}
    return {}
