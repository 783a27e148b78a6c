"""Answers are JSON whatever a client says it accepts; the parameter `format=csv` of lists asks for a table."""

from __future__ import annotations

from typing import Any

from rest_framework.negotiation import BaseContentNegotiation


class AlwaysJSON(BaseContentNegotiation):
    def select_parser(self, request: Any, parsers: Any) -> Any:
        """By the content type alone, as ever; none fits is a 415."""
        from rest_framework.utils.mediatypes import media_type_matches

        return next((one for one in parsers if media_type_matches(one.media_type, request.content_type)), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type
