"""Computes a frozen round again from its snapshot alone: digest, scores, ranks and winners."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from awards.domain.snapshot import NotASnapshot, faults
from awards.models import Snapshot
from campaigns.domain.canonical import DIGEST, digest_of


class Command(BaseCommand):
    help = "Computes the snapshots of an announced round again: of the round with this id, or of a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "round", help="the id of a round, or a JSON file as GET /api/v1/award-rounds/{id}/snapshot/ answers"
        )

    def handle(self, *args: Any, round: str, **options: Any) -> None:  # noqa: A002  (the argument's name)
        if round.isascii() and round.isdigit():
            self._verify_stored(int(round))
        else:
            self._verify_file(Path(round))

    def _verify_stored(self, round_id: int) -> None:
        snapshots = list(Snapshot.objects.filter(round=round_id).select_related("round").order_by("version"))
        if not snapshots:
            raise CommandError(f"There is no snapshot of a round {round_id}.")
        previous = None
        for one in snapshots:
            content = json.loads(one.content)
            if content["snapshot"]["previous"] != previous:
                raise CommandError(f"{one}: it does not follow the snapshot before it.")
            self._verify(str(one), content, one.sha256)
            previous = one.sha256

    def _verify_file(self, path: Path) -> None:
        try:
            content = json.loads(path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(f"{path} is no JSON: {error}.") from error
        if not isinstance(content, dict) or not isinstance(content.get(DIGEST), str):
            raise CommandError(f"{path} names no digest, so it is no snapshot.")
        self._verify(str(path), content, content[DIGEST])

    def _verify(self, name: str, content: dict[str, Any], expected: str) -> None:
        try:
            computed = digest_of(content)
            found = faults({key: value for key, value in content.items() if key != DIGEST})
        except (NotASnapshot, TypeError) as error:
            raise CommandError(f"{name} is not a snapshot: {error}.") from error
        if computed != expected:
            found = [f"the content has the digest {computed}, but {expected} was noted", *found]
        if found:
            raise CommandError("\n".join(f"{name}: {one}" for one in found))
        winners = ", ".join(content["winners"]) or "nobody"
        self.stdout.write(f"{name}: {computed}, as noted; {len(content['units'])} units, winners {winners}.")
