"""People and their memberships in the administration. Nobody is deleted: an account is deactivated."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from units.admin.recorded import RecordedAdmin, RecordedRows, person_of, sentence, today_of
from units.admin.recorded_forms import ConstraintForm, RecordedForm, describe_constraints
from units.admin.steps import ask_then_take, take_each
from units.models import Membership, User
from units.operations import invitations, memberships, people
from units.operations.changes import Touched, record
from units.refusals import Refusal

describe_constraints({"membership_open_start_once": _("This person has this role without a first day already.")})


class MembershipForm(ConstraintForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        if all(given.get(name) for name in ("user", "unit", "role")) and not self.errors:
            others = Membership.objects.filter(user=given["user"], unit=given["unit"], role=given["role"])
            if others.filter(_overlapping(given["starts_on"], given["ends_on"])).exclude(pk=self.instance.pk).exists():
                self.add_error("starts_on", _("This person has this role in some of these days already."))
        return cleaned


def _overlapping(starts_on: date | None, ends_on: date | None) -> Q:
    begins = Q() if ends_on is None else Q(starts_on=None) | Q(starts_on__lte=ends_on)
    return begins if starts_on is None else begins & (Q(ends_on=None) | Q(ends_on__gte=starts_on))


class MembershipRows(RecordedRows):
    model = Membership
    form = MembershipForm
    fk_name = "user"
    fields = ["unit", "role", "starts_on", "ends_on", "stands_in_for"]
    autocomplete_fields = ["unit", "stands_in_for"]


class NewPersonForm(RecordedForm):
    """No password is typed for somebody else: the invitation carries a link to set one."""

    class Meta:
        model = User
        fields = ["username", "name", "name_zh", "email", "phone", "language"]

    def save(self, commit: bool = True) -> Any:
        self.instance.set_unusable_password()
        return super().save(commit)


class PersonForm(RecordedForm, UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User

    def clean_is_superuser(self) -> bool:
        stays = self.cleaned_data["is_superuser"]
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=self.instance.pk)
        if self.instance.is_superuser and not stays and not others.exists():
            self.add_error("is_superuser", _("This is the last administrator. Make another one first."))
        return stays


@admin.register(User)
class PersonAdmin(RecordedAdmin, UserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    list_display = ["username", "name", "name_zh", "email", "role_names", "is_active", "is_staff", "last_login"]
    list_display_links = ["username", "name"]
    list_filter = ["is_active", "is_superuser", "is_staff", "memberships__role", "is_demo", "source"]
    search_fields = ["username", "name", "name_zh", "email", "phone"]
    ordering = ["username"]
    filter_horizontal = []
    readonly_fields = ["is_active", "is_demo", "invited_at", "last_login", "date_joined"]
    inlines = [MembershipRows]
    actions = ["invite", "deactivate", "reactivate"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Who"), {"fields": ["name", "name_zh", "email", "phone"]}),
        (_("Choices"), {"fields": ["language", "theme", "mail_pace", "has_shortcuts"]}),
        (_("Account"), {"fields": ["is_active", "is_staff", "is_superuser", "is_demo", "source"]}),
        (_("Dates"), {"fields": ["invited_at", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "name", "name_zh", "email", "phone", "language"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """People alone: the accounts of client systems belong to their tokens."""
        return super().get_queryset(request).filter(is_service=False).prefetch_related("memberships__unit")

    @admin.display(description=_("roles"))
    def role_names(self, person: Any) -> str:
        return pgettext("between names", ", ").join(
            f"{one.get_role_display()} · {one.unit.short}" for one in person.memberships.all()
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """A new person first has a name; roles come on the next page."""
        return super().get_inline_instances(request, obj) if obj else []

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        with transaction.atomic():
            person = self.get_object(request, unquote(id))
            response = super().user_change_password(request, id, form_url)
            if person and User.objects.get(pk=person.pk).password != person.password:
                hidden = {"password": ""}
                record(actor=person_of(request), verb="admin_set_password", touched=[Touched(person, hidden, hidden)])
        return response

    @admin.action(description=_("Send the invitation by mail"), permissions=["operate"])
    def invite(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        def link(uid: str, token: str) -> str:
            return request.build_absolute_uri(reverse("accept_invitation", args=[uid, token]))

        chosen = list(queryset)
        try:
            reached = invitations.invite(
                people=chosen, link=link, actor=person_of(request), today=today_of(request), at=timezone.now()
            )
        except (Refusal, PermissionDenied) as refusal:
            messages.error(request, sentence(str(refusal)))
            return
        if reached:
            told = ngettext("%d invitation sent.", "%d invitations sent.", len(reached))
            messages.success(request, told % len(reached))
        for person in chosen[len(reached) :]:
            messages.error(request, _("%(name)s: the mail could not be sent. Try again later.") % {"name": person})

    @admin.action(description=_("Deactivate"), permissions=["operate"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        return ask_then_take(
            self,
            request,
            queryset,
            action="deactivate",
            title=_("Deactivate"),
            question=_("These people are signed out at once and can no longer sign in. What they did stays."),
            step=lambda person, _answer: people.deactivate(
                person=person, actor=person_of(request), today=today_of(request)
            ),
            done=lambda count: ngettext("%d account deactivated.", "%d accounts deactivated.", count) % count,
        )

    @admin.action(description=_("Activate again"), permissions=["operate"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        take_each(
            request,
            queryset,
            lambda person: people.reactivate(person=person, actor=person_of(request), today=today_of(request)),
            done=lambda count: ngettext("%d account is active again.", "%d accounts are active again.", count) % count,
        )


@admin.register(Membership)
class MembershipAdmin(RecordedAdmin):
    form = MembershipForm
    list_display = ["user", "role", "unit", "starts_on", "ends_on", "stands_in_for", "source"]
    list_filter = ["role", "unit__kind", "unit", "source"]
    list_select_related = ["user", "unit", "stands_in_for"]
    search_fields = ["user__username", "user__name", "user__name_zh", "unit__code", "unit__name_en", "unit__name_zh"]
    autocomplete_fields = ["user", "unit", "stands_in_for"]
    date_hierarchy = "starts_on"
    actions = ["end"]

    @admin.action(description=_("End at once"), permissions=["operate"])
    def end(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        take_each(
            request,
            queryset,
            lambda one: memberships.end_role(membership=one, actor=person_of(request), today=today_of(request)),
            done=lambda count: ngettext("%d membership ended.", "%d memberships ended.", count) % count,
        )
