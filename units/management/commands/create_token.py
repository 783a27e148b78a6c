"""Make a token for a client system and print it, once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from units.models import Unit
from units.operations.tokens import Scope, create_token
from units.refusals import Refusal

LONGEST_DAYS = 3650


class Command(BaseCommand):
    help = "Make an API token and print it. It is shown this once: only its digest is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--client", required=True, metavar="NAME", help="the system that will call")
        parser.add_argument(
            "--scope", required=True, nargs="+", action="extend", choices=list(Scope), help="what it may do"
        )
        parser.add_argument("--unit", metavar="CODE", help="only for this unit")
        parser.add_argument("--days", type=int, metavar="N", help="how long it holds; without it, until it is revoked")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        if days is not None and not 1 <= days <= LONGEST_DAYS:
            raise CommandError(f"--days is 1 to {LONGEST_DAYS}")
        try:
            row, token = create_token(
                client=options["client"],
                scopes=options["scope"],
                unit=self.unit(options["unit"]),
                expires_at=None if days is None else timezone.now() + timedelta(days=days),
                actor=None,
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stderr.write(f"{row.client}: keep this token, it is not shown again.")
        self.stdout.write(token)

    def unit(self, code: str | None) -> Unit | None:
        if code is None:
            return None
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandError(f"there is no unit with the code {code!r}")
        return unit
