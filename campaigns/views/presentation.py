"""The presentation of a meeting: one item of its agenda at a time, each at an address of its own."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.models import Likelihood, Meeting
from campaigns.queries.clock import local_day
from campaigns.queries.presentation import UnknownItem, presentation
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of


@require_safe
def present(request: SiteRequest, meeting_id: int) -> HttpResponse:
    """`?item=3` shows the third item, `?lang=` the language of the room."""
    with translation.override(_language(request)):
        try:
            page = presentation(
                meeting_id, number=_number(request), person=person_of(request), now=request.business_now
            )
        except Meeting.DoesNotExist as error:
            raise Http404(_("There is no such meeting.")) from error
        except UnknownItem as error:
            raise Http404(_("The agenda has no item “%s”.") % request.GET.get("item", "")) from error
        context = {
            "page": page,
            "meeting": page.meeting,
            "levels": Likelihood.Level.choices,
            "today": local_day(request.business_now),
            "language": f"&lang={request.GET['lang']}" if _is_language(request.GET.get("lang", "")) else "",
            "other_language_url": _other_language(request, meeting_id),
        }
        return render(request, "campaigns/presentation/page.html", context)


def _number(request: SiteRequest) -> int:
    """The number of the item; 0, which no item has, where the address names none that could be one."""
    asked = request.GET.get("item", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0


def _is_language(asked: str) -> bool:
    return asked in dict(settings.LANGUAGES)


def _language(request: SiteRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if _is_language(asked) else translation.get_language() or settings.LANGUAGE_CODE


def _other_language(request: SiteRequest, meeting_id: int) -> str:
    other = "en" if _language(request).startswith("zh") else "zh-hans"
    query = {"item": request.GET.get("item", "1"), "lang": other}
    return f"{reverse('present_meeting', args=[meeting_id])}?{urlencode(query)}"
