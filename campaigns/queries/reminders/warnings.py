"""Who ought to be told by now of early warnings without an answer: the unit, who decides on it, the office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from campaigns.domain.reminders import WARNING_RULE, AnswerDays, unanswered_on
from campaigns.domain.warning_life import WarningVerb
from campaigns.models import EarlyWarning, Period, Project, WarningEvent
from campaigns.queries.clock import local_day
from campaigns.queries.recipients import People
from units.models import Role
from units.queries.messages import Notice

from .scene import NAMED, Scene, named

TO_ANSWER, TO_DECIDERS, TO_OFFICE = "warning_to_answer", "warning_unanswered", "warning_unanswered_office"
ASKED_BY = (WarningVerb.RAISE, WarningVerb.REGRADE, WarningVerb.CAUSE_BACK)
"""Steps of the computation that ask the unit anew."""


def warning_notices(scene: Scene) -> Iterator[Notice]:
    """One message for each person and stage about all that is unanswered. It comes again on a day on which a stage is
    reached by any of them. One query."""

    @cache
    def reached(since_on: date) -> AnswerDays | None:
        return unanswered_on(scene.today, since_on, scene.calendar, WARNING_RULE)

    told: dict[tuple[str, int], list[tuple[date, Any]]] = defaultdict(list)
    for warning in _unanswered():
        days = reached(local_day(warning.asked_at))
        if days is None:
            continue
        for kind, day in ((TO_ANSWER, days.unit), (TO_DECIDERS, days.decider), (TO_OFFICE, days.office)):
            for person in _told(kind, warning.project, scene.people) if day is not None else ():
                told[kind, person].append((day, warning))  # type: ignore[arg-type]
    for (kind, person), rows in told.items():
        yield _notice(kind, person, max(day for day, _warning in rows), [warning for _day, warning in rows])


def _unanswered() -> Any:
    """Raised without an answer, or red without measures, until the campaign's last period is published."""
    asked = (
        WarningEvent.objects.filter(warning=OuterRef("pk"), verb__in=ASKED_BY)
        .order_by()
        .values("warning")
        .annotate(newest=Max("at"))
        .values("newest")
    )
    runs = Period.objects.filter(campaign=OuterRef("project__campaign")).exclude(state=Period.State.PUBLISHED)
    no_answer = Q(state=EarlyWarning.State.RAISED) | Q(level=EarlyWarning.Level.RED, measure="")
    return (
        EarlyWarning.objects.filter(no_answer, Exists(runs))
        .exclude(state=EarlyWarning.State.CLEARED)
        .annotate(asked_at=Coalesce(Subquery(asked, output_field=DateTimeField()), F("raised_at")))
        .select_related("project__unit", "project__campaign")
        .order_by("asked_at", "pk")
    )


def _told(kind: str, project: Project, people: People) -> list[int]:
    """Nobody decides on a warning of the own unit, so nobody is asked to."""
    if kind == TO_ANSWER:
        return sorted({*people.of(Role.REPORTER, project.unit_id), *people.of(Role.HEAD, project.unit_id)})
    if kind == TO_OFFICE:
        return people.of(Role.OFFICE, project.campaign.office_id)
    found = people.of(Role.REVIEWER, project.lead_id) if project.lead_id else []
    return [person for person in found if project.unit_id not in people.own_units.get(person, ())]


def _notice(kind: str, person: int, day: date, rows: Sequence[Any]) -> Notice:
    return Notice(
        kind=kind,
        subject="warnings:unanswered",
        recipient_id=person,
        day=day,
        url=reverse("warning", args=[rows[0].pk]) if len(rows) == 1 else reverse("warnings"),
        params={
            "count": len(rows),
            "since_at": rows[0].asked_at.isoformat(),
            "red": sum(one.level == EarlyWarning.Level.RED for one in rows),
            "warnings": [
                {
                    "project_en": one.project.name_en,
                    "project_zh": one.project.name_zh,
                    **named("unit", one.project.unit),
                    "cause": one.cause,
                }
                for one in rows[:NAMED]
            ],
            "more": max(0, len(rows) - NAMED),
        },
    )
