"""Saving award schemes: what is refused, and that a scheme in use is versioned, not edited."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from awards.models import Scheme
from awards.operations.schemes import GateGiven, SchemeGiven, save_scheme
from awards.refusals import Invalid, StaleVersion, WrongScheme
from tests.awards.builders import criterion, opened, saved_scheme, scheme_given
from tests.cast import Cast
from units.models import Change


def save(cast: Cast, scheme: Scheme | None = None, **fields: Any) -> Scheme:
    return save_scheme(
        given=scheme_given(cast, **fields),
        actor=cast.administrator,
        now=cast.now,
        scheme_id=scheme.pk if scheme else None,
        revision=scheme.revision if scheme else None,
    )


def problems(cast: Cast, **fields: Any) -> list[tuple[str, str, int | None, str]]:
    with pytest.raises(WrongScheme) as refused:
        save(cast, **fields)
    assert not Scheme.objects.exists()
    return [(one.code, one.part, one.place, one.name) for one in refused.value.problems]


def test_weights_of_99_99_are_refused_and_told(cast: Cast) -> None:
    with pytest.raises(WrongScheme, match=r"add to 99\.99"):
        save(cast, criteria=[criterion(1, 60), criterion(2, "39.99")])
    assert not Scheme.objects.exists()


@pytest.mark.parametrize(
    ("fields", "code", "name"),
    [
        ({"basis": ""}, "no_source", "basis"),
        ({"basis": "indicator_growth"}, "no_indicator", "indicator"),
        ({"basis": "action_composite"}, "no_action", "action"),
        ({"method": "banded"}, "parameter_missing", "parameters"),
        ({"name_en": ""}, "invalid", "name_en"),
    ],
)
def test_a_criterion_without_a_source_is_told_beside_its_box(
    cast: Cast, fields: dict[str, Any], code: str, name: str
) -> None:
    assert problems(cast, criteria=[criterion(1, 60), criterion(2, 40, **fields)]) == [(code, "criteria", 1, name)]


def gate(order: int, behind: int | None = None, **fields: Any) -> GateGiven:
    given = {"criterion": 1, "minimum": Decimal(60)} | fields
    return GateGiven(order=order, name_en=f"Gate {order}", name_zh=f"门槛{order}", behind=behind, **given)


def test_gates_in_a_circle_are_told(cast: Cast) -> None:
    assert problems(cast, gates=[gate(1, 2), gate(2, 1)]) == [("gate_circle", "gates", 0, "behind")]
    assert problems(cast, gates=[gate(1), gate(1)])[0][0] == "repeated"
    assert problems(cast, gates=[gate(1, criterion=9)]) == [("gate_criterion", "gates", 0, "criterion")]


def test_an_indicator_of_another_campaign_is_told(cast: Cast) -> None:
    from campaigns.models import Indicator
    from tests.admin_builders import make

    other = criterion(1, 100, basis="indicator_growth", indicator=make(Indicator))
    assert problems(cast, criteria=[other]) == [("other_campaign", "criteria", 0, "indicator")]


def test_a_scheme_that_no_round_uses_is_edited_in_place(cast: Cast) -> None:
    scheme = save(cast, gates=[gate(1), gate(2, 1)])
    again = save(cast, scheme, flags=2, criteria=[criterion(1, 100)], gates=[gate(1)])
    assert (again.pk, again.version, again.flags) == (scheme.pk, 1, 2)
    assert [one.weight for one in again.criteria.all()] == [100]
    assert again.gates.get().criterion == again.criteria.get()
    assert [one.verb for one in Change.objects.order_by("pk")][-2:] == ["add_scheme", "edit_scheme"]


def test_a_scheme_that_a_round_uses_is_kept_and_followed_by_an_edition(cast_with_july: Cast) -> None:
    cast = cast_with_july
    scheme = saved_scheme(cast)
    award = opened(cast, scheme)
    newer = save(cast, scheme, flags=2)
    scheme.refresh_from_db()
    assert (newer.version, newer.is_active, scheme.is_active, scheme.flags) == (2, True, False, 1)
    assert award.scheme == scheme
    assert [one.order for one in scheme.criteria.order_by("order")] == [1, 2, 3]
    assert Change.objects.latest("pk").verb == "new_scheme_edition"


def test_saving_the_same_again_makes_nothing(cast_with_july: Cast) -> None:
    cast = cast_with_july
    scheme = saved_scheme(cast)
    assert save(cast, scheme).revision == scheme.revision
    opened(cast, scheme)
    assert save(cast, scheme) == scheme
    assert Scheme.objects.count() == 1


def test_a_stale_or_replaced_edition_is_a_conflict(cast: Cast) -> None:
    scheme = save(cast)
    read = scheme.revision
    save(cast, scheme, flags=2)
    with pytest.raises(StaleVersion):
        save_scheme(
            given=scheme_given(cast, flags=3),
            actor=cast.administrator,
            now=cast.now,
            scheme_id=scheme.pk,
            revision=read,
        )


def test_a_code_stays_and_belongs_to_one_scheme(cast: Cast) -> None:
    scheme = save(cast)
    with pytest.raises(Invalid):
        save(cast)
    with pytest.raises(Invalid):
        save(cast, scheme, code="other")


def test_administrators_alone_save_schemes(cast: Cast) -> None:
    for name, person in cast.people.items():
        if name != "administrator":
            with pytest.raises(PermissionDenied):
                save_scheme(given=scheme_given(cast), actor=person, now=cast.now)


def test_parameters_are_kept_in_one_way_of_writing(cast: Cast) -> None:
    given: SchemeGiven = scheme_given(
        cast, criteria=[criterion(1, 100, parameters={"full_at": "1.50", "bonus_cap": ""})]
    )
    scheme = save_scheme(given=replace(given), actor=cast.administrator, now=cast.now)
    assert scheme.criteria.get().parameters == {"full_at": "1.5"}
