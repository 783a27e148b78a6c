"""A receiver of webhooks on this machine, whose answers a test chooses; it keeps what it was sent."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from time import sleep
from typing import Any

Answer = Callable[[socket.socket], None]


@dataclass(frozen=True, slots=True)
class Posted:
    """One request: its first line, headers by lower-case name, body."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers each request by the next of `answers`, then always by the last of them."""

    port: int
    answers: list[Any]
    posted: list[Posted] = field(default_factory=list)
    ends: Event = field(default_factory=Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook/secret-part?token=hush"

    def serve(self, listener: socket.socket) -> None:
        while not self.ends.is_set():
            try:
                connection, _place = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    self.posted.append(read(connection))
                    self.answer(connection)
                except OSError:
                    pass

    def answer(self, connection: socket.socket) -> None:
        chosen = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(chosen):
            chosen(connection)
        elif isinstance(chosen, int):
            connection.sendall(f"HTTP/1.1 {chosen} Told\r\nContent-Length: 0\r\n\r\n".encode())
        else:
            connection.sendall(chosen)

    def hang(self, connection: socket.socket) -> None:
        self.ends.wait(5)

    def drip(self, connection: socket.socket) -> None:
        """One byte now and then: each in time, together for ever."""
        for byte in b"HTTP/1.1 200 OK" + b" " * 100:
            if self.ends.is_set():
                return
            connection.sendall(bytes([byte]))
            sleep(0.05)


def read(connection: socket.socket) -> Posted:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(4096)
        if not piece:
            raise OSError("nothing came")
        head += piece
    told, _blank, body = head.partition(b"\r\n\r\n")
    line, *rest = told.decode().split("\r\n")
    headers = {name.lower(): value for name, _colon, value in (one.partition(": ") for one in rest)}
    while len(body) < int(headers["content-length"]):
        body += connection.recv(4096)
    return Posted(line, headers, body)


@contextmanager
def receiving(*answers: Any) -> Iterator[Receiver]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        receiver = Receiver(listener.getsockname()[1], list(answers) or [204])
        thread = Thread(target=receiver.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.ends.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
