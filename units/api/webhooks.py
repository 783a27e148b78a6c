"""Webhooks: which system is told of what, and how that went. Addresses and secrets go in and never come out again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import django_filters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from units.api.filters import ApiFilterSet, BooleanFilter, WordFilter
from units.api.routers import ID
from units.api.scopes import Scope
from units.api.serializers import ApiSerializer, Nothing, TextField, WordField
from units.api.viewsets import NOT_YOURS, ApiViewSet, ReadViewSet, WriteViewSet
from units.domain.signatures import new_secret
from units.models import ApiToken, Sending, Webhook, WebhookDelivery
from units.operations.webhooks import add_webhook, redeliver
from units.permissions import can_manage_webhooks
from units.queries.webhooks import event_names, wrong_with_webhook

WEBHOOK = r"webhooks/(?P<webhook>[0-9]{1,18})"
EVENT_CHOICES = [(name, name) for name in event_names()]


class ManagesWebhooks(ApiViewSet):
    """Reading and writing alike ask for `manage`; and for `read`, since a webhook tells what reading would."""

    scope = Scope.MANAGE

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if not self.action:
            return
        if isinstance(request.auth, ApiToken) and not request.auth.can_read:
            raise PermissionDenied(_("This token lacks the scope “%(scope)s”.") % {"scope": Scope.READ})
        if not can_manage_webhooks(self.person):
            raise PermissionDenied(NOT_YOURS)


# --- subscriptions ----------------------------------------------------------------------------------------------------


class WebhookSerializer(ApiSerializer):
    address = TextField(
        write_only=True,
        max_length=500,
        help_text=_("Where to post to: https:// or http://, outside the network. Never shown again."),
    )
    host = serializers.SerializerMethodField(help_text=_("Enough of the address to recognise it."))
    secret = TextField(
        write_only=True,
        required=False,
        max_length=120,
        help_text=_("“whsec_” and 24 to 64 random bytes in Base64; left out, one is made. Never shown again."),
    )
    events = serializers.ListField(child=WordField(choices=EVENT_CHOICES), min_length=1, max_length=len(EVENT_CHOICES))

    class Meta:
        model = Webhook
        fields = (
            "id",
            "client",
            "address",
            "host",
            "secret",
            "events",
            "is_active",
            "created_at",
            "version",
            "updated_at",
        )
        read_only_fields = ("created_at",)
        example = {
            "id": 3,
            "client": "City dashboard",
            "address": "https://hooks.example.cn/tracker/5f1d",
            "host": "https://hooks.example.cn/…",
            "events": ["period.published", "report.approved"],
            "is_active": True,
            "created_at": "2022-09-03T09:00:00+08:00",
            "version": 1,
            "updated_at": "2022-09-03T09:00:00+08:00",
        }

    def get_host(self, webhook: Webhook) -> str:
        parts = urlsplit(webhook.address)
        return f"{parts.scheme}://{parts.hostname}/…"


class WebhookMadeSerializer(WebhookSerializer):
    """A new webhook, with the secret that was made for it: this once."""

    secret = TextField(read_only=True, allow_null=True, help_text=_("Null where you gave one."))

    class Meta(WebhookSerializer.Meta):
        example = {**WebhookSerializer.Meta.example, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}


class WebhookFilters(ApiFilterSet):
    client = django_filters.CharFilter()
    is_active = BooleanFilter()

    class Meta:
        model = Webhook
        fields = ("client", "is_active")


class WebhookViewSet(ManagesWebhooks, WriteViewSet):
    """Subscriptions of client systems: each is told of the events that it names, signed as Standard Webhooks says.

    One that was told something is switched off with `is_active`, not deleted: what it was told stays on record.
    """

    queryset = Webhook.objects.all()
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilters
    ordering = ("client", "id")
    ordering_fields = ("client", "created_at", "updated_at")
    csv_columns = [name for name in WebhookSerializer.Meta.fields if name not in ("address", "secret")]
    is_for_all = True  # of those who come this far
    may_write = can_manage_webhooks
    rules = wrong_with_webhook

    @extend_schema(responses={201: WebhookMadeSerializer})
    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = self.given(WebhookSerializer)
        secret = given.pop("secret", None)
        made = secret or new_secret()
        row = self.shown(add_webhook(actor=self.actor, secret=made, **given).pk)
        answer = self.answer(row, status.HTTP_201_CREATED, {"Location": self.address_of(row)})
        answer.data = {**answer.data, "secret": None if secret else made}
        answer["Cache-Control"] = "no-store"
        return answer


# --- deliveries -------------------------------------------------------------------------------------------------------


class WebhookDeliverySerializer(ApiSerializer):
    sequence = serializers.IntegerField(source="change.sequence", read_only=True, help_text=_("Of the change."))
    status = WordField(choices=Sending.choices, read_only=True)

    class Meta:
        model = WebhookDelivery
        fields = (
            "id",
            "message_id",
            "event",
            "sequence",
            "status",
            "attempts",
            "next_attempt_at",
            "response_status",
            "error",
            "created_at",
            "sent_at",
        )
        read_only_fields = fields
        example = {
            "id": 120,
            "message_id": "7f9c24e5-2f0a-4d0e-9d6b-0f4b3f0c8f11",
            "event": "report.approved",
            "sequence": 4711,
            "status": "pending",
            "attempts": 2,
            "next_attempt_at": "2022-09-03T09:06:00+08:00",
            "response_status": 500,
            "error": "answer 500",
            "created_at": "2022-09-03T09:00:00+08:00",
            "sent_at": None,
        }


class WebhookDeliveryFilters(ApiFilterSet):
    status = WordFilter(Sending)
    event = WordFilter(EVENT_CHOICES)

    class Meta:
        model = WebhookDelivery
        fields = ("status", "event")


class WebhookDeliveryViewSet(ManagesWebhooks, ReadViewSet):
    """What one webhook was told, or will be: status, attempts, and what came back."""

    queryset = WebhookDelivery.objects.select_related("change")
    serializer_class = WebhookDeliverySerializer
    filterset_class = WebhookDeliveryFilters
    parent_key = {"webhook": ("webhook", ID)}
    ordering = ("-id",)
    updated_field = ""
    is_for_all = True  # of those who come this far

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        if not Webhook.objects.filter(pk=self.kwargs["webhook"]).exists():
            raise Http404
        return rows.filter(webhook=self.kwargs["webhook"])

    def version_of(self, row: WebhookDelivery) -> int:
        return row.attempts

    @action(detail=True, methods=["post"])
    def redeliver(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sends it once more under the same message id, whether it was sent or given up."""
        row = self.get_object()
        self.given(Nothing)
        redeliver(delivery_ids=[row.pk], actor=self.actor, now=timezone.now())
        return self.answer(self.shown(row.pk))

    redeliver.body_class = Nothing  # type: ignore[attr-defined]  # the schema reads it
