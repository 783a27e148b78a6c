"""Typed readers of the environment.

A wrong value is remembered, not raised: ``stop_on_mistakes`` then names every wrong variable at once, what was wrong
and an example, and ends the process before anything has started.
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

T = TypeVar("T")

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})
DATABASE_SCHEMES = frozenset({"sqlite", "postgres", "postgresql"})
BROKER_SCHEMES = frozenset({"filesystem", "redis", "rediss", "redis+socket", "amqp", "amqps", "memory"})
CACHE_SCHEMES = frozenset({"locmemcache", "dbcache", "filecache", "rediscache", "rediss", "redis", "dummycache"})
EMAIL_SCHEMES = frozenset(
    {"filemail", "consolemail", "memorymail", "dummymail", "smtp", "smtps", "smtp+tls", "smtp+ssl"}
)
SHORTEST_SECRET = 32
SHORTEST_TOKEN = 16


class Environment:
    """Reads variables from a mapping; an unset or blank variable takes its default."""

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self.source = os.environ if source is None else source
        self.mistakes: list[str] = []

    def read(self, name: str, default: T, convert: Callable[[str], T], example: str) -> T:
        """The converted value; ``convert`` raises ``ValueError`` with what is wrong, never with the value itself."""
        raw = self.source.get(name, "").strip()
        if not raw:
            return default
        try:
            return convert(raw)
        except ValueError as problem:
            self.mistakes.append(f"{name}: {problem}. Example: {name}={example}")
            return default

    def flag(self, name: str, *, default: bool) -> bool:
        return self.read(name, default, _flag, "true")

    def hosts(self, name: str, *, default: list[str]) -> list[str]:
        return self.read(name, default, _hosts, "tracker.example.cn,127.0.0.1")

    def ports(self, name: str, *, default: frozenset[int]) -> frozenset[int]:
        return self.read(name, default, _ports, "80,443,8443")

    def origins(self, name: str) -> list[str]:
        return self.read(name, [], _origins, "https://tracker.example.cn")

    def folder(self, name: str, *, default: Path) -> Path:
        """An existing folder that this process may write to; made when it is not there yet."""
        chosen = self.read(name, default, lambda raw: Path(raw).expanduser().resolve(), str(default))
        try:
            chosen.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            self.mistakes.append(f"{name}: cannot make the folder ({problem.strerror}). Example: {name}={default}")
            return chosen
        if not os.access(chosen, os.W_OK):
            self.mistakes.append(f"{name}: the folder is not writable. Example: {name}={default}")
        return chosen

    def secret_key(self, name: str, *, kept_in: Path) -> str:
        """The given key, or one made once and kept in a file that only its owner reads."""
        given = self.read(name, "", _secret, "$(openssl rand -hex 32)")
        return given or _kept_secret(kept_in)

    def database(self, name: str, *, default: str) -> dict[str, Any]:
        example = "postgres://tracker:password@127.0.0.1:5432/tracker"
        url = self.read(name, default, lambda raw: _url(raw, DATABASE_SCHEMES), example)
        return self._parsed(name, url, environ.Env.db_url_config, example)

    def broker(self, name: str, *, default: str) -> str:
        return self.read(name, default, lambda raw: _url(raw, BROKER_SCHEMES), "redis://127.0.0.1:6379/0")

    def cache(self, name: str, *, default: str) -> dict[str, Any]:
        example = "rediscache://127.0.0.1:6379/1"
        url = self.read(name, default, lambda raw: _url(raw, CACHE_SCHEMES), example)
        return self._parsed(name, url, environ.Env.cache_url_config, example)

    def email(self, name: str, *, default: str) -> dict[str, Any]:
        example = "smtp+tls://name:password@mail.example.cn:587"
        url = self.read(name, default, lambda raw: _url(raw, EMAIL_SCHEMES), example)
        return self._parsed(name, url, environ.Env.email_url_config, example)

    def address(self, name: str, *, default: str) -> str:
        return self.read(name, default, _address, "Campaign Office <office@example.cn>")

    def time_zone(self, name: str, *, default: str) -> str:
        return self.read(name, default, _time_zone, default)

    def choice(self, name: str, *, default: str, among: list[str]) -> str:
        return self.read(name, default, lambda raw: _choice(raw, among), default)

    def rate(self, name: str, *, default: str) -> str:
        return self.read(name, default, _rate, "600/min")

    def instant(self, name: str, *, zone: str) -> datetime | None:
        """An aware instant; one written without an offset is read in ``zone``."""
        return self.read(name, None, lambda raw: _instant(raw, zone), "2022-09-03T09:00")

    def web_address(self, name: str) -> str:
        return self.read(name, "", lambda raw: _url(raw, frozenset({"http", "https"})), "https://example.cn/path")

    def robot(self, name: str, example: str) -> str:
        """The address of a group robot, which ends in the parameter that is its secret."""
        parameter = example.partition("?")[2].partition("=")[0]
        return self.read(name, "", lambda raw: _robot(raw, parameter), example)

    def robot_secret(self, name: str) -> str:
        return self.read(name, "", _robot_secret, "SEC…, as the robot's page shows it")

    def metrics_token(self, name: str) -> str:
        return self.read(name, "", _metrics_token, "$(openssl rand -hex 32)")

    def stop_on_mistakes(self) -> None:
        """End the process with every mistake in plain words; do nothing where there is none."""
        if self.mistakes:
            lines = "\n".join(f"  - {mistake}" for mistake in self.mistakes)
            raise SystemExit(f"The settings in the environment are wrong, nothing was started:\n{lines}")

    def _parsed(self, name: str, url: str, parse: Callable[[str], dict[str, Any]], example: str) -> dict[str, Any]:
        try:
            return dict(parse(url))
        except Exception:  # noqa: BLE001  (whatever the parser trips over, the address is wrong and must not be shown)
            self.mistakes.append(f"{name}: the address cannot be read. Example: {name}={example}")
            return {}


def _flag(raw: str) -> bool:
    word = raw.lower()
    if word not in TRUE_WORDS | FALSE_WORDS:
        raise ValueError("must be true or false")
    return word in TRUE_WORDS


def _listed(raw: str) -> list[str]:
    return [part.strip() for part in raw.split(",") if part.strip()]


def _hosts(raw: str) -> list[str]:
    hosts = _listed(raw)
    if any("/" in host for host in hosts):
        raise ValueError("must be host names without http:// and without a path")
    return hosts


def _ports(raw: str) -> frozenset[int]:
    ports = _listed(raw)
    if not ports or not all(port.isascii() and port.isdigit() and 0 < int(port) < 65536 for port in ports):
        raise ValueError("must be numbers from 1 to 65535, separated by commas")
    return frozenset(int(port) for port in ports)


def _origins(raw: str) -> list[str]:
    origins = _listed(raw)
    if any(urlsplit(origin).scheme not in {"http", "https"} or not urlsplit(origin).netloc for origin in origins):
        raise ValueError("each origin must begin with http:// or https:// and name a host")
    return origins


def _url(raw: str, schemes: frozenset[str]) -> str:
    if raw.partition(":")[0].lower() not in schemes:
        raise ValueError(f"must begin with one of {', '.join(sorted(schemes))} and a colon")
    try:
        urlsplit(raw).port  # noqa: B018  (reading the port is what checks it)
    except ValueError:
        raise ValueError("the port must be a number up to 65535") from None
    return raw


def _address(raw: str) -> str:
    try:
        validate_email(parseaddr(raw)[1])
    except ValidationError:
        raise ValueError("must hold an e-mail address") from None
    return raw


def _time_zone(raw: str) -> str:
    try:
        ZoneInfo(raw)
    except (KeyError, ValueError, OSError):
        raise ValueError("is no time zone of the IANA database") from None
    return raw


def _choice(raw: str, among: list[str]) -> str:
    if raw.lower() not in among:
        raise ValueError(f"must be one of {', '.join(among)}")
    return raw.lower()


def _rate(raw: str) -> str:
    """A number per second, minute, hour or day; `off`, read as the empty text, is no limit."""
    if raw.lower() == "off":
        return ""
    if not re.fullmatch(r"[1-9][0-9]{0,6}/(s|sec|min|m|h|hour|d|day)", raw):
        raise ValueError("must be a number of requests per s, min, h or day, or off")
    return raw


def _instant(raw: str, zone: str) -> datetime:
    try:
        instant = datetime.fromisoformat(raw)
    except ValueError:
        raise ValueError("must be a date and time as in ISO 8601") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=ZoneInfo(zone))


def _secret(raw: str) -> str:
    if len(raw) < SHORTEST_SECRET:
        raise ValueError(f"must have at least {SHORTEST_SECRET} characters")
    return raw


def _robot(raw: str, parameter: str) -> str:
    _url(raw, frozenset({"http", "https"}))
    parts = urlsplit(raw)
    if not parts.hostname or "@" in parts.netloc or any(sign <= " " for sign in raw):
        raise ValueError("must be a web address without spaces and without a name or password before the host")
    if not dict(parse_qsl(parts.query)).get(parameter):
        raise ValueError(f"must hold {parameter}= and its value, as the robot's page shows it")
    if parts.fragment:
        raise ValueError("must not hold a #")
    return raw


def _robot_secret(raw: str) -> str:
    if not raw.startswith("SEC"):
        raise ValueError("must begin with SEC: it is the robot's key for signing, not its address")
    return raw


def _metrics_token(raw: str) -> str:
    if len(raw) < SHORTEST_TOKEN or not raw.isascii() or any(sign <= " " for sign in raw):
        raise ValueError(f"must have at least {SHORTEST_TOKEN} characters, ASCII and without spaces")
    return raw


def _kept_secret(path: Path) -> str:
    """The key in ``path``; where there is none, a new one, written whole so that two processes agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
