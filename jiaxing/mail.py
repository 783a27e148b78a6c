"""Mail by SMTP within a time: a server that hangs, or answers a byte now and then, holds up a worker no longer."""

from __future__ import annotations

import smtplib
import socket
from contextlib import suppress
from threading import Timer
from typing import Any

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend


class _Punctual:
    """Cuts its connection when the time is over, whatever it waits for; `smtplib` then fails as with any lost one."""

    sock: socket.socket | None

    def _get_socket(self, *args: Any, **kwargs: Any) -> Any:
        self._watch = Timer(settings.EMAIL_TIMEOUT, self._cut)
        self._watch.daemon = True
        self._watch.start()
        return super()._get_socket(*args, **kwargs)  # type: ignore[misc]

    def close(self) -> None:
        if hasattr(self, "_watch"):
            self._watch.cancel()
        super().close()  # type: ignore[misc]

    def _cut(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class PunctualSMTP(_Punctual, smtplib.SMTP):
    pass


class PunctualSMTPoverTLS(_Punctual, smtplib.SMTP_SSL):
    pass


class PunctualBackend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return PunctualSMTPoverTLS if self.use_ssl else PunctualSMTP
