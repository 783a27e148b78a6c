"""The result of a round, a row for each unit: points, sum, what keeps out, what was decided, rank and flag."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from awards.documents import score_formulas as formulas
from awards.documents.score_parts import EXACT_FORMAT, Book, Part, Row, gate_label
from awards.documents.score_sources import INPUT, WEIGHT
from awards.documents.score_steps import FIGURE, POINTS, SHARE
from awards.models import Adjustment, Criterion, Scheme, Score
from units.documents.sheets import Column

A3 = 8
RANK, CODE, NAME, SCORE, FLAG, FIRST_POINTS = range(6)
AFTER = ("criteria", "bonus", "penalty", "sum", "computed", "kept_out", "computed_rank", "computed_flag",
         "decided", "decided_flag", "reason", "computed_key", "key")  # fmt: skip
"""What stands after the points of the criteria; the shares that break ties follow."""


class _Result:
    """The columns and cells of one result sheet."""

    def __init__(self, book: Book) -> None:
        self.book, self.count = book, len(book.units)
        first = FIRST_POINTS + len(book.criteria)
        self.columns = {name: first + place for place, name in enumerate(AFTER)}
        self.breakers = _breakers(book)
        self.first_tie = first + len(AFTER)
        self.yes, self.no, self.flag, self.veto = _("yes"), _("no"), _("flag"), _("vetoed")

    def cell(self, unit: int, column: int | str) -> str:
        return self.book.at(Part.RESULT, 1 + unit, self._column(column))

    def all(self, column: int | str) -> str:
        return self.book.down(Part.RESULT, self._column(column), 1, self.count)

    def _column(self, column: int | str) -> int:
        return self.columns[column] if isinstance(column, str) else column

    def put(self, unit: int, column: int | str, formula: str, value: object, shown: str = "General") -> None:
        look = {"num_format": shown, "bold": self._column(column) <= FLAG}
        self.book.formula(Part.RESULT, 1 + unit, self._column(column), formula, value, **look)

    def ties(self, unit: int) -> list[tuple[str, str]]:
        places = range(self.first_tie, self.first_tie + len(self.breakers))
        return [(self.cell(unit, one), self.all(one)) for one in places]


def _breakers(book: Book) -> Sequence[int]:
    """The places of the criteria that break ties, in their order."""
    if book.scheme.tie_rule != Scheme.TieRule.CRITERIA:
        return []
    orders = {one.tie_order: place for place, one in enumerate(book.criteria) if one.tie_order is not None}
    return [orders[order] for order in sorted(orders)]


def write_result(book: Book) -> None:
    result = _Result(book)
    columns = [
        Column(_("Rank"), 7), Column(_("Unit code"), 14), Column(_("Unit"), 24), Column(_("Score"), 10),
        Column(_("Flag"), 10), *(Column(_heading(one), 12) for one in book.criteria),
        Column(_("Criteria"), 10), Column(_("Bonus"), 9), Column(_("Penalty"), 9), Column(_("Sum"), 12),
        Column(_("Computed score"), 11), Column(_("Kept out by"), 16), Column(_("Computed rank"), 10),
        Column(_("Computed flag"), 10), Column(_("Decided score"), 11),
        Column(_("Decided: wins (%(yes)s) or not (%(no)s)") % {"yes": _("yes"), "no": _("no")}, 14),
        Column(_("Reason"), 40), Column(_("Ranked by, computed"), 12), Column(_("Ranked by"), 12),
        *(Column(_("Tie: %(name)s") % {"name": book.criteria[one].name}, 14) for one in result.breakers),
    ]  # fmt: skip
    sheet = book.begin(Part.RESULT, columns, frozen=FIRST_POINTS)
    sheet.set_paper(A3)
    for unit in range(result.count):
        book.tell(Part.RESULT, 1 + unit, [book.units[unit].score.unit.code, book.units[unit].score.unit.name], first=1)
        _write_points(result, unit)
        _write_computed(result, unit)
        _write_decided(result, unit)


def _heading(one: Criterion) -> str:
    return pgettext("criterion with its weight", "%(name)s (%(weight)s)") % {
        "name": one.name,
        "weight": f"{one.weight.normalize():f}",
    }


def _write_points(result: _Result, unit: int) -> None:
    book, own = result.book, result.book.units[unit]
    for place in range(len(book.criteria)):
        line = book.line(unit, place)
        formula = f"={book.at(Part.STEPS, book.step_row(unit, place), POINTS)}"
        result.put(unit, FIRST_POINTS + place, formula, line.points if line else Decimal(0), EXACT_FORMAT)
    values = {
        "criteria": (Row.CRITERIA, own.points),
        "bonus": (Row.BONUS, own.score.bonus),
        "penalty": (Row.PENALTY, own.score.penalty),
        "sum": (Row.SUM, own.exact),
        "computed": (Row.SCORE, own.score.computed_score),
    }
    for name, (row, value) in values.items():
        shown = book.score_format if row is Row.SCORE else EXACT_FORMAT
        result.put(unit, name, f"={book.at(Part.STEPS, book.sum_row(unit, row), POINTS)}", value, shown)
    for place, breaker in enumerate(result.breakers):
        line = book.line(unit, breaker)
        formula = f"={formulas.clean(book.at(Part.STEPS, book.step_row(unit, breaker), SHARE))}"
        result.put(unit, result.first_tie + place, formula, line.share if line else Decimal(0), EXACT_FORMAT)


def _write_computed(result: _Result, unit: int) -> None:
    book, score = result.book, result.book.units[unit].score
    kept_out, rank = result.cell(unit, "kept_out"), result.cell(unit, "computed_rank")
    out = _kept_out_words(score)
    result.put(unit, "kept_out", formulas.kept_out(_veto(result, unit), result.veto, _gates(book, unit)), out)
    key = f'=IF({kept_out}<>"",-1,{result.cell(unit, "computed")})'
    result.put(unit, "computed_key", key, Decimal(-1) if out else score.computed_score, book.score_format)
    ranked = formulas.rank(kept_out, result.cell(unit, "computed_key"), result.all("computed_key"), result.ties(unit))
    result.put(unit, "computed_rank", ranked, score.computed_rank, "0")
    flag = formulas.flag(rank, result.cell(unit, "computed"), book.fact("flags"), book.fact("minimum"), result.flag)
    result.put(unit, "computed_flag", flag, result.flag if score.is_computed_winner else "")


def _write_decided(result: _Result, unit: int) -> None:
    book, score = result.book, result.book.units[unit].score
    wins = "" if score.decided_winner is None else (result.yes if score.decided_winner else result.no)
    first = result.columns["decided"]
    book.tell(Part.RESULT, 1 + unit, [score.decided_score, wins], first=first, bg_color=INPUT)
    book.tell(Part.RESULT, 1 + unit, [score.decided_reason], first=first + 2, text_wrap=True)
    decided, kept_out = result.cell(unit, "decided"), result.cell(unit, "kept_out")
    put_in = formulas.rounded(decided, book.fact("decimals")).removeprefix("=")
    stands = f'=IF({decided}="",{result.cell(unit, "computed")},{put_in})'
    result.put(unit, SCORE, stands, score.score, book.score_format)
    key = f'=IF({kept_out}<>"",-1,{result.cell(unit, SCORE)})'
    result.put(unit, "key", key, Decimal(-1) if _kept_out_words(score) else score.score, book.score_format)
    ranked = formulas.rank(kept_out, result.cell(unit, "key"), result.all("key"), result.ties(unit))
    result.put(unit, RANK, ranked, score.rank, "0")
    rank, stood = result.cell(unit, RANK), result.cell(unit, SCORE)
    flag = formulas.decided_flag(
        result.cell(unit, "decided_flag"),
        formulas.flag(rank, stood, book.fact("flags"), book.fact("minimum"), result.flag),
        kept_out,
        yes=result.yes,
        no=result.no,
        veto=result.veto,
        label=result.flag,
    )
    result.put(unit, FLAG, flag, result.flag if score.is_winner else "")


# --- what keeps out ---------------------------------------------------------------------------------------------------


def _veto(result: _Result, unit: int) -> str:
    book, words = result.book, formulas.text(str(Adjustment.Kind.VETO.label))
    return f"COUNTIFS({book.adjustments(0)},{result.cell(unit, CODE)},{book.adjustments(2)},{words})>0"


def _gates(book: Book, unit: int) -> list[formulas.GateCells]:
    places = {one.pk: place for place, one in enumerate(book.criteria)}
    return [
        formulas.GateCells(
            figure=book.at(Part.STEPS, book.step_row(unit, places[gate.criterion_id]), FIGURE),
            share=book.at(Part.STEPS, book.step_row(unit, places[gate.criterion_id]), SHARE),
            minimum=book.at(Part.RULES, book.first_gate + number, WEIGHT),
            label=gate_label(gate),
        )
        for number, gate in enumerate(book.gates)
    ]


def _kept_out_words(score: Score) -> str:
    if score.is_vetoed:
        return _("vetoed")
    return gate_label(score.failed_gate) if score.failed_gate is not None else ""
