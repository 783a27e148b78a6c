"""Says in words why a warning was raised, and by which rule: for its page, its slip, the lists and the messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from campaigns.models import EarlyWarning
from units.models.naming import in_reader_language

Cause = EarlyWarning.Cause

RULES = {
    Cause.BEHIND_PLAN: gettext_lazy(
        "100 × (plan to date − invested to date) / this year's plan: behind by 10 to 30 points is yellow, by more is"
        " red; yellow in this and in the month just before is red."
    ),
    Cause.START_OVERDUE: gettext_lazy(
        "A start that is one month overdue is yellow, three months overdue red. A month is over on the same day of the"
        " next month, or on its last day where it has no such day."
    ),
    Cause.MILESTONE_OVERDUE: gettext_lazy("A milestone that is not done by the end of its planned day is yellow."),
    Cause.NO_STATISTICAL_ENTRY: gettext_lazy(
        "No statistical entry one month after the start is yellow, two months after it red."
    ),
    Cause.PROBLEM_OPEN: gettext_lazy("A problem that the newest update still names after more than a month is yellow."),
    Cause.NO_UPDATE: gettext_lazy("No update for the newest closed month is yellow."),
}


def cause_name(cause: str) -> str:
    """The cause in the reader's language; a cause of another release as it is."""
    return str(Cause(cause).label) if cause in Cause.values else cause


def rule_of(cause: str) -> str:
    """The rule by which this cause gets its light."""
    return str(RULES[Cause(cause)])


def reason_of(warning: EarlyWarning) -> str:
    """Why this warning was raised, from its particulars."""
    say = _REASONS.get(Cause(warning.cause))
    told: Mapping[str, str] = warning.particulars
    try:
        return say(told) if say else ""
    except (KeyError, ValueError, ArithmeticError):  # particulars of another release
        return cause_name(warning.cause)


def _behind(told: Mapping[str, str]) -> str:
    words = _(
        "By the end of %(month)s %(done)s of the planned %(plan)s is invested (10,000 yuan): %(points)s points of this"
        " year's plan behind."
    )
    said = words % {
        "done": _amount(told["invested_to_date"]),
        "plan": _amount(told["plan_to_date"]),
        "points": told["points_behind"],
        "month": _month(told["month"]),
    }
    if "also_behind_in" in told:
        before = _("It was yellow in %(month)s already.") % {"month": _month(told["also_behind_in"])}
        return f"{said} {before}"
    return said


def _start(told: Mapping[str, str]) -> str:
    return _("The start was planned for %(day)s and has not been made.") % {"day": _day(told["planned_start_on"])}


def _milestone(told: Mapping[str, str]) -> str:
    name = in_reader_language(told["milestone_en"], told["milestone_zh"])
    said = _("“%(name)s” was planned for %(day)s and is not done.") % {"name": name, "day": _day(told["planned_on"])}
    more = int(told.get("overdue_milestones", "1")) - 1
    if not more:
        return said
    words = ngettext("%(count)d more milestone is overdue.", "%(count)d more milestones are overdue.", more)
    return f"{said} {words % {'count': more}}"


def _entry(told: Mapping[str, str]) -> str:
    return _("Started on %(day)s, and not entered in the statistics.") % {"day": _day(told["started_on"])}


def _problem(told: Mapping[str, str]) -> str:
    return _("Its problem has been open since %(day)s.") % {"day": _day(told["problem_since"])}


def _no_update(told: Mapping[str, str]) -> str:
    return _("Nothing was reported for %(month)s.") % {"month": _month(told["month"])}


_REASONS: dict[EarlyWarning.Cause, Callable[[Mapping[str, str]], str]] = {
    Cause.BEHIND_PLAN: _behind,
    Cause.START_OVERDUE: _start,
    Cause.MILESTONE_OVERDUE: _milestone,
    Cause.NO_STATISTICAL_ENTRY: _entry,
    Cause.PROBLEM_OPEN: _problem,
    Cause.NO_UPDATE: _no_update,
}


def _amount(text: str) -> str:
    """With thousands separators; all its digits stay."""
    return f"{Decimal(text):,.2f}"


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "Y年n月j日" if _is_chinese() else "j F Y")


def _month(text: str) -> str:
    return date_format(date.fromisoformat(f"{text}-01"), "Y年n月" if _is_chinese() else "F Y")


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")
