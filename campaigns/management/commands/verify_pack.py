"""Computes the digest of a meeting pack again, and says whether it is the one that the pack was issued with."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.domain.canonical import DIGEST, digest_of
from campaigns.models import Pack


class Command(BaseCommand):
    help = "Computes the digest of a meeting pack again: of the pack with this number, or of its content in a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", help="the id of a pack, or a JSON file as GET /api/v1/packs/{id}/content/ answers")

    def handle(self, *args: Any, pack: str, **options: Any) -> None:
        if pack.isascii() and pack.isdigit():
            self._verify_stored(int(pack))
        else:
            self._verify_file(Path(pack))

    def _verify_stored(self, pack_id: int) -> None:
        found = Pack.objects.select_related("period__campaign").filter(pk=pack_id).first()
        if found is None:
            raise CommandError(f"There is no pack {pack_id}.")
        self._compare(str(found), digest_of(found.content), found.digest)

    def _verify_file(self, path: Path) -> None:
        try:
            content = json.loads(path.read_bytes())
            computed = digest_of(content)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise CommandError(f"{path} is not the content of a pack: {error}.") from error
        named = content.get(DIGEST)
        if named:
            self._compare(str(path), computed, named)
            return
        found = Pack.objects.select_related("period__campaign").filter(digest=computed).first()
        if found is None:
            raise CommandError(f"{path}: {computed}, which is the digest of no pack here.")
        self.stdout.write(f"{path}: {computed}, the digest of {found}.")

    def _compare(self, name: str, computed: str, expected: str) -> None:
        if computed != expected:
            raise CommandError(f"{name}: the content has the digest {computed}, but {expected} was noted.")
        self.stdout.write(f"{name}: {computed}, as noted.")
