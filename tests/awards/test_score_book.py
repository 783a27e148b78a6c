"""The score sheet in Excel: its formulas, computed again by LibreOffice, give what the product computed."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from awards.documents import score_formulas
from awards.documents.score_book import score_book
from awards.domain.methods import method_of, parameters_of
from awards.domain.scoring import (
    CriterionRule,
    Decision,
    GateRule,
    SchemeRule,
    TieRule,
    UnitInput,
    decided,
    score_round,
)
from awards.models import Adjustment, Criterion, Gate, Round, Scheme, Score
from awards.queries.score_sheet import ScoreSheet, SheetLine, UnitSheet, score_sheet
from campaigns.models import Indicator
from tests.awards.builders import adjusted, computed, in_publicity
from tests.cast import NOW, Cast
from units.models import Unit, User
from units.permissions import capacities

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
METHODS: Sequence[tuple[str, dict[str, Any]]] = (
    ("target", {"target": "99.5"}),
    ("linear", {"step_per_point": "1.5", "bonus_cap": 10, "penalty_cap": 50}),
    ("linear", {"full_at": 96}),
    ("banded", {"plan": 100, "band": "0.1", "points": "0.3"}),
    ("rank_step", {"floor": 60}),
    ("efficacy", {}),
)


@pytest.fixture
def cast(cast_with_july: Cast) -> Cast:
    return cast_with_july


# --- the workbook, computed again -------------------------------------------------------------------------------------


def forgetful(content: bytes) -> bytes:
    """The workbook without the values that were written beside its formulas: whoever opens it must compute them."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            part = given.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb"</f><v>[^<]*</v>", b"</f>", part)
            made.writestr(name, part)
    return out.getvalue()


def rows_of(content: bytes, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(sheet).to_python()


def recomputed(books: dict[str, bytes], folder: Path) -> dict[str, bytes]:
    """The workbooks as LibreOffice computes them."""
    (folder / "in").mkdir()
    for name, content in books.items():
        (folder / "in" / f"{name}.xlsx").write_bytes(forgetful(content))
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx",
               "--outdir", str(folder / "out"), *(str(folder / "in" / f"{name}.xlsx") for name in books)]  # fmt: skip
    subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=240)
    return {name: (folder / "out" / f"{name}.xlsx").read_bytes() for name in books}


def standings(content: bytes) -> dict[str, tuple[Any, ...]]:
    """By unit its rank, score and flag, the computed score, what keeps it out, the computed rank and flag."""
    head, *rows = rows_of(content, "Result")
    wanted = ("Rank", "Score", "Flag", "Computed score", "Kept out by", "Computed rank", "Computed flag")
    places = [head.index(name) for name in wanted]
    return {row[1]: tuple(row[place] or None for place in places) for row in rows if row[1]}


def expected(sheet: ScoreSheet) -> dict[str, tuple[Any, ...]]:
    def out(score: Score) -> str | None:
        if score.is_vetoed:
            return "vetoed"
        return f"gate {score.failed_gate.order} not met" if score.failed_gate else None

    def number(value: Decimal | None) -> float | None:
        return float(value) or None if value is not None else None

    return {
        one.score.unit.code: (
            one.score.rank,
            number(one.score.score),
            "flag" if one.score.is_winner else None,
            number(one.score.computed_score),
            out(one.score),
            one.score.computed_rank,
            "flag" if one.score.is_computed_winner else None,
        )
        for one in sheet.units
    }


def points_of(content: bytes) -> list[tuple[str, int, float]]:
    return [(row[0], row[2], round(row[9], 8)) for row in rows_of(content, "Steps")[1:] if row[2] and row[9] != ""]


# --- any round --------------------------------------------------------------------------------------------------------


