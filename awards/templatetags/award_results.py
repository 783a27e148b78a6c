"""Shows the result of an award round inside a page of the campaigns, which themselves know nothing of awards.

`{% award_rounds_of meeting as rounds %}` reads them all at once, `{% award_result rounds item %}` draws an item's,
`{% award_winners rounds item %}` the same to be read from afar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from awards.models import Round
from awards.queries.rounds import rounds_announced_at
from campaigns.models import AgendaItem, Meeting

register = template.Library()


@register.simple_tag
def award_rounds_of(meeting: Meeting) -> Mapping[int | None, Sequence[Round]]:
    """The rounds announced at the meeting, by the agenda item that announced them."""
    return rounds_announced_at(meeting)


@register.inclusion_tag("awards/result.html")
def award_result(rounds: Mapping[int | None, Sequence[Round]], item: AgendaItem) -> dict[str, Any]:
    return {"rounds": rounds.get(item.pk, [])}


@register.inclusion_tag("awards/winners.html")
def award_winners(rounds: Mapping[int | None, Sequence[Round]], item: AgendaItem) -> dict[str, Any]:
    return {"rounds": rounds.get(item.pk, [])}
