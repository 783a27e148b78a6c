"""The minutes of a meeting: numbered versions with their conclusions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from units.models import Source, Unit
from units.models.naming import in_reader_language

from .meetings import AgendaItem, Meeting


class Minutes(models.Model):
    """One version of a meeting's minutes; frozen when issued, a change after that is a new version."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes", verbose_name=_("meeting"))
    number = models.CharField(_("number"), max_length=30)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("issued by")
    )
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["meeting", "version"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "version"], name="minutes_version_once"),
            models.UniqueConstraint(fields=["number", "version"], name="minutes_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.version})"

    @property
    def is_frozen(self) -> bool:
        return self.issued_at is not None


class MinutesItem(models.Model):
    """What was concluded on an agenda item, who is responsible, and by when."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="items", verbose_name=_("minutes"))
    order = models.PositiveSmallIntegerField(_("order"))
    agenda_item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="minutes_items", verbose_name=_("agenda item")
    )
    conclusion_en = models.TextField(_("conclusion in English"), blank=True, max_length=2000)
    conclusion_zh = models.TextField(_("conclusion in Chinese"), blank=True, max_length=1000)
    responsible = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="minutes_items", verbose_name=_("responsible unit")
    )
    due_on = models.DateField(_("time limit"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("item of the minutes")
        verbose_name_plural = _("items of the minutes")
        ordering = ["minutes", "order"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "order"], name="minutes_item_order_once"),
            models.CheckConstraint(
                condition=~Q(conclusion_en="") | ~Q(conclusion_zh=""), name="minutes_item_has_conclusion"
            ),
        ]

    def __str__(self) -> str:
        return self.conclusion

    @property
    def conclusion(self) -> str:
        return in_reader_language(self.conclusion_en, self.conclusion_zh)
