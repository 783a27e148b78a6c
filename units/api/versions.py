"""Which version of an object a client has seen: ETag out, If-None-Match and If-Match in.

An ETag is `"<version>-<digest of the answer>"`. An answer is unchanged where all of it is the same; a change is
allowed where the version is, so that `"7"` says enough.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from units.api.problems import ApiProblem

TAG = re.compile(r'(?:W/)?"([^"]*)"')
VERSION = re.compile(r'"(\d{1,18})(?:-[^"]*)?"', re.ASCII)
DIGEST_LENGTH = 12


def tag_of(version: Any, representation: Any) -> str:
    told = json.dumps(representation, default=str, ensure_ascii=False, sort_keys=True)
    return f'"{version}-{sha256(told.encode()).hexdigest()[:DIGEST_LENGTH]}"'


def is_unchanged(request: Request, tag: str) -> bool:
    """Whether the client has exactly this answer already."""
    given = request.headers.get("If-None-Match", "")
    return given.strip() == "*" or tag.strip('"') in TAG.findall(given)


def must_match(request: Request, version: Any, current: Any) -> None:
    """Refuses a change by somebody who has not seen this version; `current()` is how the object stands now."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise ApiProblem("version-required", _("Send the ETag of the object as If-Match."))
    seen = {tag.partition("-")[0] for tag in TAG.findall(given)}
    if given != "*" and str(version) not in seen:
        raise ApiProblem("stale-version", _("It has version %s by now.") % version, current=current())


def newest_of(request: Request) -> int | None:
    """The newest version that If-Match names, where it names one."""
    return max(map(int, VERSION.findall(request.headers.get("If-Match", ""))), default=None)
