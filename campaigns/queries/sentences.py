"""Puts into words, in the active language, what `domain.sentences` found worth saying of a month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campaigns.domain.sentences import (
    Course,
    Lagging,
    Leads,
    Missed,
    Moved,
    NotFiled,
    Placed,
    what_is_missed,
    what_lags,
    who_fell,
    who_has_not_filed,
    who_leads,
    who_rose,
)


class Called(Protocol):
    """A unit or an action: it has a name in the reader's language."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """`kind` says which rule found it: missed, leads, rose, fell, lags, filed."""

    kind: str
    text: str


def sentences(
    placed: Sequence[Placed], courses: Sequence[Course], unfiled: Iterable[tuple[Called, int]], expected: int
) -> list[Sentence]:
    """All that is to be said of a month, in the order in which it is read."""
    found = [
        ("missed", missed_sentence(what_is_missed(courses))),
        ("leads", leads_sentence(who_leads(placed))),
        ("rose", rose_sentence(who_rose(placed))),
        ("fell", fell_sentence(who_fell(placed))),
        ("lags", lags_sentence(what_lags(courses))),
        ("filed", filed_sentence(who_has_not_filed(unfiled, expected=expected))),
    ]
    return [Sentence(kind, text) for kind, text in found if text]


def missed_sentence(found: Missed | None) -> str:
    if found is None:
        return ""
    if not found.actions:
        return _("At this rate every action comes within a tenth of its target.")
    told = ngettext(
        "At this rate %(count)d of %(total)d actions misses its target by more than a tenth: %(names)s.",
        "At this rate %(count)d of %(total)d actions miss their target by more than a tenth: %(names)s.",
        len(found.actions),
    )
    return told % {"count": len(found.actions), "total": found.total, "names": listed(found.actions)}


def leads_sentence(found: Leads | None) -> str:
    if found is None:
        return ""
    told = ngettext(
        "%(names)s leads with %(figure)s%%.", "%(names)s lead together with %(figure)s%%.", len(found.units)
    )
    return told % {"names": listed(found.units), "figure": found.figure}


def rose_sentence(found: Moved | None) -> str:
    if found is None:
        return ""
    told = ngettext(
        "%(names)s rose most, by %(places)d place.", "%(names)s rose most, by %(places)d places.", found.places
    )
    return told % {"names": listed(found.units), "places": found.places}


def fell_sentence(found: Moved | None) -> str:
    if found is None:
        return ""
    told = ngettext(
        "%(names)s fell most, by %(places)d place.", "%(names)s fell most, by %(places)d places.", -found.places
    )
    return told % {"names": listed(found.units), "places": -found.places}


def lags_sentence(found: Lagging | None) -> str:
    if found is None:
        return ""
    if not found.red and not found.yellow:
        return _("No action is behind its plan.")
    told = []
    if found.red:
        told.append(_("far behind their plan: %(names)s") % {"names": listed(found.red)})
    if found.yellow:
        told.append(_("behind their plan: %(names)s") % {"names": listed(found.yellow)})
    return _sentence(pgettext("between clauses", "; ").join(told))


def filed_sentence(found: NotFiled | None) -> str:
    if found is None:
        return ""
    if not found.units:
        return _("All %(expected)d reports are filed.") % {"expected": found.expected}
    names = between(_("%(name)s (%(count)d)") % {"name": unit.name, "count": count} for unit, count in found.units)
    told = _("%(missing)d of %(expected)d reports are not filed: %(names)s.")
    return told % {"missing": found.reports, "expected": found.expected, "names": names}


def listed(named: Iterable[Called]) -> str:
    """A, B and C; A、B、C."""
    return between(one.name for one in named)


def between(words: Iterable[str]) -> str:
    *first, last = words
    if not first:
        return last
    return pgettext("before the last of a list", "%(first)s and %(last)s") % {
        "first": pgettext("between names", ", ").join(first),
        "last": last,
    }


def _sentence(clause: str) -> str:
    return pgettext("a clause as a sentence", "%s.") % (clause[:1].upper() + clause[1:])
