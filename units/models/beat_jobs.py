"""The jobs that the beat asks for: how each went last, and what it did of late. Times here are real time."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BeatJob(models.Model):
    """The newest run of a job, begun by whatever worker got it."""

    task = models.CharField(_("job"), max_length=60, unique=True)
    started_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    seconds = models.FloatField(_("seconds"), null=True, blank=True)
    counts = models.JSONField(_("what it did"), default=dict)
    error = models.CharField(_("error"), max_length=300, blank=True)
    failed_at = models.DateTimeField(_("failed last at"), null=True, blank=True)
    runs = models.PositiveBigIntegerField(_("runs"), default=0)
    failures = models.PositiveBigIntegerField(_("failures"), default=0)

    class Meta:
        verbose_name = _("job of the beat")
        verbose_name_plural = _("jobs of the beat")
        ordering = ["task"]

    def __str__(self) -> str:
        return self.task


class BeatRun(models.Model):
    """A run that did something, or failed; idle ones are not kept."""

    job = models.ForeignKey(BeatJob, models.CASCADE, related_name="history", verbose_name=_("job"))
    started_at = models.DateTimeField(_("begun at"))
    seconds = models.FloatField(_("seconds"))
    counts = models.JSONField(_("what it did"), default=dict)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("run of a job")
        verbose_name_plural = _("runs of jobs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["job", "-id"], name="beat_run_newest")]

    def __str__(self) -> str:
        return f"{self.job} {self.started_at:%Y-%m-%d %H:%M}"
