"""Units, the feed of changes and webhooks."""

from __future__ import annotations

from django.utils import timezone

from tests.admin_builders import make
from tests.api_matrix.sample import Sample, named
from units.models import Change, Unit, Webhook, WebhookDelivery
from units.operations.sealing import seal_all

TABLE = """
                              people                                         | tokens
                              anon stra repo head outs revi offi lead admi   | read r-to repo p-to mana gone
# units
GET    units-list             401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   units-list             401  403  403  403  403  403  403  403  201      403  403  403  403  201  401
GET    units-detail           401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
PATCH  units-detail           401  403  403  403  403  403  403  403  200      403  403  403  403  200  401
DELETE units-detail           401  403  403  403  403  403  403  403  204      403  403  403  403  204  401
GET    ranking-groups-list    401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
POST   ranking-groups-list    401  403  403  403  403  403  403  403  201      403  403  403  403  201  401
GET    ranking-groups-detail  401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
PATCH  ranking-groups-detail  401  403  403  403  403  403  403  403  200      403  403  403  403  200  401
DELETE ranking-groups-detail  401  403  403  403  403  403  403  403  204      403  403  403  403  204  401

# what happened, and who is told of it
GET    changes-list           401  200  200  200  200  200  200  200  200      200  200  403  200  200  401
GET    changes-detail         401  404  200  200  404  404  200  200  200      200  200  403  200  200  401
GET    webhooks-list          401  403  403  403  403  403  403  403  200      403  403  403  403  200  401
POST   webhooks-list          401  403  403  403  403  403  403  403  201      403  403  403  403  201  401
GET    webhooks-detail        401  403  403  403  403  403  403  403  200      403  403  403  403  200  401
PATCH  webhooks-detail        401  403  403  403  403  403  403  403  200      403  403  403  403  200  401
DELETE webhooks-detail        401  403  403  403  403  403  403  403  204      403  403  403  403  204  401
GET    webhook-deliveries-list      401 403 403 403 403 403 403 403 200        403  403  403  403  200  401
GET    webhook-deliveries-detail    401 403 403 403 403 403 403 403 200        403  403  403  403  200  401
POST   webhook-deliveries-redeliver 401 403 403 403 403 403 403 403 200        403  403  403  403  200  401
"""

SAMPLES: dict[str, Sample] = {
    "units-list": Sample(bodies={"POST": lambda scene: {**named("new-unit"), "kind": "county"}}),
    "units-detail": Sample(
        kwargs=lambda scene: {"code": "spare"},
        bodies={"PATCH": lambda scene: {"order": 7}},
        given=lambda scene: spare_unit(),
    ),
    "ranking-groups-list": Sample(bodies={"POST": lambda scene: {**named("new-group"), "units": ["town"]}}),
    "ranking-groups-detail": Sample(
        kwargs=lambda scene: {"code": "localities"}, bodies={"PATCH": lambda scene: {"units": ["town"]}}
    ),
    "changes-detail": Sample(
        kwargs=lambda scene: {"sequence": change_of_town().sequence}, given=lambda scene: sealed()
    ),
    "webhooks-list": Sample(
        bodies={
            "POST": lambda scene: {
                "client": "Dashboard",
                "address": "https://hooks.example.org/new",
                "events": ["report.approved"],
            }
        }
    ),
    "webhooks-detail": Sample(
        kwargs=lambda scene: {"id": Webhook.objects.latest("pk").pk},
        bodies={"PATCH": lambda scene: {"is_active": False}},
        given=lambda scene: make(Webhook),
    ),
    "webhook-deliveries-list": Sample(
        kwargs=lambda scene: {"webhook": delivered().webhook_id},
        given=lambda scene: make(WebhookDelivery, status="dead"),
    ),
    "webhook-deliveries-detail": Sample(
        kwargs=lambda scene: {"webhook": delivered().webhook_id, "id": delivered().pk},
        given=lambda scene: make(WebhookDelivery, status="dead"),
    ),
    "webhook-deliveries-redeliver": Sample(
        kwargs=lambda scene: {"webhook": delivered().webhook_id, "id": delivered().pk},
        given=lambda scene: make(WebhookDelivery, status="dead"),
    ),
}


def spare_unit() -> None:
    """A unit that nothing hangs on."""
    Unit.objects.create(code="spare", name_en="Spare", name_zh="备", kind=Unit.Kind.COUNTY)


def sealed() -> None:
    seal_all(now=timezone.now())


def change_of_town() -> Change:
    """One that touched rows of the town alone."""
    return Change.objects.filter(sequence__isnull=False, verb="approve_report", items__unit="town")[0]


def delivered() -> WebhookDelivery:
    return WebhookDelivery.objects.latest("pk")
