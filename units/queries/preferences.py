"""What a person wants to hear on which channel, and the signed address by which a mail can be switched off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing

from units.models import Delivery, MessagePreference, User

SALT = "units.unsubscribe"
ALL = ""
"""The kind that stands for all kinds without a row of their own."""


@dataclass(frozen=True, slots=True)
class Unsubscription:
    """What an address switches off: of this person, on this channel, this kind or all."""

    user: User
    channel: str
    kind: str


def unsubscribe_token(user_id: int, channel: str, kind: str) -> str:
    """Holds as long as the site's key; whoever has it can switch this off, and nothing else."""
    return signing.dumps([user_id, channel, kind], salt=SALT)


def read_token(token: str) -> Unsubscription | None:
    """Nothing where it was not made here, or the person is gone."""
    try:
        user_id, channel, kind = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return None if user is None or channel not in Delivery.Channel.values else Unsubscription(user, channel, kind)


def preferences_of(user: User, channel: str) -> Mapping[str, bool]:
    """What the person has said, by kind. One query."""
    return dict(MessagePreference.objects.filter(user=user, channel=channel).values_list("kind", "is_on"))


def is_wanted(said: Mapping[str, bool], kind: str) -> bool:
    return said.get(kind, said.get(ALL, True))
