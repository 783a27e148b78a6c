"""Who takes part, and how they are reached."""

from .changes import KEY_PATHS, ChainHead, Change, ChangeItem, describe_keys
from .clients import ApiToken, IdempotencyKey, Webhook, WebhookDelivery
from .jobs import Job, Upload
from .messages import Delivery, Message
from .outbox import OutboxQuerySet, Sending
from .people import Membership, Role, User
from .units import RankingGroup, RankingGroupMember, Source, Unit

__all__ = [
    "KEY_PATHS",
    "ApiToken",
    "ChainHead",
    "Change",
    "ChangeItem",
    "Delivery",
    "IdempotencyKey",
    "Job",
    "Membership",
    "Message",
    "OutboxQuerySet",
    "RankingGroup",
    "RankingGroupMember",
    "Role",
    "Sending",
    "Source",
    "Unit",
    "Upload",
    "User",
    "Webhook",
    "WebhookDelivery",
    "describe_keys",
]
