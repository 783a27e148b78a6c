"""The large campaign: as large as asked for, the same each time, and one that every page can read."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from campaigns.models import Campaign, Measurement, Period, Report
from campaigns.queries.clock import business_now
from campaigns.queries.progress import load
from campaigns.queries.unit_year import unit_year
from jiaxing.loading.scale import Scale, load_scale
from tests.cast import at
from units.models import Unit, User
from units.permissions import capacities

pytestmark = pytest.mark.django_db
SMALL = Scale(units=3, actions=2, indicators=2, months=3)


def picture() -> list[Any]:
    """What identifies each figure, and what it is."""
    return list(
        Measurement.objects.order_by("pk").values_list(
            "report__unit__code", "report__period__month", "indicator__code", "value", "growth"
        )
    )


def test_the_command_makes_what_it_says_and_no_second_time() -> None:
    told = StringIO()
    sizes = {"units": 3, "actions": 2, "indicators": 2, "months": 3}
    call_command("load_scale", **sizes, stdout=told)
    assert told.getvalue() == "18 reports, 24 figures.\n"
    assert (Report.objects.count(), Measurement.objects.count()) == (18, 24)
    with pytest.raises(CommandError, match="already"):
        call_command("load_scale", **sizes)
    assert Report.objects.count() == 18


@pytest.mark.parametrize("wrong", [{"units": 0}, {"months": 121}])
def test_a_size_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="from 1 to"):
        call_command("load_scale", **wrong)
    assert not Campaign.objects.exists()


def test_it_is_the_same_each_time() -> None:
    pictures = []
    for _time in range(2):
        with transaction.atomic():
            load_scale(SMALL)
            pictures.append(picture())
            transaction.set_rollback(True)
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) == SMALL.figures


def test_the_last_month_is_open_and_empty_the_others_are_approved_and_published() -> None:
    load_scale(SMALL)
    assert business_now() >= at(9, 3)
    states = list(Period.objects.order_by("month").values_list("month", "state"))
    assert states == [("2022-06", "published"), ("2022-07", "published"), ("2022-08", "open")]
    assert set(Report.objects.filter(period__month="2022-08").values_list("status", "version")) == {("draft", 1)}
    filed = Report.objects.exclude(period__month="2022-08")
    assert set(filed.values_list("status", "version")) == {("approved", 4)}
    assert {report.events.count() for report in filed} == {3}
    assert not User.objects.get(username="scale-office").has_usable_password()


def test_the_analysis_reads_it() -> None:
    load_scale(SMALL)
    inputs = load(Campaign.objects.get(), Period.objects.all())
    assert len(inputs.figures) == SMALL.figures
    office = capacities(User.objects.get(username="scale-office"), at(9, 3).date())
    year = unit_year(Unit.objects.get(code="scale-0001").code, 2022, office)
    assert [len(row.figures) for row in year.rows] == [2] * 4
