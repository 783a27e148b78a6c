"""Beat, broker and worker as real processes, on every broker that the settings allow and the machine has."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import kombu
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 40.0


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the one table this is about."""
    var = tmp_path_factory.mktemp("migrated")
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(var)}
    command = [sys.executable, "manage.py", "migrate", "jiaxing", "--verbosity", "0", "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return var / "jiaxing.sqlite3"


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """A Redis of the test's own, reached through a socket file."""
    path = tmp_path / "redis.sock"
    command = ["redis-server", "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_until(path.exists, "Redis did not start")
        yield f"redis+socket://{path}"
    finally:
        server.kill()
        server.wait()


def test_filesystem(migrated: Path, tmp_path: Path) -> None:
    beat_reaches_worker(migrated, tmp_path, "filesystem://localhost")


@pytest.mark.redis
def test_redis(migrated: Path, tmp_path: Path, redis_url: str) -> None:
    beat_reaches_worker(migrated, tmp_path, redis_url)


@pytest.mark.rabbitmq
def test_rabbitmq(migrated: Path, tmp_path: Path) -> None:
    url, queue = "amqp://guest:guest@127.0.0.1:5672//", f"test-{uuid.uuid4()}"
    try:
        beat_reaches_worker(migrated, tmp_path, url, queue)
    finally:
        with kombu.Connection(url) as connection:
            connection.default_channel.queue_delete(queue)
            connection.default_channel.exchange_delete(queue)


def beat_reaches_worker(migrated: Path, tmp_path: Path, broker: str, queue: str = "test") -> None:
    """The beat shows that it lives and asks a worker for the same, which writes it, within moments of the start."""
    database = shutil.copy(migrated, tmp_path / "jiaxing.sqlite3")
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(tmp_path),
        "CELERY_BROKER_URL": broker,
        "TEST_QUEUE": queue,
        "DJANGO_SETTINGS_MODULE": "tests.jiaxing.broker_settings",
    }
    command = [sys.executable, "-m", "celery", "--app", "jiaxing", "worker", "--beat", "--pool", "threads"]
    worker = subprocess.Popen([*command, "--concurrency", "1"], cwd=ROOT, env=environment, start_new_session=True)
    try:
        wait_until(
            lambda: heartbeats(database) == ["beat", "worker"], f"no sign of life through {broker.partition(':')[0]}"
        )
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def heartbeats(database: Path) -> list[str]:
    with sqlite3.connect(database, timeout=10) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM jiaxing_heartbeat ORDER BY name")]


def wait_until(condition: object, told: str) -> None:
    last_moment = time.monotonic() + PATIENCE
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < last_moment, told
        time.sleep(0.1)
