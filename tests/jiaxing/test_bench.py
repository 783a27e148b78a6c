"""The benchmarks run, their floors answer what the product answers, and nothing is left behind."""

from __future__ import annotations

import json
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from campaigns.models import Campaign, Measurement
from jiaxing.benchmarks import figures_bulk, must_answer, project_list, report_list, undone
from jiaxing.benchmarks.projects import campaign_with_projects
from jiaxing.loading.scale import Scale
from jiaxing.management.commands.bench import BENCHMARKS, set_stage
from units.models import Change, User

pytestmark = pytest.mark.django_db
TINY = {"units": 2, "actions": 2, "indicators": 2, "months": 3}


def test_it_prints_a_ratio_for_each_and_leaves_nothing_behind() -> None:
    changes, told = Change.objects.count(), StringIO()
    call_command("bench", **TINY, repetitions=1, stdout=told)
    first, head, *lines = told.getvalue().splitlines()
    assert first.endswith("medians of 1")
    assert head.split() == ["benchmark", "floor", "subject", "ratio", "queries"]
    assert len(lines) == len(BENCHMARKS)
    assert all(float(line.split()[-2]) > 0 and int(line.split()[-1]) >= 2 for line in lines)
    assert not Campaign.objects.exists()
    assert not User.objects.exists()
    assert Change.objects.count() == changes


@pytest.mark.postgresql
@override_settings(API_THROTTLE="")
def test_the_floor_of_the_list_is_the_same_answer() -> None:
    stage = set_stage(Scale(**TINY))
    answer = json.loads(must_answer(stage.system.get("/api/v1/reports/?campaign=scale&status=approved&page_size=100")))
    by_hand = json.loads(report_list.by_hand("scale"))
    assert answer == by_hand
    assert len(answer["results"]) == 8


@override_settings(ALLOWED_HOSTS=["*"])
def test_the_floor_of_the_projects_has_the_same_totals_and_rows() -> None:
    stage = set_stage(Scale(**TINY))
    campaign, number = campaign_with_projects(stage)
    address = f"/projects/?campaign={campaign.slug}"
    total = stage.office.get(address).context["total"]
    shown = (total.count, total.total_investment, total.plan_this_year, total.done, total.red, total.yellow)
    assert shown == project_list.totals(campaign.pk)
    assert total.red
    assert total.yellow
    codes = [row[0] for row in json.loads(project_list.by_hand(campaign.pk, project_list.PAGE))[1]]
    assert codes == [one.code for one in stage.office.get(address).context["rows"]]
    assert len(stage.office.get(f"{address}&view=map").context["map"].table.rows) == number


@override_settings(API_THROTTLE="")
def test_the_bulk_and_its_floor_write_the_same_figures() -> None:
    stage = set_stage(Scale(**TINY))
    named, ids = figures_bulk.rows_for(stage)
    written = []
    for run in (partial(figures_bulk.upsert, ids), partial(figures_bulk.send, stage, json.dumps({"rows": named}))):
        with undone():
            run()
            written.append(figures_of_the_last_month())
    assert written[0] == written[1]
    assert len(written[0]) == 8
    assert figures_of_the_last_month() == []


def figures_of_the_last_month() -> list[Any]:
    rows = Measurement.objects.filter(report__period__month="2022-08").order_by("report", "indicator")
    return list(rows.values_list("report", "indicator", "value", "value_status", "growth", "note", "version", "source"))
