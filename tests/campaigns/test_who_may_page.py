"""docs/who-may.md says what the program does: its table is `WHO_MAY`, and the predicates it names exist."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

from campaigns.domain.workflow import WHO_MAY, ReportStatus, Step, When, Who

PAGE = Path(__file__).resolve().parents[2] / "docs" / "who-may.md"
HEAD = ["Verb", "From", "To", "Who", "When", "Reason", "API token"]


def tables() -> list[list[list[str]]]:
    """Every table of the page, its head first, as rows of cells."""
    found: list[list[list[str]]] = [[]]
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            found.append([])
        elif not line.startswith("|---"):
            found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
    return [table for table in found if table]


def row_of(step: Step) -> list[str]:
    return [
        f"`{step.verb}`",
        ", ".join(status for status in ReportStatus if status in step.sources),
        step.target,
        ", ".join(who for who in Who if who in step.who),
        step.when,
        "yes" if step.asks_reason else "no",
        "yes" if step.is_open_to_tokens else "no",
    ]


def test_the_table_of_the_page_is_the_table_of_the_code() -> None:
    head, *rows = tables()[0]
    assert head == HEAD
    assert rows == [row_of(step) for step in WHO_MAY]


def test_every_capacity_and_every_stretch_is_explained() -> None:
    capacities, stretches = tables()[1:3]
    assert [row[0] for row in capacities[1:]] == list(Who)
    assert [row[0] for row in stretches[1:]] == list(When)


def test_every_predicate_that_the_page_names_exists() -> None:
    named = re.findall(r"`((?:campaigns|units|awards)\.permissions)\.(\w+)`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 10
    assert [f"{module}.{name}" for module, name in named if not hasattr(import_module(module), name)] == []
