"""One row of every model for the tests of the administration, each with related rows of its own.

Rows that share nothing show whether a list asks the database once more for each row.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import models

from awards.models import Adjustment, Appeal, Criterion, Gate, Mark, RedFlag, Round, Scheme, Score, ScoreLine, Snapshot
from campaigns.models import (
    AcceptedReason,
    Action,
    AgendaItem,
    AgendaPaper,
    Assignment,
    Attachment,
    Attendance,
    BusinessClock,
    CalendarDay,
    Campaign,
    EarlyWarning,
    Extension,
    FollowUp,
    FollowUpEvent,
    FollowUpFile,
    Indicator,
    Likelihood,
    Measurement,
    MeasurementVersion,
    Meeting,
    MeetingKind,
    MeetingSeries,
    Milestone,
    Minutes,
    MinutesItem,
    Pack,
    PackFile,
    PackTemplate,
    PackWords,
    Period,
    Project,
    ProjectPhoto,
    ProjectPlan,
    ProjectUpdate,
    Report,
    ReportEvent,
    Requirement,
    SeriesItem,
    Target,
    TrajectoryPoint,
    WarningEvent,
)
from units.models import (
    ApiToken,
    BeatJob,
    BeatRun,
    ChainHead,
    Change,
    ChangeItem,
    ChannelPace,
    Delivery,
    DigestLine,
    IdempotencyKey,
    Job,
    Membership,
    Message,
    MessagePreference,
    RankingGroup,
    RankingGroupMember,
    SendingHours,
    Unit,
    Upload,
    User,
    Webhook,
    WebhookDelivery,
)

DAY = date(2022, 7, 12)
INSTANT = datetime(2022, 7, 27, 1, 0, tzinfo=UTC)
numbers = count(1)


def make(model: type[models.Model], **fields: Any) -> Any:
    """A valid row of the model; `fields` overrides."""
    return model._default_manager.create(**(BUILDERS[model](next(numbers)) | fields))


def named(n: int) -> dict[str, str]:
    return {"name_en": f"Name {n}", "name_zh": f"名称{n}"}


def period(n: int) -> dict[str, Any]:
    return {
        "campaign": make(Campaign),
        "month": "2022-07",
        "starts_on": DAY,
        "ends_on": date(2022, 7, 31),
        "opens_at": INSTANT,
        "due_at": INSTANT + timedelta(days=9),
        "closes_at": INSTANT + timedelta(days=16),
    }


def change_item(n: int) -> dict[str, Any]:
    return {
        "change": make(Change),
        "object_type": "units.unit",
        "object_id": str(n),
        "label": f"Unit {n}",
        "before": {"name_en": "Old"},
        "after": {"name_en": "New"},
    }


def project_update(n: int) -> dict[str, Any]:
    return {"project": make(Project), "period": make(Period), "updated_by": make(User), "updated_at": INSTANT}


BUILDERS: dict[type[models.Model], Callable[[int], dict[str, Any]]] = {
    # units
    Unit: lambda n: {"code": f"unit-{n}", "kind": Unit.Kind.COUNTY, "order": n, **named(n)},
    RankingGroup: lambda n: {"code": f"group-{n}", **named(n)},
    RankingGroupMember: lambda n: {"group": make(RankingGroup), "unit": make(Unit)},
    User: lambda n: {"username": f"person-{n}", "name": f"Person {n}", "email": f"person-{n}@example.org"},
    Membership: lambda n: {"user": make(User), "unit": make(Unit), "role": "reporter"},
    ApiToken: lambda n: {
        "client": f"System {n}",
        "account": make(User, email="", is_service=True),
        "digest": f"{n:064d}",
        "hint": f"{n:08d}",
        "unit": make(Unit),
        "created_by": make(User),
    },
    Webhook: lambda n: {
        "client": f"System {n}",
        "address": f"https://hooks.example.org/secret-part-{n}",
        "secret": "whsec_" + b64encode(f"{n:032d}".encode()).decode(),
        "events": ["report.approved"],
        "created_by": make(User),
    },
    IdempotencyKey: lambda n: {"account": make(User), "key": f"key-{n}", "digest": "0" * 64, "status": 201},
    WebhookDelivery: lambda n: {
        "webhook": make(Webhook),
        "change": make(Change),
        "event": "report.approved",
        "next_attempt_at": INSTANT,
    },
    Message: lambda n: {"kind": "due_soon", "subject": f"report:{n}", "recipient": make(User), "day": DAY, "url": "/"},
    Upload: lambda n: {"kind": "figures", "owner": make(User), "name": f"{n}.xlsx", "grid": [], "expires_at": INSTANT},
    Job: lambda n: {"kind": "export_reports", "title": f"Reports {n}", "owner": make(User)},
    BeatJob: lambda n: {"task": f"units.job_{n}"},
    BeatRun: lambda n: {"job": make(BeatJob), "started_at": INSTANT, "seconds": 0.5, "counts": {"sent": n}},
    ChannelPace: lambda n: {"channel": f"robot-{n}"},
    SendingHours: lambda n: {"id": 1},
    DigestLine: lambda n: {"delivery": make(Delivery), "message": make(Message), "channel": "email"},
    MessagePreference: lambda n: {"user": make(User), "channel": "email", "kind": "pack_ready", "is_on": False},
    Delivery: lambda n: {"message": make(Message), "channel": "email", "next_attempt_at": INSTANT},
    Change: lambda n: {"actor": make(User), "on_behalf_of": make(User), "token": make(ApiToken), "verb": "test"},
    ChangeItem: change_item,
    ChainHead: lambda n: {"id": 1},
    # campaigns
    Campaign: lambda n: {
        "slug": f"campaign-{n}",
        "starts_on": DAY,
        "ends_on": date(2022, 10, 19),
        "office": make(Unit, kind=Unit.Kind.OFFICE),
        **named(n),
    },
    Action: lambda n: {"campaign": make(Campaign), "number": n, "lead": make(Unit), **named(n)},
    Assignment: lambda n: {"action": make(Action), "unit": make(Unit)},
    Indicator: lambda n: {
        "action": make(Action),
        "code": f"indicator-{n}",
        "measure_en": "¥100m",
        "measure_zh": "亿元",
        **named(n),
    },
    Target: lambda n: {"indicator": make(Indicator), "unit": make(Unit), "baseline": 0, "target": 200},
    TrajectoryPoint: lambda n: {"target": make(Target), "on": date(2022, 8, 31), "value": 90},
    Period: period,
    CalendarDay: lambda n: {"on": DAY + timedelta(days=n), "is_working": False},
    BusinessClock: lambda n: {"id": 1, "set_at": INSTANT, "stands_at": INSTANT},
    Report: lambda n: {
        "unit": make(Unit),
        "action": make(Action),
        "period": make(Period),
        "status_since": INSTANT,
        "saved_by": make(User),
    },
    ReportEvent: lambda n: {
        "report": make(Report),
        "verb": "submit",
        "from_status": "draft",
        "to_status": "to_sign",
        "actor": make(User),
        "on_behalf_of": make(User),
        "at": INSTANT,
        "report_version": 2,
        "change": make(Change),
    },
    Measurement: lambda n: {"report": make(Report), "indicator": make(Indicator), "value": 90},
    MeasurementVersion: lambda n: {
        "measurement": make(Measurement),
        "number": 1,
        "value": 80,
        "value_status": "preliminary",
        "replaced_at": INSTANT,
        "replaced_by": make(User),
        "reason": "A typing error",
    },
    Attachment: lambda n: {
        "report": make(Report),
        "file": f"reports/{n}/file",
        "name": f"photo-{n}.jpg",
        "content_type": "image/jpeg",
        "size": 10,
        "sha256": f"{n:064d}",
        "uploaded_by": make(User),
    },
    Likelihood: lambda n: {
        "action": make(Action),
        "unit": make(Unit),
        "period": make(Period),
        "level": "likely",
        "reason": "Orders are in",
        "judged_by": make(User),
        "judged_at": INSTANT,
    },
    AcceptedReason: lambda n: {
        "action": make(Action),
        "unit": make(Unit),
        "period": make(Period),
        "reason": "Flood",
        "accepted_by": make(User),
        "accepted_at": INSTANT,
    },
    Project: lambda n: {
        "campaign": make(Campaign),
        "code": f"project-{n}",
        "unit": make(Unit),
        "lead": make(Unit),
        "action": make(Action),
        "total_investment": 1000,
        "planned_start_on": DAY,
        **named(n),
    },
    ProjectPlan: lambda n: {"project": make(Project), "month": "2022-07", "planned_to_date": 100},
    Milestone: lambda n: {"project": make(Project), "planned_on": DAY, **named(n)},
    ProjectUpdate: project_update,
    ProjectPhoto: lambda n: {
        "update": make(ProjectUpdate),
        "file": f"projects/{n}/file",
        "name": f"photo-{n}.jpg",
        "sha256": f"{n:064d}",
    },
    EarlyWarning: lambda n: {
        "project": make(Project),
        "period": make(Period),
        "cause": "behind_plan",
        "level": "yellow",
        "raised_at": INSTANT,
    },
    WarningEvent: lambda n: {
        "warning": make(EarlyWarning),
        "to_state": "raised",
        "level": "yellow",
        "actor": make(User),
        "at": INSTANT,
    },
    Meeting: lambda n: {"campaign": make(Campaign), "period": make(Period), "held_on": date(2022, 7, 27), **named(n)},
    MeetingKind: lambda n: {"meeting": make(Meeting), "kind": "monthly_analysis"},
    AgendaItem: lambda n: {
        "meeting": make(Meeting),
        "order": n,
        "kind": "study",
        "title_en": f"Item {n}",
        "title_zh": f"议程{n}",
        "presenter": make(Unit),
    },
    AgendaPaper: lambda n: {
        "agenda_item": make(AgendaItem),
        "name": f"paper-{n}.txt",
        "content_type": "text/plain",
        "size": 1,
        "sha256": f"{n:064}",
        "file": "x",
        "uploaded_by": make(User),
        "uploaded_at": INSTANT,
    },
    MeetingSeries: lambda n: {"campaign": make(Campaign), **named(n)},
    SeriesItem: lambda n: {
        "series": make(MeetingSeries),
        "order": n,
        "kind": "study",
        "title_en": f"Item {n}",
        "title_zh": f"议程{n}",
    },
    Attendance: lambda n: {"meeting": make(Meeting), "unit": make(Unit)},
    Requirement: lambda n: {
        "meeting": make(Meeting),
        "group": "stamina",
        "order": n,
        "text_en": f"Requirement {n}",
        "text_zh": f"要求{n}",
    },
    Minutes: lambda n: {"meeting": make(Meeting), "number": f"[2022] {n}"},
    MinutesItem: lambda n: {
        "minutes": make(Minutes),
        "order": n,
        "agenda_item": make(AgendaItem),
        "conclusion_en": "Agreed",
        "responsible": make(Unit),
        "due_on": DAY,
    },
    FollowUp: lambda n: {
        "campaign": make(Campaign),
        "number": f"F-{n}",
        "title_en": f"Follow-up {n}",
        "title_zh": f"督办{n}",
        "origin": "note",
        "lead": make(Unit),
        "registered_on": DAY,
        "due_on": DAY + timedelta(days=20),
    },
    FollowUpEvent: lambda n: {
        "follow_up": make(FollowUp),
        "verb": "register",
        "to_state": "registered",
        "actor": make(User),
        "at": INSTANT,
    },
    FollowUpFile: lambda n: {
        "follow_up": make(FollowUp),
        "file": f"follow-ups/{n}/file",
        "name": f"letter-{n}.pdf",
        "content_type": "application/pdf",
        "size": 10,
        "sha256": f"{n:064d}",
        "uploaded_by": make(User),
    },
    Extension: lambda n: {
        "follow_up": make(FollowUp),
        "asked_by": make(User),
        "asked_at": INSTANT,
        "old_due_on": DAY,
        "new_due_on": DAY + timedelta(days=10),
        "reason": "Rain",
    },
    Pack: lambda n: {"period": make(Period), "number": 1, "built_by": make(User)},
    PackWords: lambda n: {"pack": make(Pack), "language": "en"},
    PackFile: lambda n: {
        "pack": make(Pack),
        "kind": "pdf",
        "language": "en",
        "file": "packs/none.pdf",
        "size": 1,
        "drawn_from": "0" * 64,
    },
    PackTemplate: lambda n: {
        "campaign": make(Campaign),
        "file": "packs/templates/none.docx",
        "name": "house style.docx",
        "size": 1,
        "sha256": "0" * 64,
        "uploaded_by": make(User),
        "uploaded_at": INSTANT,
    },
    # awards
    Scheme: lambda n: {
        "code": f"scheme-{n}",
        "campaign": make(Campaign),
        "group": make(RankingGroup),
        "interval": "half_year",
        **named(n),
    },
    Criterion: lambda n: {
        "scheme": make(Scheme),
        "order": n,
        "weight": 100,
        "basis": "indicator_attainment",
        "indicator": make(Indicator),
        "action": make(Action),
        "method": "linear",
        **named(n),
    },
    Round: lambda n: {"scheme": make(Scheme), "starts_on": date(2022, 1, 1), "ends_on": date(2022, 6, 30), **named(n)},
    Score: lambda n: {"round": make(Round), "unit": make(Unit), "computed_score": 95, "computed_rank": 1},
    Gate: lambda n: {
        "scheme": (criterion := make(Criterion)).scheme,
        "criterion": criterion,
        "order": n,
        "minimum": 60,
        **named(n),
    },
    ScoreLine: lambda n: {"score": make(Score), "criterion": make(Criterion), "figure": 1, "points": 95},
    Adjustment: lambda n: {
        "round": make(Round),
        "unit": make(Unit),
        "kind": "bonus",
        "points": 1,
        "reason": "Model project",
        "evidence_note": "Notice 12",
        "made_by": make(User),
    },
    Mark: lambda n: {
        "round": make(Round),
        "criterion": make(Criterion),
        "unit": make(Unit),
        "value": 90,
        "given_by": make(User),
        "given_at": INSTANT,
    },
    Appeal: lambda n: {
        "round": make(Round),
        "unit": make(Unit),
        "made_by": make(User),
        "made_at": INSTANT,
        "text": "The exports are wrong",
    },
    Snapshot: lambda n: {
        "round": make(Round),
        "content": "{}",
        "sha256": "0" * 64,
        "made_at": INSTANT,
        "made_by": make(User),
    },
    RedFlag: lambda n: {"round": make(Round), "unit": make(Unit), "held_from": DAY},
}
