"""Messages to people: the inbox row, one delivery for each outside channel, and who wants to hear there.

The unique key (kind, subject, recipient, day) is what makes a reminder arrive once however often it is planned.
"""

from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .outbox import OutboxQuerySet, Sending
from .people import User


class Message(models.Model):
    """One message to one person. Its row is the inbox; its words are made when read, in the reader's language."""

    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("subject"), max_length=120, help_text=_("What it is about, as kind:key."))
    recipient = models.ForeignKey(User, models.CASCADE, related_name="messages", verbose_name=_("recipient"))
    day = models.DateField(_("business day"))
    params = models.JSONField(_("particulars"), default=dict)
    url = models.CharField(_("address of the page"), max_length=300)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "recipient", "day"], name="message_once"),
            models.CheckConstraint(condition=~Q(subject=""), name="message_has_subject"),
        ]
        indexes = [models.Index(fields=["recipient", "-created_at"], name="message_inbox")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} → {self.recipient}"


class Delivery(models.Model):
    """One message on one outside channel. A worker leases it, sends it, and marks it; times are real time.

    A robot speaks to a room, not to a person: of all messages of one kind, subject and day it tells once, and `room` is
    what makes that so. Its delivery hangs on the first of these messages.

    A digest takes all that is not urgent to one person on one working day: `digest` is what makes it one. It hangs on
    its first message, and its `lines` say which messages are in it.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", pgettext_lazy("channel", "email")
        DINGTALK = "dingtalk", _("DingTalk robot")
        WECOM = "wecom", _("WeCom robot")

    Status = Sending

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", verbose_name=_("message"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    room = models.CharField(_("told to a room"), max_length=180, blank=True, default="")
    digest = models.CharField(_("digest of a person and day"), max_length=40, blank=True, default="")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt at"))
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once_per_channel"),
            models.UniqueConstraint(fields=["channel", "room"], condition=~Q(room=""), name="delivery_once_per_room"),
            models.UniqueConstraint(
                fields=["channel", "digest"], condition=~Q(digest=""), name="delivery_once_per_digest"
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False) | (~Q(status="sent") & Q(sent_at=None)),
                name="delivery_sent_has_time",
            ),
        ]
        indexes = [models.Index(fields=["status", "next_attempt_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.message} ({self.channel})"


class DigestLine(models.Model):
    """A message that goes out in a digest; on each channel in one only."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="lines", verbose_name=_("delivery"))
    message = models.ForeignKey(Message, models.CASCADE, related_name="digest_lines", verbose_name=_("message"))
    channel = models.CharField(_("channel"), max_length=10, choices=Delivery.Channel)

    class Meta:
        verbose_name = _("line of a digest")
        verbose_name_plural = _("lines of digests")
        ordering = ["delivery", "message"]
        constraints = [models.UniqueConstraint(fields=["message", "channel"], name="digest_line_once_per_channel")]

    def __str__(self) -> str:
        return f"{self.message} ({self.channel})"


class SendingHours(models.Model):
    """The one row by which the office says when messages that are not urgent go out; real time, working days only."""

    begins = models.TimeField(_("from"), default=time(8))
    ends = models.TimeField(_("until"), default=time(20))
    makes_digests = models.BooleanField(
        _("one digest a day"), default=True, help_text=_("For all who did not ask for each message by itself.")
    )

    class Meta:
        verbose_name = _("hours of sending")
        verbose_name_plural = _("hours of sending")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="sending_hours_is_one"),
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")),
                name="sending_hours_in_order",
                violation_error_message=_("The end lies after the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}–{self.ends:%H:%M}"


class ChannelPace(models.Model):
    """How fast a channel may be used, shared by all workers: when it sent last, and until when it is left alone."""

    channel = models.CharField(_("channel"), max_length=10, unique=True)
    sent = models.JSONField(_("sent last"), default=list)
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True)

    class Meta:
        verbose_name = _("pace of a channel")
        verbose_name_plural = _("paces of channels")

    def __str__(self) -> str:
        return self.channel


class MessagePreference(models.Model):
    """Whether a person wants a kind of message on a channel; without a kind it is said of all that have no row of
    their own. No row means yes."""

    user = models.ForeignKey(User, models.CASCADE, related_name="message_preferences", verbose_name=_("person"))
    channel = models.CharField(_("channel"), max_length=10, choices=Delivery.Channel)
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    is_on = models.BooleanField(_("switched on"), default=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("message preference")
        verbose_name_plural = _("message preferences")
        ordering = ["user", "channel", "kind"]
        constraints = [models.UniqueConstraint(fields=["user", "channel", "kind"], name="message_preference_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.channel} {self.kind or '*'}: {'on' if self.is_on else 'off'}"
