"""The record of changes: every operation leaves one `Change` with the rows that it touched."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .clients import ApiToken
from .people import User


class Change(models.Model):
    """Who did what, when and why. Rows are only ever added; times are real time."""

    at = models.DateTimeField(_("at"), auto_now_add=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="changes", verbose_name=_("person"))
    on_behalf_of = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="changes_on_behalf", verbose_name=_("on behalf of")
    )
    token = models.ForeignKey(ApiToken, models.PROTECT, null=True, verbose_name=_("API token"))
    verb = models.CharField(_("verb"), max_length=40)
    reason = models.TextField(_("reason"), blank=True)
    request = models.CharField(_("request"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(verb=""), name="change_has_verb")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class ChangeItem(models.Model):
    """One row that a change touched: `object_type` is `app.model`, `before` and `after` hold the changed fields."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="items", verbose_name=_("change"))
    object_type = models.CharField(_("kind of object"), max_length=60)
    object_id = models.CharField(_("id"), max_length=40)
    label = models.CharField(_("object"), max_length=200)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        verbose_name = _("changed row")
        verbose_name_plural = _("changed rows")
        ordering = ["id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="change_item_object")]

    def __str__(self) -> str:
        return self.label
