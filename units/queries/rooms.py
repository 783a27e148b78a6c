"""What a robot tells a group room: of all messages of one kind, subject and day only what all of them share.

A message is written for one person: its own units and counts stay with that person. A kind goes to the room where there
are words for the room, `templates/messages/rooms/<kind>.txt`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse

from units.models import Message
from units.queries.messages import Words, words

LOOKED_AT = 500
"""So many of the messages say what they share; all of them are counted."""


@dataclass(frozen=True, slots=True)
class RoomPost:
    """`url` is absolute: the page of all of them, or the start page where they lead to different ones."""

    words: Words
    url: str


@cache
def goes_to_rooms(kind: str) -> bool:
    try:
        get_template(f"messages/rooms/{kind}.txt")
    except TemplateDoesNotExist:
        return False
    return True


def room_key(kind: str, subject: str, day: date) -> str:
    """What a room is told once."""
    return f"{kind} {subject} {day}"


def room_post(message: Message) -> RoomPost:
    """In the active language. Two queries."""
    alike = Message.objects.filter(kind=message.kind, subject=message.subject, day=message.day)
    rows = list(alike.order_by("pk").values_list("params", "url")[:LOOKED_AT])
    urls = {url for _params, url in rows}
    shared = {**_shared([params for params, _url in rows]), "told": alike.count()}
    url = urls.pop() if len(urls) == 1 else reverse("my_work")
    return RoomPost(words(f"rooms/{message.kind}", shared), urljoin(settings.SITE_URL, url))


def _shared(params: list[dict[str, Any]]) -> dict[str, Any]:
    first, *others = params or [{}]
    return {name: value for name, value in first.items() if all(name in one and one[name] == value for one in others)}
