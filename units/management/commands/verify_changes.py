"""Compute the chain of changes anew and say whether it holds."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from units.queries.changes import check_chain


class Command(BaseCommand):
    help = (
        "Compute the digest of every sealed change anew. Keep the line that it prints somewhere else: "
        "a later run with the same digest at the same number proves that nothing before it was touched."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        chain = check_chain()
        if chain.fault:
            raise CommandError(f"The chain is broken: {chain.fault}. It holds up to change {chain.sequence}.")
        self.stdout.write(f"{chain.sequence} changes, the chain holds: {chain.digest or 'nothing sealed yet'}")
