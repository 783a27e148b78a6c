"""Reads JSON strictly: UTF-8, one value for each name, numbers exact, nothing that a database would choke on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from units.api.problems import ApiProblem, error, pointer_to

DEEPEST = 32
LONGEST_NUMBER = 100


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        return parse_json(stream.read())


def parse_json(raw: bytes) -> Any:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise ApiProblem("malformed", _("Byte %(place)d is not UTF-8.") % {"place": wrong.start}) from wrong
    try:
        parsed = json.loads(
            text,
            parse_float=_number,
            parse_int=_whole_number,
            parse_constant=_no_number,
            object_pairs_hook=_each_name_once,
        )
    except json.JSONDecodeError as wrong:
        place = {"line": wrong.lineno, "column": wrong.colno, "what": wrong.msg}
        told = _("Line %(line)d, column %(column)d: %(what)s.") % place
        raise ApiProblem("malformed", told, line=wrong.lineno, column=wrong.colno) from wrong
    except RecursionError as wrong:
        raise _too_deep() from wrong
    _must_be_storable(parsed)
    return parsed


def must_tell_its_length(request: Request) -> None:
    """A body in chunks would be taken for an empty one."""
    if request.headers.get("Transfer-Encoding"):
        raise ApiProblem("malformed", _("Send the body as a whole, with Content-Length; in chunks it is not read."))


def must_not_be_too_large(request: Request, limit: int | None = None) -> None:
    limit = limit or settings.API_MAX_BODY
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > limit:
        raise ApiProblem("too-large", _("At most %(limit)d bytes at once.") % {"limit": limit}, limit=limit)


def _number(written: str) -> Decimal:
    number = Decimal(written) if len(written) <= LONGEST_NUMBER else Decimal("NaN")
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > LONGEST_NUMBER:
        raise ApiProblem("malformed", _("The number %(number)s… is too long.") % {"number": written[:20]})
    return number


def _whole_number(written: str) -> int:
    if len(written) > LONGEST_NUMBER:
        raise ApiProblem("malformed", _("The number %(number)s… is too long.") % {"number": written[:20]})
    return int(written)


def _no_number(written: str) -> Any:
    raise ApiProblem("malformed", _("%(word)s is not JSON. Leave the figure out, or send null.") % {"word": written})


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ApiProblem("malformed", _("“%(name)s” stands twice in one object.") % {"name": twice[:40]})
    return found


def _too_deep() -> ApiProblem:
    return ApiProblem("malformed", _("Nested too deeply: at most %(deepest)d levels.") % {"deepest": DEEPEST})


def _must_be_storable(parsed: Any) -> None:
    """Without recursion, so that nothing nested can exhaust the stack."""
    waiting: list[tuple[Any, tuple[Any, ...]]] = [(parsed, ())]
    while waiting:
        one, at = waiting.pop()
        if isinstance(one, str):
            _must_be_text(one, at)
        elif isinstance(one, Mapping | list):
            if len(at) >= DEEPEST:
                raise _too_deep()
            inner = one.items() if isinstance(one, Mapping) else enumerate(one)
            for name, value in inner:
                if isinstance(name, str):
                    _must_be_text(name, at)
                if isinstance(value, str | dict | list):
                    waiting.append((value, (*at, name)))


def _must_be_text(text: str, at: tuple[Any, ...]) -> None:
    if text.isascii() and "\x00" not in text:
        return
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        told = _("This text holds a NUL or half a character, which cannot be stored.")
        place = pointer_to(*(str(one).encode("utf-8", "replace").decode() for one in at))
        raise ApiProblem("malformed", told, errors=[error(place, told, code="not_text")])
