"""The papers of a meeting's presenters: the page, its documents, and what the presenters hand in."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.documents.invitation import invitation as draw_invitation
from campaigns.documents.meeting_papers import presenters_paper
from campaigns.documents.papers import TYPES, draw
from campaigns.forms.attachments import ACCEPT, AttachmentForm
from campaigns.models import AgendaItem, AgendaPaper, Meeting
from campaigns.operations.meeting_papers import add_paper, hand_in_paper, remove_paper, take_back_paper
from campaigns.operations.meetings import NOT_YOURS
from campaigns.permissions import can_hand_in_paper
from campaigns.queries.meeting_papers import meeting_papers
from campaigns.queries.meetings import is_closed
from campaigns.refusals import Refusal
from campaigns.requests import SiteRequest
from campaigns.views.meeting_arranging import meeting_of
from campaigns.views.review import stand_at
from campaigns.views.shell import person_of
from units.views.downloads import as_download


@require_safe
def papers(request: SiteRequest, meeting_id: int) -> HttpResponse:
    return _draw(request, meeting_of(meeting_id))


def _draw(
    request: SiteRequest,
    meeting: Meeting,
    *,
    item_id: int | None = None,
    form: AttachmentForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; `form` is that of the item whose file was refused."""
    is_open = not is_closed(meeting)
    found = meeting_papers(meeting, person=person_of(request), now=request.business_now, is_open=is_open)
    context = {
        "meeting": meeting,
        "papers": found,
        "has_presenters": bool(found) or meeting.agenda.filter(presenter__isnull=False).exists(),
        "wrong_item": item_id,
        "file_form": form,
        "accept": ACCEPT,
        "refusal": refusal,
        "tab": "papers",
    }
    return render(request, "campaigns/meeting_papers.html", context, status=status)


@require_safe
def papers_file(request: SiteRequest, meeting_id: int, kind: str, item_id: int | None = None) -> HttpResponseBase:
    """The papers that this person may see as one document, or that of one item."""
    if kind not in TYPES:
        raise Http404(_("There is no such document."))
    meeting = meeting_of(meeting_id)
    now = request.business_now
    found = meeting_papers(meeting, person=person_of(request), now=now, is_open=False, only=item_id)
    if not found:
        raise Http404(_("There is no paper for you here."))
    answer = FileResponse(BytesIO(draw(presenters_paper(meeting, found, now), kind)), content_type=TYPES[kind])
    of_item = f"-{found[0].number}" if item_id is not None else ""
    return as_download(answer, f"papers-{meeting.held_on}{of_item}.{kind}")


@require_safe
def invitation(request: SiteRequest, meeting_id: int) -> HttpResponse:
    """The meeting as an event for a calendar; a later one takes the place of the one before."""
    meeting = meeting_of(meeting_id)
    content = draw_invitation(meeting, host=request.get_host())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="meeting-{meeting.pk}.ics"'
    return answer


# --- handing in -------------------------------------------------------------------------------------------------------


def _item(request: SiteRequest, meeting_id: int, item_id: int) -> AgendaItem:
    """The item, where this person may ever hand in its paper."""
    found = get_object_or_404(AgendaItem.objects.select_related("meeting"), pk=item_id, meeting=meeting_id)
    if not can_hand_in_paper(person_of(request), found):
        raise PermissionDenied(NOT_YOURS)
    return found


@require_POST
def hand_in(request: SiteRequest, meeting_id: int, item_id: int) -> HttpResponse:
    return _step(request, _item(request, meeting_id, item_id), hand_in_paper, _("The paper is handed in."))


@require_POST
def take_back(request: SiteRequest, meeting_id: int, item_id: int) -> HttpResponse:
    return _step(request, _item(request, meeting_id, item_id), take_back_paper, _("The paper is due again."))


def _step(request: SiteRequest, item: AgendaItem, step: Callable[..., Any], told: str) -> HttpResponse:
    try:
        step(item_id=item.pk, actor=request.user, now=request.business_now)
    except Refusal as refused:
        return _refused(request, item, str(refused))
    messages.success(request, told)
    return _to_the_paper(item)


def _to_the_paper(item: AgendaItem) -> HttpResponse:
    return redirect(f"{reverse('meeting_papers', args=[item.meeting_id])}#paper-{item.pk}")


def _refused(
    request: SiteRequest, item: AgendaItem, refusal: str, form: AttachmentForm | None = None, status: int = 409
) -> HttpResponse:
    stand_at(request, reverse("meeting_papers", args=[item.meeting_id]))
    meeting = meeting_of(item.meeting_id)
    return _draw(request, meeting, item_id=item.pk, form=form, refusal=refusal, status=status)


@require_POST
def add_file(request: SiteRequest, meeting_id: int, item_id: int) -> HttpResponse:
    item = _item(request, meeting_id, item_id)
    form = AttachmentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(request, item, "", form, 400)
    try:
        add_paper(
            item_id=item.pk,
            upload=form.cleaned_data["file"],
            name=form.safe_name,
            content_type=form.content_type,
            actor=request.user,
            now=request.business_now,
        )
    except Refusal as refused:
        form.add_error("file", str(refused))
        return _refused(request, item, "", form)
    messages.success(request, _("The file is kept: the paper is handed in."))
    return _to_the_paper(item)


def _visible_file(request: SiteRequest, paper_id: int) -> AgendaPaper:
    """The file, where this person sees the paper that it belongs to."""
    found = get_object_or_404(AgendaPaper.objects.select_related("agenda_item"), pk=paper_id)
    meeting, now = meeting_of(found.agenda_item.meeting_id), request.business_now
    item_id = found.agenda_item_id
    if not meeting_papers(meeting, person=person_of(request), now=now, is_open=False, only=item_id):
        raise Http404
    return found


@require_safe
def file(request: SiteRequest, paper_id: int) -> FileResponse:
    """The file itself, always as a download."""
    found = _visible_file(request, paper_id)
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:  # taken away a moment ago
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)


@require_POST
def remove_file(request: SiteRequest, paper_id: int) -> HttpResponse:
    found = _visible_file(request, paper_id)
    item = _item(request, found.agenda_item.meeting_id, found.agenda_item_id)
    try:
        remove_paper(paper_id=paper_id, actor=request.user, now=request.business_now)
    except Refusal as refused:
        return _refused(request, item, str(refused))
    messages.success(request, _("The file is taken away."))
    return _to_the_paper(item)
