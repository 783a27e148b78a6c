"""What the formulas of the score sheet start from: figures with their reports and people, additions, and the rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from awards.documents import score_formulas as formulas
from awards.documents.score_parts import (
    EXACT_FORMAT,
    FACT_VALUE,
    FACTS,
    FIGURE_COLUMN,
    FIRST_CRITERION,
    FIRST_FACT,
    FIRST_PARAMETER,
    Book,
    Part,
    gate_label,
    parameters,
)
from awards.documents.score_words import (
    PARAMETERS,
    name_or_nothing,
    origin_words,
    people_words,
    report_name,
    report_words,
)
from awards.models import Criterion
from awards.queries.round_inputs import is_lower_better
from units.documents.sheets import Column

INPUT = "#FFF8E1"
"""Under what may be changed to try."""
WEIGHT, DIRECTION = 4, 5


# --- figures ----------------------------------------------------------------------------------------------------------


def write_figures(book: Book) -> None:
    columns = [
        Column(_("No."), 6), Column(_("Criterion"), 30), Column(_("Unit code"), 16), Column(_("Unit"), 24),
        Column(pgettext("of a criterion", "Figure"), 16), Column(_("Exact figure"), 22), Column(_("Made of"), 40),
        Column(_("Report"), 40),
        Column(_("People"), 50),
    ]  # fmt: skip
    book.begin(Part.FIGURES, columns, frozen=4)
    for place, criterion in enumerate(book.criteria):
        for unit in range(len(book.units)):
            _write_figure(book, unit, place, criterion)


def _write_figure(book: Book, unit: int, place: int, criterion: Criterion) -> None:
    row, line, whose = book.figure_row(unit, place), book.line(unit, place), book.units[unit].score.unit
    book.tell(Part.FIGURES, row, [criterion.order, criterion.name, whose.code, whose.name])
    if line is None or line.figure is None:
        book.tell(Part.FIGURES, row, [None, _("missing")], first=FIGURE_COLUMN, bg_color=INPUT)
    else:
        written, look = formulas.exact(line.figure), {"num_format": EXACT_FORMAT, "bg_color": INPUT}
        if isinstance(written, str):
            book.formula(Part.FIGURES, row, FIGURE_COLUMN, written, line.figure, **look)
        else:
            book.number(Part.FIGURES, row, FIGURE_COLUMN, written, **look)
        book.tell(Part.FIGURES, row, [str(line.figure)], first=FIGURE_COLUMN + 1, align="right")
    if line is not None:
        words = [origin_words(line), report_words(line.reports), people_words(line)]
        book.tell(Part.FIGURES, row, words, first=FIGURE_COLUMN + 2, text_wrap=True)


def write_reports(book: Book) -> None:
    """Each report that a figure was made of, with the hands that it went through."""
    columns = [
        Column(_("No."), 6), Column(_("Criterion"), 30), Column(_("Unit code"), 16), Column(_("Unit"), 24),
        Column(_("Report"), 50), Column(_("Report number"), 10), Column(_("Filed by"), 20), Column(_("Signed by"), 20),
        Column(_("Approved by"), 20), Column(_("Approved at"), 17), Column(_("Corrections"), 12),
    ]  # fmt: skip
    book.begin(Part.REPORTS, columns, frozen=4)
    row = 0
    for unit in book.units:
        for line in unit.lines:
            for trace in line.reports:
                row += 1
                people = [name_or_nothing(one) for one in (trace.filed_by, trace.signed_by, trace.approved_by)]
                told = [
                    line.criterion.order, line.criterion.name, unit.score.unit.code, unit.score.unit.name,
                    report_name(trace), trace.report.pk, *people, trace.approved_at, len(trace.corrections) or None,
                ]  # fmt: skip
                book.tell(Part.REPORTS, row, told)


# --- on top and off ---------------------------------------------------------------------------------------------------


def write_adjustments(book: Book) -> None:
    columns = [
        Column(_("Unit code"), 16), Column(_("Unit"), 24), Column(_("Kind"), 12), Column(_("Points"), 10),
        Column(_("Reason"), 50), Column(_("Evidence"), 50), Column(_("Entered by"), 20),
    ]  # fmt: skip
    book.begin(Part.ADJUSTMENTS, columns)
    row = 0
    for unit in book.units:
        for one in unit.adjustments:
            row += 1
            evidence = one.evidence_note or (_("file") if one.evidence else "")
            told = [unit.score.unit.code, unit.score.unit.name, one.get_kind_display(), one.points, one.reason,
                    evidence, one.made_by.display_name]  # fmt: skip
            book.tell(Part.ADJUSTMENTS, row, told)


# --- rules ------------------------------------------------------------------------------------------------------------


def write_rules(book: Book) -> None:
    columns = [
        Column(_("No."), 26), Column(_("Criterion"), 34), Column(_("Looks at"), 28), Column(_("Method"), 14),
        Column(_("Weight"), 9), Column(_("Direction: −1 where less is better"), 12), Column(_("Order in a tie"), 9),
        *(Column(heading, 11) for heading in PARAMETERS.values()),
    ]  # fmt: skip
    book.begin(Part.RULES, columns, heading_row=FIRST_CRITERION - 1)
    _write_round(book)
    for place, one in enumerate(book.criteria):
        row, given = FIRST_CRITERION + place, parameters(one)
        book.tell(Part.RULES, row, [one.order, one.name, one.get_basis_display(), one.get_method_display()])
        direction = -1 if is_lower_better(one) else 1
        book.tell(Part.RULES, row, [one.weight, direction], first=WEIGHT, bg_color=INPUT)
        book.tell(Part.RULES, row, [one.tie_order], first=DIRECTION + 1)
        for column, name in enumerate(PARAMETERS, start=FIRST_PARAMETER):
            if name in given:
                told = Decimal(given[name].numerator) / given[name].denominator  # a parameter is a decimal
                book.tell(Part.RULES, row, [told], first=column, bg_color=INPUT)
    _write_weights(book)
    _write_gates(book)


def _write_round(book: Book) -> None:
    award, scheme = book.sheet.round, book.scheme
    edition = _("edition %(number)d") % {"number": scheme.version}
    lines: list[tuple[str, Any]] = [
        (_("Award scheme"), f"{scheme.name} · {edition}"),
        (_("Award round"), award.name),
        (_("First day"), award.starts_on),
        (_("Last day"), award.ends_on),
        (_("State"), award.get_state_display()),
    ]
    for row, (label, value) in enumerate(lines):
        book.tell(Part.RULES, row, [label, value], align="left")
    facts: dict[str, tuple[str, Any]] = {
        "flags": (_("Number of flags"), scheme.flags),
        "minimum": (_("Minimum score"), scheme.minimum_score),
        "decimals": (_("Decimals of a score"), scheme.decimals),
        "bonus_cap": (_("Bonus cap"), scheme.bonus_cap),
        "penalty_cap": (_("Penalty cap"), scheme.penalty_cap),
    }
    for place, name in enumerate(FACTS):
        label, value = facts[name]
        book.tell(Part.RULES, FIRST_FACT + place, [label])
        book.tell(Part.RULES, FIRST_FACT + place, [value], first=FACT_VALUE, bg_color=INPUT, align="left")
    after = FIRST_FACT + len(FACTS)
    book.tell(Part.RULES, after, [_("Ties"), scheme.get_tie_rule_display()])
    book.tell(Part.RULES, after + 1, [_("Version of the formula"), award.formula])
    book.tell(Part.RULES, after + 2, [_("Digest of the inputs"), award.computed_from])


def _write_weights(book: Book) -> None:
    row = FIRST_CRITERION + len(book.criteria)
    weights = book.down(Part.RULES, WEIGHT, FIRST_CRITERION, len(book.criteria))
    book.tell(Part.RULES, row, ["", _("Sum of the weights")], bold=True)
    whole = sum(one.weight for one in book.criteria)
    book.formula(Part.RULES, row, WEIGHT, f"=SUM({weights})", whole, num_format=EXACT_FORMAT, bold=True)


def _write_gates(book: Book) -> None:
    if not book.gates:
        return
    heads = [_("Gate"), _("Name"), _("Criterion"), _("Where it is not met"), _("At least, %")]
    book.tell(Part.RULES, book.first_gate - 1, heads, bold=True, bg_color="#EFEDE6")
    for place, gate in enumerate(book.gates):
        told = [gate.order, gate.name, gate.criterion.name, gate_label(gate)]
        book.tell(Part.RULES, book.first_gate + place, told)
        book.tell(Part.RULES, book.first_gate + place, [gate.minimum], first=WEIGHT, bg_color=INPUT)
