"""Messages and their deliveries in the administration: to look at, and to send again what had been given up."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from units.admin.recorded import Access, RecordedAdmin, ViewedAdmin, ViewedRows, person_of
from units.models import ChannelPace, Delivery, DigestLine, Message, MessagePreference, SendingHours
from units.operations.deliveries import retry


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


@admin.register(DigestLine)
class DigestLineAdmin(ViewedAdmin):
    list_display = ["delivery", "message", "channel"]
    list_filter = ["channel"]
    list_select_related = ["delivery__message__recipient", "message__recipient"]
    search_fields = ["message__kind", "message__subject", "message__recipient__username"]


@admin.register(SendingHours)
class SendingHoursAdmin(RecordedAdmin):
    """One row; without it the hours of the settings hold."""

    list_display = ["__str__", "makes_digests"]
    office_may = Access.CHANGE

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not SendingHours.objects.exists()

    def fill(self, request: HttpRequest, row: SendingHours, change: bool) -> None:
        row.pk = 1


@admin.register(Delivery)
class DeliveryAdmin(ViewedAdmin):
    list_display = ["message", "channel", "status", "attempts", "next_attempt_at", "sent_at", "error"]
    list_filter = ["status", "channel"]
    list_select_related = ["message__recipient"]
    search_fields = ["message__kind", "message__subject", "message__recipient__username", "room", "error"]
    date_hierarchy = "next_attempt_at"
    actions = ["send_again"]

    @admin.action(description=_("Take up again what was given up"), permissions=["operate"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        count = retry(delivery_ids=ids, actor=person_of(request), now=timezone.now())
        messages.info(request, ngettext("%d delivery taken up again.", "%d deliveries taken up again.", count) % count)


@admin.register(MessagePreference)
class MessagePreferenceAdmin(ViewedAdmin):
    list_display = ["user", "channel", "kind", "is_on", "updated_at"]
    list_filter = ["channel", "is_on", "kind"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__name", "user__name_zh", "kind"]


@admin.register(ChannelPace)
class ChannelPaceAdmin(ViewedAdmin):
    list_display = ["channel", "rests_until"]
    search_fields = ["channel"]
