"""The office's own changes to the working-day calendar, and the business clock."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from units.models import Source


class CalendarDay(models.Model):
    """A day that the office declares a working day or a day off, whatever the Chinese calendar says."""

    on = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("working day"))
    note = models.CharField(_("note"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["on"]

    def __str__(self) -> str:
        return str(self.on)


class BusinessClock(models.Model):
    """The one row that makes the business clock differ from real time: at `set_at` it stood at `stands_at`.

    It ticks on from there, the same in every process and after a restart. No row: the clock is real time.
    """

    set_at = models.DateTimeField(_("set at, real time"))
    stands_at = models.DateTimeField(_("stood at"))

    class Meta:
        verbose_name = _("business clock")
        verbose_name_plural = _("business clock")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="business_clock_is_one")]

    def __str__(self) -> str:
        return str(self.stands_at)
