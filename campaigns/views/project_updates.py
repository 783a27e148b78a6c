"""The monthly update of a project: its form, and what becomes of it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.forms.projects import UpdateForm
from campaigns.models import Period, Project, ProjectUpdate
from campaigns.operations.project_updates import NOT_YOURS, save_project_update
from campaigns.permissions import can_update_project
from campaigns.queries.project_updates import last_reported, planned_to_date, steps_to_report
from campaigns.requests import SiteRequest
from campaigns.views.projects import visible_project
from campaigns.views.shell import person_of
from campaigns.views.steps import look_again, refusal_of


@require_http_methods(["GET", "HEAD", "POST"])
def project_update(request: SiteRequest, code: str, of_month: str) -> HttpResponse:
    """The update of a month: last month's figure and the plan to date stand beside the boxes."""
    project = visible_project(request, code)
    if not can_update_project(person_of(request), project):
        raise PermissionDenied(NOT_YOURS)
    period = get_object_or_404(Period.objects.select_related("campaign"), campaign=project.campaign_id, month=of_month)
    update = ProjectUpdate.objects.filter(project=project, period=period).first()
    steps = steps_to_report(project, period)
    if request.method != "POST":
        return _draw(request, project, period, update, UpdateForm(update=update, steps=steps))
    form = UpdateForm(request.POST, request.FILES, update=update, steps=steps)
    refused = refusal_of(form, lambda **_read: _save(request, project, period, form))
    if refused is None:
        messages.success(request, _("The update is kept."))
        return redirect("project", project.code)
    update = ProjectUpdate.objects.filter(project=project, period=period).first()
    look_again(form, update.version if update else 0)
    return _draw(request, project, period, update, form, refusal=refused.told, status=refused.status)


def _save(request: SiteRequest, project: Project, period: Period, form: UpdateForm) -> ProjectUpdate:
    return save_project_update(
        project_id=project.pk,
        period_id=period.pk,
        actor=request.user,
        now=request.business_now,
        words=form.words(),
        version=form.cleaned_data["version"],
        photos=form.cleaned_data["photos"],
        reached=form.reached(),
    )


def _draw(
    request: SiteRequest,
    project: Project,
    period: Period,
    update: ProjectUpdate | None,
    form: UpdateForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "project": project,
        "period": period,
        "update": update,
        "photos": list(update.photos.all()) if update else [],
        "form": form,
        "before": last_reported(project, period),
        "planned": planned_to_date(project, period.month),
        "is_open": period.takes_figures(request.business_now),
        "refusal": refusal,
        "has_sample": project.source == "sample",
    }
    return render(request, "campaigns/project_update.html", context, status=status)
