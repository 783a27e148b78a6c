"""What the papers of a round tell: the frozen snapshot once it is announced, the scores in publicity before that."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from awards.domain.snapshot import completed
from awards.models import Round, Snapshot
from awards.queries.round_content import stored_content
from awards.queries.rounds import snapshot_of
from units.models import Source


@dataclass(frozen=True, slots=True)
class RoundPaper:
    """`content` is what a snapshot holds. `as_of` is the instant from which it holds; `snapshot` None: not frozen."""

    award: Round
    content: Mapping[str, Any]
    as_of: datetime
    snapshot: Snapshot | None
    has_sample: bool

    @property
    def units(self) -> Sequence[Mapping[str, Any]]:
        """As they stand: by rank, those kept out last."""
        return self.content["units"]

    @property
    def winners(self) -> list[Mapping[str, Any]]:
        named = {one["unit"]: one for one in self.units}
        return [named[code] for code in self.content["winners"]]

    def day(self, name: str) -> date | None:
        told = self.content["round"][name]
        return date.fromisoformat(told) if told else None

    @property
    def month(self) -> str | None:
        """`2022-06`, the period that the figures are of."""
        key = self.content["round"]["period"]
        return key.rsplit("/", 1)[-1] if key else None


def announced_paper(award: Round) -> RoundPaper | None:
    """From the newest snapshot alone; None where nothing was frozen. At most three queries."""
    snapshot = snapshot_of(award) if award.is_announced else None
    if snapshot is None:
        return None
    return RoundPaper(award, json.loads(snapshot.content), snapshot.made_at, snapshot, _has_sample(award))


def publicity_paper(award: Round) -> RoundPaper | None:
    """The scores that are in publicity; None in any other state. Seven queries."""
    if award.state != Round.State.IN_PUBLICITY or award.computed_at is None:
        return None
    return RoundPaper(award, completed(stored_content(award)), award.computed_at, None, _has_sample(award))


def _has_sample(award: Round) -> bool:
    if Source.SAMPLE in {award.source, award.scheme.source}:
        return True
    return any(
        rows.filter(source=Source.SAMPLE).exists() for rows in (award.scores, award.marks, award.scheme.criteria)
    )
