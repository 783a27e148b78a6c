"""The one table of the project package: when each background process was last seen at work."""

from django.db import models


class Heartbeat(models.Model):
    """A sign of life: the beat sends a task every minute, the worker that runs it writes the real time here."""

    name = models.CharField(max_length=40, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.seen_at:%Y-%m-%d %H:%M}"
