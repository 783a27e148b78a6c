"""The project's own background job: saying that a worker is alive, and that the way from the beat to it is open."""

from celery import shared_task

from jiaxing.signs import WORKER, show_life


@shared_task(name="jiaxing.worker_seen")
def worker_seen() -> None:
    """Beat asked for this and a worker does it, so a fresh row shows that the whole way works."""
    show_life(WORKER)
