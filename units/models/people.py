"""People and the roles they hold in units, each role for a time."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .naming import in_reader_language
from .units import Source, Unit


class Role(models.TextChoices):
    REPORTER = "reporter", _("reporter")
    HEAD = "head", _("head of unit")
    REVIEWER = "reviewer", _("reviewer")
    OFFICE = "office", _("campaign office")
    LEADER = "leader", _("leader, read only")


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What the person may do follows from memberships; an administrator is a superuser."""

    class Language(models.TextChoices):
        BROWSER = "", _("as the browser")
        ENGLISH = "en", "English"
        CHINESE = "zh-hans", "中文"

    class Theme(models.TextChoices):
        AUTO = "auto", _("as the system")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    class MailPace(models.TextChoices):
        DIGEST = "digest", _("once a working day, urgent ones at once")
        AT_ONCE = "at_once", _("each by itself, within working hours")

    username = models.CharField(
        _("username"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This username is taken. Choose another.")},
    )
    name = models.CharField(_("name"), max_length=80)
    name_zh = models.CharField(_("name in Chinese"), max_length=40, blank=True)
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.BROWSER, blank=True)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    mail_pace = models.CharField(_("mail comes"), max_length=7, choices=MailPace, default=MailPace.DIGEST)
    has_shortcuts = models.BooleanField(_("single-letter keys"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the administration"), default=False)
    is_demo = models.BooleanField(_("demo account"), default=False)
    is_service = models.BooleanField(_("account of a client system"), default=False, editable=False)
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True)
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    roles_held: list[Membership] | None = None
    """Every role of who is signed in, read with the person; none where the person was read alone."""

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="user_email_once",
                violation_error_message=_("Somebody with this email address is here already."),
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return in_reader_language(self.name, self.name_zh) or self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


class MembershipQuerySet(models.QuerySet):
    def on(self, day: date) -> MembershipQuerySet:
        """Memberships that hold on this day."""
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day), unit__is_active=True
        )


class Membership(models.Model):
    """A role of a person in a unit, from a day to a day. A stand-in names the person who is away."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=10, choices=Role)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    stands_in_for = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="stand_ins", verbose_name=_("stands in for")
    )
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["unit__order", "role", "user__username"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role", "starts_on"],
                name="membership_once",
            ),
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(starts_on=None),
                name="membership_open_start_once",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for=None) | Q(ends_on__isnull=False),
                name="membership_stand_in_has_end",
                violation_error_message=_("A stand-in needs a last day."),
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for=None) | ~Q(stands_in_for=F("user")),
                name="membership_stand_in_is_another",
                violation_error_message=_("A person cannot stand in for themselves."),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.unit}"

    def holds_on(self, day: date) -> bool:
        """What `MembershipQuerySet.on` asks of the database."""
        has_begun = self.starts_on is None or self.starts_on <= day
        return has_begun and (self.ends_on is None or self.ends_on >= day) and self.unit.is_active
