"""What the tables of the API's matrix are made of: one module here for each family of resources.

A module has `TABLE`, the answer of each address and verb to each caller, and `SAMPLES`, how each address is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.addresses import Scene

Named = Callable[[Scene], Mapping[str, Any]]


def nothing(scene: Scene) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Sample:
    """How an address is asked for: its parts, its query, bodies by verb, and what must have happened before."""

    kwargs: Named = nothing
    query: Named = nothing
    bodies: Mapping[str, Named] | None = None
    given: Callable[[Scene], Any] | None = None

    def body(self, verb: str, scene: Scene) -> Mapping[str, Any]:
        return (self.bodies or {}).get(verb, nothing)(scene)


def named(code: str) -> dict[str, str]:
    return {"code": code, "name_en": "New", "name_zh": "新"}
