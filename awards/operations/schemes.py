"""Saves award schemes. One that a round uses is never edited: what is saved becomes the next edition under its code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from awards.models import Criterion, Gate, Scheme
from awards.operations.round_steps import NOT_YOURS
from awards.permissions import can_save_schemes
from awards.queries.scheme_rules import criteria_of, gates_of, plain_parameters, scheme_content, wrong_with_scheme
from awards.refusals import Invalid, SchemeProblem, StaleVersion, WrongScheme
from campaigns.models import Action, Campaign, Indicator
from campaigns.queries.clock import local_day
from units.models import RankingGroup, User
from units.operations.changes import Touched, record
from units.operations.constraints import must_be_right
from units.permissions import capacities

OF_PARTS = frozenset({"scheme", "criterion", "behind"})
"""Fields of parts that point to what is not saved yet when they are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionGiven:
    order: int
    name_en: str
    name_zh: str
    weight: Decimal
    basis: str
    method: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    indicator: Indicator | None = None
    action: Action | None = None
    tie_order: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateGiven:
    """`criterion` and `behind` by their orders."""

    order: int
    name_en: str
    name_zh: str
    criterion: int
    minimum: Decimal
    behind: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeGiven:
    """A whole scheme as it was typed."""

    code: str
    name_en: str
    name_zh: str
    campaign: Campaign
    group: RankingGroup
    interval: str
    criteria: Sequence[CriterionGiven]
    gates: Sequence[GateGiven] = ()
    flags: int = 3
    minimum_score: Decimal = Decimal(90)
    tie_rule: str = Scheme.TieRule.SHARED
    decimals: int = 2
    bonus_cap: Decimal | None = None
    penalty_cap: Decimal | None = None
    publicity_working_days: int = 3


FIELDS = (
    "code", "name_en", "name_zh", "campaign", "group", "interval", "flags", "minimum_score", "tie_rule", "decimals",
    "bonus_cap", "penalty_cap", "publicity_working_days",
)  # fmt: skip


@transaction.atomic
def save_scheme(
    *,
    given: SchemeGiven,
    actor: User,
    now: datetime,
    scheme_id: int | None = None,
    revision: int | None = None,
) -> Scheme:
    """Makes a scheme, edits one that no round uses, or makes the next edition of one that a round uses: the new edition
    is active, the old one is kept with its rounds.

    Raises `WrongScheme` with everything that is wrong, `StaleVersion` where the scheme was saved or replaced since its
    `revision` was read.
    """
    if not can_save_schemes(capacities(actor, local_day(now))):
        raise PermissionDenied(NOT_YOURS)
    old = None if scheme_id is None else _locked(scheme_id, revision)
    if old is None and Scheme.objects.filter(code=given.code).exists():
        raise Invalid(_("There is a scheme with this code already."), field="code")
    if old is not None and given.code != old.code:
        raise Invalid(_("The code stays as it is."), field="code")
    is_new_edition = old is not None and old.rounds.exists()
    scheme = Scheme() if old is None or is_new_edition else old
    before = None if old is None else scheme_content(old, criteria_of(old), gates_of(old))
    for name in FIELDS:
        setattr(scheme, name, getattr(given, name))
    if is_new_edition:
        newest = Scheme.objects.filter(code=given.code).aggregate(newest=Max("version"))["newest"]
        scheme.version = newest + 1
    criteria, gates = unsaved_parts(scheme, given)
    _must_be_right(scheme, criteria, gates, other_edition=is_new_edition)
    for criterion in criteria:
        criterion.parameters = plain_parameters(criterion.parameters)
    after = scheme_content(scheme, criteria, gates)
    if old is not None and not is_new_edition and before == after:
        return old
    if is_new_edition and _is_same(before, after):
        return old  # type: ignore[return-value]  # there is one, since it has rounds
    touched = [_switch_off(given.code)] if is_new_edition else []
    _write(scheme, criteria, gates)
    touched.append(Touched(scheme, None if is_new_edition else before, after))
    verb = "add_scheme" if old is None else "new_scheme_edition" if is_new_edition else "edit_scheme"
    record(actor=actor, verb=verb, touched=touched)
    return scheme


def _locked(scheme_id: int, revision: int | None) -> Scheme:
    rows = Scheme.objects.select_for_update(of=("self",)).select_related("campaign", "group")
    scheme = rows.get(pk=scheme_id)
    if (revision is not None and revision != scheme.revision) or not scheme.is_active:
        told = _("Somebody else saved this scheme meanwhile. Look at it again.")
        raise StaleVersion(told, current=scheme)
    return scheme


