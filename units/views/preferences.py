"""Switching mail off by the link in a mail, without a sign-in, and on again in the profile."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from units.models import Delivery
from units.operations.preferences import set_preference
from units.queries.message_kinds import KINDS, kind_name
from units.queries.preferences import ALL, is_wanted, preferences_of, read_token
from units.views.requests import PersonRequest

MAIL = Delivery.Channel.EMAIL


@never_cache
@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, since mail programs look at links ahead of people. A POST without a word about what, as
    a mail program's own button sends it (RFC 8058), switches off the kind of the mail.

    The token is the permission, so a form of another site can do no more than who has the link.
    """
    asked = read_token(token)
    if asked is None:
        raise Http404(_("This link does not lead anywhere. Switch mail off in your profile."))
    if request.method == "POST":
        kind = ALL if request.POST.get("what") == "all" else asked.kind
        set_preference(user=asked.user, channel=asked.channel, kind=kind, is_on=False)
    said = preferences_of(asked.user, asked.channel)
    context = {
        "kind": kind_name(asked.kind),
        "is_all": asked.kind == ALL,
        "is_kind_on": is_wanted(said, asked.kind),
        "is_any_on": said.get(ALL, True) or any(said.values()),
        "is_done": request.method == "POST",
    }
    return render(request, "units/unsubscribe.html", context)


@require_POST
def set_mail(request: PersonRequest) -> HttpResponse:
    """One kind of mail, or all of it, on or off for oneself."""
    kind, is_on = request.POST.get("kind", ALL), request.POST.get("on") == "1"
    if kind != ALL and kind not in KINDS:
        raise Http404(_("There is no such kind of message."))
    if set_preference(user=request.user, channel=MAIL, kind=kind, is_on=is_on):
        messages.success(request, _("Saved."))
    return redirect("profile")
