"""The small numbers in the navigation, all in one query."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from campaigns.domain.workflow import EDITABLE
from campaigns.models import EarlyWarning, Period, Report
from units.models import Message, User
from units.permissions import Capacities


@dataclass(frozen=True, slots=True)
class Badges:
    """How many messages are unread, how many reports wait for this person, and how many early warnings: of the own
    units to answer, of the led projects to be cleared now that their cause is gone."""

    unread: int = 0
    to_fill: int = 0
    to_sign: int = 0
    to_review: int = 0
    warnings: int = 0

    @property
    def my_work(self) -> int:
        return self.to_fill + self.to_sign + self.to_review


def badges(user: User, person: Capacities) -> Badges:
    to_fill = Report.objects.filter(unit__in=person.reporter_of, status__in=EDITABLE, period__state=Period.State.OPEN)
    counts = (
        User.objects.filter(pk=user.pk)
        .values(
            unread=_number(Message.objects.filter(recipient=OuterRef("pk"), read_at=None)),
            to_fill=_number(to_fill),
            to_sign=_number(Report.objects.signable_by(person)),
            to_review=_number(Report.objects.decidable_by(person)),
            warnings=_number(EarlyWarning.objects.awaiting(person)),
        )
        .get()
    )
    return Badges(**counts)


def _number(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values(always=Count("pk") * 0).values(number=Count("pk"))
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
