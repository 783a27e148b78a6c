"""Who takes part, and how they are reached."""

from .changes import Change, ChangeItem
from .clients import ApiToken, IdempotencyKey, Webhook, WebhookDelivery
from .jobs import Job, Upload
from .messages import Delivery, Message
from .people import Membership, Role, User
from .units import RankingGroup, RankingGroupMember, Source, Unit

__all__ = [
    "ApiToken",
    "Change",
    "ChangeItem",
    "Delivery",
    "Job",
    "IdempotencyKey",
    "Membership",
    "Message",
    "RankingGroup",
    "RankingGroupMember",
    "Role",
    "Source",
    "Unit",
    "Upload",
    "User",
    "Webhook",
    "WebhookDelivery",
]
