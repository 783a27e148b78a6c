"""The bulletin of an announced round and the notice of its publicity, as official papers in Word and PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from awards.models import Adjustment, Scheme
from awards.queries.round_papers import RoundPaper
from campaigns.documents.pack_words import in_language, is_chinese, name_of
from campaigns.documents.papers import Cell, Fact, Paper, Table
from campaigns.templatetags.look import MISSING, month_name, number_text, short_day_year

WINNER_TINT = "F8E4E4"
GROUP = 16
"""A digest is shown in groups of so many digits."""


def bulletin(paper: RoundPaper) -> Paper:
    """What was announced; the same bytes as PDF whenever it is drawn."""
    named = _named(paper)
    return Paper(
        language=_language(),
        issuer=paper.award.scheme.campaign.office.name,
        title=_("Bulletin on the mobile red flag, %(round)s") % named,
        as_of=paper.as_of,
        date=short_day_year(paper.day("announced_on")),
        number=_("Snapshot %(number)d") % {"number": paper.snapshot.version} if paper.snapshot else "",
        subtitle=named["scheme"],
        note=_sample_note(paper),
        paragraphs=[_("To all reporting units:"), _grounds(paper), winners_sentence(paper), *_revision(paper)],
        table=_ranking(paper),
        facts=_facts(paper),
        closing=_closing(paper, "announced_on"),
    )


def publicity_notice(paper: RoundPaper) -> Paper:
    """What is in publicity, until when, and how to object."""
    named = _named(paper)
    days = {
        "first": short_day_year(paper.day("publicity_from")),
        "last": short_day_year(paper.day("publicity_until")),
    }
    objection = _(
        "The result is in publicity from %(first)s to %(last)s. A unit that objects files its appeal in writing "
        "in this system within these days; each appeal is answered in writing before the result is announced."
    )
    return Paper(
        language=_language(),
        issuer=paper.award.scheme.campaign.office.name,
        title=_("Publicity notice on the mobile red flag, %(round)s") % named,
        as_of=paper.as_of,
        date=short_day_year(paper.day("publicity_from")),
        subtitle=named["scheme"],
        note=_sample_note(paper),
        paragraphs=[_("To all reporting units:"), _grounds(paper), _proposed(paper), objection % days],
        table=_ranking(paper),
        facts=_facts(paper),
        closing=_closing(paper, "publicity_from"),
    )


def _language() -> str:
    return "zh" if is_chinese() else "en"


def _named(paper: RoundPaper) -> dict[str, str]:
    return {"round": name_of(paper.content["round"]), "scheme": name_of(paper.content["scheme"])}


def _sample_note(paper: RoundPaper) -> str:
    return _("Contains sample figures.") if paper.has_sample else ""


def _closing(paper: RoundPaper, day: str) -> list[str]:
    return [paper.award.scheme.campaign.office.name, short_day_year(paper.day(day))]


# --- sentences --------------------------------------------------------------------------------------------------------


def _grounds(paper: RoundPaper) -> str:
    told = {
        **_named(paper),
        "edition": paper.content["scheme"]["edition"],
        "first": short_day_year(paper.day("starts_on")),
        "last": short_day_year(paper.day("ends_on")),
        "count": len(paper.units),
        "month": month_name(paper.month),
    }
    words = ngettext(
        "By the scheme %(scheme)s, edition %(edition)d, %(count)d unit was scored for %(first)s to %(last)s, from "
        "the approved figures of %(month)s.",
        "By the scheme %(scheme)s, edition %(edition)d, %(count)d units were scored for %(first)s to %(last)s, from "
        "the approved figures of %(month)s.",
        len(paper.units),
    )
    return words % told


def joined_names(units: Sequence[Mapping[str, Any]]) -> str:
    return pgettext("between names", ", ").join(name_of(one) for one in units)


def winners_sentence(paper: RoundPaper) -> str:
    """Who holds the flag: several co-equal, one, or nobody."""
    if not paper.winners:
        return _("No unit won the flag. Nobody holds it until the next round is announced.")
    if len(paper.winners) == 1:
        words = _("The mobile red flag goes to %(names)s. It is held until the next round is announced.")
    else:
        words = _("The mobile red flag goes, co-equal, to %(names)s. It is held until the next round is announced.")
    return words % {"names": joined_names(paper.winners)}


def _proposed(paper: RoundPaper) -> str:
    if not paper.winners:
        return _("It is proposed that no unit is given the flag.")
    return _("It is proposed to give the mobile red flag to %(names)s.") % {"names": joined_names(paper.winners)}


def _revision(paper: RoundPaper) -> list[str]:
    told = paper.content.get("snapshot") or {}
    if not told.get("reason"):
        return []
    words = _("This takes the place of the result announced before, which stays on record. Reason: %(reason)s")
    return [words % {"reason": told["reason"]}]


# --- the ranking ------------------------------------------------------------------------------------------------------


def _ranking(paper: RoundPaper) -> Table:
    """Columns for what was computed and what came on top stand there only where there is such a thing."""
    is_decided = any(one["decision"] for one in paper.units)
    is_adjusted = any(one["adjustments"] for one in paper.units)
    head = [_("Rank"), _("Unit"), _("Score"), _("Result")]
    widths: list[float] = [1.2, 3.4, 2, 3.6]
    if is_decided:
        head += [_("Computed score"), _("Reason of the change")]
        widths += [2, 4]
    if is_adjusted:
        head.append(_("Bonus, penalty, veto"))
        widths.append(4)
    return Table(
        title=_("Ranking"),
        head=head,
        widths=widths,
        rows=[_row(paper, one, is_decided=is_decided, is_adjusted=is_adjusted) for one in paper.units],
        empty=MISSING,
    )


def _row(paper: RoundPaper, unit: Mapping[str, Any], *, is_decided: bool, is_adjusted: bool) -> list[Cell]:
    places = paper.content["scheme"]["decimals"]
    final, computed = unit["final"], unit["computed"]
    tint = WINNER_TINT if final["is_winner"] else ""
    told = [
        str(final["rank"]) if final["rank"] else MISSING,
        name_of(unit),
        number_text(Decimal(final["score"]), places),
        _result(paper, unit),
    ]
    if is_decided:
        is_own = unit["decision"] is not None
        told += [number_text(Decimal(computed["score"]), places), unit["decision"]["reason"] if is_own else ""]
    if is_adjusted:
        told.append(_("; ").join(_added(one) for one in unit["adjustments"]))
    return [Cell(one, tint) for one in told]


def _result(paper: RoundPaper, unit: Mapping[str, Any]) -> str:
    if unit["final"]["is_winner"]:
        return _("red flag, co-equal") if len(paper.winners) > 1 else _("red flag")
    if unit["computed"]["is_vetoed"]:
        return _("vetoed")
    failed = unit["computed"]["failed_gate"]
    if failed is not None:
        gates = {one["order"]: one for one in paper.content["scheme"]["gates"]}
        return _("gate not met: %(name)s") % {"name": name_of(gates[failed])}
    if Fraction(unit["final"]["score"]) < Fraction(paper.content["scheme"]["minimum_score"]):
        return _("below the minimum score")
    return ""


def _added(one: Mapping[str, Any]) -> str:
    kind = Adjustment.Kind(one["kind"])
    words = _("%(kind)s: %(reason)s") if kind is Adjustment.Kind.VETO else _("%(kind)s %(points)s: %(reason)s")
    return words % {"kind": kind.label, "points": number_text(_decimal(one["points"])), "reason": one["reason"]}


def _decimal(told: str) -> Decimal:
    """A fraction of a snapshot whose value is a decimal, plainly."""
    value = Fraction(told)
    return (Decimal(value.numerator) / value.denominator).normalize() + 0


# --- the basis --------------------------------------------------------------------------------------------------------


def _facts(paper: RoundPaper) -> list[Fact]:
    scheme = paper.content["scheme"]
    rule = Scheme.TieRule(scheme["tie_rule"]).label
    rules = [
        ngettext("%(count)d flag", "%(count)d flags", scheme["flags"]) % {"count": scheme["flags"]},
        _("at least %(score)s points") % {"score": number_text(_decimal(scheme["minimum_score"]))},
        _("ties: %(rule)s") % {"rule": rule},
        ngettext("rounded half up to %(count)d decimal", "rounded half up to %(count)d decimals", scheme["decimals"])
        % {"count": scheme["decimals"]},
    ]
    facts = [
        Fact(_("Criteria and weights"), _("; ").join(_criterion(one) for one in scheme["criteria"])),
        Fact(_("Rules"), _("; ").join(rules)),
    ]
    first, last = paper.day("publicity_from"), paper.day("publicity_until")
    if paper.snapshot is not None:
        days = {"first": short_day_year(first), "last": short_day_year(last)}
        facts.append(Fact(_("In publicity"), _("%(first)s to %(last)s") % days if first and last else MISSING))
        facts.append(Fact(_("Digest"), _digest(paper.snapshot.sha256)))
    return facts


def _criterion(one: Mapping[str, Any]) -> str:
    return f"{in_language(one['name'])} {number_text(_decimal(one['weight']))}"


def _digest(sha256: str) -> str:
    groups = " ".join(sha256[place : place + GROUP] for place in range(0, len(sha256), GROUP))
    words = _("SHA-256 of the snapshot, from which digest and scores can be computed again: %(digest)s")
    return words % {"digest": groups}
