"""Load a campaign as large as asked for, the same each time, for benchmarks. Not for a database in use."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jiaxing.loading.scale import MOST, AlreadyThere, Scale, load_scale


class Command(BaseCommand):
    help = (
        "Load a large campaign: units × actions × months reports, approved and published but for the last month, "
        "which is open and empty. Refuses a database that has it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        defaults = {"units": 100, "actions": 10, "indicators": 10, "months": 10}
        for name, default in defaults.items():
            told = f"{name}{' of each action' if name == 'indicators' else ''}, at most {MOST[name]}: %(default)s"
            parser.add_argument(
                f"--{name}",
                type=int,
                default=default,
                metavar="N",
                help=told,
            )

    def handle(self, *args: Any, units: int, actions: int, indicators: int, months: int, **options: Any) -> None:
        try:
            scale = Scale(units=units, actions=actions, indicators=indicators, months=months)
        except ValueError as wrong:
            raise CommandError(str(wrong)) from wrong
        try:
            load_scale(scale)
        except AlreadyThere as there:
            raise CommandError("This database has the large campaign already; nothing was changed.") from there
        if options["verbosity"]:
            self.stdout.write(f"{scale.reports} reports, {scale.figures} figures.")
