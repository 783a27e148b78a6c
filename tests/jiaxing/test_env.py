"""The environment's readers: defaults, good values, and every wrong value named with what is wrong and an example."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jiaxing.env import Environment

ROOT = Path(__file__).resolve().parent.parent.parent

WRONG = [
    ("DEBUG", "perhaps", "must be true or false"),
    ("SECRET_KEY", "short", "at least 32 characters"),
    ("ALLOWED_HOSTS", "http://example.cn/", "without http://"),
    ("CSRF_TRUSTED_ORIGINS", "example.cn", "must begin with http"),
    ("DATABASE_URL", "mysql://a:secret@b/c", "must begin with one of postgres"),
    ("DATABASE_URL", "postgres://a:secret@b:port/c", "the port must be a number"),
    ("CELERY_BROKER_URL", "kafka://example.cn", "must begin with one of amqp"),
    ("CACHE_URL", "memory", "must begin with one of"),
    ("EMAIL_URL", "pigeon://example.cn", "must begin with one of"),
    ("DEFAULT_FROM_EMAIL", "Campaign Office", "must hold an e-mail address"),
    ("TIME_ZONE", "Asia/Jiaxing", "is no time zone"),
    ("TIME_ZONE", "../../etc/passwd", "is no time zone"),
    ("LANGUAGE_CODE", "de", "must be one of en, zh-hans"),
    ("BUSINESS_CLOCK", "3 September", "as in ISO 8601"),
    ("SENTRY_DSN", "sentry", "must begin with one of http, https"),
    ("MEDIA_ROOT", "/proc/uploads", "folder"),
    ("HTTPS", "2", "must be true or false"),
    ("WEBHOOK_PORTS", "https", "must be numbers from 1 to 65535"),
    ("DINGTALK_ROBOT_URL", "oapi.dingtalk.com/robot/send", "must begin with one of http, https"),
    ("DINGTALK_ROBOT_URL", "https://oapi.dingtalk.com/robot/send", "must hold access_token="),
    ("DINGTALK_ROBOT_URL", "https://a:secret@robot.example.cn/?access_token=1", "without a name or password"),
    ("DINGTALK_ROBOT_SECRET", "https://oapi.dingtalk.com/", "must begin with SEC"),
    ("WECOM_ROBOT_URL", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?access_token=1", "must hold key="),
    ("METRICS_TOKEN", "short", "at least 16 characters"),
]


def start_with(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **variables}
    command = [sys.executable, "manage.py", "diffsettings"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("name", "value", "wrong"), WRONG)
def test_a_wrong_value_is_named_with_a_reason_and_an_example(tmp_path: Path, name: str, value: str, wrong: str) -> None:
    answer = start_with(tmp_path, **{name: value})
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert f"{name}: " in answer.stderr
    assert wrong in answer.stderr
    assert f"Example: {name}=" in answer.stderr
    assert "secret@" not in answer.stderr
    assert answer.stdout == ""


def test_all_wrong_values_are_named_at_once(tmp_path: Path) -> None:
    answer = start_with(tmp_path, DEBUG="perhaps", TIME_ZONE="Mars", LANGUAGE_CODE="la")
    assert [line.split(":")[0] for line in answer.stderr.splitlines()[1:]] == [
        "  - DEBUG",
        "  - LANGUAGE_CODE",
        "  - TIME_ZONE",
    ]


def test_without_any_variable_the_defaults_serve_one_machine(tmp_path: Path) -> None:
    answer = start_with(tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert f"'NAME': '{tmp_path}/jiaxing.sqlite3'" in answer.stdout
    assert f"EMAIL_FILE_PATH = '{tmp_path}/mail'" in answer.stdout
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_secret_key_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"
    first = Environment({}).secret_key("SECRET_KEY", kept_in=path)
    assert len(first) >= 50
    assert Environment({}).secret_key("SECRET_KEY", kept_in=path) == first
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_a_blank_variable_is_an_unset_one() -> None:
    env = Environment({"DEBUG": "  "})
    assert env.flag("DEBUG", default=True) is True
    assert env.mistakes == []


def test_a_clock_without_an_offset_is_read_in_the_time_zone_of_the_site() -> None:
    env = Environment({"BUSINESS_CLOCK": "2022-09-03T09:00", "OTHER": "2022-09-03T09:00Z"})
    assert env.instant("BUSINESS_CLOCK", zone="Asia/Shanghai") == datetime(2022, 9, 3, 1, tzinfo=UTC)
    assert env.instant("OTHER", zone="Asia/Shanghai") == datetime(2022, 9, 3, 9, tzinfo=UTC)
    assert env.instant("UNSET", zone="Asia/Shanghai") is None


def test_addresses_of_services_are_taken_apart() -> None:
    env = Environment(
        {
            "DATABASE_URL": "postgres://tracker:p%40ss@db:5433/tracker",
            "EMAIL_URL": "smtp+tls://office:pass@mail.example.cn:587",
            "CACHE_URL": "rediscache://redis:6379/1",
        }
    )
    database = env.database("DATABASE_URL", default="sqlite:///x")
    assert (database["HOST"], database["PORT"], database["PASSWORD"]) == ("db", 5433, "p@ss")
    email = env.email("EMAIL_URL", default="filemail:///x")
    assert (email["EMAIL_HOST"], email["EMAIL_PORT"], email["EMAIL_USE_TLS"]) == ("mail.example.cn", 587, True)
    assert env.cache("CACHE_URL", default="locmemcache://")["LOCATION"] == "redis://redis:6379/1"
    assert env.mistakes == []


@pytest.mark.parametrize(
    "command",
    [
        ["gunicorn", "jiaxing.wsgi:application", "--preload", "--bind", "127.0.0.1:0", "--no-control-socket"],
        ["celery", "--app", "jiaxing", "worker"],
        ["celery", "--app", "jiaxing", "beat"],
    ],
)
def test_every_process_ends_at_once_with_the_message(tmp_path: Path, command: list[str]) -> None:
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "DEBUG": "perhaps"}
    answer = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 1
    assert "DEBUG: must be true or false" in answer.stderr
    assert "Traceback" not in answer.stderr
