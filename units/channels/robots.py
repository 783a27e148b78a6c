"""What the robots of group rooms share: posting JSON within five seconds, reading `errcode`, cutting to size.

The operator names the robots in the settings, so their addresses may lie inside the network. An address holds its
secret: nothing that is raised here tells any of it. Not a channel itself: it has no `CHANNEL`.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Collection, Mapping
from time import monotonic
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from units.channels import Failed, TooMany, stable_id
from units.channels.webhooks import STATUS_LINE, NoAnswer, left, posted, request_of
from units.domain.addresses import target_of
from units.models import Delivery
from units.queries.rooms import RoomPost, room_post

SECONDS = 5.0
LONGEST_ANSWER = 64 * 1024
ANY_PORT = range(1, 65536)
TOO_MANY_REQUESTS = 429
MARKS = str.maketrans({"[": "［", "]": "］", "<": "＜", ">": "＞", "`": "＇", "#": "＃"})
"""Signs by which a name could become a link, a mention or a heading."""
LONGEST_TITLE = 200
CHUNKED = re.compile(rb"(?im)^transfer-encoding:[^\r\n]*chunked")
LENGTH = re.compile(rb"(?im)^content-length:\s*([0-9]{1,9})\s*$")


def a_minute() -> int:
    return int(settings.ROBOT_MESSAGES_A_MINUTE)


def post_of(delivery: Delivery) -> RoomPost:
    """What the room is told, in the language of the installation: a room has no language of its own."""
    with translation.override(settings.LANGUAGE_CODE):
        return room_post(delivery.message)


def markdown(delivery: Delivery, post: RoomPost, *, most_bytes: int, newline: str) -> str:
    """Title, body, link, and the message id by which people see that a post came twice; at most so many bytes."""
    with translation.override(settings.LANGUAGE_CODE):
        name, open_it, read_the_rest = _("Message"), _("Open it"), _("Read the rest")
    head = f"### {_plain(post.words.title)[:LONGEST_TITLE]}{newline}"
    foot = f"{newline}{name} {stable_id(delivery)}"
    whole = f"{newline}[{open_it}]({post.url}){foot}"
    cut = f"…{newline}[{read_the_rest}]({post.url}){foot}"
    body = newline.join(_plain(line) for line in post.words.body.splitlines() if line.strip())
    if len((head + body + whole).encode()) <= most_bytes:
        return head + body + whole
    return head + at_most(body, most_bytes - len((head + cut).encode())) + cut


def at_most(text: str, most_bytes: int) -> str:
    """The beginning of a text, cut between two characters."""
    return text.encode()[: max(0, most_bytes)].decode(errors="ignore")


def say(address: str, payload: Mapping[str, Any], *, too_many: Collection[int]) -> None:
    """Posts to a robot. HTTP 200 is not enough: `errcode` has to be 0; one of `too_many` asks for a pause."""
    status, body = _exchange(address, json.dumps(payload, ensure_ascii=False).encode())
    if status == TOO_MANY_REQUESTS:
        raise TooMany
    if not 200 <= status < 300:
        raise NoAnswer(f"answer {status}")
    code = _errcode(body)
    if code in too_many:
        raise TooMany
    if code != 0:
        raise Failed(f"errcode {code}")


def _errcode(body: bytes) -> int:
    try:
        code = json.loads(body)["errcode"]
    except (ValueError, TypeError, KeyError, RecursionError):
        code = None
    if not isinstance(code, int) or isinstance(code, bool):
        raise NoAnswer("not an answer of a robot")
    return code


def _exchange(address: str, body: bytes) -> tuple[int, bytes]:
    ends_at = monotonic() + SECONDS
    target = target_of(address, ports=ANY_PORT)
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "tough-action-tracker/1"}
    with posted(target, request_of(target, body, headers), ends_at, allows_private=True) as connection:
        return _answer(connection, ends_at)


def _answer(connection: socket.socket, ends_at: float) -> tuple[int, bytes]:
    told = b""
    while len(told) < LONGEST_ANSWER and not _is_whole(told):
        connection.settimeout(left(ends_at))
        piece = connection.recv(8192)
        if not piece:
            break
        told += piece
    found = STATUS_LINE.match(told)
    if found is None:
        raise NoAnswer("not an answer of HTTP")
    head, _blank, body = told.partition(b"\r\n\r\n")
    return int(found[1]), _joined(body) if CHUNKED.search(head) else body


def _is_whole(told: bytes) -> bool:
    head, blank, body = told.partition(b"\r\n\r\n")
    if not blank:
        return False
    if CHUNKED.search(head):
        return body.endswith(b"0\r\n\r\n")
    length = LENGTH.search(head)
    return length is not None and len(body) >= int(length[1])


def _joined(chunks: bytes) -> bytes:
    """The body out of its chunks; what is no chunk is left for the reader to stumble over."""
    body = b""
    while chunks:
        size, newline, rest = chunks.partition(b"\r\n")
        try:
            length = int(size.partition(b";")[0], 16)
        except ValueError:
            return b""
        if not newline or length <= 0:
            break
        body, chunks = body + rest[:length], rest[length:].removeprefix(b"\r\n")
    return body


def _plain(text: str) -> str:
    return text.translate(MARKS).strip()
