"""What goes away says so: in the headers of its answers and in the description, half a year ahead."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from drf_spectacular.generators import SchemaGenerator
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from tests.api_cast import token
from tests.cast import Cast
from units.api.deprecation import Deprecation
from units.api.routers import ApiRouter
from units.api.units import UnitSerializer, UnitViewSet

GOES = Deprecation(since=date(2022, 9, 1), sunset=date(2023, 3, 1), instead="the resource units.")
EARLIER = Deprecation(since=date(2022, 7, 1), sunset=date(2023, 1, 1), instead="the field code.")
HEADERS = {
    "Deprecation": "@1661961600",
    "Sunset": "Tue, 28 Feb 2023 16:00:00 GMT",
    "Link": '</api/docs/#old-units>; rel="deprecation"; type="text/html"',
}


class OldUnits(UnitViewSet):
    deprecated = GOES


class UnitsWithAnOldStep(UnitViewSet):
    @action(detail=False, deprecated=GOES)
    def count(self, request: Request) -> Response:
        return Response({"count": self.get_queryset().count()})


class SerializerWithAnOldField(UnitSerializer):
    class Meta(UnitSerializer.Meta):
        deprecated = {"division_code": EARLIER}


class UnitsWithAnOldField(UnitViewSet):
    serializer_class = SerializerWithAnOldField


def answer_of(viewset: type[UnitViewSet], handler: str = "list", query: str = "") -> Any:
    _row, secret = token("read")
    request = RequestFactory().get(f"/api/v1/old-units/{query}", headers={"authorization": f"Bearer {secret}"})
    of_action = getattr(getattr(viewset, handler), "kwargs", {})
    return viewset.as_view({"get": handler}, basename="old-units", **of_action)(request)


def described(viewset: type[UnitViewSet]) -> Any:
    router = ApiRouter()
    router.register("old-units", viewset)
    return SchemaGenerator(patterns=router.urls).get_schema(request=None, public=True)


def announced(answer: Any) -> dict[str, str]:
    return {name: answer[name] for name in HEADERS if name in answer}


@pytest.mark.parametrize("query", ["", "?format=csv", "?colour=red"])
def test_whatever_a_resource_that_goes_away_answers_says_so(cast: Cast, query: str) -> None:
    assert announced(answer_of(OldUnits, query=query)) == HEADERS


def test_other_resources_say_nothing_of_the_kind(cast: Cast) -> None:
    assert announced(answer_of(UnitViewSet)) == {}


def test_a_step_goes_away_alone(cast: Cast) -> None:
    assert announced(answer_of(UnitsWithAnOldStep, "count")) == HEADERS
    assert announced(answer_of(UnitsWithAnOldStep)) == {}


def test_a_field_that_goes_away_is_told_with_each_answer_that_has_it(cast: Cast) -> None:
    told = announced(answer_of(UnitsWithAnOldField))
    assert (told["Deprecation"], told["Sunset"]) == ("@1656604800", "Sat, 31 Dec 2022 16:00:00 GMT")


def test_of_several_days_the_earliest_is_told(cast: Cast) -> None:
    class Both(UnitsWithAnOldField):
        deprecated = GOES

    assert announced(answer_of(Both))["Deprecation"] == "@1656604800"


def test_the_description_marks_every_operation_and_says_what_to_use_instead() -> None:
    for verbs in described(OldUnits)["paths"].values():
        for operation in verbs.values():
            assert operation["deprecated"] is True
            assert "2023-03-01" in operation["description"]
            assert "the resource units." in operation["description"]


def test_the_description_marks_a_step_alone() -> None:
    paths = described(UnitsWithAnOldStep)["paths"]
    assert {path for path, verbs in paths.items() if "deprecated" in verbs["get"]} == {"/old-units/count/"}


def test_the_description_marks_a_field_where_it_is_read_and_where_it_is_written() -> None:
    schemas = described(UnitsWithAnOldField)["components"]["schemas"]
    for name, schema in schemas.items():
        marked = {field for field, one in schema.get("properties", {}).items() if "deprecated" in one}
        assert marked == ({"division_code"} if "OldField" in name and "Paginated" not in name else set())
    assert "the field code." in str(schemas)


def test_nobody_can_announce_less_than_six_months_ahead() -> None:
    with pytest.raises(ImproperlyConfigured):
        Deprecation(since=date(2022, 9, 1), sunset=date(2023, 2, 1), instead="nothing.")
