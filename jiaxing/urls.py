"""The addresses of the whole site; each app keeps its own."""

from importlib.util import find_spec

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from jiaxing import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("i18n/setlang", login_not_required(set_language), name="set_language"),
    *[path("", include(f"{app}.urls")) for app in ("units", "campaigns", "awards") if find_spec(f"{app}.urls")],
]
