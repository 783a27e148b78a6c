"""Projects that call for warnings, and warnings in each state, reached by calling the operations."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from campaigns.models import EarlyWarning, Period, Project, ProjectPlan, ProjectUpdate
from campaigns.operations.warning_scan import scan_warnings
from campaigns.operations.warnings import agree_measures, clear_warning, escalate_warning, explain_warning
from tests.cast import Cast


def project_of(cast: Cast, code: str = "bridge", **fields: Any) -> Project:
    """A project of the town led by the trade bureau, with nothing that calls for a warning but its missing updates."""
    given = {
        "campaign": cast.campaign,
        "unit": cast.town,
        "lead": cast.lead,
        "action": cast.trade,
        "code": code,
        "name_en": f"Project {code}",
        "name_zh": f"项目{code}",
        "planned_start_on": None,
        "plan_this_year": 10000,
        "total_investment": 20000,
    }
    return Project.objects.create(**given | fields)


def reported(cast: Cast, project: Project, period: Period, done: object = 5000, **fields: Any) -> ProjectUpdate:
    """An update of the project, against a plan to date of 5,000 of 10,000: a hundred less is a point behind."""
    ProjectPlan.objects.get_or_create(project=project, month=period.month, defaults={"planned_to_date": Decimal(5000)})
    given = {"invested_to_date": done, "updated_at": period.opens_at, "updated_by": cast.reporter}
    return ProjectUpdate.objects.create(project=project, period=period, **given | fields)


def warned(cast: Cast, state: str = "raised", *, level: str = "yellow", now: datetime | None = None) -> EarlyWarning:
    """A warning on the town's project `bridge`: its start is overdue, a month (yellow) or three (red)."""
    now = now or cast.now
    planned = date(2022, 7, 30) if level == "yellow" else date(2022, 5, 30)
    project = project_of(cast, planned_start_on=planned)
    reported(cast, project, cast.july)
    scan_warnings(now=now)
    warning = EarlyWarning.objects.get(project=project, cause="start_overdue")
    return bring_warning_to(cast, warning, state, now=now)


def bring_warning_to(cast: Cast, warning: EarlyWarning, state: str, *, now: datetime) -> EarlyWarning:
    step: dict[str, Any] = {"warning_id": warning.pk, "now": now}
    if state == "raised":
        return warning
    if state == "escalated":
        return escalate_warning(**step, actor=cast.reviewer, reason="No answer.")
    warning = explain_warning(**step, actor=cast.reporter, explanation="The land came late.")
    if state == "explained":
        return warning
    warning = agree_measures(**step, actor=cast.head, measure="A second shift.", measure_due_on=date(2022, 9, 30))
    return warning if state == "measures" else clear_warning(**step, actor=cast.reviewer, reason="It has started.")
