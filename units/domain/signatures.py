"""Signatures: of webhooks as Standard Webhooks asks for them (HMAC-SHA256 over id, time and body), and of what a
DingTalk robot is told.

See https://www.standardwebhooks.com; any of its libraries verifies what is signed here.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import b64decode, b64encode
from binascii import Error
from hashlib import sha256
from urllib.parse import quote_plus

PREFIX = "whsec_"
FEWEST_BYTES, MOST_BYTES = 24, 64
BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def new_secret() -> str:
    return PREFIX + b64encode(secrets.token_bytes(32)).decode("ascii")


def key_of(secret: str) -> bytes:
    """The bytes that a secret stands for; raises `ValueError` where it is none."""
    told = secret.removeprefix(PREFIX)
    if told == secret or not BASE64.fullmatch(told):
        raise ValueError("not a secret")
    try:
        key = b64decode(told, validate=True)
    except Error:
        raise ValueError("not a secret") from None
    if not FEWEST_BYTES <= len(key) <= MOST_BYTES:
        raise ValueError("not a secret")
    return key


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of the header `webhook-signature`; `timestamp` in seconds since 1970."""
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + b64encode(hmac.digest(key_of(secret), signed, sha256)).decode("ascii")


def robot_signature(secret: str, timestamp: int) -> str:
    """The value of the parameter `sign` of a DingTalk robot, quoted for an address; `timestamp` in milliseconds."""
    digest = hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), sha256)
    return quote_plus(b64encode(digest).decode("ascii"))
