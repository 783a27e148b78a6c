"""The record of changes: every operation leaves one `Change` with the rows that it touched.

A sealing job gives committed changes their place in a chain: a sequence without gaps, and a digest over all before.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .people import User

KEY_PATHS: dict[str, Mapping[str, str]] = {}
"""By kind of object the parts of its natural key, each with its path of the ORM."""


def describe_keys(paths: Mapping[str, Mapping[str, str]]) -> None:
    """Each app tells how its rows are named outside; `unit` is also the unit that the row is about."""
    KEY_PATHS.update(paths)


describe_keys({"units.unit": {"unit": "code"}, "units.rankinggroup": {"group": "code"}})


class Change(models.Model):
    """Who did what, when and why. Rows are only ever added; times are real time."""

    at = models.DateTimeField(_("at"), auto_now_add=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="changes", verbose_name=_("person"))
    on_behalf_of = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="changes_on_behalf", verbose_name=_("on behalf of")
    )
    token = models.ForeignKey("units.ApiToken", models.PROTECT, null=True, verbose_name=_("API token"))
    verb = models.CharField(_("verb"), max_length=40)
    reason = models.TextField(_("reason"), blank=True)
    request = models.CharField(_("request"), max_length=40, blank=True)
    sequence = models.PositiveBigIntegerField(_("sequence"), null=True, unique=True, editable=False)
    digest = models.CharField(_("SHA-256 digest"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(verb=""), name="change_has_verb"),
            models.CheckConstraint(
                condition=Q(sequence=None, digest="") | (Q(sequence__gte=1) & ~Q(digest="")),
                name="change_sealed_has_digest",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(sequence=None), name="change_unsealed")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class ChangeItem(models.Model):
    """One row that a change touched: `object_type` is `app.model`, `before` and `after` hold the changed fields.

    `key` is the row's natural key, `unit` the code of the unit it is about; empty where it has none.
    """

    change = models.ForeignKey(Change, models.PROTECT, related_name="items", verbose_name=_("change"))
    object_type = models.CharField(_("kind of object"), max_length=60)
    object_id = models.CharField(_("id"), max_length=40)
    label = models.CharField(_("object"), max_length=200)
    key = models.JSONField(_("natural key"), default=dict)
    unit = models.CharField(_("unit"), max_length=50, blank=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        verbose_name = _("changed row")
        verbose_name_plural = _("changed rows")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="change_item_object"),
            models.Index(fields=["unit", "change"], name="change_item_unit"),
        ]

    def __str__(self) -> str:
        return self.label


class ChainHead(models.Model):
    """The last link of the chain of changes. Its one row is what sealers queue for, and what a lost tail shows by."""

    sequence = models.PositiveBigIntegerField(_("sequence"), default=0)
    digest = models.CharField(_("SHA-256 digest"), max_length=64, blank=True)
    sealed_at = models.DateTimeField(_("sealed at"), null=True)

    class Meta:
        verbose_name = _("end of the chain of changes")
        verbose_name_plural = _("end of the chain of changes")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="chain_head_only_one")]

    def __str__(self) -> str:
        return str(self.sequence)
