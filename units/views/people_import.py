"""People from a CSV or Excel file: a preview row by row first, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from units.documents.cell_errors import is_error
from units.documents.tables import Row, read_table
from units.forms.people import ImportForm
from units.operations import people_import as operations
from units.queries.people_import import COLUMNS, Plan, Problem, columns_of, plan_import
from units.refusals import Incomplete, Refusal
from units.views.answers import beside_the_box, posted
from units.views.people import must_manage_people, send_invitations
from units.views.requests import PersonRequest, actor_of, business_day

SALT = "units.people_import"
PREVIEW_SECONDS = 2 * 60 * 60
EXAMPLES = (
    ("nanhu.li", "Li Ming", "李明", "li.ming@example.org", "nanhu", "reporter", "2022-09-01", ""),
    ("nanhu.wang", "Wang Fang", "王芳", "wang.fang@example.org", "nanhu", "head", "", ""),
)


@require_http_methods(["GET", "HEAD", "POST"])
def import_people(request: PersonRequest) -> HttpResponse:
    """Takes the file and shows what it would change; nothing is written yet."""
    must_manage_people(request)
    form = ImportForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return _preview(request, *_cells(read_table(file, size=file.size)))
        except Refusal as refusal:
            beside_the_box(form, refusal)
    return render(request, "units/people_import.html", {"form": form, "columns": COLUMNS})


@require_POST
def confirm(request: PersonRequest) -> HttpResponse:
    """Writes what was looked at. Where the people have changed since, it shows the new preview instead."""
    must_manage_people(request)
    try:
        looked_at = signing.loads(request.POST.get("rows", ""), salt=_salt(request), max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        messages.warning(request, _("This preview is too old. Choose the file again."))
        return redirect("import_people")
    rows, numbers = looked_at["rows"], looked_at["numbers"]
    plan = plan_import(rows, numbers, actor_of(request), business_day(request))
    if not plan.changes and not plan.problems:
        messages.success(request, _("Everything in this file is in already. Nothing was changed."))
        return redirect("people")
    if plan.fingerprint != looked_at["fingerprint"]:
        messages.warning(request, _("People were changed in the meantime. Look at the preview once more."))
        return _preview(request, rows, numbers, [])
    try:
        new = operations.import_people(plan=plan, actor=request.user, today=business_day(request))
    except Incomplete:
        return _preview(request, rows, numbers, [])
    except Refusal as refusal:
        messages.error(request, _("Nothing was written. %(why)s") % {"why": refusal})
        return _preview(request, rows, numbers, [])
    _tell(request, plan)
    if request.POST.get("invite"):
        _invite(request, new)
    return redirect("people")


@require_safe
def template(request: PersonRequest) -> HttpResponse:
    """The headings with two rows to show how it is meant; the mark at the start tells Excel that it is UTF-8."""
    must_manage_people(request)
    lines = [",".join(line) for line in (COLUMNS, *EXAMPLES)]
    answer = HttpResponse("\ufeff" + "\r\n".join(lines) + "\r\n", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="people.csv"'
    return answer


def _cells(table: Sequence[Row]) -> tuple[list[dict[str, str]], list[int], list[Problem]]:
    """The rows by column name, their numbers in the sheet, and what is wrong with the headings or holds an error."""
    headings, *rows = table
    places, problems = columns_of(headings.cells)
    cells = [{name: row.cells[place] for place, name in places.items() if place < len(row.cells)} for row in rows]
    numbers = [row.number for row in rows]
    return cells, numbers, [*problems, *_errors(cells, numbers)]


def _errors(cells: Sequence[Mapping[str, str]], numbers: Sequence[int]) -> Iterator[Problem]:
    for row, number in zip(cells, numbers, strict=True):
        for column, text in row.items():
            if is_error(text):
                what = _("This cell holds the error %(error)s.") % {"error": text}
                yield Problem(number, column, what, _("Correct its formula, or type the value."))


def _preview(
    request: PersonRequest, rows: list[dict[str, str]], numbers: list[int], problems: list[Problem]
) -> HttpResponse:
    plan = Plan([], problems) if problems else plan_import(rows, numbers, actor_of(request), business_day(request))
    looked_at: dict[str, Any] = {"rows": rows, "numbers": numbers, "fingerprint": plan.fingerprint}
    context = {
        "plan": plan,
        "form": ImportForm(),
        "rows": "" if plan.problems else signing.dumps(looked_at, salt=_salt(request), compress=True),
    }
    return render(request, "units/people_import_preview.html", context)


def _salt(request: PersonRequest) -> str:
    """A preview is good for the person who looked at it."""
    if request.user.pk is None:
        raise PermissionDenied
    return f"{SALT}.{request.user.pk}"


def _tell(request: PersonRequest, plan: Plan) -> None:
    counts = [
        (plan.new_people, ngettext("%d person added", "%d people added", plan.new_people)),
        (plan.changed_people, ngettext("%d person changed", "%d people changed", plan.changed_people)),
        (plan.new_roles, ngettext("%d role given", "%d roles given", plan.new_roles)),
        (plan.changed_roles, ngettext("%d role changed", "%d roles changed", plan.changed_roles)),
    ]
    told = pgettext("between clauses", ", ").join(text % count for count, text in counts if count)
    messages.success(request, _("%(told)s.") % {"told": told})


def _invite(request: PersonRequest, new: list) -> None:
    reached = len(send_invitations(request, new)) if new else 0
    unsent = len(new) - reached
    if unsent:
        text = ngettext(
            "%d invitation could not be sent. Find the person under “no invitation sent” and send it again.",
            "%d invitations could not be sent. Find these people under “no invitation sent” and send them again.",
            unsent,
        )
        messages.warning(request, text % unsent)
