"""Adds rows that are not there yet, and counts what a load did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


@dataclass(slots=True)
class Tally:
    """What one load did: new rows by model, steps of reports by verb, and what it had to leave."""

    made: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    left: list[str] = field(default_factory=list)
    clock_set_to: datetime | None = None

    @property
    def has_changes(self) -> bool:
        return bool(self.made or self.steps or self.clock_set_to)

    def __str__(self) -> str:
        return f"{sum(self.made.values())} rows, {sum(self.steps.values())} steps of reports"

    def add_missing(self, rows: Sequence[Row], *key: str) -> dict[tuple[object, ...], Row]:
        """Adds those of the rows whose key no stored row has; returns all stored rows of the model by their key.

        What is stored stays as it is, whoever changed it.
        """
        if not rows:
            return {}
        model: Any = type(rows[0])
        names: list[str] = [model._meta.get_field(name).attname for name in key]
        stored = {_key_of(row, names) for row in model.objects.only(*names)}
        missing = [row for row in rows if _key_of(row, names) not in stored]
        model.objects.bulk_create(missing)
        self.count(model, len(missing))
        return {_key_of(row, names): row for row in model.objects.all()}

    def count(self, model: type[models.Model], number: int = 1) -> None:
        if number:
            self.made[str(model._meta.verbose_name_plural)] += number


def _key_of(row: models.Model, names: Iterable[str]) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in names)
