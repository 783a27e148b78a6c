"""Shows who holds the mobile red flag inside a page of the campaigns, which themselves know nothing of awards.

`{% red_flag_holders today as holders %}` reads them; `holders.unit_ids` marks units, `holders.by_round` lists them.
`{% flags_of_unit unit %}` draws the flags that a unit has held, with the days.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from awards.models import RedFlag
from awards.queries.flags import Holders, holders
from awards.queries.rounds import unit_flags
from campaigns.queries.clock import local_day
from units.models import Unit

register = template.Library()


@register.simple_tag
def red_flag_holders(day: date) -> Holders:
    return holders(day)


@register.simple_tag
def days_held(flag: RedFlag, day: date) -> int:
    return flag.days_held(day)


@register.inclusion_tag("awards/unit_flags.html", takes_context=True)
def flags_of_unit(context: dict[str, Any], unit: Unit) -> dict[str, Any]:
    """By the business clock of the request."""
    return {"row": unit_flags(unit, local_day(context["request"].business_now))}
