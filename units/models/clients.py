"""Client systems: the tokens they call with, and the addresses that are told of changes."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .changes import Change
from .outbox import OutboxQuerySet, Sending
from .people import User
from .units import Unit


class ApiToken(models.Model):
    """A client system's key. Only its SHA-256 digest is kept; the token itself is shown once, when it is made."""

    client = models.CharField(_("client"), max_length=80)
    account = models.OneToOneField(
        User, models.PROTECT, related_name="token", editable=False, verbose_name=_("account that it acts as")
    )
    digest = models.CharField(_("SHA-256 digest"), max_length=64, unique=True, editable=False)
    hint = models.CharField(_("first characters"), max_length=8, editable=False)
    can_read = models.BooleanField(_("may read"), default=True)
    can_report = models.BooleanField(_("may report"), default=False)
    can_manage = models.BooleanField(_("may manage"), default=False)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="tokens", verbose_name=_("only for unit")
    )
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, verbose_name=_("made by"))
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["client", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(can_read=True) | Q(can_report=True) | Q(can_manage=True), name="token_has_a_scope"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client} ({self.hint}…)"


class IdempotencyKey(models.Model):
    """A request that a client marked as one that must not be done twice, with the answer it got.

    `digest` is over verb, address and body. The row is written in the transaction of what was done.
    """

    account = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("account"))
    key = models.CharField(_("key"), max_length=200)
    digest = models.CharField(_("SHA-256 digest"), max_length=64)
    status = models.PositiveSmallIntegerField(pgettext_lazy("of a server", "answer"), null=True)
    headers = models.JSONField(_("headers"), default=dict)
    body = models.BinaryField(_("body"), default=b"")
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]

    def __str__(self) -> str:
        return self.key


class Webhook(models.Model):
    """A subscription of a client system. Address and secret are never shown whole and never logged."""

    client = models.CharField(_("client"), max_length=80)
    address = models.URLField(_("address"), max_length=500)
    secret = models.CharField(_("secret"), max_length=120)
    events = models.JSONField(_("events"), default=list)
    is_active = models.BooleanField(_("active"), default=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, verbose_name=_("made by"))
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["client", "id"]
        constraints = [
            models.UniqueConstraint(fields=["client", "address"], name="webhook_address_once"),
            models.CheckConstraint(
                condition=Q(address__startswith="https://") | Q(address__startswith="http://"),
                name="webhook_address_is_http",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="webhook_version_from_one"),
        ]
        indexes = [models.Index(fields=["updated_at"], name="webhook_changed")]

    def __str__(self) -> str:
        return self.client


class WebhookDelivery(models.Model):
    """One change on its way to one webhook, as one event; times are real time.

    `message_id` stays the same for every attempt, so that the receiver can drop a double.
    """

    Status = Sending

    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="deliveries", verbose_name=_("webhook"))
    change = models.ForeignKey(Change, models.PROTECT, related_name="deliveries", verbose_name=_("change"))
    message_id = models.UUIDField(_("message id"), default=uuid4, unique=True, editable=False)
    event = models.CharField(_("event"), max_length=60)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"))
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    response_status = models.PositiveSmallIntegerField(pgettext_lazy("of a server", "answer"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "change"], name="webhook_change_once"),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | (~Q(status="sent") & Q(sent_at=None)),
                name="webhook_sent_has_time",
            ),
        ]
        indexes = [models.Index(fields=["status", "next_attempt_at"], name="webhook_delivery_due")]

    def __str__(self) -> str:
        return f"{self.event} → {self.webhook}"
