"""Who holds the mobile red flag today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from awards.models import RedFlag, Round
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Holders:
    """The flags that are held on one day, of all schemes, in the order of their announcement."""

    flags: Sequence[RedFlag]

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset(one.unit_id for one in self.flags)

    @property
    def by_round(self) -> list[tuple[Round, list[Unit]]]:
        found: dict[int, tuple[Round, list[Unit]]] = {}
        for one in self.flags:
            found.setdefault(one.round_id, (one.round, []))[1].append(one.unit)
        return list(found.values())


def holders(day: date) -> Holders:
    """Announced flags are for everybody. One query."""
    rows = RedFlag.objects.announced().held_on(day).select_related("unit", "round__scheme")
    return Holders(list(rows.order_by("-held_from", "pk")))
