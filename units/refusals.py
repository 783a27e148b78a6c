"""Why an operation refuses: each says what is wrong and what to do, in the reader's language.

A forbidden verb is Django's own `PermissionDenied`; what a person may not even see is a 404 at the edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Refusal(Exception):
    """An operation that was refused; `str()` of it is a translated sentence for the person."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class WrongState(Refusal):
    """The row is not in a state from which this step can be taken."""


class StaleVersion(Refusal):
    """Somebody changed the row after it was read; nothing was written."""

    def __init__(self, message: Any, *, current: Any) -> None:
        super().__init__(message)
        self.current = current


class Invalid(Refusal):
    """What was given cannot be taken; `field` names the box it belongs to."""

    def __init__(self, message: Any, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Incomplete(Refusal):
    """A report that lacks something it needs before it can be filed; `problems` lists what and where."""

    def __init__(self, message: Any, *, problems: Sequence[Any]) -> None:
        super().__init__(message)
        self.problems = problems
