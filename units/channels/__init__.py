"""The ways out: to people outside the inbox by a module of this package that says `CHANNEL = Channel(…)`.

The module's own name is the channel's; nothing else has to know of a new one. `webhooks` leads to systems instead,
`robots` is what the robots share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from django.db.models import Q

from units.models import Delivery


class Undeliverable(Exception):
    """Raised by a channel where trying again would not help: the person has no address any more."""


class Failed(Exception):
    """Raised by a channel with words of our own that may be shown: never the other side's, which may hold secrets."""


class TooMany(Exception):
    """Raised by a channel whose other side asks for a pause. The delivery waits; that is no failed attempt."""


def always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Channel:
    """`reaches` is a condition on messages: whom this channel can reach. `send` sends one delivery, or raises.

    `send` runs outside of any transaction, and may run again for the same delivery: it gives what it sends the
    delivery's `stable_id`, by which a receiver recognises a double. A channel that is not set up gets no deliveries.
    One that is a room hears a kind, subject and day once, however many people do. `a_minute` bounds what all workers
    together send in a minute.
    """

    reaches: Q
    send: Callable[[Delivery], None]
    is_set_up: Callable[[], bool] = always
    is_room: bool = False
    a_minute: Callable[[], int] | None = None


@cache
def channels() -> Mapping[str, Channel]:
    """Every channel by its name."""
    names = sorted(module.name for module in iter_modules(__path__))
    modules = {name: import_module(f"{__name__}.{name}") for name in names}
    return {name: module.CHANNEL for name, module in modules.items() if hasattr(module, "CHANNEL")}


def stable_id(delivery: Delivery) -> str:
    """The same for every attempt at this delivery, and no other's, not even in a database made anew."""
    return f"{delivery.pk}-{delivery.message.created_at:%Y%m%d%H%M%S%f}-{delivery.channel}"
