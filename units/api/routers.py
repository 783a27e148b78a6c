"""Routes resources by their natural keys: a key of several parts is as many parts of the address."""

from __future__ import annotations

from typing import Any

from rest_framework.routers import SimpleRouter

ID = r"[0-9]{1,18}"
SLUG = r"[-a-zA-Z0-9_]+"
NUMBER = r"[0-9]{1,4}"
MONTH = r"[0-9]{4}-[0-9]{2}"


class ApiRouter(SimpleRouter):
    """`key = {"campaign": ("campaign__slug", SLUG), "number": ("number", NUMBER)}` of a viewset gives
    `…/<campaign>/<number>/`."""

    def register(self, prefix: str, viewset: Any, basename: str | None = None) -> None:
        super().register(prefix, viewset, basename or prefix)

    def _get_dynamic_route(self, route: Any, action: Any) -> Any:
        """A step that answers with a file, as `invitation.ics`, is named as files are: no slash at the end."""
        found = super()._get_dynamic_route(route, action)
        is_file = "." in action.url_path
        return found._replace(url=found.url.replace("{trailing_slash}", "")) if is_file else found

    def get_lookup_regex(self, viewset: Any, lookup_prefix: str = "") -> str:
        return "/".join(f"(?P<{name}>{pattern})" for name, (_path, pattern) in viewset.key.items())
