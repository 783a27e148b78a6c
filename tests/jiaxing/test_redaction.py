"""What must never be read in a log."""

import logging
import sys

import pytest

from jiaxing.redaction import RedactSecrets, redact


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("POST /robot/send?access_token=abc123&timestamp=1", "abc123"),
        ("headers: {'Authorization': 'Bearer t0k3n-value'}", "t0k3n-value"),
        ("password='hunter two'", "hunter"),
        ("connect postgres://tracker:s3cret@db:5432/tracker", "s3cret"),
        ("GET /hook?key=693a91f6-7xxx", "693a91f6"),
        ('{"secret": "SECabcdef"}', "SECabcdef"),
        ("GET /accounts/reset/MQ/c5k0-abcdef/", "c5k0-abcdef"),
    ],
)
def test_the_value_of_a_secret_is_masked(line: str, secret: str) -> None:
    assert secret not in redact(line)
    assert "[hidden]" in redact(line)


def test_ordinary_lines_stay_as_they_are() -> None:
    line = "Report 17 of Tongxiang signed by tongxiang-head at 2022-09-03 09:00"
    assert redact(line) == line


def test_arguments_and_tracebacks_are_masked_too() -> None:
    try:
        raise ValueError("no answer from https://example.cn/send?access_token=abc123")
    except ValueError:
        record = logging.LogRecord("x", 40, "x.py", 1, "token=%s", ("abc123",), sys.exc_info())
    assert RedactSecrets().filter(record) is True
    assert "abc123" not in logging.Formatter().format(record)
