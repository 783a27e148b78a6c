"""The city's way to all its targets together, with where it leads if it goes on so."""

from __future__ import annotations

from django.utils.translation import gettext as _

from campaigns.documents.charts.burn_up import Projection, burn_up
from campaigns.documents.charts.chart import Chart
from campaigns.queries.dashboard import Dashboard


def city_way(found: Dashboard) -> Chart | None:
    """None where the reader may not see the city, or nothing is planned."""
    if found.way is None:
        return None
    at_this_rate = found.city_projection
    onward = Projection(at_this_rate.share, at_this_rate.low, at_this_rate.high) if at_this_rate else None
    return burn_up(found.way, subject=_("the city"), projection=onward)
