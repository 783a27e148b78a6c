"""Who would win under other rules: weights, methods, flags or ties changed for once. Nothing is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from awards.domain.intervals import Interval, stretch
from awards.domain.snapshot import completed, text
from awards.models import Criterion, Gate, Round, Scheme
from awards.queries.round_content import Content, fresh_content, stored_content
from awards.queries.scheme_rules import criteria_of, gates_of, plain_parameters, wrong_with_scheme
from awards.refusals import Invalid, WrongScheme
from campaigns.models import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is tried: by the order of the criterion another weight, or another method with its parameters. None: as the
    scheme has it."""

    weights: Mapping[int, Decimal] = field(default_factory=dict)
    methods: Mapping[int, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    flags: int | None = None
    minimum_score: Decimal | None = None
    tie_rule: str | None = None


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    """One unit as it would stand beside as it stands; scores as texts with the scheme's decimals."""

    unit: str
    name: Mapping[str, str]
    score: str
    rank: int | None
    is_winner: bool
    score_now: str | None
    rank_now: int | None
    is_winner_now: bool

    @property
    def is_changed(self) -> bool:
        return (self.rank, self.is_winner) != (self.rank_now, self.is_winner_now)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`content` is a whole round as a snapshot tells it, every step included, under the rules that are tried."""

    rows: Sequence[WhatIfRow]
    content: Content

    @property
    def winners(self) -> Sequence[str]:
        return self.content["winners"]


def what_if_round(award: Round, changes: Changes) -> WhatIf:
    """Over the figures that the round was computed from; of an open round those of now. Decisions are left out: it
    tells what would be computed. Raises `WrongScheme` for rules that cannot be."""
    content = _content(award)
    before = completed({**content, "units": [{**one, "decision": None} for one in content["units"]]})
    scheme, criteria = tried(award.scheme, criteria_of(award.scheme), changes)
    gates = gates_of(award.scheme)
    _must_be_right(scheme, criteria, gates)
    rules = {
        **content["scheme"],
        "flags": scheme.flags,
        "minimum_score": text(scheme.minimum_score),
        "tie_rule": scheme.tie_rule,
        "criteria": [
            {
                **one,
                "weight": text(row.weight),
                "method": row.method,
                "parameters": plain_parameters(row.parameters),
            }
            for one, row in zip(content["scheme"]["criteria"], criteria, strict=True)
        ],
    }
    after = completed({**before, "scheme": rules})
    return WhatIf(_rows(after, before), after)


def _content(award: Round) -> Content:
    if award.state != Round.State.OPEN:
        return stored_content(award)
    if award.period is None:
        raise Invalid(_("This round has no period to take figures of."), field="period")
    return fresh_content(award, period=award.period)


def what_if_scheme(
    scheme: Scheme, *, period: Period, criteria: Sequence[Criterion] | None = None, gates: Sequence[Gate] | None = None
) -> WhatIf:
    """The preview of a scheme, saved or not, on the figures of one period. Marks, bonus, penalty and veto belong to
    rounds, so there are none. `criteria` and `gates` None: those that are saved. Raises `WrongScheme`."""
    criteria = criteria_of(scheme) if criteria is None else criteria
    gates = gates_of(scheme) if gates is None else gates
    _must_be_right(scheme, criteria, gates)
    starts_on, ends_on = stretch(Interval(scheme.interval), period.calendar_month)
    trial = Round(scheme=scheme, period=period, starts_on=starts_on, ends_on=ends_on)
    after = completed(fresh_content(trial, period=period, criteria=criteria, gates=gates))
    return WhatIf(_rows(after, None), after)


def tried(scheme: Scheme, criteria: Sequence[Criterion], changes: Changes) -> tuple[Scheme, Sequence[Criterion]]:
    """The same rows with the changes in them; they are not to be saved. Raises `Invalid` for an unknown criterion."""
    by_order = {one.order: one for one in criteria}
    unknown = sorted((changes.weights.keys() | changes.methods.keys()) - by_order.keys())
    if unknown:
        raise Invalid(_("There is no criterion %(order)s in this scheme.") % {"order": unknown[0]}, field="weights")
    for order, weight in changes.weights.items():
        by_order[order].weight = weight
    for order, (method, parameters) in changes.methods.items():
        by_order[order].method, by_order[order].parameters = method, dict(parameters)
    if changes.flags is not None and changes.flags < 1:
        raise Invalid(_("At least one flag."), field="flags")
    if changes.tie_rule is not None and changes.tie_rule not in Scheme.TieRule.values:
        raise Invalid(_("Choose one of the tie rules."), field="tie_rule")
    for name in ("flags", "minimum_score", "tie_rule"):
        value = getattr(changes, name)
        if value is not None:
            setattr(scheme, name, value)
    return scheme, criteria


def _must_be_right(scheme: Scheme, criteria: Sequence[Criterion], gates: Sequence[Gate]) -> None:
    problems = wrong_with_scheme(scheme, criteria, gates)
    if problems:
        raise WrongScheme(problems)


def _rows(after: Content, before: Content | None) -> list[WhatIfRow]:
    now = {one["unit"]: one["computed"] for one in before["units"]} if before else {}
    return [
        WhatIfRow(
            unit=one["unit"],
            name=one["name"],
            score=one["computed"]["score"],
            rank=one["computed"]["rank"],
            is_winner=one["computed"]["is_winner"],
            score_now=now[one["unit"]]["score"] if now else None,
            rank_now=now[one["unit"]]["rank"] if now else None,
            is_winner_now=bool(now) and now[one["unit"]]["is_winner"],
        )
        for one in after["units"]
    ]
