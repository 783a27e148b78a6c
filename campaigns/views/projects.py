"""Major projects: the list with its totals, map and files, one project with its photos, its stage and its exit."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.documents.charts.project import plan_chart
from campaigns.documents.charts.project_map import project_map
from campaigns.documents.project_sheets import project_sheets
from campaigns.domain.project_checks import share_of
from campaigns.filters import ProjectFilter
from campaigns.forms.projects import ExitForm, StageForm
from campaigns.models import Campaign, Project, ProjectPhoto
from campaigns.operations.projects import NOT_YOURS, exit_project, set_project_stage
from campaigns.permissions import can_exit_project, can_stage_project, can_update_project
from campaigns.queries.clock import local_day
from campaigns.queries.project_updates import open_period
from campaigns.queries.projects import on_the_map, project_page, project_totals, projects_of, totals_of
from campaigns.queries.warning_findings import SETTLED
from campaigns.requests import SiteRequest
from campaigns.views.lists import address_with, campaign_of, list_context, page_of
from campaigns.views.shell import person_of, selection_of
from campaigns.views.steps import look_again, refusal_of, stand_at
from units.views.downloads import must_be_known, table_answer, takes

# --- the list ---------------------------------------------------------------------------------------------------------


@require_safe
def project_list(request: SiteRequest) -> HttpResponse:
    """The projects of the chosen campaign that the filters ask for; `?view=map` shows them where they lie."""
    campaign = selection_of(request).campaign
    if campaign is None:
        return render(request, "campaigns/projects.html", {"campaign": None})
    asked = _filtered(request, campaign)
    is_valid = asked.form.is_valid()
    chosen = asked.chosen() if is_valid else asked.queryset.none()
    is_map = request.GET.get("view") == "map"
    places = on_the_map(chosen) if is_map else []
    page = None if is_map else page_of(request, chosen)
    context = list_context(request, campaign, asked, page) | {
        "total": project_totals(chosen),
        "is_map": is_map,
        "map": project_map(places) if places else None,
        "rows": page.object_list if page else [],
        "list_url": address_with(request, view=None, page=None),
        "map_url": address_with(request, view="map", page=None),
        "has_sample": any(one.source == "sample" for one in (page.object_list if page else places)),
    }
    return render(request, "campaigns/projects.html", context, status=200 if is_valid else 400)


@require_safe
@takes("campaign", "period", "unit", "lead", "project_class", "stage", "level", "q")
def export(request: SiteRequest, kind: str) -> HttpResponseBase:
    """The list as it is filtered; a filter that is none leads to the page, which says so."""
    must_be_known(kind)
    campaign = campaign_of(request)
    asked = _filtered(request, campaign)
    if not asked.form.is_valid():
        return redirect(f"{reverse('projects')}?{request.GET.urlencode()}")
    return table_answer(project_sheets(asked.chosen()), kind=kind, name=f"projects-{campaign.slug}")


def _filtered(request: SiteRequest, campaign: Campaign) -> ProjectFilter:
    return ProjectFilter(request.GET, queryset=projects_of(campaign, person_of(request)))


# --- one project ------------------------------------------------------------------------------------------------------


@require_safe
def project(request: SiteRequest, code: str) -> HttpResponse:
    return _draw(request, visible_project(request, code))


def visible_project(request: SiteRequest, code: str) -> Project:
    """The project, or 404 where this person may not see it."""
    rows = Project.objects.visible_to(person_of(request)).select_related(
        "campaign", "unit", "lead", "action", "package"
    )
    return get_object_or_404(rows, code=code)


def _draw(
    request: SiteRequest,
    found: Project,
    *,
    stage: StageForm | None = None,
    leaving: ExitForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; a form that is given was tried, and stands open with what was typed."""
    person, now = person_of(request), request.business_now
    page = project_page(found, person)
    is_settled, is_gone = found.stage in SETTLED, found.stage == Project.Stage.EXITED
    period = open_period(found, now) if can_update_project(person, found) and not is_settled else None
    last = next((one for one in reversed(page.months) if one.done is not None), None)
    context = {
        "project": found,
        "page": page,
        "last": last,
        "share_of_year": share_of(last.done, found.plan_this_year) if last else None,
        "share_to_date": share_of(last.done, last.planned) if last else None,
        "chart": plan_chart(page.months) if page.months else None,
        "total": totals_of(page.parts) if page.parts else None,
        "stages": Project.Stage,
        "update_period": None if page.parts else period,
        "stage_form": stage or (StageForm(project=found) if can_stage_project(person, found) and not is_gone else None),
        "exit_form": leaving or (ExitForm(project=found) if can_exit_project(person) and not is_gone else None),
        "is_stage_open": stage is not None,
        "is_exit_open": leaving is not None,
        "refusal": refusal,
        "today": local_day(now),
        "has_sample": found.source == "sample",
    }
    return render(request, "campaigns/project.html", context, status=status)


@require_safe
def photo(request: SiteRequest, code: str, photo_id: int) -> FileResponse:
    """A photo, for those who may see its project. It is a JPEG that this system drew."""
    found = visible_project(request, code)
    kept = get_object_or_404(ProjectPhoto, pk=photo_id, update__project=found)
    try:
        content = kept.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, filename=kept.name, content_type="image/jpeg")


@require_POST
def set_stage(request: SiteRequest, code: str) -> HttpResponse:
    found = visible_project(request, code)
    if not can_stage_project(person_of(request), found):
        raise PermissionDenied(NOT_YOURS)
    form = StageForm(request.POST, project=found)
    return _take(request, found, form, "stage", set_project_stage, _("The stage is kept."))


@require_POST
def leave(request: SiteRequest, code: str) -> HttpResponse:
    found = visible_project(request, code)
    if not can_exit_project(person_of(request)):
        raise PermissionDenied(NOT_YOURS)
    form = ExitForm(request.POST, project=found)
    return _take(request, found, form, "leaving", exit_project, _("The project has exited."))


def _take(
    request: SiteRequest, found: Project, form: forms.Form, name: str, operation: Callable[..., Project], told: str
) -> HttpResponse:
    """Takes the step and leads back to the page; refused, the page is drawn with what was typed."""
    refused = refusal_of(form, operation, project_id=found.pk, actor=request.user, now=request.business_now)
    if refused is None:
        messages.success(request, told)
        return redirect("project", found.code)
    stand_at(request, reverse("project", args=[found.code]))
    found = visible_project(request, found.code)
    look_again(form, found.version)
    return _draw(request, found, **{name: form}, refusal=refused.told, status=refused.status)  # type: ignore[arg-type]
