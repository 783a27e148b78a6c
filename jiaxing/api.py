"""The REST API of all apps under one router, its description, and what answers where none of its addresses match."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import include, path, re_path

from jiaxing.api_docs import docs, schema
from units.api.errors import no_such_address
from units.api.routers import ApiRouter

router = ApiRouter()
for app in ("units", "campaigns", "awards"):
    if find_spec(f"{app}.api"):
        import_module(f"{app}.api").register(router)

urlpatterns = [
    path("schema/", schema, name="api_schema"),
    path("docs/", docs, name="api_docs"),
    path("v1/", include((router.urls, "api"))),
    re_path(r"", no_such_address, name="no_such_api_address"),
]
