"""Why an operation of the awards refuses, beyond what `units.refusals` defines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from units.refusals import Invalid, Refusal, StaleVersion, WrongState


@dataclass(frozen=True, slots=True)
class SchemeProblem:
    """One thing that is wrong with a scheme: `part` is `scheme`, `criteria` or `gates`, `place` the position in that
    list (None: the whole), `name` the field, `message` a translated sentence; `parameter` names the one of a method."""

    code: str
    part: str
    place: int | None
    name: str
    message: str
    parameter: str = ""


class WrongScheme(Invalid):
    """A scheme that cannot be used as it is; `problems` tells everything that is wrong, not the first alone."""

    def __init__(self, problems: Sequence[SchemeProblem]) -> None:
        super().__init__(" ".join(dict.fromkeys(one.message for one in problems)), field=problems[0].part)
        self.problems = tuple(problems)


__all__: Sequence[Any] = ("Invalid", "Refusal", "SchemeProblem", "StaleVersion", "WrongScheme", "WrongState")
