"""What runs in the background: a long list as a workbook, the two halves of a long import, check and writing, and the
documents of a meeting pack."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.documents.master_import import plan_rows
from campaigns.documents.master_plan import Plan
from campaigns.documents.pack_files import build_pack_documents, draw_pack_documents
from campaigns.documents.report_export import chosen_reports
from campaigns.models import Period
from campaigns.operations.imports import import_rows
from campaigns.operations.packs import BUILD_JOB, DRAW_JOB
from campaigns.queries.clock import business_now, local_day
from campaigns.queries.master_kinds import KINDS, Kind
from campaigns.refusals import Refusal
from units.documents.sheets import write_workbook
from units.documents.tables import grids_from_json
from units.models import Job, Upload
from units.operations.jobs import Handler, Result, Tick
from units.operations.uploads import keep_check, mark_written
from units.permissions import Capacities, capacities
from units.queries.uploads import find_upload

LONG_ROWS = 2000
"""So many rows are read or written while somebody waits; more of them in the background."""


def _owner(job: Job) -> Capacities:
    """What the person who asked for the work may do now."""
    return capacities(job.owner, local_day(business_now()))


def export_reports(job: Job, tick: Tick) -> Result:
    period = Period.objects.select_related("campaign").get(pk=job.params["period"])
    chosen = chosen_reports(period, job.params["asked"], _owner(job), business_now())
    if chosen is None:
        raise Refusal(_("The filter does not fit"))
    file = write_workbook(chosen.sheets(), progress=tick)
    return Result(file=file, file_name=f"{job.params['name']}.xlsx")


def _upload(job: Job) -> tuple[Upload, Kind]:
    kind = KINDS[job.params["kind"]]
    upload = find_upload(upload_id=job.params["upload"], kind=f"import_{kind.name}", owner=job.owner, at=timezone.now())
    if upload is None:
        raise Refusal(_("This preview is gone. Choose the file again."))
    if not kind.may(_owner(job)):
        raise Refusal(_("This step is not yours to take."))
    return upload, kind


def check_import(job: Job, tick: Tick) -> Result:
    """Looks at every row, and keeps what is wrong beside the upload for its preview."""
    upload, kind = _upload(job)
    plan = plan_rows(kind, grids_from_json(upload.grid), progress=tick)
    keep_check(upload, problems=[[one.what, one.row, one.column, one.sheet] for one in plan.problems])
    return Result(told=_("The file is checked. Look at what it would change."))


def write_import(job: Job, tick: Tick) -> Result:
    """Writes what was looked at; work that is taken up again finds it written, and says so."""
    upload, kind = _upload(job)
    plan = plan_rows(kind, grids_from_json(upload.grid), progress=tick)
    if plan.problems:
        raise Refusal(_("Nothing was written: the file has mistakes by now. Look at its preview once more."))
    if plan.changed and plan.fingerprint != job.params["fingerprint"]:
        raise Refusal(_("Nothing was written: rows were changed meanwhile. Look at the preview once more."))
    import_rows(kind=kind.name, changes=plan.changes(), actor=job.owner, whole=kind.whole)
    mark_written(upload, at=timezone.now())
    return Result(told=written(plan))


def written(plan: Plan) -> str:
    """How many rows an import added and changed."""
    parts = [
        (plan.new, ngettext("%d row added", "%d rows added", plan.new)),
        (plan.altered, ngettext("%d row changed", "%d rows changed", plan.altered)),
    ]
    told = ", ".join(words % count for count, words in parts if count)
    return f"{told}." if told else _("Everything in this file is in already. Nothing was changed.")


HANDLERS: Mapping[str, Handler] = {
    "export_reports": export_reports,
    "check_import": check_import,
    "write_import": write_import,
    BUILD_JOB: build_pack_documents,
    DRAW_JOB: draw_pack_documents,
}
