"""Colours and the font of charts by the names of the style sheet's tokens, and what they are on paper."""

from __future__ import annotations

from typing import Any

MARK = "var:"

PAPER = {
    "surface": "#fff",
    "sunk": "#efefeb",
    "line": "#e3e2dd",
    "line-2": "#c8c7c0",
    "ink": "#1a1d21",
    "ink-2": "#4b5159",
    "ink-3": "#666c74",
    "accent": "#1d4f7c",
    "go-fill": "#2a9270",
    "slow-fill": "#c58700",
    "stop-fill": "#cf4a23",
    "none": "#666c74",
    "none-fill": "#a3a7ac",
    "band": "rgba(29, 79, 124, 0.14)",
    "sans": "Noto Sans SC",
}
"""The light theme of ``static/css/tokens.css``; the font is the one that documents bring along."""


def token(name: str) -> str:
    """The name of a colour as it stands in an option; raises ``KeyError`` for one that paper does not know."""
    return f"{MARK}{name}" if PAPER[name] else ""


def on_paper(option: Any) -> Any:
    """The option with the colours of paper in the place of the tokens."""
    if isinstance(option, dict):
        return {key: on_paper(value) for key, value in option.items()}
    if isinstance(option, list | tuple):
        return [on_paper(value) for value in option]
    if isinstance(option, str) and option.startswith(MARK):
        return PAPER[option.removeprefix(MARK)]
    return option
