"""The pack of the monthly analysis meeting: its content, frozen once it is issued, its documents, and the Word template
they are drawn with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.domain.packs import PackState
from units.models import Job
from units.permissions import Capacities

from .campaigns import Campaign
from .periods import Period

STATES = [
    (PackState.BUILDING.value, _("being built")),
    (PackState.DRAFT.value, pgettext_lazy("pack", "draft")),
    (PackState.ISSUED.value, _("issued")),
]


class Languages(models.TextChoices):
    """The languages of documents."""

    ENGLISH = "en", _("English")
    CHINESE = "zh-hans", _("Chinese")


class PackQuerySet(models.QuerySet):
    def visible_to(self, person: Capacities) -> PackQuerySet:
        """Every pack for office, leaders, administrators; issued ones of published periods for who sits in the meeting
        besides: heads of units and reviewers of lead departments."""
        if person.reads_everything:
            return self
        if person.head_of or person.reviewer_of:
            return self.filter(state=PackState.ISSUED.value, period__state=Period.State.PUBLISHED)
        return self.none()


class Pack(models.Model):
    """One version of a period's pack. `content` is described in `docs/packs.md`; once issued nothing of it changes.

    `digest` is over the content as it is. `job` is the work on it, for as long as that is kept.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="packs", verbose_name=_("period"))
    number = models.PositiveSmallIntegerField(_("version of the pack"))
    state = models.CharField(_("state"), max_length=8, choices=STATES, default=PackState.BUILDING.value, editable=False)
    content = models.JSONField(_("content"), default=dict, editable=False)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("background job")
    )
    built_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+", verbose_name=_("built by")
    )
    built_at = models.DateTimeField(_("built at"), null=True, blank=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("issued by"),
    )
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = PackQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting pack")
        verbose_name_plural = _("meeting packs")
        ordering = ["-period__month", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="pack_number_once"),
            models.UniqueConstraint(fields=["period"], condition=~Q(state="issued"), name="pack_one_draft_per_period"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in PackState]), name="pack_state_known"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="pack_number_from_one"),
            models.CheckConstraint(
                condition=Q(state="issued", issued_at__isnull=False, issued_by__isnull=False)
                | (~Q(state="issued") & Q(issued_at=None, issued_by=None)),
                name="pack_issued_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state="building") | (~Q(digest="") & Q(built_at__isnull=False)),
                name="pack_built_has_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period.key} ({self.number})"

    @property
    def is_issued(self) -> bool:
        return self.state == PackState.ISSUED

    @property
    def is_draft(self) -> bool:
        return self.state == PackState.DRAFT

    @property
    def is_built(self) -> bool:
        return self.state != PackState.BUILDING

    @property
    def is_in_work(self) -> bool:
        """Whether a worker builds it, or will; not so where the work broke off."""
        return self.state == PackState.BUILDING and self.job is not None and not self.job.is_finished


class PackWords(models.Model):
    """What the rules drafted in one language, beside what the pack says, and who edited that last."""

    pack = models.ForeignKey(Pack, models.CASCADE, related_name="words", verbose_name=_("meeting pack"))
    language = models.CharField(_("language"), max_length=7, choices=Languages)
    drafts = models.JSONField(_("sentences by rule"), default=list)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("edited by")
    )
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)

    class Meta:
        verbose_name = _("words of a pack")
        verbose_name_plural = _("words of packs")
        ordering = ["pack", "language"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "language"], name="pack_words_once"),
            models.CheckConstraint(condition=Q(language__in=["en", "zh-hans"]), name="pack_words_language_known"),
            models.CheckConstraint(
                condition=Q(edited_by=None, edited_at=None) | Q(edited_by__isnull=False, edited_at__isnull=False),
                name="pack_words_edited_has_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack} ({self.language})"


def file_path(file: Any, filename: str) -> str:
    """Where a document is kept: by what it was drawn from, so that no name a person typed reaches the file system."""
    return f"packs/{file.pack_id}/{file.drawn_from[:16]}-{file.language}.{file.kind}"


class PackFile(models.Model):
    """A document of a pack, current for as long as the pack's digest is the one that it was `drawn_from`."""

    class Kind(models.TextChoices):
        DOCX = "docx", _("Word")
        XLSX = "xlsx", _("Excel")
        PDF = "pdf", _("PDF")

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="files", verbose_name=_("meeting pack"))
    kind = models.CharField(_("kind"), max_length=4, choices=Kind)
    language = models.CharField(_("language"), max_length=7, choices=Languages)
    file = models.FileField(_("file"), upload_to=file_path, max_length=200)
    size = models.PositiveIntegerField(_("size in bytes"))
    drawn_from = models.CharField(_("drawn from"), max_length=64)
    drawn_at = models.DateTimeField(_("drawn at"), auto_now=True)

    class Meta:
        verbose_name = _("document of a pack")
        verbose_name_plural = _("documents of packs")
        ordering = ["pack", "language", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "kind", "language"], name="pack_file_once"),
            models.CheckConstraint(condition=Q(kind__in=["docx", "xlsx", "pdf"]), name="pack_file_kind_known"),
            models.CheckConstraint(condition=Q(language__in=["en", "zh-hans"]), name="pack_file_language_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.language}.{self.kind}"


def template_path(template: Any, filename: str) -> str:
    return f"packs/templates/{template.sha256}.docx"


class PackTemplate(models.Model):
    """A Word template that the office put in place of the built-in one. The newest that is not withdrawn is used."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="pack_templates", verbose_name=_("campaign"))
    file = models.FileField(_("file"), upload_to=template_path, max_length=200)
    name = models.CharField(_("file name"), max_length=150)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Word template")
        verbose_name_plural = _("Word templates")
        ordering = ["campaign", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(withdrawn_at=None), name="pack_template_one_in_use"
            )
        ]

    def __str__(self) -> str:
        return self.name
