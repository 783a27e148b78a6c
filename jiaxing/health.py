"""Answers for those who watch the site: is it up, and is everything it needs there.

``/healthz`` asks nothing of anyone; ``/readyz`` looks at database, migrations, broker and the last signs of beat and
worker.
"""

from collections.abc import Callable
from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jiaxing.celery import app
from jiaxing.signs import BEAT, LATE_AFTER, WORKER, last_signs

OK = "ok"


@never_cache
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": OK})


@never_cache
@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    checks: dict[str, Callable[[], str]] = {
        "database": _database,
        "migrations": _migrations,
        "broker": _broker,
        "beat": partial(_seen, BEAT),
        "worker": partial(_seen, WORKER),
    }
    answers = {name: check() for name, check in checks.items()}
    is_ready = all(answer == OK for answer in answers.values())
    return JsonResponse({"status": OK if is_ready else "not ready", "checks": answers}, status=200 if is_ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return OK


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unknown"
    return f"{len(pending)} not applied" if pending else OK


def _broker() -> str:
    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # noqa: BLE001  (each transport has errors of its own; the answer is the same)
        return "unreachable"
    return OK


def _seen(name: str) -> str:
    try:
        seen = last_signs().get(name)
    except DatabaseError:
        return "unknown"
    if seen is None:
        return "not seen yet"
    silent_for = timezone.now() - seen
    return OK if silent_for <= LATE_AFTER else f"last seen {int(silent_for.total_seconds())} s ago"
