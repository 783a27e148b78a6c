"""Signing in, and passwords: chosen, changed, and set anew by a link in a mail."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth import forms as django_forms
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from units.forms.fields import AddressField
from units.models import User
from units.operations.invitations import invitation_mail

logger = logging.getLogger(__name__)

MISMATCH = _("The two passwords differ. Type the second one again.")


class SignInForm(django_forms.AuthenticationForm):
    """The same words for an unknown name, a wrong password and a closed account."""

    error_messages = {
        "invalid_login": _("Username or password is wrong. Check both, or ask for a new password."),
        "inactive": _("Username or password is wrong. Check both, or ask for a new password."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = _("Enter your username.")
        self.fields["password"].error_messages["required"] = _("Enter your password.")

    def clean_username(self) -> str:
        """What is longer than any name is nobody's; it is not even tried."""
        username: str = self.cleaned_data["username"]
        if len(username) > (self.username_field.max_length or 0):
            raise self.get_invalid_login_error()
        return username


class NewPasswordForm(django_forms.SetPasswordForm):
    """Sets a password by a link; what is asked of one is said once, under the first box."""

    error_messages = {"password_mismatch": MISMATCH}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _explain(self, "new_password1", "new_password2")

    def validate_password_for_user(self, user: Any, *args: Any, **kwargs: Any) -> None:
        """What is wrong with a password is said beside the first box, where it is corrected."""
        super().validate_password_for_user(user, "new_password1")


class ChangePasswordForm(django_forms.PasswordChangeForm):
    """Changes one's own password; the present one is asked for first."""

    error_messages = {
        "password_mismatch": MISMATCH,
        "password_incorrect": _("This is not your present password. Type it again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        del self.fields["old_password"].widget.attrs["autofocus"]
        _explain(self, "new_password1", "new_password2")

    def validate_password_for_user(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().validate_password_for_user(user, "new_password1")


def _explain(form: forms.Form, first: str, second: str) -> None:
    form.fields[first].label = _("New password")
    form.fields[first].help_text = _("Ten characters or more, not digits alone, and nothing that is easy to guess.")
    form.fields[second].label = _("New password, once more")
    form.fields[second].help_text = ""


class ForgottenPasswordForm(django_forms.PasswordResetForm):
    """Sends a link to whoever has this address. Who was invited and has no password yet gets the invitation again."""

    email = AddressField(
        label=_("Email address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def get_users(self, email: str) -> Iterator[User]:
        yield from User.objects.filter(email__iexact=email, is_active=True).exclude(email="")

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        """In the person's language, as far as it is known."""
        person: User = context["user"]
        if not person.has_usable_password():
            self._send_invitation(person, f"{context['protocol']}://{context['domain']}")
            return
        with translation.override(person.language or translation.get_language()):
            super().send_mail(subject_template_name, email_template_name, context, from_email, to_email)

    def _send_invitation(self, person: User, site: str) -> None:
        try:
            invitation_mail(person, lambda uid, token: site + invitation_path(uid, token), None).send()
        except Exception:
            # As with a reset: who asks is not told whether there is such an account.
            logger.exception("An invitation could not be sent")


def invitation_path(uid: str, token: str) -> str:
    return reverse("accept_invitation", kwargs={"uidb64": uid, "token": token})