def made_up(seed: int, *, tie_rule: str = "shared", count: int = 12) -> ScoreSheet:
    """A round of many units under every method in both directions, with ties, gates, a veto and decisions. Nothing of
    it is saved."""
    dice = random.Random(seed)  # noqa: S311
    scheme = Scheme(pk=1, code="made-up", name_en="Made up", flags=3, minimum_score=Decimal(60), tie_rule=tie_rule,
                    decimals=dice.choice([0, 1, 2, 4]), bonus_cap=Decimal("2.5"), interval="year")  # fmt: skip
    criteria = list(_criteria(scheme))
    gates = [Gate(pk=1, scheme=scheme, order=1, name_en="Gate", criterion=criteria[4], minimum=Decimal("65"))]
    award = Round(pk=1, scheme=scheme, name_en="Made up", starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31))
    units = [Unit(pk=place, code=f"u{place}", name_en=f"Unit {place}") for place in range(count)]
    inputs, adjustments = [], {}
    for unit in units:
        figures = {one.order: _figure(dice) for one in criteria}
        own = [_adjustment(award, unit, kind, dice) for kind in ("bonus", "bonus", "penalty") if dice.random() < 0.4]
        own += [_adjustment(award, unit, "veto", dice)] if unit.pk == 5 else []
        adjustments[unit.code] = own
        sums = {
            kind: sum((Fraction(a.points) for a in own if a.kind == kind), Fraction(0)) for kind in ("bonus", "penalty")
        }
        inputs.append(UnitInput(unit=unit.code, figures=figures, is_vetoed=unit.pk == 5, **sums))
    inputs[1] = UnitInput(unit="u1", figures=inputs[0].figures, bonus=inputs[0].bonus, penalty=inputs[0].penalty)
    adjustments["u1"] = [_adjustment(award, units[1], one.kind, dice, one.points) for one in adjustments["u0"]]
    return _sheet(award, criteria, gates, units, inputs, adjustments)


def _criteria(scheme: Scheme) -> Iterator[Criterion]:
    lower = Indicator(pk=1, code="lower", direction="lower")
    for place, (method, parameters) in enumerate([*METHODS, *METHODS], start=1):
        is_lower = place > len(METHODS)
        yield Criterion(
            pk=place, scheme=scheme, order=place, name_en=f'=1+1 "{method}"', weight=Decimal("8.33"), method=method,
            parameters=parameters, basis="indicator_growth" if is_lower else "mark",
            indicator=lower if is_lower else None, tie_order={2: 2, 6: 1}.get(place),
        )  # fmt: skip


def _figure(dice: random.Random) -> Fraction | None:
    kind = dice.random()
    if kind < 0.08:
        return None
    if kind < 0.5:
        return Fraction(dice.choice(["99.5", "100", "97.3", "100.3", "99.9", "104.205"]))
    return Fraction(dice.randint(9000, 11000), dice.choice([97, 100, 103, 7 * 14]))


def _adjustment(award: Round, unit: Unit, kind: str, dice: random.Random, points: Decimal | None = None) -> Adjustment:
    given = Decimal(0) if kind == "veto" else points or Decimal(dice.randint(1, 300)) / 100
    person = User(username="office")
    return Adjustment(round=award, unit=unit, kind=kind, points=given, reason="+why", made_by=person)


def _sheet(
    award: Round,
    criteria: Sequence[Criterion],
    gates: Sequence[Gate],
    units: Sequence[Unit],
    inputs: Sequence[UnitInput],
    adjustments: dict[str, list[Adjustment]],
) -> ScoreSheet:
    scheme = award.scheme
    rule = SchemeRule(
        flags=scheme.flags, minimum_score=Fraction(scheme.minimum_score), decimals=scheme.decimals,
        tie_rule=TieRule(scheme.tie_rule), bonus_cap=Fraction(scheme.bonus_cap or 0),
        criteria=[
            CriterionRule(order=one.order, weight=Fraction(one.weight), method=method_of(one.method),
                          parameters=parameters_of(method_of(one.method), one.parameters), tie_order=one.tie_order,
                          is_lower_better=one.basis == "indicator_growth")
            for one in criteria
        ],
        gates=[GateRule(order=1, criterion=gates[0].criterion.order, minimum=Fraction(gates[0].minimum))],
    )  # fmt: skip
    decisions = {
        "u2": Decision(score=Decimal("88.125")),
        "u3": Decision(is_winner=True),
        "u0": Decision(is_winner=False),
    }
    results = score_round(rule, inputs)
    final = {one.unit: one for one in decided(rule, results, decisions)}
    sheets = []
    for unit, result in zip(units, results, strict=True):
        stands, decision = final[unit.code], decisions.get(unit.code, Decision())
        score = Score(
            round=award, unit=unit, computed_score=result.score, computed_rank=result.rank, rank=stands.rank,
            is_computed_winner=result.is_winner, is_winner=stands.is_winner, is_vetoed=result.is_vetoed,
            failed_gate=gates[0] if result.failed_gate else None, bonus=Decimal(float(result.bonus)),
            penalty=Decimal(float(result.penalty)), decided_winner=decision.is_winner,
            decided_score=stands.score if decision.score is not None else None, decided_reason="=why",
        )  # fmt: skip
        lines = [
            SheetLine(criterion=own, figure=one.figure, share=one.share, points=one.points, place=one.place, origin={},
                      reports=[], mark=None)
            for own, one in zip(criteria, result.lines, strict=True)
        ]  # fmt: skip
        sheets.append(UnitSheet(score=score, lines=lines, adjustments=adjustments[unit.code]))
    return ScoreSheet(round=award, criteria=criteria, gates=gates, units=sheets)


