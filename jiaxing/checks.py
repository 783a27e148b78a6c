"""System checks: what is wrong with this installation, said before it serves anyone.

Wrong values of single variables are caught earlier, in ``jiaxing/env.py``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import DatabaseError

from jiaxing import translations

NEEDED_STATIC_FILE = "bootstrap/css/bootstrap.min.css"


@register(Tags.security)
def demo_sign_ins(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Their password is public, so no site that people rely on may have them."""
    if settings.DEBUG:
        return []
    try:
        present = list(get_user_model().objects.filter(is_demo=True, is_active=True).values_list("username", flat=True))
    except DatabaseError:
        return []  # no tables yet, or no database: others say so
    if not present:
        return []
    return [
        Error(
            f"{len(present)} demo sign-ins are in the database while DEBUG is off.",
            hint="Use a database without the Jiaxing demo data, or deactivate these people.",
            id="jiaxing.E001",
        )
    ]


@register(Tags.compatibility)
def business_clock(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    value = settings.BUSINESS_CLOCK
    if value is None:
        return []
    if not isinstance(value, datetime) or value.tzinfo is None:
        return [
            Error(
                "BUSINESS_CLOCK must be a date and time with a time zone.",
                hint="Example: BUSINESS_CLOCK=2022-09-03T09:00+08:00",
                id="jiaxing.E002",
            )
        ]
    if settings.DEBUG:
        return []
    return [
        Caution(
            "BUSINESS_CLOCK is set while DEBUG is off: deadlines do not follow the real time.",
            hint="Leave BUSINESS_CLOCK unset.",
            id="jiaxing.W002",
        )
    ]


@register(Tags.staticfiles)
def npm_packages(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if finders.find(NEEDED_STATIC_FILE) is not None:
        return []
    return [
        Error(
            f"The static file {NEEDED_STATIC_FILE} is missing.",
            hint="Install the packages of package-lock.json: npm ci",
            id="jiaxing.E003",
        )
    ]


@register(Tags.translation)
def compiled_catalogues(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    stale = [
        locale
        for locale, path in translations.catalogues().items()
        if path.exists() and not path.with_suffix(".mo").exists()
    ]
    return [
        Caution(f"The {locale} catalogue is not compiled.", hint="manage.py messages --compile", id="jiaxing.W004")
        for locale in stale
    ]
