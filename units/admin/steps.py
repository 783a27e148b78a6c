"""Actions of the administration that call operations: one row after the other, each refusal a message.

Steps that need a reason or cannot be taken back ask on a page of their own first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from units.admin.recorded import RecordedAdmin, sentence
from units.refusals import Refusal


class ReasonForm(forms.Form):
    """Asks why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=_("It is kept with the change and shown to those it concerns."),
    )


def take_each(
    request: HttpRequest, rows: Iterable[Any], step: Callable[[Any], Any], *, done: Callable[[int], str]
) -> None:
    """Takes the step for each row; one that is refused does not hold up the others."""
    taken = 0
    for row in rows:
        label = str(row)
        try:
            step(row)
        except (Refusal, PermissionDenied) as refusal:
            messages.error(request, f"{label}: {sentence(str(refusal))}")
        else:
            taken += 1
    if taken:
        messages.success(request, done(taken))


def ask_then_take(
    page: RecordedAdmin,
    request: HttpRequest,
    rows: Iterable[Any],
    *,
    action: str,
    title: Any,
    question: Any,
    step: Callable[[Any, dict[str, Any]], Any],
    done: Callable[[int], str],
    form_class: type[forms.Form] = forms.Form,
) -> HttpResponse | None:
    """Shows the rows with a question and a form; takes the step for each of them once it is answered."""
    is_answered = "answered" in request.POST
    form = form_class(request.POST if is_answered else None)
    if is_answered and form.is_valid():
        take_each(request, rows, lambda row: step(row, form.cleaned_data), done=done)
        return None
    return TemplateResponse(
        request,
        "admin/step.html",
        {
            **page.admin_site.each_context(request),
            "title": title,
            "question": question,
            "rows": list(rows),
            "form": form,
            "opts": page.opts,
            "action": action,
            "checkbox": ACTION_CHECKBOX_NAME,
        },
    )
