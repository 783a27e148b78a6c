"""What must hold of a project beyond the constraints of the database, for every door that writes it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.models import Project

OFF_THE_MAP = _("Give latitude (−90 to 90) and longitude (−180 to 180), or neither.")


def wrong_with_project(project: Project) -> dict[str, Any]:
    """A sentence for each field that cannot stay as it is."""
    wrong = {}
    if project.action is not None and project.action.campaign_id != project.campaign_id:
        wrong["action"] = _("This action belongs to another campaign.")
    package = project.package
    if package is not None and package.campaign_id != project.campaign_id:
        wrong["package"] = _("This package belongs to another campaign.")
    elif package is not None and (package.package_id is not None or (project.pk and project.parts.exists())):
        wrong["package"] = _("A package holds projects, no other packages.")
    if (project.latitude is None) != (project.longitude is None):
        wrong["longitude"] = OFF_THE_MAP
    return wrong
