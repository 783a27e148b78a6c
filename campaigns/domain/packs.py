"""The life of a meeting pack, which of its sentences stay when its figures are taken anew, and what changed since.

Works on the content of a pack, plain JSON. The rules are in ``docs/packs.md``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from campaigns.domain.canonical import digest_of

LANGUAGES = ("en", "zh")
"""The languages of the content; a document is drawn in each."""

FIGURES = ("campaign", "period", "group", "city", "actions", "standings", "movers", "missed")
"""The parts of the content that are figures or come from them."""

Sentences = Sequence[Mapping[str, str]]
"""What is said in one language: `kind` says which rule found it, `text` is the sentence."""


class PackState(StrEnum):
    BUILDING = "building"
    DRAFT = "draft"
    ISSUED = "issued"


class PackVerb(StrEnum):
    BUILD = "build"  # take the figures, for the first time or anew
    FILL = "fill"  # the worker brings the figures
    EDIT = "edit"
    ISSUE = "issue"


STEPS: dict[PackVerb, tuple[frozenset[PackState], PackState]] = {
    PackVerb.BUILD: (frozenset({PackState.BUILDING, PackState.DRAFT}), PackState.BUILDING),
    PackVerb.FILL: (frozenset({PackState.BUILDING}), PackState.DRAFT),
    PackVerb.EDIT: (frozenset({PackState.DRAFT}), PackState.DRAFT),
    PackVerb.ISSUE: (frozenset({PackState.DRAFT}), PackState.ISSUED),
}
"""What leads from which state to which. Nothing leads out of `issued`: what comes after is a pack of its own."""


def can_step(verb: PackVerb, state: PackState) -> bool:
    return state in STEPS[verb][0]


# --- sentences --------------------------------------------------------------------------------------------------------


def kept_sentences(said: Sentences, drafted: Sentences, redrafted: Sentences) -> list[dict[str, str]]:
    """What is said once the rules have drafted anew: what people wrote or struck out stays, the rest follows the rules.

    `said` stood beside the drafts `drafted`. A sentence that somebody wrote stays even where the rule that found its
    draft finds nothing any more.
    """
    texts = {one["kind"]: one["text"] for one in said}
    before = {one["kind"]: one["text"] for one in drafted}
    after = {one["kind"]: one["text"] for one in redrafted}
    found = []
    for kind in dict.fromkeys([*after, *texts]):
        is_edited = texts.get(kind, "") != before.get(kind, "")
        text = texts.get(kind, "") if is_edited else after.get(kind, "")
        if text:
            found.append({"kind": kind, "text": text})
    return found


# --- figures ----------------------------------------------------------------------------------------------------------


def digest_of_figures(content: Mapping[str, Any]) -> str:
    """The same for two contents whose figures are the same, whatever is said of them."""
    return digest_of({name: content.get(name) for name in FIGURES})


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure in a pack and as it is now. Without `indicator` it is a composite (percent), without `unit` the
    city's, without `action` over all actions. None: there was none, or there is none."""

    action: int | None
    unit: str | None
    indicator: str | None
    before: str | None
    after: str | None


Place = tuple[int | None, str | None, str | None]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """The figures that are not the same in two contents, in the order of the second."""
    old, new = dict(_figures(before)), dict(_figures(after))
    return [
        Difference(*place, old.get(place), new.get(place))
        for place in dict.fromkeys([*new, *old])
        if old.get(place) != new.get(place)
    ]


def _figures(content: Mapping[str, Any]) -> Iterator[tuple[Place, str | None]]:
    yield (None, None, None), content["city"]["published"]
    for row in content["standings"]:
        yield (None, row["unit"]["code"], None), row["published"]
    for action in content["actions"]:
        number = action["number"]
        yield (number, None, None), action["published"]
        for one in action["indicators"]:
            yield (number, None, one["code"]), one["value"]
        for unit in action["units"]:
            code = unit["unit"]["code"]
            yield (number, code, None), unit["published"]
            for one in unit["figures"]:
                yield (number, code, one["indicator"]), one["value"]
