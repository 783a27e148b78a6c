"""The life of a pack, what people wrote in it, and what has changed since."""

from __future__ import annotations

import pytest

from campaigns.domain.packs import (
    STEPS,
    Difference,
    PackState,
    PackVerb,
    can_step,
    differences,
    digest_of_figures,
    kept_sentences,
)


def says(**texts: str) -> list[dict[str, str]]:
    return [{"kind": kind, "text": text} for kind, text in texts.items()]


@pytest.mark.parametrize("verb", PackVerb)
def test_nothing_leads_out_of_issued(verb: PackVerb) -> None:
    assert not can_step(verb, PackState.ISSUED)


def test_every_state_but_the_last_leads_somewhere() -> None:
    assert {state for sources, _target in STEPS.values() for state in sources} == {PackState.BUILDING, PackState.DRAFT}


def test_what_nobody_touched_follows_the_rules() -> None:
    assert kept_sentences(says(leads="A"), says(leads="A"), says(leads="B", filed="C")) == says(leads="B", filed="C")


def test_what_somebody_wrote_stays() -> None:
    assert kept_sentences(says(leads="A leads!"), says(leads="A"), says(leads="B")) == says(leads="A leads!")


def test_what_somebody_struck_out_stays_out() -> None:
    assert kept_sentences([], says(leads="A"), says(leads="B")) == []


def test_what_somebody_wrote_stays_where_the_rule_finds_nothing_more() -> None:
    assert kept_sentences(says(rose="Look at A"), says(rose="A rose"), []) == says(rose="Look at A")


def test_a_draft_that_nobody_touched_goes_with_its_rule() -> None:
    assert kept_sentences(says(rose="A rose"), says(rose="A rose"), []) == []


def content(city: str, value: str | None, said: str = "") -> dict:
    figure = {"indicator": "exports", "value": value}
    units = [{"unit": {"code": "town"}, "published": "25.00", "figures": [figure]}]
    action = {"number": 1, "published": "25.00", "indicators": [{"code": "exports", "value": value}], "units": units}
    standings = [{"unit": {"code": "town"}, "published": "25.00"}]
    return {"city": {"published": city}, "standings": standings, "actions": [action], "sentences": said}


def test_what_is_said_is_no_figure() -> None:
    assert digest_of_figures(content("25.00", "50.00")) == digest_of_figures(content("25.00", "50.00", "Well done."))
    assert digest_of_figures(content("25.00", "50.00")) != digest_of_figures(content("25.00", "51.00"))


def test_every_figure_that_differs_is_told_with_its_place() -> None:
    assert differences(content("25.00", None), content("25.50", "51.00")) == [
        Difference(None, None, None, "25.00", "25.50"),
        Difference(1, None, "exports", None, "51.00"),
        Difference(1, "town", "exports", None, "51.00"),
    ]
