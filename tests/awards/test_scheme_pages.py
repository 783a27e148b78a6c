"""The editor of award schemes, its preview, and what-if: what they keep, say and never write."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.forms.scheme_arranging import arrange
from awards.models import Criterion, Gate, Scheme
from tests.awards.builders import computed, opened, saved_scheme
from tests.cast import Cast, client_of
from units.models import Change


@pytest.fixture
def cast(cast_with_july: Cast) -> Cast:
    return cast_with_july


def typed(cast: Cast, scheme: Scheme | None = None, **changes: Any) -> dict[str, Any]:
    """What the editor sends: exports for 60, reporting in time for 40, a gate on the first."""
    body: dict[str, Any] = {
        "code": "flag", "name_zh": "月度流动红旗", "name_en": "Monthly flag", "campaign": cast.campaign.pk,
        "group": cast.localities.pk, "interval": "month", "flags": "1", "minimum_score": "20", "tie_rule": "shared",
        "decimals": "2", "bonus_cap": "", "penalty_cap": "", "publicity_working_days": "3",
        "revision": str(scheme.revision) if scheme else "", "criteria": "3", "gates": "1",
        "c1-name_zh": "出口", "c1-name_en": "Exports", "c1-weight": "60", "c1-basis": "indicator_attainment",
        "c1-indicator": "exports", "c1-action": "", "c1-tie_order": "", "c1-method": "linear",
        "c1-linear-bonus_cap": "10",
        "c2-name_zh": "按时", "c2-name_en": "On time", "c2-weight": "40", "c2-basis": "on_time", "c2-method": "target",
        "c3-method": "linear",
        "g1-name_zh": "出口门槛", "g1-name_en": "Exports at least", "g1-criterion": "1", "g1-minimum": "10",
        "do": "save",
    }  # fmt: skip
    return body | {name.replace("__", "-"): value for name, value in changes.items()}


def send(cast: Cast, scheme: Scheme | None = None, **changes: Any) -> Any:
    url = reverse("edit_scheme", args=[scheme.pk]) if scheme else reverse("new_scheme")
    return client_of(cast.administrator).post(url, typed(cast, scheme, **changes))


# --- the editor -------------------------------------------------------------------------------------------------------


def test_an_administrator_makes_a_scheme_and_finds_it_in_the_boxes(cast: Cast) -> None:
    answer = send(cast)
    scheme = Scheme.objects.get()
    assert answer.url == reverse("edit_scheme", args=[scheme.pk])
    first, second = scheme.criteria.order_by("order")
    assert (first.weight, first.indicator, first.parameters) == (60, cast.exports, {"bonus_cap": "10"})
    assert (second.basis, second.method, second.parameters) == ("on_time", "target", {})
    assert scheme.gates.get().criterion == first
    page = client_of(cast.administrator).get(answer.url).content.decode()
    assert 'name="c1-indicator" value="exports"' in page
    assert 'name="c1-linear-bonus_cap" value="10"' in page
    assert 'name="g1-criterion" value="1"' in page
    assert "100.00" in page
    listed = client_of(cast.office).get(reverse("schemes")).content.decode()
    assert "Monthly flag" in listed
    assert answer.url not in listed


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"c2__weight": "39.99"}, "The weights add to 99.99. They must add to 100."),
        ({"c1__basis": ""}, "Choose what this criterion looks at."),
        ({"c1__indicator": ""}, "Choose the indicator that this criterion looks at."),
        ({"c1__indicator": "atlantis"}, "There is no “atlantis”."),
        ({"c2__basis": "action_composite", "c2__action": "77"}, "There is no action 77 in this campaign."),
        ({"c1__weight": ""}, "Give the weight."),
        ({"c1__linear-bonus_cap": "much"}, "bonus_cap: give a number."),
        ({"c1__method": "banded"}, "band: this method needs it."),
        ({"g1__criterion": "3"}, "There is no criterion 3 in this scheme."),
        ({"g1__behind": "1"}, "These gates would be asked after each other in a circle: 1."),
        ({"tie_rule": "criteria"}, "Say of at least one criterion in which order it breaks ties."),
        ({"flags": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"minimum_score": "-1"}, "The minimum score is never negative."),
    ],
)
@pytest.mark.parametrize("button", ["save", "preview"])
def test_what_cannot_be_is_told_beside_its_box_and_stays_typed(
    cast: Cast, changes: dict[str, str], told: str, button: str
) -> None:
    if button == "preview" and "minimum_score" in changes:
        pytest.skip("the preview computes with whatever minimum is typed")
    answer = send(cast, do=button, **changes)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert told in page
    assert "Not saved. Correct what is marked below." in page
    assert 'value="Exports at least"' in page
    for name, value in changes.items():
        if value and name not in ("tie_rule", "c1__method", "c2__basis"):
            assert f'name="{name.replace("__", "-")}" value="{value}"' in page
    assert not Scheme.objects.exists()


def test_all_problems_are_told_at_once(cast: Cast) -> None:
    page = send(cast, c1__weight="50", c1__indicator="", g1__behind="1").content.decode()
    assert "The weights add to 90.00. They must add to 100." in page
    assert "Choose the indicator that this criterion looks at." in page
    assert "These gates would be asked after each other in a circle" in page


def test_a_scheme_in_use_becomes_the_next_edition_and_the_page_says_so_before(cast: Cast) -> None:
    scheme = saved_scheme(cast)
    opened(cast, scheme)
    url = reverse("edit_scheme", args=[scheme.pk])
    page = client_of(cast.administrator).get(url).content.decode()
    assert "What you save becomes edition 2" in page
    assert "Save as edition 2" in page
    answer = send(cast, scheme)
    saved = Scheme.objects.get(is_active=True)
    assert saved.version == 2
    assert answer.url == reverse("edit_scheme", args=[saved.pk])
    assert scheme.criteria.count() == 3
    old = client_of(cast.administrator).get(url).content.decode()
    assert "This edition is no longer in force." in old
    assert 'value="save"' not in old


def test_somebody_who_was_slower_is_told_and_keeps_what_was_typed(cast: Cast) -> None:
    scheme = saved_scheme(cast)
    answer = send(cast, scheme, revision="1", name_en="Another name")
    assert answer.status_code == 409
    assert "Somebody else saved this scheme meanwhile." in answer.content.decode()
    assert "Another name" in answer.content.decode()


def test_a_code_that_is_taken_is_told_beside_its_box(cast: Cast) -> None:
    saved_scheme(cast)
    answer = send(cast)
    assert answer.status_code == 400
    assert "There is a scheme with this code already." in answer.content.decode()


# --- rows without a script --------------------------------------------------------------------------------------------


def test_rows_are_added_moved_and_removed_with_their_words_and_nothing_is_saved(cast: Cast) -> None:
    page = send(cast, do="c-down-1", c1__weight="sixty").content.decode()
    assert 'name="c2-name_en" value="Exports"' in page
    assert 'name="c2-weight" value="sixty"' in page
    assert 'name="c1-name_en" value="On time"' in page
    assert 'name="g1-criterion" value="2"' in page
    page = send(cast, do="c-add").content.decode()
    assert 'name="criteria" value="4"' in page
    page = send(cast, do="c-remove-2").content.decode()
    assert 'name="criteria" value="2"' in page
    assert "On time" not in page
    assert not Scheme.objects.exists()


def test_gates_go_on_pointing_at_what_they_pointed_at() -> None:
    data = {
        "criteria": "2",
        "gates": "2",
        "c1-name_en": "A",
        "c2-name_en": "B",
        "g1-criterion": "1",
        "g2-criterion": "2",
    }
    data |= {"g1-behind": "", "g2-behind": "1"}
    moved = arrange(data, "c-up-2")
    assert moved is not None
    assert [one["name_en"] for one in moved.criteria] == ["B", "A"]
    assert [one["criterion"] for one in moved.gates] == ["2", "1"]
    gone = arrange(data, "g-remove-1")
    assert gone is not None
    assert [one["behind"] for one in gone.gates] == [""]
    assert arrange(data, "c-up-1") == arrange(data, "c-down-9")
    assert arrange(data, "save") is None


# --- the preview and what-if ------------------------------------------------------------------------------------------


def rows_of_awards() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Scheme, Criterion, Gate, Change))


def test_the_preview_computes_what_is_typed_on_the_last_closed_period_and_saves_nothing(cast: Cast) -> None:
    scheme = saved_scheme(cast)
    before = rows_of_awards()
    answer = send(cast, scheme, do="preview", flags="2", minimum_score="0")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Preview on July 2022" in page
    assert "Would win" in page
    assert "As saved" in page
    assert 'name="c1-name_en" value="Exports"' in page
    assert rows_of_awards() == before
    assert Scheme.objects.get().flags == 1


def tried(**changes: Any) -> dict[str, Any]:
    """What the page sends for the scheme of the builders."""
    weights = {"c1-weight": "50", "c2-weight": "30", "c3-weight": "20"}
    methods = {"c1-method": "linear", "c2-method": "linear", "c3-method": "target"}
    told = {"flags": "1", "minimum_score": "20", "tie_rule": "shared", **weights, **methods}
    return told | {name.replace("__", "-"): value for name, value in changes.items()}


def test_what_if_says_who_would_win_beside_the_computed_result_and_writes_nothing(cast: Cast) -> None:
    award = computed(cast)
    url = reverse("round_what_if", args=[award.pk])
    client = client_of(cast.office)
    assert 'name="c2-weight" value="30"' in client.get(url).content.decode()
    before = rows_of_awards()
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(url, tried(flags="2", c1__weight="60", c2__weight="20"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Would win: Riverside Town, Hillside County" in " ".join(page.split())
    assert "computed: no flag" in page
    assert rows_of_awards() == before
    written = [one["sql"] for one in captured if one["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert written == []
    assert [one.weight for one in award.scheme.criteria.order_by("order")] == [Decimal(50), Decimal(30), Decimal(20)]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"c2__weight": "29.99"}, "The weights add to 99.99. They must add to 100."),
        ({"c2__weight": "many"}, "“many” is not a number."),
        ({"c1__method": "banded"}, "band: this method needs it."),
        ({"c1__method": "guess"}, "guess is not one of the available choices."),
        ({"flags": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"minimum_score": ""}, "This field is required."),
    ],
)
def test_rules_that_cannot_be_tried_are_told_beside_their_box(cast: Cast, changes: dict[str, str], told: str) -> None:
    award = computed(cast)
    answer = client_of(cast.office).post(reverse("round_what_if", args=[award.pk]), tried(**changes))
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert "Would win" not in answer.content.decode()


def test_only_office_and_administrators_try_other_rules_and_only_administrators_save_schemes(cast: Cast) -> None:
    award = computed(cast)
    for person in (cast.reporter, cast.head, cast.reviewer, cast.leader):
        assert client_of(person).get(reverse("round_what_if", args=[award.pk])).status_code == 403
        assert client_of(person).get(reverse("schemes")).status_code == 403
    assert client_of(cast.office).get(reverse("edit_scheme", args=[award.scheme_id])).status_code == 403


# --- how much it costs ------------------------------------------------------------------------------------------------


def test_more_criteria_make_no_more_queries(cast: Cast) -> None:
    scheme = saved_scheme(cast)

    def counted() -> list[int]:
        found = []
        client = client_of(cast.administrator)
        for url in (reverse("schemes"), reverse("edit_scheme", args=[scheme.pk])):
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            found.append(len(captured))
        return found

    before = counted()
    for number in range(4, 7):
        Criterion.objects.create(
            scheme=scheme, order=number, name_en="More", name_zh="更多", weight=1, basis="indicator_attainment",
            indicator=cast.share, method="linear",
        )  # fmt: skip
    assert counted() == before == [6, 13]
