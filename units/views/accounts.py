"""Signing in and out, and passwords: changed, forgotten, and chosen for the first time by an invitation."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

from axes.utils import reset as forget_failed_attempts
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as django_views
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from units.forms.accounts import ChangePasswordForm, ForgottenPasswordForm, NewPasswordForm, SignInForm
from units.models import User
from units.operations.people import record_password

logger = logging.getLogger(__name__)

BACKEND = "units.backends.PeopleBackend"
SIXTY = timedelta(minutes=1)


class SignIn(django_views.LoginView):
    authentication_form = SignInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who is in already goes to work; with `next`, that page was refused and another account may help."""
        if request.user.is_authenticated and not self.get_redirect_url():
            return redirect(settings.LOGIN_REDIRECT_URL)
        return super().get(request, *args, **kwargs)


def address_before_proxy(request: HttpRequest) -> str:
    """Whose attempt it is where a proxy stands in front: the last address of `X-Forwarded-For`, which the proxy wrote.

    What stands before it may be made up, and so may the whole header where it is no address.
    """
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    try:
        return str(ip_address(told))
    except ValueError:
        return str(request.META.get("REMOTE_ADDR", ""))


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Answers somebody who guessed too often, with the time to wait, which begins anew with each attempt."""
    pause: timedelta = settings.AXES_COOLOFF_TIME
    context = {"cooloff_timedelta": pause, "cooloff_minutes": pause // SIXTY}
    answer = render(request, "registration/locked_out.html", context, status=429)
    answer["Retry-After"] = str(int(pause.total_seconds()))
    return answer


class ChangePassword(django_views.PasswordChangeView):
    """Changes one's own password. This session goes on; all others of the person end."""

    form_class = ChangePasswordForm
    template_name = "units/password.html"
    success_url = reverse_lazy("profile")

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer = super().form_valid(form)
            record_password(person=form.user, verb="change_password")
        messages.success(self.request, _("Your password is changed. Other devices are signed out."))
        return answer


class AnswerThenWork(HttpResponseRedirect):
    """A redirect that is sent first; the server closes it afterwards, and then the work is done."""

    def __init__(self, to: str, work: Callable[[], Any]) -> None:
        super().__init__(to)
        self._work = work

    def close(self) -> None:
        work, self._work = self._work, lambda: None
        try:
            work()
        except Exception:
            logger.exception("What was left to do after the answer failed")
        finally:
            super().close()


class ForgottenPassword(django_views.PasswordResetView):
    """Sends a link. Neither the words nor the time it takes tell whether there is such an account: the address is
    looked up only after the answer has left."""

    form_class = ForgottenPasswordForm
    subject_template_name = "registration/password_reset_subject.txt"
    email_template_name = "registration/password_reset_email.txt"

    def form_valid(self, form: Any) -> HttpResponse:
        return AnswerThenWork(str(self.get_success_url()), lambda: super(ForgottenPassword, self).form_valid(form))

    @property
    def extra_email_context(self) -> dict[str, Any]:  # type: ignore[override]
        return {"days": timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT).days}


class _ByLink(django_views.PasswordResetConfirmView):
    """Sets a password by a link that works once. Whoever gets this far is no guesser: failed attempts are forgotten."""

    form_class = NewPasswordForm
    template_name = "registration/password_reset_confirm.html"
    verb: str

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if isinstance(user, User) and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer = super().form_valid(form)
            record_password(person=form.user, verb=self.verb)
        forget_failed_attempts(username=form.user.username)
        return answer


class ResetPassword(_ByLink):
    verb = "reset_password"


class AcceptInvitation(_ByLink):
    """The first password of somebody who was invited; it signs them in."""

    verb = "accept_invitation"
    post_reset_login = True
    post_reset_login_backend = BACKEND
    success_url = reverse_lazy("my_work")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "is_invitation": True, "invited": self.user}
