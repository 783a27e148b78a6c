"""Keeps secrets out of the log and of error pages: tokens, passwords, signed links and robot addresses.

The filter works on the finished line and on tracebacks, so that no caller has to remember it.
"""

import logging
import re
from typing import Any

from django.views.debug import SafeExceptionReporterFilter

MASK = "[hidden]"
_SECRETS = (
    re.compile(r"(?i)(authorization['\"]?\s*[:=]\s*['\"]?(?:bearer|basic)\s+)[^\s'\",]+"),
    re.compile(
        r"(?i)((?:access_token|api_?key|token|key|secret|sign|password|passwd|csrfmiddlewaretoken|sessionid)"
        r"['\"]?\s*[=:]\s*['\"]?)[^\s&'\",;)}\]]+"
    ),
    re.compile(r"(\w+://[^\s:/@]*:)[^\s@/]+(?=@)"),
    re.compile(r"(/accounts/(?:reset|invitation)/[^/\s]+/)[^/\s\"']+"),
    re.compile(r"(/unsubscribe/)[^/\s\"']+"),
)


def redact(text: str) -> str:
    """The text with the value of everything that looks like a secret replaced."""
    for pattern in _SECRETS:
        text = pattern.sub(lambda found: found.group(1) + MASK, text)
    return text


class RedactSecrets(logging.Filter):
    """A logging filter that lets every record through with its secrets masked."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return True


class HideSecrets(SafeExceptionReporterFilter):
    """Hides on DEBUG's error pages, beside what Django knows to be secret, the passwords inside addresses."""

    hidden_settings = re.compile(
        f"{SafeExceptionReporterFilter.hidden_settings.pattern}|ROBOT|WEBHOOK|DSN", re.IGNORECASE
    )

    def cleanse_setting(self, key: Any, value: Any) -> Any:
        cleansed = super().cleanse_setting(key, value)
        return redact(str(cleansed)) if isinstance(cleansed, str) else cleansed
