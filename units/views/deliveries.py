"""The page of what goes out: how each channel stands, what failed or was given up, and taking it up again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from units.forms.deliveries import DeliveriesFilter
from units.models import Delivery, Sending
from units.operations.deliveries import retry
from units.operations.messages import nudge
from units.permissions import can_watch_deliveries
from units.queries import deliveries as queries
from units.queries.message_kinds import kind_name
from units.queries.messages import words_of
from units.views.requests import PersonRequest, actor_of

PAGE_SIZE = 50
MOST_AT_ONCE = 5000
LARGEST_ID = 2**63 - 1


@require_safe
def delivery_list(request: PersonRequest) -> HttpResponse:
    _must_watch(request)
    chosen = DeliveriesFilter(request.GET)
    page = Paginator(queries.deliveries(chosen.wanted()), PAGE_SIZE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "filter": chosen,
        "page": page,
        "rows": [_row(one) for one in page],
        "channels": queries.channel_lines(now=timezone.now()),
        "asked": asked.urlencode(),
        "webhooks_url": reverse("admin:units_webhookdelivery_changelist") if request.user.is_staff else "",
    }
    return render(request, "units/deliveries.html", context)


@require_POST
def send_again(request: PersonRequest) -> HttpResponse:
    """Those that were ticked, or all that the list shows with its filter."""
    _must_watch(request)
    if request.POST.get("all"):
        rows = queries.deliveries(DeliveriesFilter(request.GET).wanted())
        chosen = list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])
    else:
        chosen = [min(int(raw), LARGEST_ID) for raw in request.POST.getlist("delivery") if _is_number(raw)]
    count = retry(delivery_ids=chosen[:MOST_AT_ONCE], actor=request.user, now=timezone.now())
    if count:
        nudge()
        told = ngettext("%d delivery taken up again.", "%d deliveries taken up again.", count) % count
        messages.success(request, told)
    else:
        messages.info(request, _("Nothing to take up again: tick what has failed or was given up."))
    query = request.GET.urlencode()
    return redirect(f"{reverse('deliveries')}?{query}" if query else "deliveries")


def _row(delivery: Delivery) -> dict[str, Any]:
    """`may_retry` where an attempt has failed and no worker holds it."""
    is_stuck = delivery.status == Sending.DEAD or (
        delivery.status == Sending.PENDING and delivery.attempts > 0 and delivery.lease_until is None
    )
    return {
        "delivery": delivery,
        "kind": kind_name(delivery.message.kind),
        "title": words_of(delivery.message).title,
        "is_failing": delivery.status == Sending.PENDING and delivery.attempts > 0,
        "may_retry": is_stuck,
    }


def _is_number(raw: str) -> bool:
    return raw.isascii() and raw.isdigit() and len(raw) < 20


def _must_watch(request: PersonRequest) -> None:
    if not can_watch_deliveries(actor_of(request)):
        raise PermissionDenied(_("This page is for the campaign office and administrators."))