def _switch_off(code: str) -> Touched:
    """The edition that was active; under each code there is one at most."""
    old = Scheme.objects.get(code=code, is_active=True)
    old.is_active = False
    old.save(update_fields=["is_active", "updated_at"])
    return Touched(old, {"is_active": True}, {"is_active": False})


def _is_same(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> bool:
    return before is not None and {**before, "edition": 0} == {**after, "edition": 0}


# --- its parts --------------------------------------------------------------------------------------------------------


def unsaved_parts(scheme: Scheme, given: SchemeGiven) -> tuple[list[Criterion], list[Gate]]:
    """Criteria and gates as rows that are not saved, for looking at them and for the preview.

    A gate that names a criterion or gate which is not there gets one that holds its number alone, to be told of.
    """
    criteria = [
        Criterion(
            scheme=scheme,
            order=one.order,
            name_en=one.name_en,
            name_zh=one.name_zh,
            weight=one.weight,
            basis=one.basis,
            indicator=one.indicator,
            action=one.action,
            method=one.method,
            parameters=dict(one.parameters),
            tie_order=one.tie_order,
        )
        for one in given.criteria
    ]
    by_order = {one.order: one for one in criteria}
    gates = [
        Gate(
            scheme=scheme,
            order=one.order,
            name_en=one.name_en,
            name_zh=one.name_zh,
            criterion=by_order.get(one.criterion) or Criterion(scheme=scheme, order=one.criterion),
            minimum=one.minimum,
        )
        for one in given.gates
    ]
    gate_of = {gate.order: gate for gate in gates}
    for gate, told in zip(gates, given.gates, strict=True):
        if told.behind is not None:
            gate.behind = gate_of.get(told.behind) or Gate(scheme=scheme, order=told.behind)
    return criteria, gates


def scheme_given(given: SchemeGiven) -> tuple[Scheme, list[Criterion], list[Gate]]:
    """The whole scheme as rows that are not saved: what a preview computes with."""
    scheme = Scheme(**{name: getattr(given, name) for name in FIELDS})
    return scheme, *unsaved_parts(scheme, given)


def _must_be_right(
    scheme: Scheme, criteria: Sequence[Criterion], gates: Sequence[Gate], *, other_edition: bool
) -> None:
    problems = [*_of_rows("scheme", [scheme], frozenset({"code"}) if other_edition else frozenset())]
    problems += wrong_with_scheme(scheme, criteria, gates)
    known = {(one.part, one.place, one.name) for one in problems}
    rows = [*_of_rows("criteria", criteria, OF_PARTS), *_of_rows("gates", gates, OF_PARTS)]
    problems += [one for one in rows if (one.part, one.place, one.name) not in known]
    for campaign_id, place in _of_other_campaigns(scheme, criteria):
        told = _("It belongs to another campaign.")
        problems.append(SchemeProblem("other_campaign", "criteria", place, campaign_id, told))
    if problems:
        raise WrongScheme(problems)


def _of_other_campaigns(scheme: Scheme, criteria: Sequence[Criterion]) -> Iterator[tuple[str, int]]:
    for place, one in enumerate(criteria):
        if one.indicator is not None and one.indicator.action.campaign_id != scheme.campaign_id:
            yield "indicator", place
        if one.action is not None and one.action.campaign_id != scheme.campaign_id:
            yield "action", place


def _of_rows(part: str, rows: Sequence[Any], apart: frozenset[str]) -> Iterator[SchemeProblem]:
    """What the fields of each row do not take."""
    for place, row in enumerate(rows):
        try:
            if part == "scheme":
                row.clean_fields()
                if not apart:
                    must_be_right(row)
            else:
                row.clean_fields(exclude=apart)
        except ValidationError as wrong:
            for name, messages in wrong.message_dict.items():
                field_name = "" if name == NON_FIELD_ERRORS else name
                at = None if part == "scheme" else place
                yield SchemeProblem("invalid", part, at, field_name, " ".join(messages))


def _write(scheme: Scheme, criteria: Sequence[Criterion], gates: Sequence[Gate]) -> None:
    """Parts are replaced as a whole: no round points at those of a scheme that is edited in place."""
    scheme.save()
    Gate.objects.filter(scheme=scheme).update(behind=None)
    Gate.objects.filter(scheme=scheme).delete()
    Criterion.objects.filter(scheme=scheme).delete()
    for criterion in criteria:
        criterion.scheme = scheme
        criterion.save()
    behind = {gate.order: gate.behind for gate in gates}
    for gate in gates:
        gate.scheme, gate.criterion, gate.behind = scheme, gate.criterion, None
        gate.save()
    for gate in gates:
        if behind[gate.order] is not None:
            gate.behind = behind[gate.order]
            gate.save(update_fields=["behind"])
