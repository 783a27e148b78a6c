"""What the big screen turns through: the dashboard of one period, with the lights of the standings.

The dashboard shows no unit in a single action and leaves accepted reasons out; the heat table here needs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from campaigns.models import Period
from campaigns.queries.dashboard import Dashboard, dashboard_of, split
from campaigns.queries.history import earlier_figures
from campaigns.queries.progress import load
from campaigns.queries.standings import choose_group, ranking_groups
from units.permissions import Capacities


def screen(period: Period, *, periods: Sequence[Period], person: Capacities, now: datetime) -> Dashboard | None:
    """The period in the largest ranking group; `periods` are all of its campaign's. Nine queries, whatever the rows,
    and one more where there are months before those that are compared.

    None unless the person may see all of it: what is for some alone does not hang on a wall.
    """
    compared, earlier_periods = split(period, periods)
    inputs = load(period.campaign, compared)
    earlier = earlier_figures(inputs, earlier_periods)
    group = choose_group(ranking_groups(), None)
    found = dashboard_of(inputs, earlier, period, periods=periods, group=group, person=person, now=now)
    return found if found.disclosure.sees_all else None
