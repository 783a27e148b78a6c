"""A person's own page: name, address, language, colours, keys, and the roles held."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.http import require_http_methods

from units.forms.people import ProfileForm
from units.models import Delivery, User
from units.operations.people import PROFILE_FIELDS, edit_profile
from units.queries.message_kinds import kind_name
from units.queries.people import roles_of
from units.queries.preferences import ALL, preferences_of
from units.refusals import Invalid
from units.views.answers import beside_the_box, posted
from units.views.requests import PersonRequest, business_day

LANGUAGES = dict(settings.LANGUAGES)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: PersonRequest) -> HttpResponse:
    person = request.user
    form = ProfileForm(posted(request), initial={name: getattr(person, name) for name in PROFILE_FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            edit_profile(person=person, fields=form.cleaned_data)
        except Invalid as refusal:
            beside_the_box(form, refusal)
        else:
            return _saved(request, form.cleaned_data["language"])
    context = {"form": form, "roles": roles_of(person), "today": business_day(request), "mail": _mail(person)}
    return render(request, "units/profile.html", context)


def _mail(person: User) -> dict[str, Any]:
    """Whether there is mail at all, and the kinds that are not as all of it is."""
    said = preferences_of(person, Delivery.Channel.EMAIL)
    is_on = said.get(ALL, True)
    others = [kind for kind, wanted in said.items() if kind != ALL and wanted != is_on]
    return {"is_on": is_on, "others": [{"kind": kind, "name": kind_name(kind)} for kind in sorted(others)]}


def _saved(request: HttpRequest, language: str) -> HttpResponse:
    """Said in the language just chosen. "As the browser" also forgets what an earlier switch left in the browser."""
    answer = redirect("profile")
    with translation.override(language or translation.get_language()):
        messages.success(request, _("Saved."))
    if not language:
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_PATH)
    return answer


@login_not_required
def set_language(request: HttpRequest) -> HttpResponse:
    """Django's switch; who has signed in finds the same language again on every other device."""
    language = request.POST.get("language", "")
    if request.method == "POST" and language in LANGUAGES and isinstance(request.user, User):
        edit_profile(person=request.user, fields={"language": language})
    return i18n.set_language(request)
