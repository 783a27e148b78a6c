"""What pages share on which steps are taken: a step is done, or the page stands there again with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.urls import resolve

from campaigns.forms.decisions import wrong_with_version
from campaigns.refusals import Invalid, Refusal
from campaigns.requests import SiteRequest


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a step was not taken: `told` stands above the form, empty where a box says it; `status` of the answer."""

    told: str
    status: int


def refusal_of(form: Form, step: Callable[..., Any], **given: Any) -> Refused | None:
    """Takes the step with what the form holds; nothing comes back where it is done."""
    if not form.is_valid():
        return Refused(wrong_with_version(form), 400)
    try:
        step(**given, **form.cleaned_data)
    except Refusal as refused:
        return refused_at(form, refused)
    return None


def refused_at(form: Form, refused: Refusal) -> Refused:
    """Puts what cannot be taken beside its box; all else is told above the form."""
    if not isinstance(refused, Invalid):
        return Refused(str(refused), 409)
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return Refused("", 400)


def stand_at(request: SiteRequest, path: str) -> None:
    """Lets the frame of a page that is drawn after a refused POST name the page itself, which GET can reach."""
    request.path = request.path_info = path
    request.resolver_match = resolve(path)


def look_again(form: Form, version: int) -> None:
    """The form carries the version as it is now: the person has the new state before the eyes."""
    if form.is_bound:
        form.data = {**form.data.dict(), "version": str(version)}  # type: ignore[attr-defined]  # a QueryDict
