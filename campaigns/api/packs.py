"""Meeting packs: built in the background, read with links to their documents, issued by the office."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.keys import CampaignField, CampaignFilter, PeriodField, PeriodFilter
from campaigns.api.report_bodies import name_of
from campaigns.documents.pack_files import DOCUMENTS, TYPES, document_of
from campaigns.domain.canonical import canonical_bytes
from campaigns.models import Pack, Period
from campaigns.models.packs import STATES
from campaigns.operations.packs import build_pack, issue_pack
from campaigns.permissions import can_build_packs, can_issue_packs
from units.api.filters import ApiFilterSet, WordFilter
from units.api.routers import SLUG
from units.api.serializers import ApiSerializer, Strict, WordField
from units.api.viewsets import NOT_YOURS, ReadViewSet, Scope, transition


class DocumentSerializer(Strict):
    """One document; it is drawn when it is asked for where that has not been done yet."""

    kind = WordField(choices=[(kind, kind) for kind in TYPES])
    language = WordField(choices=[(language, language) for language in ("en", "zh-hans")])
    url = serializers.URLField()
    is_drawn = serializers.BooleanField()

    class Meta:
        example = {
            "kind": "pdf",
            "language": "zh-hans",
            "url": "https://tracker.example.cn/api/v1/packs/3/zh-hans.pdf",
            "is_drawn": True,
        }


class PackSerializer(ApiSerializer):
    campaign = CampaignField(source="period.campaign", read_only=True)
    period = PeriodField()
    is_in_work = serializers.BooleanField(read_only=True)
    error = serializers.SerializerMethodField()
    issued_by = serializers.SerializerMethodField()
    documents = serializers.SerializerMethodField()

    class Meta:
        model = Pack
        fields = (
            "id",
            "campaign",
            "period",
            "number",
            "state",
            "is_in_work",
            "error",
            "digest",
            "built_at",
            "issued_at",
            "issued_by",
            "documents",
            "version",
            "updated_at",
        )
        read_only_fields = ("number", "state", "digest", "built_at", "issued_at")
        example = {
            "id": 3,
            "campaign": "hundred-days",
            "period": "hundred-days/2022-07",
            "number": 1,
            "state": "issued",
            "is_in_work": False,
            "error": "",
            "digest": "5f1d7a84db00d2fce00b31a7fc73224f4b41c6f4a9f6bd41c0d1a7b0c4f3f5a1",
            "built_at": "2022-08-16T09:10:00+08:00",
            "issued_at": "2022-08-16T15:00:00+08:00",
            "issued_by": "Shen Yi",
            "documents": [DocumentSerializer.Meta.example],
            "version": 4,
            "updated_at": "2022-08-16T15:00:02+08:00",
        }

    def get_error(self, pack: Pack) -> str:
        """Why the work on it broke off; empty where it did not."""
        return pack.job.error if pack.job else ""

    @extend_schema_field({"type": ["string", "null"]})
    def get_issued_by(self, pack: Pack) -> str | None:
        return name_of(pack.issued_by)

    @extend_schema_field(DocumentSerializer(many=True))
    def get_documents(self, pack: Pack) -> Any:
        """None before the figures are there."""
        if not pack.is_built:
            return []
        drawn = {(one.kind, one.language) for one in pack.files.all() if one.drawn_from == pack.digest}
        return [
            {"kind": kind, "language": language, "url": self._url(pack, kind, language), "is_drawn": is_drawn}
            for kind, language in DOCUMENTS
            for is_drawn in [(kind, language) in drawn]
        ]

    def _url(self, pack: Pack, kind: str, language: str) -> str:
        named = {"id": pack.pk, "language": language, "kind": kind}
        return self.context["view"].reverse_action("document", kwargs=named)


class PackFilters(ApiFilterSet):
    campaign = CampaignFilter(field_name="period__campaign")
    period = PeriodFilter()
    state = WordFilter(STATES)

    class Meta:
        model = Pack
        fields = ("campaign", "period", "state")


class PackBody(Strict):
    """Which period the pack is of."""

    period = PeriodField()


class PackViewSet(ReadViewSet):
    """Office, leaders, administrators and clients that read everything see all packs; heads and reviewers those that
    are issued."""

    queryset = Pack.objects.select_related("period__campaign", "job", "issued_by").prefetch_related("files")
    serializer_class = PackSerializer
    filterset_class = PackFilters
    ordering = ("-period__month", "-number")
    ordering_fields = {
        "period": "period__month",
        "number": "number",
        "issued_at": "issued_at",
        "updated_at": "updated_at",
    }
    csv_columns = ("id", "campaign", "period", "number", "state", "digest", "built_at", "issued_at", "issued_by")

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        if self.action == "create" and not can_build_packs(self.person):
            raise PermissionDenied(NOT_YOURS)
        if self.action == "issue" and not can_issue_packs(self.person):
            raise PermissionDenied(NOT_YOURS)

    @extend_schema(request=PackBody, responses={200: PackSerializer, 201: PackSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Builds the pack of a period in the background. 201: a new version; 200: its draft takes the figures anew."""
        period: Period = self.given(PackBody)["period"]
        pack = build_pack(period=period, actor=self.actor, now=self.now)
        place = self.reverse_action("detail", kwargs={"id": pack.pk})
        code = status.HTTP_201_CREATED if pack.version == 1 else status.HTTP_200_OK
        return self.answer(self.shown(pack.pk), code, {"Location": place})

    create.body_class = PackBody  # type: ignore[attr-defined]  # the schema reads it

    @transition(scope=Scope.MANAGE)
    def issue(self, pack: Pack) -> Pack:
        """Freezes the draft of a published period: its figures and sentences stay as they are. For the office."""
        return issue_pack(pack_id=pack.pk, version=pack.version, actor=self.actor, now=self.now)

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.OBJECT})
    @action(detail=True)
    def content(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """All figures and sentences, in the canonical form: the SHA-256 of exactly these bytes is the pack's digest."""
        pack = self.built()
        return HttpResponse(canonical_bytes(pack.content), content_type="application/json")

    @extend_schema(responses={(200, media): OpenApiTypes.BINARY for media in TYPES.values()})
    @action(detail=True, url_path=rf"(?P<language>{SLUG})\.(?P<kind>docx|xlsx|pdf)", url_name="document")
    def document(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """One document as a file."""
        pack, kind, language = self.built(), self.kwargs["kind"], self.kwargs["language"]
        if (kind, language) not in DOCUMENTS:
            raise Http404(_("There is no such document."))
        name = f"pack-{pack.period.campaign.slug}-{pack.period.month}-v{pack.number}-{language}.{kind}"
        return FileResponse(
            document_of(pack, kind, language), as_attachment=True, filename=name, content_type=TYPES[kind]
        )

    def built(self) -> Pack:
        """The pack that the address names, once it has figures."""
        pack: Pack = self.get_object()
        if not pack.is_built:
            raise Http404(_("The figures are still being taken."))
        return pack
