"""A mail server and a DingTalk robot on this machine, which count by message id what reaches them."""

from __future__ import annotations

import json
import re
import socketserver
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*<([^>]+)>")
POST_ID = re.compile(r"Message (\S+)\s*$")


class Received:
    """How often each message id came."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[str] = Counter()

    def note(self, message_id: str) -> None:
        with self._lock:
            self._counts[message_id] += 1

    def counts(self) -> Counter[str]:
        with self._lock:
            return self._counts.copy()


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to hand over a mail."""

    timeout = 30

    def handle(self) -> None:
        try:
            self._talk()
        except OSError:  # a worker that was killed says no goodbye
            return

    def _talk(self) -> None:
        self._say("220 storm")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 go on")
                self._take()
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> None:
        letter = b""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            letter += line
        found = MESSAGE_ID.search(letter)
        self.server.received.note(found[1].decode() if found else "without an id")  # type: ignore[attr-defined]
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Robot(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        found = POST_ID.search(json.loads(body)["markdown"]["text"])
        self.server.received.note(found[1] if found else "without an id")  # type: ignore[attr-defined]
        answer = b'{"errcode":0,"errmsg":"ok"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (as the standard library names it)
        """Addresses hold secrets."""


class _Mails(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that was cut by a kill is what this is about."""


class _Robots(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """As above."""


@contextmanager
def receivers() -> Iterator[tuple[int, Received, int, Received]]:
    """Port and counts of the mail server, port and counts of the robot."""
    servers: list[Any] = [_Mails(("127.0.0.1", 0), _Mail), _Robots(("127.0.0.1", 0), _Robot)]
    for server in servers:
        server.received = Received()
        Thread(target=server.serve_forever, daemon=True).start()
    mails, robots = servers
    try:
        yield mails.server_address[1], mails.received, robots.server_address[1], robots.received
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
