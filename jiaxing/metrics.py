"""Figures for those who watch the site, in the text format of Prometheus: how much waits, how long, who is silent.

Only counts, times and names of channels and jobs, never anything of a person. It answers on this machine, and from
elsewhere to who has METRICS_TOKEN; behind a proxy every request comes from this machine, so there the token is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jiaxing.signs import last_signs
from units.channels import channels
from units.models import BeatJob, Delivery, Job, Sending, WebhookDelivery

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
Labels = Mapping[str, str]
Sample = tuple[Labels, float]


@never_cache
@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_watch(request):
        raise PermissionDenied(_("These figures are for this machine, or for who has the token METRICS_TOKEN."))
    return HttpResponse("".join(_lines(timezone.now())), content_type=CONTENT_TYPE)


def may_watch(request: HttpRequest) -> bool:
    given = request.META.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ").strip()
    if settings.METRICS_TOKEN and compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return True
    return not any(request.META.get(name) for name in FORWARDED) and not _is_behind_proxy() and _is_here(request)


def _is_behind_proxy() -> bool:
    return hasattr(settings, "SECURE_PROXY_SSL_HEADER") and settings.SECURE_PROXY_SSL_HEADER is not None


def _is_here(request: HttpRequest) -> bool:
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _lines(now: datetime) -> Iterator[str]:
    yield from _outgoing(now)
    yield from _background(now)


def _outgoing(now: datetime) -> Iterator[str]:
    """Three queries."""
    counted: dict[tuple[str, str], int] = {
        (name, status): 0 for name, one in channels().items() if one.is_set_up() for status in Sending.values
    } | {("webhook", status): 0 for status in Sending.values}
    waiting: dict[str, float] = {}
    mail = Delivery.objects.order_by().values_list("channel", "status").annotate(number=Count("pk"), oldest=_oldest())
    hooks = WebhookDelivery.objects.order_by().values_list("status").annotate(number=Count("pk"), oldest=_oldest())
    for name, status, number, oldest in [*mail, *(("webhook", *row) for row in hooks)]:
        counted[name, status] = number
        if status == Sending.PENDING:
            waiting[name] = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    yield from metric(
        "tracker_deliveries",
        "Deliveries by channel and status.",
        "gauge",
        (({"channel": name, "status": status}, number) for (name, status), number in sorted(counted.items())),
    )
    names = sorted({name for name, _status in counted})
    yield from metric(
        "tracker_oldest_waiting_seconds",
        "How long the oldest delivery of the channel has been due.",
        "gauge",
        (({"channel": name}, waiting.get(name, 0.0)) for name in names),
    )
    failing = Delivery.objects.order_by().filter(status=Sending.PENDING, attempts__gt=0).values_list("channel")
    tried = dict(failing.annotate(Count("pk")))
    yield from metric(
        "tracker_deliveries_tried_again",
        "Deliveries that have failed and wait for another attempt.",
        "gauge",
        (({"channel": name}, tried.get(name, 0)) for name in names if name != "webhook"),
    )


def _oldest() -> Min:
    return Min("next_attempt_at", filter=Q(status=Sending.PENDING))


def _background(now: datetime) -> Iterator[str]:
    """Three queries."""
    signs = last_signs()
    yield from metric(
        "tracker_seen_seconds_ago",
        "Seconds since the last sign of life.",
        "gauge",
        (({"process": name}, (now - at).total_seconds()) for name, at in sorted(signs.items())),
    )
    jobs = list(BeatJob.objects.exclude(finished_at=None))
    yield from metric(
        "tracker_job_seconds",
        "Seconds that the last run took.",
        "gauge",
        ((_of(one), one.seconds or 0) for one in jobs),
    )
    yield from metric(
        "tracker_job_finished_timestamp_seconds",
        "When the last run ended.",
        "gauge",
        ((_of(one), one.finished_at.timestamp()) for one in jobs if one.finished_at),
    )
    yield from metric("tracker_job_runs_total", "Runs.", "counter", ((_of(one), one.runs) for one in jobs))
    yield from metric(
        "tracker_job_failures_total", "Runs that broke off.", "counter", ((_of(one), one.failures) for one in jobs)
    )
    states = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    yield from metric(
        "tracker_long_work",
        "Long imports, exports and packs by state.",
        "gauge",
        (({"state": state}, states.get(state, 0)) for state in Job.State.values),
    )


def _of(job: BeatJob) -> Labels:
    return {"job": job.task}


def metric(name: str, means: str, kind: str, samples: Iterable[Sample]) -> Iterator[str]:
    """The lines of one metric."""
    yield f"# HELP {name} {means}\n# TYPE {name} {kind}\n"
    for labels, value in samples:
        told = ",".join(f'{label}="{escaped(text)}"' for label, text in labels.items())
        yield f"{name}{{{told}}} {value:.10g}\n"


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
