"""Writes the planned figures of a target as a whole, as a part of whatever writes the target."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from campaigns.models import Target, TrajectoryPoint
from units.models import Source
from units.operations.admin_changes import added, changed, deleted, stored_picture
from units.operations.changes import Touched


def replace_trajectory(*, target: Target, points: Mapping[date, Decimal]) -> list[Touched]:
    """Gives the target these points and no others; what stays as it is stays untouched. The caller records it."""
    there = {point.on: point for point in TrajectoryPoint.objects.filter(target=target).order_by("on")}
    gone = [point for day, point in there.items() if day not in points]
    touched = deleted(gone)
    TrajectoryPoint.objects.filter(pk__in=[point.pk for point in gone]).delete()
    for day, value in points.items():
        touched += _put(there.get(day) or TrajectoryPoint(target=target, on=day), value)
    return touched


def _put(point: TrajectoryPoint, value: Decimal) -> list[Touched]:
    if point.pk is None:
        point.value = value
        point.save()
        return [added(point)]
    if point.value == value:
        return []
    before = stored_picture(point)
    point.value, point.source = value, Source.ENTERED
    point.save()
    one = changed(point, before)
    return [one] if one else []
