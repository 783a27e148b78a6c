"""What the product costs over the least that the same answer could cost, one file for each benchmark.

Floor and subject take turns in one run, so that a slow moment of the machine meets both; the ratio of their medians is
what counts, seconds are told beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign
from jiaxing.loading.scale import Scale
from units.permissions import Capacities


@dataclass(frozen=True, slots=True)
class Stage:
    """What the benchmarks play on: the large campaign, a client system of the whole city, the office in a browser."""

    scale: Scale
    campaign: Campaign
    system: Client
    office: Client
    office_person: Capacities


@dataclass(frozen=True, slots=True)
class Benchmark:
    """`floor` is the least, by hand; `subject` is what people get. Both leave everything as it was."""

    name: str
    floor: Callable[[], Any]
    subject: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians in seconds, and how many SQL statements the subject makes."""

    name: str
    floor: float
    subject: float
    queries: int

    @property
    def ratio(self) -> float:
        return self.subject / self.floor


def measure(benchmarks: Sequence[Benchmark], *, repetitions: int) -> list[Measured]:
    """Each once to warm up, with its statements counted, then all in turn."""
    queries = [_queries(one) for one in benchmarks]
    times: list[tuple[list[float], list[float]]] = [([], []) for _one in benchmarks]
    for _time in range(repetitions):
        for one, (floors, subjects) in zip(benchmarks, times, strict=True):
            floors.append(_seconds(one.floor))
            subjects.append(_seconds(one.subject))
    return [
        Measured(one.name, median(floors), median(subjects), count)
        for one, (floors, subjects), count in zip(benchmarks, times, queries, strict=True)
    ]


def _queries(one: Benchmark) -> int:
    one.floor()
    one.subject()
    with CaptureQueriesContext(connection) as captured:
        one.subject()
    return len(captured)


def _seconds(run: Callable[[], Any]) -> float:
    began = perf_counter()
    run()
    return perf_counter() - began


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows_of(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The answer to a statement, as the driver gives it."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def must_answer(answer: Any) -> bytes:
    """What came back, whole, also where it is streamed."""
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code} {answer.content[:500]!r}")
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
