"""Posts to an address that a client system gave, without trusting it: outside only, five seconds, no redirect.

The host is resolved once, and what was looked at is what is connected to, so that a name that changes its mind between
the two gains nothing. Not a channel to people: it has no `CHANNEL`. Robots post through `posted`, too.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from time import monotonic

from django.conf import settings

from units.domain.addresses import NotAllowed, Target, may_call, target_of

SECONDS = 5.0
"""For all of it: connecting, sending, and the first line of the answer."""

LONGEST_HEAD = 16 * 1024
STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n")


class NoAnswer(Exception):
    """Says in a word what came instead of an answer, without anything of it."""


def post(address: str, *, body: bytes, headers: Mapping[str, str], seconds: float = SECONDS) -> int:
    """The status of the answer. Raises `NotAllowed`, `NoAnswer` or `OSError`, none of which tells the address."""
    ends_at = monotonic() + seconds
    target = target_of(address, ports=settings.WEBHOOK_PORTS)
    request = request_of(target, body, headers)
    with posted(target, request, ends_at, allows_private=settings.WEBHOOK_ALLOW_PRIVATE) as connection:
        return _status(connection, ends_at)


def posted(target: Target, request: bytes, ends_at: float, *, allows_private: bool) -> socket.socket:
    """A connection on which the request has left; whoever asks reads the answer and closes it."""
    connection = _connected(target, ends_at, allows_private)
    try:
        connection.settimeout(left(ends_at))
        connection.sendall(request)
    except BaseException:
        connection.close()
        raise
    return connection


def places_of(target: Target, *, allows_private: bool) -> list[tuple[socket.AddressFamily, tuple]]:
    """Where to connect to, in the order of the resolver; raises `NotAllowed` where one of them lies inside."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NoAnswer("the name of the host is not known") from None
    places = {place: family for family, _type, _protocol, _name, place in found}
    for place in places:
        if not may_call(ip_address(str(place[0]).partition("%")[0]), allows_private=allows_private):
            raise NotAllowed("the address lies inside the network")
    return [(family, place) for place, family in places.items()]


def _connected(target: Target, ends_at: float, allows_private: bool) -> socket.socket:
    *others, last = places_of(target, allows_private=allows_private)
    for place in others:
        with suppress(OSError):
            return _connect(target, *place, ends_at)
    return _connect(target, *last, ends_at)


def _connect(target: Target, family: socket.AddressFamily, place: tuple, ends_at: float) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(left(ends_at))
        connection.connect(place)
        if target.scheme == "https":
            connection.settimeout(left(ends_at))
            connection = ssl.create_default_context().wrap_socket(connection, server_hostname=target.host)
    except BaseException:
        connection.close()
        raise
    return connection


def request_of(target: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    head = {"Host": target.host_header, **headers, "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"POST {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    if any("\r" in line or "\n" in line for line in lines):
        raise NotAllowed("not an address")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _status(connection: socket.socket, ends_at: float) -> int:
    """Of the first line; the rest of the head is read as long as it comes, so that the other side can finish."""
    head = b""
    try:
        while len(head) < LONGEST_HEAD and b"\r\n\r\n" not in head:
            connection.settimeout(left(ends_at))
            piece = connection.recv(4096)
            if not piece:
                break
            head += piece
    except OSError:
        if not STATUS_LINE.match(head):
            raise
    found = STATUS_LINE.match(head)
    if found is None:
        raise NoAnswer("not an answer of HTTP")
    return int(found[1])


def left(ends_at: float) -> float:
    """Seconds until then; raises `TimeoutError` where there are none."""
    seconds = ends_at - monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
