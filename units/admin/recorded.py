"""The base of every page of the administration: who may do what there, and the record that each change leaves.

A change with its inline rows and many-to-many fields is one `units.Change`, in the transaction of the change itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from units.admin.recorded_forms import ConstraintForm, RecordedForm
from units.models import User
from units.operations.admin_changes import (
    added,
    changed,
    deleted,
    raise_version,
    stored_picture,
)
from units.operations.changes import Touched, record
from units.permissions import capacities
from units.refusals import Refusal

NOT_FITTING = gettext_lazy(
    "Nothing was saved: these values contradict rows that are there already. Look at them and try again."
)


class Access(IntEnum):
    """How far somebody gets with a model."""

    NOTHING = 0
    VIEW = 1
    CHANGE = 2


def now_of(request: HttpRequest) -> datetime:
    """The business instant of the request."""
    return getattr(request, "business_now", None) or timezone.now()


def today_of(request: HttpRequest) -> date:
    """The business day of the request, by which roles hold."""
    return timezone.localdate(now_of(request))


def person_of(request: HttpRequest) -> User:
    """Who acts; nobody comes here without having signed in."""
    return cast("User", request.user)


def page_of(row: models.Model) -> str:
    """The address of the row's page in the administration."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def link_to(row: models.Model | None) -> str:
    """The row's name, leading to its page."""
    return "" if row is None else format_html('<a href="{}">{}</a>', page_of(row), str(row))


def all_fields(opts: Any, *, left_out: Iterable[str], added: Iterable[Any]) -> list[str]:
    """The model's fields by name in their order, without its id, and what the page adds to them."""
    names = [one.name for one in (*opts.concrete_fields, *opts.many_to_many) if not one.primary_key]
    return [name for name in dict.fromkeys([*names, *added]) if name not in set(left_out)]


def computed_fields(opts: Any, shown: Iterable[str]) -> list[str]:
    """Those of the shown fields that nobody types: states, versions, computed figures, and where a row comes from."""
    fixed = {one.name for one in opts.concrete_fields if not one.editable} | {"source"}
    return [name for name in shown if name in fixed]


@dataclass
class Recording:
    """What one saving of a page has touched so far: the row before, and its inline rows."""

    before: dict[str, Any] | None
    parts: list[Touched] = field(default_factory=list)


def recording_of(request: HttpRequest) -> Recording:
    return vars(request)["recording"]


