"""The award schemes: the list of their editions, and the editor with its preview on the last closed period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from awards.forms.scheme_arranging import arrange
from awards.forms.schemes import SchemeEditor, arranged, editor_of, sent
from awards.models import Scheme
from awards.operations.round_steps import NOT_YOURS
from awards.operations.schemes import SchemeGiven, save_scheme, scheme_given
from awards.permissions import can_save_schemes, can_try_schemes
from awards.queries.scheme_rules import criteria_of, gates_of
from awards.queries.scheme_sources import last_closed, scheme_list, scheme_sources
from awards.queries.what_if import WhatIf, WhatIfRow, what_if_scheme
from awards.refusals import Refusal, StaleVersion, WrongScheme
from awards.views.rounds import stand_in_campaign
from campaigns.models import Period
from campaigns.requests import SiteRequest
from campaigns.views.shell import person_of


@require_safe
def schemes(request: SiteRequest) -> HttpResponse:
    person = person_of(request)
    if not can_try_schemes(person):
        raise PermissionDenied(NOT_YOURS)
    context = {"schemes": scheme_list(), "may_save": can_save_schemes(person)}
    return render(request, "awards/schemes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_scheme(request: SiteRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_scheme(request: SiteRequest, scheme_id: int) -> HttpResponse:
    """An edition in force. One that a round uses is followed by the next, and the page says so before."""
    if not can_save_schemes(person_of(request)):
        raise PermissionDenied(NOT_YOURS)
    scheme = get_object_or_404(Scheme.objects.select_related("campaign", "group"), pk=scheme_id)
    stand_in_campaign(request, scheme.campaign)
    return _edit(request, scheme)


def _edit(request: SiteRequest, scheme: Scheme | None) -> HttpResponse:
    if not can_save_schemes(person_of(request)):
        raise PermissionDenied(NOT_YOURS)
    sources = scheme_sources()
    if request.method != "POST":
        criteria, gates = (criteria_of(scheme), gates_of(scheme)) if scheme else ([], [])
        return _draw(request, scheme, editor_of(scheme, criteria, gates, sources))
    button = request.POST.get("do", "")
    rows = arrange(request.POST, button)
    if rows is not None:
        typed = request.POST.dict()
        return _draw(
            request, scheme, arranged(typed, rows.criteria, rows.gates, sources, fixes_code=scheme is not None)
        )
    editor = sent(request.POST, sources, fixes_code=scheme is not None)
    if not editor.is_valid():
        return _draw(request, scheme, editor, status=400)
    if button == "preview":
        preview = _preview(editor, scheme)
        return _draw(request, scheme, editor, preview=preview, status=200 if preview else 400)
    return _save(request, scheme, editor)


def _save(request: SiteRequest, scheme: Scheme | None, editor: SchemeEditor) -> HttpResponse:
    try:
        saved = save_scheme(
            given=editor.given(),
            actor=request.user,
            now=request.business_now,
            scheme_id=scheme.pk if scheme else None,
            revision=editor.form.cleaned_data["revision"],
        )
    except Refusal as refused:
        editor.tell(refused)
        return _draw(request, scheme, editor, status=409 if isinstance(refused, StaleVersion) else 400)
    if scheme is not None and saved.pk != scheme.pk:
        told = _("Saved as edition %(edition)s. Rounds from now on use it; the one before stays with its rounds.")
        messages.success(request, told % {"edition": saved.version})
    else:
        messages.success(request, _("The scheme is saved."))
    return redirect("edit_scheme", saved.pk)


def _draw(
    request: SiteRequest,
    scheme: Scheme | None,
    editor: SchemeEditor,
    *,
    preview: Preview | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen = editor.form["campaign"].value()
    campaign_id = int(chosen) if str(chosen).isascii() and str(chosen).isdigit() and len(str(chosen)) < 10 else None
    context = {
        "scheme": scheme,
        "editor": editor,
        "known": editor.sources.of_campaign(campaign_id),
        "is_used": scheme is not None and scheme.rounds.exists(),
        "is_over": scheme is not None and not scheme.is_active,
        "next_edition": scheme.version + 1 if scheme else 1,
        "preview": preview,
        "is_wrong": status == 400,
    }
    return render(request, "awards/scheme.html", context, status=status)


# --- the preview ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would win by what is typed on the figures of `period`, each beside what the saved scheme gives; without a
    period that is closed there is nothing to show."""

    period: Period | None
    rows: list[tuple[WhatIfRow, WhatIfRow | None]]

    @property
    def winners(self) -> list[WhatIfRow]:
        return [row for row, _saved in self.rows if row.is_winner]


def _preview(editor: SchemeEditor, scheme: Scheme | None) -> Preview | None:
    """None where what is typed cannot be; the editor then says what is wrong."""
    given: SchemeGiven = editor.given()
    period = last_closed(given.campaign)
    if period is None:
        return Preview(None, [])
    unsaved, criteria, gates = scheme_given(given)
    try:
        typed = what_if_scheme(unsaved, period=period, criteria=criteria, gates=gates)
    except WrongScheme as wrong:
        editor.tell(wrong)
        return None
    saved = _as_saved(scheme, period)
    return Preview(period, [(row, saved.get(row.unit)) for row in typed.rows])


def _as_saved(scheme: Scheme | None, period: Period) -> dict[str, Any]:
    if scheme is None or scheme.campaign_id != period.campaign_id:
        return {}
    try:
        found: WhatIf = what_if_scheme(scheme, period=period)
    except WrongScheme:
        return {}
    return {one.unit: one for one in found.rows}
