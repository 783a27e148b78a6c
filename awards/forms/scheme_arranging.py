"""Adds, moves and removes rows of the scheme editor, on the words as they were sent: no script is needed for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST = 60
EMPTY_CRITERIA, EMPTY_GATES = 2, 1
"""Rows that stand empty below those that are written."""
BUTTON = re.compile(r"(?P<kind>[cg])-(?:(?P<verb>up|down|remove)-(?P<number>[0-9]{1,3})|add)")
COUNTS = {"c": "criteria", "g": "gates"}

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Arranged:
    """The words of all rows in their new order."""

    criteria: list[Row]
    gates: list[Row]


def raw_rows(data: Mapping[str, Any], kind: str) -> list[Row]:
    """The rows of one kind, word for word; as many as the page says it has."""
    told = str(data.get(COUNTS[kind], ""))
    count = min(int(told), MOST) if told.isascii() and told.isdigit() and len(told) < 4 else 0
    prefixes = [f"{kind}{number}-" for number in range(1, count + 1)]
    return [
        {name.removeprefix(prefix): str(data[name]) for name in data if name.startswith(prefix)} for prefix in prefixes
    ]


def arrange(data: Mapping[str, Any], button: str) -> Arranged | None:
    """What a button of the rows does; None where it is none. Gates go on pointing at what they pointed at."""
    match = BUTTON.fullmatch(button)
    if match is None:
        return None
    rows = {kind: raw_rows(data, kind) for kind in COUNTS}
    kind, verb = match["kind"], match["verb"]
    if verb is None:
        rows[kind] = [*rows[kind], {}][:MOST]
        return Arranged(rows["c"], rows["g"])
    numbers = _moved(len(rows[kind]), verb, int(match["number"]))
    rows[kind] = [rows[kind][number - 1] for number in numbers]
    place = {str(number): str(now) for now, number in enumerate(numbers, start=1)}
    pointer = "criterion" if kind == "c" else "behind"
    for gate in rows["g"]:
        if pointer in gate:
            gate[pointer] = place.get(gate[pointer].strip(), "")
    return Arranged(rows["c"], rows["g"])


def _moved(count: int, verb: str, number: int) -> list[int]:
    """The numbers of the rows before, in their order after."""
    numbers = list(range(1, count + 1))
    if number not in numbers:
        return numbers
    if verb == "remove":
        numbers.remove(number)
        return numbers
    other = number - 1 if verb == "up" else number + 1
    if other in numbers:
        numbers[number - 1], numbers[other - 1] = numbers[other - 1], numbers[number - 1]
    return numbers
