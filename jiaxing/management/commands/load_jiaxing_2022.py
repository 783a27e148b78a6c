"""Load the article's facts and the flagged sample figures of Jiaxing 2022, and set the business clock to match.

Runs as often as you like: what is there stays as it is, what is missing is added.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import localtime

from campaigns.queries.clock import business_now
from jiaxing.loading import DEFAULT_MONTH, MONTHS, load
from jiaxing.loading.tally import Tally


class Command(BaseCommand):
    help = (
        "Load the Jiaxing 2022 data up to a month, which stays open and partly filed. A second run adds what is "
        "missing and never writes over what is there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--through",
            choices=MONTHS,
            default=DEFAULT_MONTH,
            help="the open month; the months before it are approved and published (default: %(default)s)",
        )

    def handle(self, *args: Any, through: str, **options: Any) -> None:
        tally = load(through=through)
        if options["verbosity"]:
            self.report(through, tally)

    def report(self, through: str, tally: Tally) -> None:
        if not tally.has_changes:
            self.stdout.write(f"Jiaxing 2022 through {through}: everything is there already, nothing changed.")
        else:
            self.stdout.write(f"Jiaxing 2022 through {through}:")
            for name, number in sorted(tally.made.items()):
                self.stdout.write(f"  {number:>5} {name}")
            steps = ", ".join(f"{verb} {number}" for verb, number in tally.steps.items())
            self.stdout.write(f"  steps of reports: {steps or 'none'}")
        for line in tally.left:
            self.stdout.write(f"  left as it is: {line}")
        self.stdout.write(f"  the business clock stands at {localtime(business_now()):%Y-%m-%d %H:%M}")
