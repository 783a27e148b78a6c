"""Draws what only the analysis pages have: thresholds as people write them."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def plain(value: Decimal) -> str:
    """A setting without the noughts that it is stored with: 80.00 → 80, 82.50 → 82.5."""
    return format(value.normalize(), "f")
