"""Messages and their deliveries in the administration: to look at, never to write."""

from django.contrib import admin

from units.admin.recorded import ViewedAdmin, ViewedRows
from units.models import Delivery, Message


class DeliveryRows(ViewedRows):
    model = Delivery


@admin.register(Message)
class MessageAdmin(ViewedAdmin):
    list_display = ["created_at", "kind", "subject", "recipient", "day", "read_at"]
    list_filter = ["kind", ("read_at", admin.EmptyFieldListFilter)]
    list_select_related = ["recipient"]
    search_fields = ["kind", "subject", "recipient__username", "recipient__name", "recipient__name_zh"]
    date_hierarchy = "created_at"
    inlines = [DeliveryRows]


@admin.register(Delivery)
class DeliveryAdmin(ViewedAdmin):
    list_display = ["message", "channel", "status", "attempts", "next_attempt_at", "sent_at", "error"]
    list_filter = ["status", "channel"]
    list_select_related = ["message__recipient"]
    search_fields = ["message__kind", "message__subject", "message__recipient__username", "error"]
    date_hierarchy = "next_attempt_at"
