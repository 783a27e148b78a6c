"""Reads the files of `jiaxing/data`, and turns their dates, instants and figures into Python values."""

from __future__ import annotations

import csv
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.timezone import get_current_timezone, is_naive, make_aware

DATA = Path(__file__).resolve().parents[1] / "data"


@cache
def read(name: str) -> Any:
    """The content of one YAML file; shared, so not to be changed."""
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def read_table(name: str) -> list[dict[str, str]]:
    """The rows of one CSV file, all as text."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_instant(value: datetime | str) -> datetime:
    """An instant of the files; without a zone it is meant where the city is."""
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return make_aware(instant, get_current_timezone()) if is_naive(instant) else instant


def at_clock(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of that day where the city is."""
    return make_aware(datetime.combine(day, time(hour, minute)), get_current_timezone())


def as_decimal(value: str | float) -> Decimal:
    return Decimal(str(value))


def as_figure(value: str | float | None) -> Decimal | None:
    """A figure; nothing where the file says nothing, which is not zero."""
    return None if value is None or value == "" else as_decimal(value)
