"""Forms about people: their details and roles, stand-ins, one's own profile, the list's filter, a file to import."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from units.forms.fields import AddressField, DayField, NameField, PhoneField
from units.models import Membership, Role, Unit, User
from units.permissions import Capacities, can_grant
from units.queries.people import State, Wanted, replaceable, stand_in_candidates, units_to_choose

PICK = {"invalid_choice": _("Choose one from the list."), "required": _("Choose one from the list.")}
USERNAME_SIGNS = _("Use letters, digits and the signs @ . + - _ only, without spaces.")


class NamesForm(forms.Form):
    """A name in English, in Chinese, or in both."""

    name = NameField(
        label=_("Name in English"), max_length=80, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    name_zh = NameField(
        label=_("Name in Chinese"), max_length=40, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not {"name", "name_zh"} & self.errors.keys() and not cleaned.get("name") and not cleaned.get("name_zh"):
            self.add_error("name", _("Give a name, in English or in Chinese."))
        return cleaned


class PersonForm(NamesForm):
    """What is known of somebody."""

    username = UsernameField(
        label=_("Username"),
        max_length=60,
        validators=[UnicodeUsernameValidator(message=USERNAME_SIGNS)],
        help_text=_("What the person signs in with."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Enter a username.")},
    )
    email = AddressField(
        label=_("Email address"),
        max_length=254,
        help_text=_("The invitation and all reminders go there."),
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={
            "required": _("Enter the email address: the invitation goes there."),
            "invalid": _("This is no email address. It looks like name@example.org."),
        },
    )
    phone = PhoneField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"type": "tel", "class": "form-control", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=User.Language, required=False, help_text=_("Of the pages and of the mails.")
    )


class RoleForm(forms.Form):
    """A role in a unit, with its days. Only roles that the person may give can be chosen."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Unit"), empty_label=_("Choose…"), error_messages=PICK)
    role = forms.ChoiceField(label=_("Role"), error_messages=PICK)
    starts_on = DayField(label=_("First day"), required=False)
    ends_on = DayField(label=_("Last day"), required=False)

    def __init__(self, *args: Any, actor: Capacities, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_to_choose()  # type: ignore[attr-defined]
        granted = [(role.value, role.label) for role in Role if can_grant(actor, role)]
        self.fields["role"].choices = [("", _("Choose…")), *granted]  # type: ignore[attr-defined]


class FirstRoleForm(RoleForm):
    """The role of a new person; it may be given later."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("unit", "role"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        has_days = bool(cleaned.get("starts_on") or cleaned.get("ends_on"))
        for name, other in (("unit", "role"), ("role", "unit")):
            if not cleaned.get(name) and name not in self.errors and (cleaned.get(other) or has_days):
                self.add_error(name, _("Choose one from the list, or leave unit, role and days empty."))
        return cleaned


class DatesForm(forms.Form):
    """The first and the last day of a role."""

    starts_on = DayField(label=_("First day"), required=False)
    ends_on = DayField(label=_("Last day"), required=False)


class StandInForm(forms.Form):
    """Who is away from which role, who acts instead, and in which days."""

    absent = forms.ModelChoiceField(
        Membership.objects.none(), label=_("Who is away"), empty_label=_("Choose…"), error_messages=PICK
    )
    stand_in = forms.ModelChoiceField(
        User.objects.none(), label=_("Who stands in"), empty_label=_("Choose…"), error_messages=PICK
    )
    starts_on = DayField(label=_("First day"), error_messages={"required": _("Enter the first day.")})
    ends_on = DayField(
        label=_("Last day"),
        help_text=_("The stand-in ends by itself after this day."),
        error_messages={"required": _("Enter the last day.")},
    )

    def __init__(self, *args: Any, actor: Capacities, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        away, instead = self.fields["absent"], self.fields["stand_in"]
        away.queryset, away.label_from_instance = replaceable(actor, today), _held  # type: ignore[attr-defined]
        instead.queryset, instead.label_from_instance = stand_in_candidates(actor, None), _who  # type: ignore[attr-defined]


class ProfileForm(NamesForm):
    """What everybody may change of themselves."""

    name = NameField(
        label=_("Name in English"), max_length=80, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    name_zh = NameField(
        label=_("Name in Chinese"), max_length=40, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = AddressField(
        label=_("Email address"),
        max_length=254,
        help_text=_("Reminders go there, and the link for a forgotten password."),
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": _("Enter your email address: reminders go there."),
            "invalid": _("This is no email address. It looks like name@example.org."),
        },
    )
    phone = PhoneField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"type": "tel", "class": "form-control", "autocomplete": "tel"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=User.Language, required=False)
    theme = forms.ChoiceField(label=_("Colours"), choices=User.Theme, error_messages=PICK)
    mail_pace = forms.ChoiceField(label=_("Mail comes"), choices=User.MailPace, error_messages=PICK)
    has_shortcuts = forms.BooleanField(
        label=_("Single-letter keys"),
        required=False,
        help_text=_("For example N for the next report. Switch them off if they get in the way."),
    )


class PeopleFilter(forms.Form):
    """What the list of people is narrowed to."""

    q = NameField(
        label=_("Name, username or email"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        empty_label=_("all"),
        required=False,
        to_field_name="code",
        error_messages=PICK,
    )
    role = forms.ChoiceField(label=_("Role"), required=False, error_messages=PICK)
    state = forms.ChoiceField(label=_("Account"), required=False, error_messages=PICK)

    STATES = {
        "": _("not deactivated"),
        State.ACTIVE: _("in use"),
        State.INVITED: _("invited"),
        State.NOT_INVITED: _("no invitation sent"),
        State.DEACTIVATED: _("deactivated"),
        "all": _("all"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.all()  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", _("all")), *Role.choices]  # type: ignore[attr-defined]
        self.fields["state"].choices = list(self.STATES.items())  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What can be made of what was asked; a part that makes no sense narrows nothing."""
        self.is_valid()
        asked = self.cleaned_data
        return Wanted(
            words=asked.get("q", ""),
            unit=asked.get("unit"),
            role=asked.get("role", ""),
            state=asked.get("state", ""),
        )


class ImportForm(forms.Form):
    """A file with a table of people."""

    file = forms.FileField(
        label=_("CSV or Excel file"),
        allow_empty_file=False,
        widget=forms.FileInput({"accept": ".csv,.xlsx,.txt"}),
        help_text=_("Up to 1,000 rows and 1 MB. Of a workbook, the first sheet is read."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Fill the template and choose it."),
            "missing": _("Choose a file."),
        },
    )


def _held(membership: Membership) -> str:
    return f"{membership.unit.name} · {membership.get_role_display()} · {_who(membership.user)}"


def _who(person: User) -> str:
    return f"{person.display_name} ({person.username})"
