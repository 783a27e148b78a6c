"""Writes content that is to be frozen in one way only, and its SHA-256 digest, which anybody can compute again.

The form: JSON in UTF-8, keys sorted, no blanks between, letters as they are. It holds objects, lists, texts, whole
numbers, true, false and null: figures are texts, so that no program rounds them.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

DIGEST = "digest"
"""The key that the digest itself may stand under in the content; it is left out of what is hashed."""


def canonical_bytes(content: Mapping[str, Any]) -> bytes:
    """The content without its digest in the canonical form. Raises ``TypeError`` for what the form does not hold."""
    whole = {name: value for name, value in content.items() if name != DIGEST}
    _must_fit(whole, "content")
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical form, as 64 hexadecimal digits."""
    return sha256(canonical_bytes(content)).hexdigest()


def _must_fit(value: Any, place: str) -> None:
    if isinstance(value, Mapping):
        for name, part in value.items():
            if not isinstance(name, str):
                raise TypeError(f"{place}: a name is a text, not {name!r}")
            _must_fit(part, f"{place}.{name}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            _must_fit(part, f"{place}[{index}]")
    elif not (value is None or isinstance(value, str | bool | int)):
        raise TypeError(f"{place}: {type(value).__name__} has no canonical form")