def bytes_of(sheet: ScoreSheet) -> bytes:
    with score_book(sheet) as file:
        return file.read()


@needs_office
def test_libreoffice_computes_every_unit_as_the_product_does(tmp_path: Path) -> None:
    sheets = {f"{rule}-{seed}": made_up(seed, tie_rule=rule) for rule in ("shared", "criteria") for seed in range(3)}
    assert set(points_of(forgetful(bytes_of(sheets["shared-0"])))) == set()
    books = recomputed({name: bytes_of(sheet) for name, sheet in sheets.items()}, tmp_path)
    for name, sheet in sheets.items():
        assert standings(books[name]) == expected(sheet), name
        told = [
            (one.score.unit.code, line.criterion.order, round(float(line.points), 8))
            for one in sheet.units
            for line in one.lines
        ]
        assert points_of(books[name]) == told, name


def test_the_values_beside_the_formulas_are_those_that_were_computed() -> None:
    sheet = made_up(7)
    assert standings(bytes_of(sheet)) == expected(sheet)


def test_every_step_is_a_formula_and_no_text_of_a_person_is_one() -> None:
    sheet = made_up(7)
    content = bytes_of(sheet)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = [archive.read(f"xl/worksheets/sheet{number}.xml").decode() for number in range(1, 7)]
    steps = re.findall(r'<c r="J\d+"[^>]*><f>', parts[1])
    assert len(steps) == len(sheet.units) * (len(sheet.criteria) + 5)
    formulas = [one for part in parts for one in re.findall(r"<f>([^<]*)</f>", part)]
    assert not [one for one in formulas if "why" in one or "1+1" in one]
    assert "=why" in str(rows_of(content, "Result"))
    assert "+why" in str(rows_of(content, "Bonus, penalty, veto"))
    assert '=1+1 "linear"' in str(rows_of(content, "Rules"))


@pytest.mark.parametrize(
    ("value", "written"),
    [(Fraction(417, 4), 104.25), (Fraction(1250, 12), "=625/6"), (Fraction(-1, 3), "=-1/3"), (Fraction(90), 90.0)],
)
def test_a_figure_is_a_number_or_a_division(value: Fraction, written: Any) -> None:
    assert score_formulas.exact(value) == written


# --- a saved round ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_book_tells_report_and_person_of_every_figure(cast: Cast) -> None:
    award = adjusted(cast, computed(cast), cast.town, "bonus", 1)
    with override("en"):
        content = bytes_of(score_sheet(award, capacities(cast.office, NOW.date())))
    figures = rows_of(content, "Figures")[1:]
    exports = next(row for row in figures if row[0] == 1 and row[2] == "town")
    assert "July" in exports[7]
    assert "approved by" in exports[8]
    mark = next(row for row in figures if row[0] == 2 and row[2] == "town")
    assert mark[4] == 95
    assert "given by" in mark[8]
    assert {row[2] for row in rows_of(content, "Reports")[1:]} >= {"town"}
    assert [row[:4] for row in rows_of(content, "Bonus, penalty, veto")[1:]] == [
        ["town", cast.town.name_en, "bonus", 1]
    ]


@pytest.mark.django_db
def test_who_may_not_see_a_report_reads_no_names(cast: Cast) -> None:
    award = in_publicity(cast)
    with override("en"):
        content = bytes_of(score_sheet(award, capacities(cast.stranger, NOW.date())))
    rows = [row for row in rows_of(content, "Reports")[1:] if row[2] == "town"]
    assert rows
    assert {tuple(row[6:9]) for row in rows} == {("", "", "")}


@pytest.mark.django_db
def test_the_file_is_there_for_who_may_see_the_scores(cast: Cast, client: Client) -> None:
    award = computed(cast)
    address = reverse("score_sheet_file", args=[award.pk])
    client.force_login(cast.reporter)
    assert client.get(address).status_code == 404
    in_publicity(cast, award)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "scores-flag-2022-07.xlsx" in answer["Content-Disposition"]
    assert client.get(f"{address}?unit=town").status_code == 400
