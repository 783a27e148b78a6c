"""Speaks in the office's DingTalk group: markdown by a group robot, signed where the robot asks for it."""

from __future__ import annotations

from time import time

from django.conf import settings
from django.db.models import Q

from units.channels import Channel
from units.channels.robots import a_minute, markdown, post_of, say
from units.domain.signatures import robot_signature
from units.models import Delivery

MOST_BYTES = 18_000
"""The robot takes 20,000 for all of it."""
TOO_MANY = frozenset({130101, 90018, 410100})
"""What it answers beyond 20 messages a minute, or where the whole company calls too often."""


def send(delivery: Delivery) -> None:
    post = post_of(delivery)
    text = markdown(delivery, post, most_bytes=MOST_BYTES, newline="\n\n")
    say(address(), {"msgtype": "markdown", "markdown": {"title": post.words.title, "text": text}}, too_many=TOO_MANY)


def address() -> str:
    """The robot's address, with the time and its signature where there is a secret. Never to be shown or logged."""
    where: str = settings.DINGTALK_ROBOT_URL
    secret: str = settings.DINGTALK_ROBOT_SECRET
    if not secret:
        return where
    timestamp = round(time() * 1000)
    return f"{where}&timestamp={timestamp}&sign={robot_signature(secret, timestamp)}"


def is_set_up() -> bool:
    return bool(settings.DINGTALK_ROBOT_URL)


CHANNEL = Channel(reaches=Q(), send=send, is_set_up=is_set_up, is_room=True, a_minute=a_minute)
