"""Lets the storm loose and counts: lost, in the inbox, outside, doubled."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from time import monotonic, sleep

import kombu
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from jiaxing.benchmarks.storm.processes import Processes
from jiaxing.benchmarks.storm.receivers import Received, receivers
from jiaxing.celery import app
from units.models import Delivery, Message, User
from units.operations.messages import send_all
from units.queries.messages import Notice

KIND = "pack_ready"
"""A kind with words for a room."""
PAUSE = 0.25
LONGEST = 900.0
SEED = 20220727

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Storm:
    messages: int
    kills: int
    is_calm_after: float = 0.95
    """The last kill falls before so much of it is out, so that each meets workers at work."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`doubled` are deliveries that came more than once; `most_for_one` how often the worst of them came."""

    broker: str
    database: str
    messages: int
    kills: int
    kills_of_workers: int
    broker_emptied: int
    in_inbox: int
    inbox_doubled: int
    mail: int
    mail_lost: int
    mail_doubled: int
    robot: int
    robot_lost: int
    robot_doubled: int
    most_for_one: int
    seconds: float

    @property
    def is_good(self) -> bool:
        """Nothing lost, nothing twice in an inbox, and at most one double for each thread that a kill cut off."""
        doubled = self.mail_doubled + self.robot_doubled
        return (
            self.in_inbox == self.messages
            and self.mail_lost == self.robot_lost == self.inbox_doubled == 0
            and doubled <= self.kills
        )


def let_loose(storm: Storm, folder: Path, tell: Tell) -> Outcome:
    """In the database of the settings, which is empty; logs go to the folder."""
    with receivers() as (mail_port, mails, robot_port, robots):
        robot = f"http://127.0.0.1:{robot_port}/robot/send?access_token=storm"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "jiaxing.storm_settings",
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "DINGTALK_ROBOT_URL": robot,
            "DINGTALK_ROBOT_SECRET": "SECstorm",
        }
        processes = Processes(environment, folder)
        with override_settings(DINGTALK_ROBOT_URL=robot):
            write_messages(storm.messages)
            write_messages(storm.messages)  # as a second planner would, who sees the same
        began, emptied = monotonic(), 0
        try:
            emptied = _blow(storm, processes, mails, robots, tell)
            _wait_for_all(storm, processes)
        finally:
            processes.end()
            empty_broker()
        return _counted(storm, processes, mails, robots, emptied, monotonic() - began)


def write_messages(number: int) -> None:
    """Each person is told of one pack of their own: so many mails, so many posts in the room."""
    if not User.objects.exists():
        names = (f"storm-{place}" for place in range(number))
        User.objects.bulk_create((User(username=name, email=f"{name}@example.org") for name in names), batch_size=1000)
    params = {"campaign_en": "Hundred Days", "campaign_zh": "百日攻坚", "month": "2022-08", "number": 1}
    day = timezone.localdate()
    send_all(
        Notice(kind=KIND, subject=f"pack:{pk}", recipient_id=pk, day=day, url="/packs/", params=params)
        for pk in User.objects.order_by("pk").values_list("pk", flat=True)
    )


def _blow(storm: Storm, processes: Processes, mails: Received, robots: Received, tell: Tell) -> int:
    """Kills at random while it goes out: as soon as each further share has arrived, a worker or the beat. Each is
    started again a moment later. Half-way everything in the broker is thrown away."""
    random, emptied = Random(SEED), 0  # noqa: S311  (chance that can be repeated, no secret)
    shares = sorted(random.uniform(0.02, storm.is_calm_after) for _kill in range(storm.kills))
    ends_at = monotonic() + LONGEST
    whole = 2 * storm.messages
    for place, share in enumerate(shares):
        while _arrived(mails, robots) < share * whole and monotonic() < ends_at:
            processes.tend()
            sleep(PAUSE / 5)
        # Two of three hit a worker: a beat has nothing in hand that could be lost.
        name = processes.kill_one(random, workers_only=place % 3 != 2)
        tell(f"{_arrived(mails, robots):>6} of {whole} out: kill -9 of {name}")
        if place == storm.kills // 2:
            emptied = empty_broker()
            tell(f"{'':>6} the broker is emptied of {emptied} requests")
        sleep(PAUSE)
        processes.tend()
    return emptied


def _arrived(mails: Received, robots: Received) -> int:
    return len(mails.counts()) + len(robots.counts())


def empty_broker() -> int:
    with kombu.Connection(
        settings.CELERY_BROKER_URL, transport_options=app.conf.broker_transport_options or {}
    ) as broker:
        channel = broker.channel()
        queue = kombu.Queue(app.conf.task_default_queue, channel=channel)
        queue.queue_declare()
        return int(queue.purge() or 0)


def _wait_for_all(storm: Storm, processes: Processes) -> None:
    ends_at = monotonic() + LONGEST
    while Delivery.objects.exclude(status=Delivery.Status.SENT).exists() and monotonic() < ends_at:
        processes.tend()
        sleep(PAUSE)


def _counted(
    storm: Storm, processes: Processes, mails: Received, robots: Received, emptied: int, seconds: float
) -> Outcome:
    by_channel = {"email": mails.counts(), "dingtalk": robots.counts()}
    lost = {name: _lost(name, counts) for name, counts in by_channel.items()}
    doubled = {name: sum(number - 1 for number in counts.values()) for name, counts in by_channel.items()}
    keys = Message.objects.order_by().values_list("kind", "subject", "recipient").distinct().count()
    return Outcome(
        broker=settings.CELERY_BROKER_URL.partition(":")[0],
        database=connection.vendor,
        messages=storm.messages,
        kills=processes.kills,
        kills_of_workers=processes.worker_kills,
        broker_emptied=emptied,
        in_inbox=keys,
        inbox_doubled=Message.objects.count() - keys,
        mail=len(mails.counts()),
        mail_lost=lost["email"],
        mail_doubled=doubled["email"],
        robot=len(robots.counts()),
        robot_lost=lost["dingtalk"],
        robot_doubled=doubled["dingtalk"],
        most_for_one=max([*mails.counts().values(), *robots.counts().values()], default=0),
        seconds=round(seconds, 1),
    )


def _lost(channel: str, counts: Counter[str]) -> int:
    """Messages whose id never came: the id is made of the delivery, so none can stand in for another."""
    came = {message_id.partition("-")[0] for message_id in counts}
    return sum(str(pk) not in came for pk in Delivery.objects.filter(channel=channel).values_list("pk", flat=True)) + (
        Message.objects.count() - Delivery.objects.filter(channel=channel).count()
    )


def figures(outcome: Outcome) -> Mapping[str, object]:
    return asdict(outcome) | {"is_good": outcome.is_good}
