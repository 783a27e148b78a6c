"""Writes the planned figures of a target as a whole, as a part of whatever writes the target."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from campaigns.models import Target, TrajectoryPoint
from units.models import Source
from units.operations.admin_changes import added, deleted
from units.operations.changes import Touched, fields_of

FIELDS = ("value", "source")


def replace_trajectory(*, target: Target, points: Mapping[date, Decimal]) -> list[Touched]:
    """Gives the target these points and no others; what stays as it is stays untouched. The caller records it."""
    there = {point.on: point for point in TrajectoryPoint.objects.filter(target=target).order_by("on")}
    gone = [point for day, point in there.items() if day not in points]
    touched = deleted(gone)
    TrajectoryPoint.objects.filter(pk__in=[point.pk for point in gone]).delete()
    for day, value in points.items():
        point = there.get(day)
        if point is None:
            touched.append(added(TrajectoryPoint.objects.create(target=target, on=day, value=value)))
        elif point.value != value:
            touched.append(_enter(point, value))
    return touched


def _enter(point: TrajectoryPoint, value: Decimal) -> Touched:
    before = fields_of(point, FIELDS)
    point.value, point.source = value, Source.ENTERED
    point.save(update_fields=FIELDS)
    return Touched(point, before, fields_of(point, FIELDS))
