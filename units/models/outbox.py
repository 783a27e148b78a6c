"""What everything that is sent out has in common: it waits, is leased by one worker, and is sent or given up."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Sending(models.TextChoices):
    """How far something is on its way out."""

    PENDING = "pending", _("pending")
    SENT = "sent", _("sent")
    DEAD = "dead", _("given up")


class OutboxQuerySet(models.QuerySet):
    """Rows with `status`, `attempts`, `next_attempt_at`, `lease_until`, `sent_at` and `error`."""

    def due(self, now: datetime) -> OutboxQuerySet:
        """Waiting rows whose time has come and which nobody holds."""
        return self.filter(
            Q(lease_until=None) | Q(lease_until__lt=now), status=Sending.PENDING, next_attempt_at__lte=now
        )
