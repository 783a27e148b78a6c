"""Kill workers and beat at random while messages go out, and count what arrives. Needs an empty database of its own."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from jiaxing.benchmarks.storm.run import Storm, figures, let_loose
from units.models import Message, User

SETTINGS = "jiaxing.storm_settings"


class Command(BaseCommand):
    help = "Kill workers and beat at random while messages go out, and count what arrives. Needs an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--messages", type=int, default=2000, metavar="N", help="%(default)s")
        parser.add_argument("--kills", type=int, default=10, metavar="N", help="%(default)s")

    def handle(self, *args: Any, messages: int, kills: int, **options: Any) -> None:
        if os.environ.get("DJANGO_SETTINGS_MODULE") != SETTINGS:
            # Settings are read once, and those of the storm are for the processes that it starts, too.
            command = [sys.executable, "manage.py", "storm", f"--messages={messages}", f"--kills={kills}"]
            environment = {**os.environ, "DJANGO_SETTINGS_MODULE": SETTINGS}
            code = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, check=False).returncode  # noqa: S603
            if code:
                raise CommandError("The storm has not gone well.", returncode=code)
            return
        if User.objects.exists() or Message.objects.exists():
            raise CommandError("This database is not empty. The storm needs one of its own: DATABASE_URL=…")
        with tempfile.TemporaryDirectory(prefix="tracker-storm-") as folder:
            outcome = let_loose(Storm(messages, kills), Path(folder), self.stderr.write)
            if not outcome.is_good:
                for log in sorted(Path(folder).glob("*.log")):
                    self.stderr.write(f"--- {log.name}\n{log.read_text()[-3000:]}")
        self.stdout.write(json.dumps(figures(outcome), indent=2))
        if not outcome.is_good:
            raise CommandError("Something was lost, or came twice too often.")
