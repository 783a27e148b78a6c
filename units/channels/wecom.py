"""Speaks in the office's WeCom group: markdown of at most 4,096 bytes by a group robot."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

from units.channels import Channel
from units.channels.robots import a_minute, markdown, post_of, say
from units.models import Delivery

MOST_BYTES = 4096
TOO_MANY = frozenset({45009, 45033})
"""What it answers beyond 20 messages a minute, or where too many calls come at once."""


def send(delivery: Delivery) -> None:
    text = markdown(delivery, post_of(delivery), most_bytes=MOST_BYTES, newline="\n")
    say(settings.WECOM_ROBOT_URL, {"msgtype": "markdown", "markdown": {"content": text}}, too_many=TOO_MANY)


def is_set_up() -> bool:
    return bool(settings.WECOM_ROBOT_URL)


CHANNEL = Channel(reaches=Q(), send=send, is_set_up=is_set_up, is_room=True, a_minute=a_minute)
