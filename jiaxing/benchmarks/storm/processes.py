"""Workers and a beat as processes of their own, killed without warning and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent.parent.parent
CELERY = [sys.executable, "-m", "celery", "--app", "jiaxing", "--quiet"]
WORKER = [*CELERY, "worker", "--pool", "threads", "--concurrency", "1", "--loglevel", "ERROR"]
WORKER += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
BEAT = [*CELERY, "beat", "--loglevel", "ERROR"]


class Processes:
    """`kill` ends one with SIGKILL; `tend` starts what is not there."""

    def __init__(self, environment: Mapping[str, str], folder: Path, workers: int = 2) -> None:
        names = [f"worker-{number}" for number in range(workers)]
        self.commands = {name: [*WORKER, "--hostname", f"{name}@storm"] for name in names}
        self.commands["beat"] = [*BEAT, "--pidfile", ""]
        self.environment, self.folder = dict(environment), folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.kills = 0
        self.worker_kills = 0

    def tend(self) -> None:
        for name, command in self.commands.items():
            process = self.running.get(name)
            if process is None or process.poll() is not None:
                with (self.folder / f"{name}.log").open("ab") as log:
                    self.running[name] = subprocess.Popen(  # noqa: S603  (our own commands, no shell)
                        command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
                    )

    def kill(self, name: str) -> None:
        process = self.running[name]
        if process.poll() is None:
            self.kills += 1
            self.worker_kills += name != "beat"
        _end(process)

    def kill_one(self, random: Random, *, workers_only: bool = False) -> str:
        names = sorted(name for name in self.commands if not (workers_only and name == "beat"))
        name = random.choice(names)
        self.kill(name)
        return name

    def end(self) -> None:
        for process in self.running.values():
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The whole group, at once, and only processes that were started here."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
