"""Files that prove what was done for a follow-up: listed, added and fetched by whom the follow-up concerns."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.domain.follow_up_life import FollowUpVerb
from campaigns.forms.attachments import TYPES, AttachmentForm
from campaigns.models import FollowUp, FollowUpFile
from campaigns.operations.evidence import add_evidence
from campaigns.permissions import may_ever_on_follow_up
from campaigns.refusals import Invalid
from units.api.routers import ID
from units.api.serializers import ApiSerializer, Strict, TextField
from units.api.viewsets import NOT_YOURS, ReadViewSet, Scope

FOLLOW_UP = rf"follow-ups/(?P<follow_up>{ID})"


@extend_schema_field({"type": "string", "contentEncoding": "base64", "minLength": 1})
class ContentField(TextField):
    """The bytes of a file in base64 (RFC 4648, with its padding)."""

    default_error_messages = {"base64": _("The bytes of the file in base64.")}

    def to_internal_value(self, data: Any) -> Any:
        try:
            return b64decode(super().to_internal_value(data), validate=True)
        except (binascii.Error, ValueError):
            self.fail("base64")


class EvidenceBody(Strict):
    """A file: its name, whose ending says what it is, and its bytes."""

    name = TextField(max_length=150)
    content = ContentField(help_text=_("At most 20 MB: a photo, pdf, Word, Excel, PowerPoint, txt or csv."))

    class Meta:
        example = {"name": "letter.txt", "content": "VGhlIGxpbmUgaXMgbW92ZWQu"}


class EvidenceSerializer(ApiSerializer):
    uploaded_by = serializers.CharField(source="uploaded_by.display_name", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = FollowUpFile
        fields = ("id", "name", "content_type", "size", "sha256", "uploaded_by", "uploaded_at", "url")
        read_only_fields = fields
        example = {
            "id": 3,
            "name": "letter.txt",
            "content_type": "text/plain",
            "size": 18,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "uploaded_by": "Wang Fang",
            "uploaded_at": "2022-09-01T10:00:00+08:00",
            "url": "https://tracker.example.cn/api/v1/follow-ups/9/evidence/3/file/",
        }

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, kept: FollowUpFile) -> str:
        return self.context["view"].reverse_action("file", kwargs={"follow_up": kept.follow_up_id, "id": kept.pk})


class EvidenceViewSet(ReadViewSet):
    """What proves that a follow-up was done, for whoever may see it. Kept for good; the same bytes are kept once.

    Added by the reporters and heads of the lead unit, and by client systems that report for it, until it is closed.
    """

    queryset = FollowUpFile.objects.select_related("uploaded_by")
    serializer_class = EvidenceSerializer
    parent_key = {"follow_up": ("follow_up", ID)}
    ordering = ("id",)
    updated_field = "uploaded_at"
    is_for_all = True  # of those who see the follow-up
    write_scope = Scope.REPORT
    max_body = settings.API_MAX_BULK_BODY

    def found(self) -> FollowUp:
        """The follow-up that the address names, or 404 where it is not for this caller to see."""
        rows = FollowUp.objects.visible_to(self.person).select_related("warning__project")
        found = rows.filter(pk=self.kwargs["follow_up"]).first()
        if found is None:
            raise Http404
        return found

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        return rows.filter(follow_up=self.found())

    def version_of(self, row: FollowUpFile) -> int:
        """A file never changes."""
        return 1

    @extend_schema(request=EvidenceBody, responses={200: EvidenceSerializer, 201: EvidenceSerializer})
    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Keeps a file. 201: it is new; 200: these bytes are there already, under the name they came with first."""
        follow_up = self.found()
        if not may_ever_on_follow_up(self.person, FollowUpVerb.FEEDBACK, follow_up):
            raise PermissionDenied(NOT_YOURS)
        form = self._checked()
        there = set(follow_up.files.values_list("pk", flat=True))
        kept = add_evidence(
            follow_up_id=follow_up.pk,
            upload=form.cleaned_data["file"],
            name=form.safe_name,
            content_type=form.content_type,
            actor=self.actor,
            now=self.now,
        )
        code = status.HTTP_200_OK if kept.pk in there else status.HTTP_201_CREATED
        place = self.reverse_action("detail", kwargs={"follow_up": follow_up.pk, "id": kept.pk})
        return self.answer(self.shown(kept.pk), code, {"Location": place})

    create.body_class = EvidenceBody  # type: ignore[attr-defined]  # the schema reads it

    def _checked(self) -> AttachmentForm:
        """The file, looked at as the page looks at one that is chosen there."""
        given = self.given(EvidenceBody)
        upload = SimpleUploadedFile(given["name"], given["content"])
        form = AttachmentForm(files=MultiValueDict({"file": [upload]}))
        if not form.is_valid():
            raise Invalid(form.errors["file"][0], field="content")
        return form

    @extend_schema(responses={(200, media): OpenApiTypes.BINARY for media in TYPES.values()})
    @action(detail=True)
    def file(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """The file itself, always as a download."""
        kept = self.get_object()
        try:
            content = kept.file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        return FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type)
