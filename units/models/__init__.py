"""Who takes part, and how they are reached."""

from .beat_jobs import BeatJob, BeatRun
from .changes import KEY_PATHS, ChainHead, Change, ChangeItem, describe_keys
from .clients import ApiToken, IdempotencyKey, Webhook, WebhookDelivery
from .jobs import Job, Upload
from .messages import ChannelPace, Delivery, DigestLine, Message, MessagePreference, SendingHours
from .outbox import OutboxQuerySet, Sending
from .people import Membership, Role, User
from .units import RankingGroup, RankingGroupMember, Source, Unit

__all__ = [
    "KEY_PATHS",
    "ApiToken",
    "BeatJob",
    "BeatRun",
    "ChainHead",
    "Change",
    "ChangeItem",
    "ChannelPace",
    "Delivery",
    "DigestLine",
    "IdempotencyKey",
    "Job",
    "Membership",
    "Message",
    "MessagePreference",
    "OutboxQuerySet",
    "RankingGroup",
    "RankingGroupMember",
    "Role",
    "Sending",
    "SendingHours",
    "Source",
    "Unit",
    "Upload",
    "User",
    "Webhook",
    "WebhookDelivery",
    "describe_keys",
]
