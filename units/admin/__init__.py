"""The administration's pages for units, people, client systems, messages and the record of changes."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin  # noqa: F401  (registers Django's groups, which are taken away here)
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from . import changes, clients, jobs, messages, people, units

__all__ = ["changes", "clients", "jobs", "messages", "people", "units"]


def password_change(request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
    """One's own password is changed on the site's own page, which records that it was."""
    return redirect("password_change")


admin.site.password_change = password_change  # type: ignore[method-assign, assignment]
admin.site.site_header = _("Campaign tracker administration")
admin.site.site_title = _("Campaign tracker administration")
admin.site.index_title = _("What there is to administer")
admin.site.empty_value_display = "–"
# What people may do follows from their memberships in units, not from Django's groups.
admin.site.unregister(Group)
