"""The addresses of the whole site; each app keeps its own."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from jiaxing import background, health, metrics
from units.views.profile import set_language

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("background/", background.background, name="background"),
    path("background/<str:task>/run/", background.run_job, name="run_job"),
    path("admin/", admin.site.urls),
    path("api/", include("jiaxing.api")),
    path("i18n/setlang", set_language, name="set_language"),
    *[path("", include(f"{app}.urls")) for app in ("units", "campaigns", "awards") if find_spec(f"{app}.urls")],
]

handler400 = "units.api.errors.bad_request"
handler403 = "units.api.errors.permission_denied"
handler404 = "units.api.errors.not_found"
handler500 = "units.api.errors.server_error"
