"""Shows who holds the mobile red flag inside a page of the campaigns, which themselves know nothing of awards.

`{% red_flag_holders today as holders %}` reads them; `holders.unit_ids` marks units, `holders.by_round` lists them.
"""

from __future__ import annotations

from datetime import date

from django import template

from awards.queries.flags import Holders, holders

register = template.Library()


@register.simple_tag
def red_flag_holders(day: date) -> Holders:
    return holders(day)
