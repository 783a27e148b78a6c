"""Reads the worked examples of the award pages in `docs/algorithms/` and computes them again."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from awards.domain.methods import FULL, Field, Method, field_of, parameters_of, share_of
from awards.domain.scoring import CriterionRule, SchemeRule, TieRule, UnitInput, UnitResult, score_round
from tests.campaigns.domain.test_worked_examples import MARK, MISSING, PAGES, Row, read_table

EXAMPLES = {
    mark["title"]: read_table(mark["body"])
    for page in sorted(PAGES.glob("award-*.md"))
    for mark in MARK.finditer(page.read_text(encoding="utf-8"))
}
NAMES = {
    "Target": "target",
    "Full at": "full_at",
    "Step": "step_per_point",
    "Plan": "plan",
    "Band": "band",
    "Points": "points",
    "Bonus cap": "bonus_cap",
    "Penalty cap": "penalty_cap",
}
ALONE = Field(1, None, None, {})


def number(cell: str) -> Fraction | None:
    return None if cell == MISSING else Fraction(cell)


@pytest.mark.parametrize("method", [Method.TARGET, Method.LINEAR, Method.BANDED])
def test_methods_that_look_at_one_figure(method: Method) -> None:
    rows = EXAMPLES[f"award {method}"]
    for row in rows:
        given = {name: row[head] for head, name in NAMES.items() if row.get(head, MISSING) != MISSING}
        found = share_of(
            method,
            parameters_of(method, given),
            number(row["Figure"]),
            ALONE,
            is_lower_better=row.get("Lower is better") == "yes",
        )
        assert found == Fraction(row["Share"]), row


@pytest.mark.parametrize(
    ("method", "title"),
    [
        (Method.RANK_STEP, "award rank step"),
        (Method.EFFICACY, "award efficacy"),
        (Method.EFFICACY, "award efficacy of equals"),
    ],
)
def test_methods_that_look_at_all_figures(method: Method, title: str) -> None:
    rows = EXAMPLES[title]
    figures = {row["Unit"]: number(row["Figure"]) for row in rows}
    field = field_of(figures)
    for row in rows:
        figure = figures[row["Unit"]]
        assert share_of(method, parameters_of(method, {}), figure, field) == Fraction(row["Share"]), row
        if "Place" in row and figure is not None:
            assert str(field.places[figure]) == row["Place"]


def scored(rows: tuple[Row, ...], **rule: object) -> dict[str, UnitResult]:
    criteria = [
        CriterionRule(order=1, weight=Fraction(60), method=Method.TARGET, parameters=parameters_of(Method.TARGET, {})),
        CriterionRule(
            order=2,
            weight=Fraction(40),
            method=Method.LINEAR,
            parameters=parameters_of(Method.LINEAR, {}),
            tie_order=1,
        ),
    ]
    given = {"flags": 2, "minimum_score": Fraction(90), "decimals": 2, "bonus_cap": Fraction(3)} | rule
    units = [
        UnitInput(
            unit=row["Unit"],
            figures={1: number(row["First"]), 2: number(row["Second"])},
            bonus=number(row.get("Bonus", MISSING)) or Fraction(0),
            penalty=number(row.get("Penalty", MISSING)) or Fraction(0),
            is_vetoed=row.get("Veto") == "yes",
        )
        for row in rows
    ]
    return {one.unit: one for one in score_round(SchemeRule(criteria=criteria, **given), units)}  # type: ignore[arg-type]


def test_a_whole_round() -> None:
    rows = EXAMPLES["award scores"]
    found = scored(rows)
    for row in rows:
        one = found[row["Unit"]]
        told = (str(one.score), MISSING if one.rank is None else str(one.rank), "yes" if one.is_winner else "no")
        assert told == (row["Score"], row["Rank"], row["Wins"]), row


def test_ties_by_criteria() -> None:
    rows = EXAMPLES["award ties by criteria"]
    found = scored(rows, tie_rule=TieRule.CRITERIA)
    assert {row["Unit"]: (str(found[row["Unit"]].score), str(found[row["Unit"]].rank)) for row in rows} == {
        row["Unit"]: (row["Score"], row["Rank"]) for row in rows
    }


def test_every_example_of_an_award_page_is_computed_again() -> None:
    assert len(EXAMPLES) == 8
    assert FULL == 100


def test_the_award_pages_are_those_that_the_code_names_and_the_index_lists() -> None:
    sources = (Path(__file__).parents[3] / "awards" / "domain").glob("*.py")
    named = {name for source in sources for name in re.findall(r"docs/algorithms/([a-z-]+)\.md", source.read_text())}
    assert named == {page.stem for page in PAGES.glob("award-*.md")}
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert all(f"]({name}.md)" in index for name in named)
