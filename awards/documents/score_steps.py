"""The steps of every sum, unit by unit: figure, place, share, points; then bonus, penalty and the score."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from awards.documents import score_formulas as formulas
from awards.documents.score_parts import ADJUSTMENT_POINTS, EXACT_FORMAT, Book, Part, Row
from awards.documents.score_sources import DIRECTION, WEIGHT
from awards.domain.methods import Method
from awards.models import Adjustment
from units.documents.sheets import Column

LABEL, STEP_WEIGHT, FIGURE, PLACE, SHARE, POINTS = 3, 4, 6, 7, 8, 9
TINT = "#F7F6F2"


def write_steps(book: Book) -> None:
    columns = [
        Column(_("Unit code"), 16), Column(_("Unit"), 24), Column(_("No."), 6), Column(_("Criterion"), 34),
        Column(_("Weight"), 9), Column(_("Method"), 14),
        Column(pgettext("of a criterion", "Figure"), 14), Column(pgettext("in a ranking", "Place"), 8),
        Column(_("Share of full points, %"), 14), Column(_("Points"), 12),
    ]  # fmt: skip
    book.begin(Part.STEPS, columns, frozen=4)
    for unit in range(len(book.units)):
        for criterion in range(len(book.criteria)):
            _write_step(book, unit, criterion)
        _write_sum(book, unit)


def _write_step(book: Book, unit: int, criterion: int) -> None:
    rule, line, row = book.criteria[criterion], book.line(unit, criterion), book.step_row(unit, criterion)
    whose = book.units[unit].score.unit
    book.tell(Part.STEPS, row, [whose.code, whose.name, rule.order, rule.name])
    book.tell(Part.STEPS, row, [rule.get_method_display()], first=STEP_WEIGHT + 1)
    cells = formulas.StepCells(
        figure=book.at(Part.STEPS, row, FIGURE),
        field=book.figures(criterion),
        place=book.at(Part.STEPS, row, PLACE),
        weight=book.at(Part.STEPS, row, STEP_WEIGHT),
        share=book.at(Part.STEPS, row, SHARE),
        direction=book.rule(criterion, DIRECTION),
        parameters=book.parameter_cells(criterion),
    )
    entered = book.figure(unit, criterion)
    known = line.figure if line is not None else None
    steps = (
        (STEP_WEIGHT, f"={book.rule(criterion, WEIGHT)}", rule.weight, EXACT_FORMAT),
        (FIGURE, f'=IF({entered}="","",{entered})', known, EXACT_FORMAT),
        (PLACE, formulas.place(cells), line.place if line is not None else None, "0"),
        (SHARE, formulas.share(Method(rule.method), cells), line.share if line else Fraction(0), EXACT_FORMAT),
        (POINTS, formulas.points(cells), line.points if line else Fraction(0), EXACT_FORMAT),
    )
    for column, formula, value, shown in steps:
        book.formula(Part.STEPS, row, column, formula, value, num_format=shown)


def _write_sum(book: Book, unit: int) -> None:
    own, score = book.units[unit], book.units[unit].score
    cells = {row: book.at(Part.STEPS, book.sum_row(unit, row), POINTS) for row in Row}
    points = book.down(Part.STEPS, POINTS, book.step_row(unit, 0), len(book.criteria))
    bonus_cap = book.fact("bonus_cap") if book.scheme.bonus_cap is not None else None
    penalty_cap = book.fact("penalty_cap") if book.scheme.penalty_cap is not None else None
    code = book.at(Part.STEPS, book.step_row(unit, 0), 0)
    whole = f"{cells[Row.CRITERIA]}+{cells[Row.BONUS]}-{cells[Row.PENALTY]}"
    lines = {
        Row.CRITERIA: (_("Criteria"), f"=SUM({points})", own.points),
        Row.BONUS: (_("Bonus, within the cap"), formulas.within(_added(book, code, "bonus"), bonus_cap), score.bonus),
        Row.PENALTY: (
            _("Penalty, within the cap"),
            formulas.within(_added(book, code, "penalty"), penalty_cap),
            score.penalty,
        ),
        Row.SUM: (_("Sum, not below 0"), f"=MAX(0,{whole})", own.exact),
        Row.SCORE: (
            _("Score, rounded half up"),
            formulas.rounded(cells[Row.SUM], book.fact("decimals")),
            score.computed_score,
        ),
    }
    for row, (label, formula, value) in lines.items():
        number = book.sum_row(unit, row)
        look: dict[str, Any] = {"bg_color": TINT, "bold": row in {Row.SUM, Row.SCORE}}
        book.tell(Part.STEPS, number, [score.unit.code, score.unit.name, "", label, *[""] * 5], **look)
        shown = book.score_format if row is Row.SCORE else EXACT_FORMAT
        book.formula(Part.STEPS, number, POINTS, formula, value, num_format=shown, **look)


def _added(book: Book, code: str, kind: str) -> str:
    words = formulas.text(str(Adjustment.Kind(kind).label))
    return f"SUMIFS({book.adjustments(ADJUSTMENT_POINTS)},{book.adjustments(0)},{code},{book.adjustments(2)},{words})"
