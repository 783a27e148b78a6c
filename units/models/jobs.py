"""Tables that somebody uploaded and looks at, and long work that runs in the background. Times here are real time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .people import User


class Upload(models.Model):
    """The rows of an uploaded or pasted table, kept between its preview and its confirmation; nothing else is."""

    kind = models.CharField(_("kind"), max_length=40)
    owner = models.ForeignKey(User, models.CASCADE, related_name="uploads", verbose_name=_("person"))
    name = models.CharField(_("file name"), max_length=150, blank=True)
    params = models.JSONField(_("particulars"), default=dict)
    grid = models.JSONField(_("rows"))
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("kept until"))
    written_at = models.DateTimeField(_("written at"), null=True, blank=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-id"]
        indexes = [models.Index(fields=["expires_at"], name="upload_expiry")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


def result_path(job: Any, filename: str) -> str:
    """Where a finished file is kept: by the job's id, so that no name a person typed reaches the file system."""
    return f"jobs/{job.pk}/{filename}"


class JobQuerySet(models.QuerySet):
    def due(self, now: datetime) -> JobQuerySet:
        """Work that waits, or whose worker has died: nobody holds it."""
        return self.filter(
            Q(lease_until=None) | Q(lease_until__lt=now), state__in=[Job.State.WAITING, Job.State.RUNNING]
        )


class Job(models.Model):
    """A long import or export. A worker leases it, counts what is done, and leaves a file or a sentence."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    owner = models.ForeignKey(User, models.CASCADE, related_name="jobs", verbose_name=_("person"))
    params = models.JSONField(_("particulars"), default=dict)
    language = models.CharField(_("language"), max_length=10, default="en")
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    file = models.FileField(_("file"), upload_to=result_path, max_length=200, blank=True)
    file_name = models.CharField(_("file name"), max_length=150, blank=True)
    told = models.TextField(_("result"), blank=True)
    error = models.TextField(_("error"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="job_done_within_total"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed"], finished_at__isnull=False)
                | Q(state__in=["waiting", "running"], finished_at=None),
                name="job_finished_has_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="job_due")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0
