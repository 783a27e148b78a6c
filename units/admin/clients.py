"""Client systems in the administration: tokens that are shown once, webhooks whose address and secret never are."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from units.admin.recorded import RecordedAdmin, ViewedAdmin, person_of
from units.admin.recorded_forms import RecordedForm, describe_constraints
from units.admin.steps import ask_then_take
from units.domain.signatures import new_secret
from units.models import ApiToken, IdempotencyKey, Webhook, WebhookDelivery
from units.operations.tokens import Scope, create_token, revoke_token
from units.operations.webhooks import redeliver
from units.queries.webhooks import event_names, wrong_with_webhook
from units.refusals import Refusal

describe_constraints(
    {
        "token_has_a_scope": _("Choose at least one thing that the token may do."),
        "webhook_address_is_http": _("The address begins with https:// or http://."),
    }
)


class TokenForm(RecordedForm):
    class Meta:
        model = ApiToken
        fields = ["client", "can_read", "can_report", "can_manage", "unit", "expires_at"]

    def clean_expires_at(self) -> datetime | None:
        expires_at = self.cleaned_data["expires_at"]
        if expires_at is not None and expires_at <= timezone.now():
            self.add_error("expires_at", _("The token would have expired already. Choose a later time."))
        return expires_at

    @property
    def scopes(self) -> list[str]:
        return [scope for scope in Scope if self.cleaned_data[f"can_{scope}"]]


@admin.register(ApiToken)
class ApiTokenAdmin(RecordedAdmin):
    """A token is made and revoked, never changed: whoever holds it knows what it was made for."""

    form = TokenForm
    list_display = [
        "client",
        "hint",
        "can_read",
        "can_report",
        "can_manage",
        "unit",
        "expires_at",
        "last_used_at",
        "revoked_at",
    ]
    list_filter = ["can_read", "can_report", "can_manage", ("revoked_at", admin.EmptyFieldListFilter), "unit"]
    list_select_related = ["unit", "created_by"]
    search_fields = ["client", "hint", "unit__code", "unit__name_en", "unit__name_zh"]
    autocomplete_fields = ["unit"]
    date_hierarchy = "created_at"
    hidden_fields = ["digest"]
    actions = ["revoke"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fields(request, obj) if obj else TokenForm.Meta.fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        given = form.cleaned_data
        row, obj.secret_shown_once = create_token(
            client=given["client"],
            scopes=form.scopes,
            unit=given["unit"],
            expires_at=given["expires_at"],
            actor=person_of(request),
        )
        obj.pk, obj.hint = row.pk, row.hint

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The operation has recorded it."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        response = TemplateResponse(
            request,
            "admin/units/apitoken/made.html",
            {
                **self.admin_site.each_context(request),
                "title": _("The new token"),
                "opts": self.opts,
                "token": obj,
                "secret": obj.secret_shown_once,
            },
        )
        response["Cache-Control"] = "no-store"
        return response

    @admin.action(description=_("Revoke"), permissions=["operate"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> HttpResponse | None:
        return ask_then_take(
            self,
            request,
            queryset,
            action="revoke",
            title=_("Revoke"),
            question=_("Systems that call with these tokens are refused from now on, for good."),
            step=lambda token, _answer: revoke_token(token=token, actor=person_of(request)),
            done=lambda count: ngettext("%d token revoked.", "%d tokens revoked.", count) % count,
        )


class WebhookForm(RecordedForm):
    """Address and secret go in and never come out: an empty box keeps what is there."""

    HIDDEN = ("address", "secret")
    events = forms.MultipleChoiceField(
        label=_("events"), choices=[(name, name) for name in event_names()], widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.HIDDEN:
            if name not in self.fields:
                continue
            self.initial[name] = ""
            self.fields[name].widget.attrs["autocomplete"] = "off"
            if self.instance.pk:
                self.fields[name].required = False
                self.fields[name].help_text = _("Never shown. Leave it empty to keep the one that is there.")
        if "secret" in self.fields and not self.instance.pk:
            self.fields["secret"].required = False
            self.fields["secret"].help_text = _("Leave it empty, and one is made and shown once.")

    def clean_address(self) -> str:
        return self.cleaned_data["address"] or self.instance.address

    def clean_secret(self) -> str:
        return self.cleaned_data["secret"] or self.instance.secret or new_secret()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = {name: self.cleaned_data.get(name) for name in ("address", "secret", "events")}
        for name, told in wrong_with_webhook(Webhook(**given)).items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, told)
        return cleaned


@admin.register(Webhook)
class WebhookAdmin(RecordedAdmin):
    form = WebhookForm
    list_display = ["client", "host", "events", "is_active", "created_at"]
    list_filter = ["is_active"]
    list_select_related = ["created_by"]
    search_fields = ["client"]
    date_hierarchy = "created_at"
    readonly_fields = ["host", "created_at"]
    fields = ["client", "host", "address", "secret", "events", "is_active", "created_by", "created_at"]

    @admin.display(description=_("host"))
    def host(self, webhook: Any) -> str:
        """Enough to recognise it; the rest of the address is a secret."""
        parts = urlsplit(webhook.address)
        return f"{parts.scheme}://{parts.hostname}/…" if parts.hostname else "–"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its deliveries stay; it is switched off instead."""
        return False

    def fill(self, request: HttpRequest, row: Any, change: bool) -> None:
        if not change:
            row.created_by = request.user

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if request.POST.get("secret"):
            return super().response_add(request, obj, post_url_continue)
        response = TemplateResponse(
            request,
            "admin/units/webhook/made.html",
            {
                **self.admin_site.each_context(request),
                "title": _("The secret of the new webhook"),
                "opts": self.opts,
                "webhook": obj,
                "secret": obj.secret,
            },
        )
        response["Cache-Control"] = "no-store"
        return response


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ViewedAdmin):
    list_display = ["created_at", "account", "key", "status"]
    list_filter = ["status"]
    list_select_related = ["account"]
    search_fields = ["key", "account__username"]
    date_hierarchy = "created_at"
    hidden_fields = ["headers", "body"]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ViewedAdmin):
    list_display = ["created_at", "webhook", "event", "status", "attempts", "response_status", "error", "sent_at"]
    list_filter = ["status", "event", "webhook"]
    list_select_related = ["webhook", "change"]
    search_fields = ["message_id", "event", "webhook__client", "error"]
    date_hierarchy = "created_at"
    actions = ["send_again"]

    @admin.action(description=_("Send again"), permissions=["operate"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        try:
            count = redeliver(delivery_ids=ids, actor=person_of(request), now=timezone.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return
        messages.info(request, ngettext("%d delivery taken up again.", "%d deliveries taken up again.", count) % count)
