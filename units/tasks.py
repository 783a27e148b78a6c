"""The background jobs of units: messages to people, webhooks to systems, the seal on the record of changes, tokens,
and letting go of what is old."""

from dataclasses import asdict

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from units.operations import deliveries, sealing, token_expiry, webhooks
from units.operations.beat_jobs import Counts, beat_job
from units.operations.changes import SEAL_TASK
from units.operations.cleanup import clean_up
from units.operations.messages import DELIVER_TASK


@beat_job(
    DELIVER_TASK,
    title=_("Sending messages"),
    purpose=_("Takes waiting messages to mail and robots; again at once when a message is written."),
)
def deliver() -> Counts:
    return asdict(deliveries.drain(clock=timezone.now))


@beat_job(
    SEAL_TASK,
    title=_("Sealing the record of changes"),
    purpose=_("Numbers new changes without gaps and chains them."),
)
def seal_changes() -> Counts:
    return {"sealed": sealing.seal_all(now=timezone.now())}


@beat_job(
    webhooks.DELIVER_TASK,
    title=_("Telling other systems"),
    purpose=_("Posts changes to the webhooks that asked for them."),
)
def deliver_webhooks() -> Counts:
    return asdict(webhooks.drain(clock=timezone.now))


@beat_job(
    "units.watch_tokens",
    title=_("API tokens"),
    purpose=_("Tells administrators 14 and 3 days before a token expires, and takes back what expired a month ago."),
)
def watch_tokens() -> Counts:
    now = timezone.now()
    return {
        "told": token_expiry.tell_of_expiry(now=now),
        "revoked": token_expiry.take_back_expired(now=now),
    }


@beat_job(
    "units.clean_up",
    title=_("Clean-up"),
    purpose=_("Lets go of old sessions, keys, uploads, files of finished work and delivery rows."),
)
def clean() -> Counts:
    return clean_up(now=timezone.now())
