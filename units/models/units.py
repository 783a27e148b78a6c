"""The units that take part in a campaign, and the groups in which they are ranked."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .naming import Named, ShortNamed


class Source(models.TextChoices):
    """Where a row comes from, so that a page can say that it shows a sample."""

    ARTICLE = "article", _("article")
    RESEARCH = "research", _("research")
    SAMPLE = "sample", _("sample")
    ENTERED = "entered", _("entered")


class Unit(ShortNamed, models.Model):
    """A locality, department or office.

    The figures of a unit that is `counted_in` another are already inside that other's: it is ranked and shown,
    but adds nothing to the city's total.
    """

    class Kind(models.TextChoices):
        DISTRICT = "district", _("district")
        COUNTY = "county", _("county")
        COUNTY_LEVEL_CITY = "county_level_city", _("county-level city")
        FUNCTIONAL_ZONE = "functional_zone", _("functional zone")
        DEPARTMENT = "department", _("department")
        OFFICE = "office", _("campaign office")

    LOCALITIES = (Kind.DISTRICT, Kind.COUNTY, Kind.COUNTY_LEVEL_CITY, Kind.FUNCTIONAL_ZONE)

    code = models.SlugField(_("code"), max_length=40, unique=True)
    division_code = models.CharField(_("division code"), max_length=12, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    short_en = models.CharField(_("short name in English"), max_length=60, blank=True)
    short_zh = models.CharField(_("short name in Chinese"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    counted_in = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="counted_units", verbose_name=_("counted in")
    )
    is_active = models.BooleanField(_("active"), default=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(condition=~Q(counted_in=F("id")), name="unit_not_counted_in_itself"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="unit_source_known"),
        ]

    @property
    def is_locality(self) -> bool:
        return self.kind in self.LOCALITIES


class RankingGroup(Named, models.Model):
    """A set of units ranked against each other; a unit may stand in several."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    units = models.ManyToManyField(Unit, through="RankingGroupMember", related_name="ranking_groups")
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("ranking group")
        verbose_name_plural = _("ranking groups")
        ordering = ["order", "code"]


class RankingGroupMember(models.Model):
    group = models.ForeignKey(RankingGroup, models.CASCADE, related_name="members", verbose_name=_("ranking group"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="group_memberships", verbose_name=_("unit"))
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.ENTERED)

    class Meta:
        verbose_name = _("member of a ranking group")
        verbose_name_plural = _("members of ranking groups")
        ordering = ["group", "unit__order"]
        constraints = [models.UniqueConstraint(fields=["group", "unit"], name="ranking_group_unit_once")]

    def __str__(self) -> str:
        return f"{self.group}: {self.unit}"
