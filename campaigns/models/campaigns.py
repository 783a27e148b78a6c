"""A campaign: its days, its rule for deadlines, and how its lights and composites are made."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from units.models import Source, Unit
from units.models.naming import ShortNamed


class Campaign(ShortNamed, models.Model):
    """A city's effort for a fixed number of days. Percentages are stored as percent, 80.00 for 80%."""

    class LightMethod(models.TextChoices):
        SHARE_OF_PACE = "share_of_pace", _("share of pace")
        POINTS_BEHIND = "points_behind", _("points behind")

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name_en = models.CharField(_("name in English"), max_length=160)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    short_en = models.CharField(_("short name in English"), max_length=60, blank=True)
    short_zh = models.CharField(_("short name in Chinese"), max_length=30, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    office = models.ForeignKey(Unit, models.PROTECT, related_name="run_campaigns", verbose_name=_("campaign office"))
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("follows"),
        help_text=_("The campaign of an earlier year with which this one is compared."),
    )
    asks_signature = models.BooleanField(_("reports need the head's signature"), default=True)

    due_month_offset = models.PositiveSmallIntegerField(
        _("due in the month"), default=1, help_text=_("0: in the same month; 1: in the next month.")
    )
    due_day = models.PositiveSmallIntegerField(
        _("due on day"), default=5, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    due_hour = models.PositiveSmallIntegerField(_("due at hour"), default=18, validators=[MaxValueValidator(23)])
    closing_working_days = models.PositiveSmallIntegerField(_("working days from due to closing"), default=5)
    opens_days_before_end = models.PositiveSmallIntegerField(
        _("opens on the last days of a period"), default=7, validators=[MinValueValidator(1)]
    )
    resubmission_working_days = models.PositiveSmallIntegerField(
        _("working days to answer a report that came back"), default=2
    )

    light_method = models.CharField(_("light method"), max_length=20, choices=LightMethod, default="share_of_pace")
    green_from = models.DecimalField(_("green from, % of pace"), max_digits=5, decimal_places=2, default=Decimal(80))
    yellow_from = models.DecimalField(_("yellow from, % of pace"), max_digits=5, decimal_places=2, default=Decimal(60))
    green_within = models.DecimalField(
        _("green below, points behind"), max_digits=5, decimal_places=2, default=Decimal(10)
    )
    yellow_within = models.DecimalField(
        _("yellow up to, points behind"), max_digits=5, decimal_places=2, default=Decimal(30)
    )
    cap = models.DecimalField(_("cap of an attainment, %"), max_digits=6, decimal_places=2, default=Decimal(120))
    minimum_coverage = models.DecimalField(
        _("coverage needed for a rank, %"), max_digits=5, decimal_places=2, default=Decimal(100)
    )
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-starts_on", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="campaign_ends_after_start",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(follows=F("id")),
                name="campaign_does_not_follow_itself",
                violation_error_message=_("A campaign cannot follow itself."),
            ),
            models.CheckConstraint(condition=Q(due_month_offset__lte=1), name="campaign_due_same_or_next_month"),
            models.CheckConstraint(condition=Q(due_day__gte=1, due_day__lte=31), name="campaign_due_day_in_month"),
            models.CheckConstraint(condition=Q(due_hour__lte=23), name="campaign_due_hour_in_day"),
            models.CheckConstraint(
                condition=Q(green_from__gt=F("yellow_from"), yellow_from__gt=0),
                name="campaign_share_thresholds_in_order",
                violation_error_message=_("Green must begin above yellow, and yellow above 0."),
            ),
            models.CheckConstraint(
                condition=Q(green_within__lt=F("yellow_within"), green_within__gte=0),
                name="campaign_point_thresholds_in_order",
                violation_error_message=_("Green must end before yellow does."),
            ),
            models.CheckConstraint(condition=Q(cap__gte=100), name="campaign_cap_not_below_100"),
            models.CheckConstraint(
                condition=Q(minimum_coverage__gte=0, minimum_coverage__lte=100), name="campaign_coverage_is_a_share"
            ),
        ]

    @property
    def days(self) -> int:
        """How many days the campaign lasts, both ends counted."""
        return (self.ends_on - self.starts_on).days + 1
