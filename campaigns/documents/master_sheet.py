"""The office's tables as they go out: present rows under the headings that an import reads."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from campaigns.queries.master_kinds import Kind, shown
from units.documents.sheets import Column, Sheet


def master_sheet(kind: Kind) -> Sheet:
    """The present rows with the headings that an import reads: to look at, to change, and to bring back."""
    columns = [Column(capital(kind.heading(one)), _width(kind, one)) for one in kind.columns]
    rows = ([_out(shown(kind, row, one)) for one in kind.columns] for row in kind.rows().iterator(chunk_size=500))
    return Sheet(str(kind.title), columns, rows)


def _out(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.normalize() if isinstance(value, Decimal) else value


def capital(words: Any) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]


def _width(kind: Kind, column: str) -> int:
    return 30 if column.startswith(("name", "content", "scope")) else 16
