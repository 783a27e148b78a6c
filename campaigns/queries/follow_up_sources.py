"""What a follow-up may be made of, and what a new one begins with: words, unit and day of what it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from campaigns.models import EarlyWarning, MinutesItem, Requirement

TITLE_EN, TITLE_ZH = 200, 100
"""Characters of a title."""


def beginnings(asked: Mapping[str, str]) -> dict[str, Any]:
    """The boxes of a new follow-up, from the source that is named by its id; none where there is no such source."""
    makers = {"requirement": _of_requirement, "minutes_item": _of_minutes_item, "warning": _of_warning}
    for name, make in makers.items():
        told = asked.get(name, "")
        if told.isascii() and told.isdigit() and len(told) < 10:
            return {name: told, **make(int(told))}
    return {"meeting": asked.get("meeting", "")}


def _of_requirement(pk: int) -> dict[str, Any]:
    found = Requirement.objects.filter(pk=pk).first()
    return {} if found is None else {**_said(found.text_en, found.text_zh), "meeting": found.meeting_id}


def _of_minutes_item(pk: int) -> dict[str, Any]:
    found = MinutesItem.objects.select_related("minutes").filter(pk=pk).first()
    if found is None:
        return {}
    of_item = {"lead": found.responsible_id, "due_on": found.due_on, "meeting": found.minutes.meeting_id}
    return {**_said(found.conclusion_en, found.conclusion_zh), **of_item}


def _of_warning(pk: int) -> dict[str, Any]:
    found = EarlyWarning.objects.select_related("project").filter(pk=pk).first()
    if found is None:
        return {}
    project = found.project
    return {
        "title_en": project.name_en[:TITLE_EN],
        "title_zh": project.name_zh[:TITLE_ZH],
        "text": found.measure,
        "lead": project.unit_id,
        "due_on": found.measure_due_on,
    }


def _said(english: str, chinese: str) -> dict[str, Any]:
    return {"title_en": english[:TITLE_EN], "title_zh": chinese[:TITLE_ZH], "text": chinese or english}
