"""The meeting packs of a campaign and the page of one: what it says, what the rules drafted, what has changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.domain.packs import LANGUAGES, Difference, differences, digest_of_figures
from campaigns.models import Campaign, Pack, PackWords, Period
from campaigns.queries.pack_content import PackContent, pack_content
from campaigns.queries.pack_words import LANGUAGE_CODES
from units.models.naming import in_reader_language
from units.permissions import Capacities

LARGEST_ID = 2**63 - 1


# --- the list ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PeriodPacks:
    """A period that has begun with its packs, the newest first."""

    period: Period
    packs: Sequence[Pack]

    @property
    def draft(self) -> Pack | None:
        return next((one for one in self.packs if not one.is_issued), None)


def packs_of(campaign: Campaign, periods: Sequence[Period], person: Capacities) -> list[PeriodPacks]:
    """The latest period first. One query, whatever the rows."""
    by_period: dict[int, list[Pack]] = {}
    rows = Pack.objects.visible_to(person).filter(period__campaign=campaign).defer("content")
    for pack in rows.select_related("issued_by", "built_by", "job").order_by("-number"):
        by_period.setdefault(pack.period_id, []).append(pack)
    begun = [one for one in periods if one.state != Period.State.UPCOMING]
    return [PeriodPacks(one, by_period.get(one.pk, [])) for one in reversed(begun)]


# --- one pack ---------------------------------------------------------------------------------------------------------


def find_pack(pack_id: int, person: Capacities) -> Pack | None:
    """One query."""
    rows = Pack.objects.visible_to(person).select_related("period__campaign__office", "issued_by", "built_by", "job")
    return rows.filter(pk=min(pack_id, LARGEST_ID)).first()


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that differs from the pack's, with the names that a reader knows; `is_percent`: it is a composite."""

    action: str
    unit: str
    indicator: str
    before: str | None
    after: str | None

    @property
    def is_percent(self) -> bool:
        return not self.indicator


@dataclass(frozen=True, slots=True)
class PackPage:
    """`words` by the language of the content. `has_changed`: the figures of now are others than the pack's; `changed`
    tells those that can be told one by one, and is empty where only a light, a judgement or a rule changed."""

    pack: Pack
    words: Mapping[str, PackWords]
    has_changed: bool
    changed: Sequence[Changed]
    newer: Pack | None

    @property
    def drafts(self) -> dict[str, dict[str, str]]:
        """What the rules drafted, by language and kind."""
        return {
            name: {one["kind"]: one["text"] for one in (self.words[name].drafts if name in self.words else ())}
            for name in LANGUAGES
        }


def pack_page(pack: Pack, *, now: datetime) -> PackPage:
    """All that the page of a pack shows; 18 queries, whatever the rows."""
    words = {one.language: one for one in pack.words.select_related("edited_by")}
    current = current_content(pack.period, now).content if pack.is_built else pack.content
    has_changed = pack.is_built and digest_of_figures(current) != digest_of_figures(pack.content)
    newer = Pack.objects.filter(period=pack.period_id, number__gt=pack.number).defer("content").first()
    return PackPage(
        pack=pack,
        words={name: words[code] for name, code in LANGUAGE_CODES.items() if code in words},
        has_changed=has_changed,
        changed=_changed(pack.content, current) if has_changed else [],
        newer=newer,
    )


def current_content(period: Period, now: datetime) -> PackContent:
    """What a pack of this period would hold now."""
    rows = Period.objects.filter(campaign=period.campaign_id).select_related("campaign__office").order_by("month")
    periods = list(rows)
    for one in periods:
        one.campaign = periods[0].campaign
    return pack_content(next(one for one in periods if one.pk == period.pk), periods=periods, now=now)


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    names = _names(before) | _names(after)
    return [_worded(one, names) for one in differences(before, after)]


def _worded(one: Difference, names: Mapping[tuple[str, Any], str]) -> Changed:
    return Changed(
        action=names.get(("action", one.action), ""),
        unit=names.get(("unit", one.unit), ""),
        indicator=names.get(("indicator", one.indicator), ""),
        before=one.before,
        after=one.after,
    )


def _names(content: Mapping[str, Any]) -> dict[tuple[str, Any], str]:
    """The names of actions, units and indicators in the reader's language."""
    found: dict[tuple[str, Any], str] = {}
    for action in content["actions"]:
        found["action", action["number"]] = _name(action)
        found |= {("indicator", one["code"]): _name(one) for one in action["indicators"]}
        found |= {("unit", one["unit"]["code"]): _name(one["unit"]) for one in action["units"]}
    return found | {("unit", row["unit"]["code"]): _name(row["unit"]) for row in content["standings"]}


def _name(row: Mapping[str, Any]) -> str:
    return in_reader_language(row["name"]["en"], row["name"]["zh"])


def sentence_kinds(pack: Pack) -> list[str]:
    """The kinds of the sentences that rules drafted for the pack or that it says, in their order. One query."""
    lists = [words.drafts for words in pack.words.order_by("language")]
    lists += [pack.content["sentences"][name] for name in LANGUAGES]
    return list(dict.fromkeys(one["kind"] for rows in lists for one in rows))