class RecordedAdmin(admin.ModelAdmin):
    """A page whose changes are recorded. Administrators may do everything, the office what `office_may` says; leaders
    look at what the office looks at.

    A subclass names fields that never change again in `fixed_once_made`, sets what a person does not type in `fill`,
    says in `is_frozen` which rows are final, and does what a change entails in `after_save` and `after_delete`.
    """

    form: type[ModelForm] = RecordedForm
    office_may = Access.NOTHING
    fixed_once_made: Sequence[str] = ()
    hidden_fields: Sequence[str] = ()
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 500
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    # --- who may ---

    def access(self, request: HttpRequest) -> Access:
        if not request.user.is_active:
            return Access.NOTHING
        if request.user.is_superuser:
            return Access.CHANGE
        person = capacities(request.user, today_of(request))
        if person.is_office:
            return self.office_may
        return min(self.office_may, Access.VIEW) if person.is_leader else Access.NOTHING

    def may_change(self, request: HttpRequest, row: models.Model | None) -> bool:
        return self.access(request) is Access.CHANGE and not (row is not None and self.is_frozen(row))

    def is_frozen(self, row: Any) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.access(request) >= Access.VIEW

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.access(request) >= Access.VIEW

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.access(request) is Access.CHANGE

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change(request, obj)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """For actions with `permissions=["operate"]`; the operation itself asks again whether this person may."""
        return self.access(request) is Access.CHANGE

    # --- what is shown ---

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; without the filters where one holds a NUL, which the database would not take."""
        if any("\x00" in value for _name, values in request.GET.lists() for value in values):
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        return super().changelist_view(request, extra_context)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        if isinstance(self.list_select_related, list | tuple) and self.list_select_related:
            rows = rows.select_related(*self.list_select_related)
        return rows

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All fields of the model in their order, unless the subclass chooses."""
        return self.fields or all_fields(self.opts, left_out=self.hidden_fields, added=self.readonly_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        computed = computed_fields(self.opts, flatten_fieldsets(self.get_fieldsets(request, obj)))
        fixed = self.fixed_once_made if obj is not None else ()
        return list(dict.fromkeys([*self.readonly_fields, *computed, *fixed]))

    # --- saving ---

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (IntegrityError, Refusal) as refusal:
            return self._refused(request, refusal)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except (IntegrityError, Refusal) as refusal:
            return self._refused(request, refusal)

    def _refused(self, request: HttpRequest, refusal: Exception) -> HttpResponse:
        messages.error(request, str(refusal) if isinstance(refusal, Refusal) else NOT_FITTING)
        return HttpResponseRedirect(request.get_full_path())

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, locked while it is being saved, so that its version is compared with the newest."""
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            with suppress(ValueError, ValidationError):
                list(self.opts.base_manager.select_for_update().filter(pk=object_id).order_by().values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        self.fill(request, obj, change)
        vars(request)["recording"] = Recording(before=stored_picture(obj) if change else None)
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Iterable[BaseInlineFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        row, recording = form.instance, recording_of(request)
        own = added(row) if recording.before is None else changed(row, recording.before)
        touched = [*([own] if own else []), *recording.parts]
        if not touched:
            return
        if change:
            raise_version(row)
        record(actor=person_of(request), verb="admin_change" if change else "admin_add", touched=touched)
        self.after_save(request, row, frozenset(own.after or ()) if own else frozenset())

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseInlineFormSet, change: bool) -> None:
        doomed = {one.instance.pk for one in formset.deleted_forms if one.instance.pk}
        kept = [one.instance for one in formset.initial_forms if one.has_changed() and one.instance.pk not in doomed]
        before = {row.pk: stored_picture(row) for row in kept}
        gone = deleted(one.instance for one in formset.deleted_forms if one.instance.pk)
        super().save_formset(request, form, formset, change)
        recording_of(request).parts += gone
        for row in formset.new_objects:
            recording_of(request).parts.append(added(row))
        for row, _names in formset.changed_objects:
            one = changed(row, before[row.pk])
            if one:
                raise_version(row)
                recording_of(request).parts.append(one)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record(actor=person_of(request), verb="admin_delete", touched=deleted([obj]))
        super().delete_model(request, obj)
        self.after_delete(request, [obj])

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        rows = list(queryset)
        record(actor=person_of(request), verb="admin_delete", touched=deleted(rows))
        super().delete_queryset(request, queryset)
        self.after_delete(request, rows)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple:
        """Parts go with their whole: they have no page of their own from which they could be deleted."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        parts = {str(inline.model._meta.verbose_name) for inline in self.inlines}
        return to_delete, counts, {name for name in lacking if str(name) not in parts}, protected

    def fill(self, request: HttpRequest, row: Any, change: bool) -> None:
        """Sets what the person does not type, before the row is saved."""

    def after_save(self, request: HttpRequest, row: Any, changed_fields: frozenset[str]) -> None:
        """Does what the change entails, in the same transaction."""

    def after_delete(self, request: HttpRequest, rows: Sequence[Any]) -> None:
        """Does what the deletion entails, in the same transaction."""


class ViewedAdmin(RecordedAdmin):
    """A page that only shows: what operations write is not typed here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PartAdmin(ViewedAdmin):
    """A list of parts, to be searched; they are changed on the page of the whole, which the last column leads to."""

    whole = ""

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_display(request), "whole_link"]

    @admin.display(description=gettext_lazy("change it in"))
    def whole_link(self, row: models.Model) -> str:
        return link_to(getattr(row, self.whole))


class RecordedPart(admin.options.InlineModelAdmin):
    """Rows that are part of another: whoever may change the whole may change them, unless `is_viewed`."""

    form: type[ModelForm] = ConstraintForm
    extra = 0
    is_viewed = False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All fields but the one that says which whole the part belongs to, unless the subclass chooses."""
        wholes = [one.name for one in self.opts.concrete_fields if one.related_model is self.parent_model]
        return self.fields or all_fields(self.opts, left_out=wholes, added=self.readonly_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        own = shown if self.is_viewed else computed_fields(self.opts, shown)
        return list(dict.fromkeys([*self.readonly_fields, *own]))

    @property
    def _whole(self) -> RecordedAdmin:
        return cast("RecordedAdmin", self.admin_site.get_model_admin(self.parent_model))

    def _may_change(self, request: HttpRequest, obj: Any) -> bool:
        if self.is_viewed:
            return False
        return self._whole.has_add_permission(request) if obj is None else self._whole.may_change(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._whole.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_change(request, obj)


class RecordedRows(RecordedPart, admin.TabularInline):
    """Parts as rows of a table."""


class RecordedStack(RecordedPart, admin.StackedInline):
    """Parts one under the other, for those with many fields."""


class ViewedRows(RecordedRows):
    """Parts that only show."""

    is_viewed = True


def sentence(text: str) -> str:
    """A refusal without words of its own still says something."""
    return text or gettext("You may not do this.")
