"""Measure what the product costs over the bare minimum, on a campaign made for it; then all of it is taken back."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.test import Client, override_settings

from campaigns.models import Campaign
from jiaxing.benchmarks import (
    Measured,
    Stage,
    award_round,
    dashboard,
    figures_bulk,
    measure,
    pack,
    project_list,
    reminder_selection,
    report_list,
    unit_year_export,
    warning_scan,
)
from jiaxing.loading.scale import SLUG, STANDS_AT, Scale, load_scale
from units.models import User
from units.operations.tokens import Scope, create_token
from units.permissions import capacities

BENCHMARKS = (
    report_list.benchmark,
    unit_year_export.query_benchmark,
    unit_year_export.export_benchmark,
    figures_bulk.benchmark,
    *dashboard.BENCHMARKS,
    pack.benchmark,
    warning_scan.benchmark,
    project_list.list_benchmark,
    project_list.map_benchmark,
    award_round.benchmark,
    reminder_selection.benchmark,
)
SIZES = {"units": 100, "actions": 10, "indicators": 10, "months": 10, "repetitions": 7}


class Command(BaseCommand):
    help = "Load a large campaign, measure each benchmark against its floor, print the ratios, and take all of it back."

    def add_arguments(self, parser: CommandParser) -> None:
        for name, size in SIZES.items():
            parser.add_argument(f"--{name}", type=int, default=size, metavar="N", help="%(default)s")

    def handle(self, *args: Any, repetitions: int, **options: Any) -> None:
        scale = Scale(**{name: options[name] for name in ("units", "actions", "indicators", "months")})
        settings = override_settings(DEBUG=False, ALLOWED_HOSTS=["*"], API_THROTTLE="")
        with settings, transaction.atomic():
            stage = set_stage(scale)
            measured = measure([make(stage) for make in BENCHMARKS], repetitions=repetitions)
            transaction.set_rollback(True)
        self.stdout.write(f"{connection.vendor}, medians of {repetitions}")
        for line in table(measured):
            self.stdout.write(line)


def set_stage(scale: Scale) -> Stage:
    """The campaign, and who asks for it. Raises `AlreadyThere` where the database holds it in some other size."""
    load_scale(scale)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does it soon after so many rows
    _row, secret = create_token(client="Benchmark", scopes=[Scope.READ, Scope.REPORT], actor=None)
    office = Client()
    person = User.objects.get(username=f"{SLUG}-office")
    office.force_login(person, backend="units.backends.PeopleBackend")
    return Stage(
        scale=scale,
        campaign=Campaign.objects.get(slug=SLUG),
        system=Client(headers={"authorization": f"Bearer {secret}"}),
        office=office,
        office_person=capacities(person, STANDS_AT.date()),
    )


def table(measured: Sequence[Measured]) -> list[str]:
    width = max(len(one.name) for one in measured)
    head = f"{'benchmark':<{width}}  {'floor':>10}  {'subject':>10}  {'ratio':>6}  {'queries':>7}"
    return [
        head,
        *(
            f"{one.name:<{width}}  {one.floor * 1000:>7.1f} ms  {one.subject * 1000:>7.1f} ms"
            f"  {one.ratio:>6.1f}  {one.queries:>7}"
            for one in measured
        ),
    ]
