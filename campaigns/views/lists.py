"""What pages with a filtered list share: the campaign, the page of rows, and addresses that keep the filters."""

from __future__ import annotations

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.requests import SiteRequest
from campaigns.views.shell import selection_of

PAGE_SIZE = 50


def campaign_of(request: SiteRequest) -> Campaign:
    """The chosen campaign, or 404 where there is none at all."""
    campaign = selection_of(request).campaign
    if campaign is None:
        raise Http404(_("There is no campaign yet."))
    return campaign


def page_of(request: SiteRequest, rows: Any) -> Page:
    """The page of the rows that the address names, or 404."""
    number = request.GET.get("page") or 1
    try:
        return Paginator(rows, PAGE_SIZE).page(number)
    except InvalidPage as error:
        raise Http404(_("There is no page “%(page)s”.") % {"page": str(number)[:30]}) from error


def query_of(request: SiteRequest, **changes: Any) -> str:
    """The query of this address with these parts changed; None takes one out."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return query.urlencode()


def address_with(request: SiteRequest, **changes: Any) -> str:
    """This page with its filters, and these parts changed."""
    return f"?{query_of(request, **changes)}"


def around(request: SiteRequest, page: Page) -> dict[str, str | None]:
    """The pages before and after this one, for `components/pager.html`."""
    return {
        "previous_url": address_with(request, page=page.previous_page_number()) if page.has_previous() else None,
        "next_url": address_with(request, page=page.next_page_number()) if page.has_next() else None,
    }


def list_context(request: SiteRequest, campaign: Campaign, asked: Any, page: Page | None) -> dict[str, Any]:
    """The list's frame: its filters, the pages around, and the query of files of the same list.

    `page` is none where another view of the same rows is shown.
    """
    return {
        "campaign": campaign,
        "form": asked.form,
        "is_filtered": any(request.GET.get(name) for name in asked.filters),
        "page": page,
        "query": query_of(request, page=None, view=None, campaign=campaign.slug),
        **(around(request, page) if page else {}),
    }
