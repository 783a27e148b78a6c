"""What the page of a meeting pack says of its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template

from campaigns.domain.packs import LANGUAGES
from campaigns.forms.packs import KINDS, LANGUAGE_NAMES, REMARKS

register = template.Library()


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is said, in each language."""

    label: Any
    sides: list[tuple[str, str]]


@register.filter
def language_word(language: str) -> Any:
    """The name of a language of the content."""
    return LANGUAGE_NAMES[language]


@register.filter
def said(content: Mapping[str, Any]) -> list[Said]:
    """The sentences by kind and the remarks, both languages side by side."""
    texts = {name: {one["kind"]: one["text"] for one in content["sentences"][name]} for name in LANGUAGES}
    kinds = dict.fromkeys(kind for name in LANGUAGES for kind in texts[name])
    rows = [Said(KINDS.get(kind, kind), [(name, texts[name].get(kind, "")) for name in LANGUAGES]) for kind in kinds]
    if any(content["remarks"].values()):
        rows.append(Said(REMARKS, [(name, content["remarks"][name]) for name in LANGUAGES]))
    return rows
