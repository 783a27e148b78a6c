"""Draws a chart of ``campaigns/documents/charts`` in a page: the picture, its table, and the switch between them."""

from __future__ import annotations

from typing import Any

from django import template

from campaigns.documents.charts.chart import Chart

register = template.Library()


@register.inclusion_tag("components/chart.html")
def chart(drawn: Chart, height: int | None = None) -> dict[str, Any]:
    """A panel with the chart, `height` pixels high, by default as high as the chart asks for; the page also loads
    ``components/chart_scripts.html``. Without scripts it shows the table."""
    return {"chart": drawn, "height": height or drawn.height}
