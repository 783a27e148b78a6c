"""What a form is given, and how a refusal reaches the page: beside the box it belongs to, or above the form."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, QueryDict

from units.refusals import Invalid, Refusal


def beside_the_box(form: forms.Form, refusal: Refusal) -> None:
    named = refusal.field if isinstance(refusal, Invalid) else ""
    form.add_error(named if named in form.fields else None, str(refusal))


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where that is nothing at all; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None
