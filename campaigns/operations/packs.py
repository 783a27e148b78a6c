"""Meeting packs: built in the background, edited while they are drafts, frozen once they are issued.

Figures that change after that make a new version; nothing leads back. The life is in `domain.packs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.canonical import digest_of
from campaigns.domain.packs import (
    LANGUAGES,
    PackState,
    PackVerb,
    can_step,
    digest_of_figures,
    kept_sentences,
)
from campaigns.models import Pack, PackWords, Period
from campaigns.permissions import can_build_packs, can_issue_packs
from campaigns.queries.clock import local_day
from campaigns.queries.pack_content import PackContent
from campaigns.queries.pack_words import LANGUAGE_CODES, instant, person_of
from campaigns.queries.packs import current_content, sentence_kinds
from campaigns.queries.recipients import People
from campaigns.refusals import Invalid, StaleVersion, WrongState
from units.models import Job, Role, User
from units.operations.changes import Touched, record
from units.operations.jobs import start_job
from units.operations.messages import send_all
from units.permissions import Capacities, capacities
from units.queries.messages import Notice

BUILD_JOB, DRAW_JOB = "build_pack", "draw_pack"
DOCUMENTS = 6
"""Three kinds in two languages."""
LONGEST_SENTENCE, LONGEST_REMARK = 600, 4000

OFFICE_ONLY = gettext_lazy("Only the campaign office may do this.")
BEING_BUILT = gettext_lazy("This pack is being built. Wait until it is there.")
IS_ISSUED = gettext_lazy("This pack is issued: nothing of it changes any more. Build a new version instead.")


# --- building ---------------------------------------------------------------------------------------------------------


def build_pack(*, period: Period, actor: User, now: datetime, version: int | None = None) -> Pack:
    """Has the period's draft built, or built anew with the figures of now; after an issued pack it is the next version.

    Raises `StaleVersion` where a `version` is given and the draft has another.
    """
    if not can_build_packs(capacities(actor, local_day(now))):
        raise PermissionDenied(OFFICE_ONLY)
    try:
        return _build(period.pk, actor, version)
    except IntegrityError as error:  # somebody else made the first draft in the same instant
        raise WrongState(BEING_BUILT) from error


@transaction.atomic
def _build(period_id: int, actor: User, version: int | None) -> Pack:
    period = Period.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=period_id)
    if period.state == Period.State.UPCOMING:
        raise WrongState(_("The period has not begun yet."))
    newest = Pack.objects.select_for_update(of=("self",)).select_related("job").filter(period=period).first()
    if newest is not None and newest.is_in_work:
        raise WrongState(BEING_BUILT)
    pack, before = newest, None
    if pack is None or pack.is_issued:
        pack = Pack(period=period, number=newest.number + 1 if newest else 1)
    else:
        must_be_current(pack, version)
        before = {"state": pack.state}
        pack.version += 1
    pack.period, pack.state, pack.built_by = period, PackState.BUILDING.value, actor
    pack.save()
    pack.job = _start(pack, BUILD_JOB, actor, 1 + DOCUMENTS)
    pack.save(update_fields=["job"])
    record(actor=actor, verb="build_pack", touched=[Touched(pack, before, {"state": pack.state})])
    return pack


def _start(pack: Pack, kind: str, actor: User, total: int) -> Job:
    title = _("Meeting pack, %(month)s") % {"month": pack.period.month}
    params = {"pack": pack.pk, "page": reverse("pack", args=[pack.pk])}
    return start_job(kind=kind, title=title, owner=actor, params=params, total=total)


@transaction.atomic
def fill_pack(*, pack_id: int, actor: User, now: datetime) -> Pack:
    """Gives a pack the figures of now: what people wrote in it, or in the version before, stays."""
    pack = locked_pack(pack_id)
    if not can_step(PackVerb.FILL, PackState(pack.state)):
        raise WrongState(_("This pack has been built already."))
    content = current_content(pack.period, now)
    said, drafted = _written(pack)
    for language in LANGUAGES:
        redrafted = content.drafts[language]
        content.content["sentences"][language] = kept_sentences(said.get(language, ()), drafted[language], redrafted)
    content.content["remarks"] = _remarks(pack)
    before = {"state": pack.state, "digest": pack.digest}
    pack.state, pack.built_at = PackState.DRAFT.value, now
    pack.version += 1
    _freeze(pack, content.content)
    pack.save()
    _keep_drafts(pack, content)
    record(actor=actor, verb="fill_pack", touched=[Touched(pack, before, _told(pack))])
    return pack


def _written(pack: Pack) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """What the pack says beside what the rules had drafted; of a first draft what the version before says."""
    source = pack if pack.content else _version_before(pack)
    if source is None:
        return {}, {language: [] for language in LANGUAGES}
    by_code = {words.language: words.drafts for words in source.words.all()}
    return source.content["sentences"], {name: by_code.get(code, []) for name, code in LANGUAGE_CODES.items()}


def _remarks(pack: Pack) -> dict[str, str]:
    source = pack if pack.content else _version_before(pack)
    return source.content["remarks"] if source else dict.fromkeys(LANGUAGES, "")


def _version_before(pack: Pack) -> Pack | None:
    return Pack.objects.filter(period=pack.period_id, number__lt=pack.number).first()


def _keep_drafts(pack: Pack, content: PackContent) -> None:
    for name, code in LANGUAGE_CODES.items():
        PackWords.objects.update_or_create(pack=pack, language=code, defaults={"drafts": content.drafts[name]})


# --- editing ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_sentences(
    *,
    pack_id: int,
    version: int,
    sentences: Mapping[str, Mapping[str, str]],
    remarks: Mapping[str, str],
    actor: User,
    now: datetime,
) -> Pack:
    """Writes what a draft says, by language and kind of sentence; an empty text strikes the sentence out.

    Raises `StaleVersion` where somebody was faster, `WrongState` for a pack that is no draft.
    """
    _must_be_office(actor, now)
    pack = locked_pack(pack_id)
    _must_be_draft(pack)
    must_be_current(pack, version)
    content = dict(pack.content)
    before = {"sentences": content["sentences"], "remarks": content["remarks"]}
    content["sentences"] = {name: _sentences(pack, name, sentences.get(name, {})) for name in LANGUAGES}
    content["remarks"] = {name: _text(remarks.get(name, ""), LONGEST_REMARK, f"remarks-{name}") for name in LANGUAGES}
    after = {"sentences": content["sentences"], "remarks": content["remarks"]}
    if after == before:
        return pack
    pack.version += 1
    _freeze(pack, content)
    pack.job = _start(pack, DRAW_JOB, actor, DOCUMENTS)
    pack.save()
    _sign_words(pack, before, after, actor, now)
    record(actor=actor, verb="edit_pack", touched=[Touched(pack, before, after)])
    return pack


def _sentences(pack: Pack, language: str, texts: Mapping[str, str]) -> list[dict[str, str]]:
    """In their order; kinds that nobody ever drafted are not taken."""
    known = sentence_kinds(pack)
    unknown = next((kind for kind in texts if kind not in known), None)
    if unknown is not None:
        raise Invalid(_("There is no sentence “%(kind)s”.") % {"kind": unknown[:20]}, field=language)
    written = {kind: _text(texts.get(kind, ""), LONGEST_SENTENCE, f"{language}-{kind}") for kind in known}
    return [{"kind": kind, "text": text} for kind, text in written.items() if text]


def _text(text: str, longest: int, field: str) -> str:
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    if len(text) > longest:
        raise Invalid(_("At most %(count)d characters.") % {"count": longest}, field=field)
    return text


def _sign_words(pack: Pack, before: Mapping[str, Any], after: Mapping[str, Any], actor: User, now: datetime) -> None:
    """Notes who edited the languages that were edited."""
    for name, code in LANGUAGE_CODES.items():
        if any(before[part][name] != after[part][name] for part in ("sentences", "remarks")):
            PackWords.objects.filter(pack=pack, language=code).update(edited_by=actor, edited_at=now)


# --- issuing ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def issue_pack(*, pack_id: int, version: int, actor: User, now: datetime) -> Pack:
    """Freezes a draft of a published period and tells office and leaders. Nothing of it changes any more.

    Refuses with `WrongState` while the period is not published, and where a figure has changed since the draft was
    built: what is issued are the figures that the pages show at that moment.
    """
    _must_be_office(actor, now)
    pack = locked_pack(pack_id)
    _must_be_draft(pack)
    must_be_current(pack, version)
    if not pack.period.is_published:
        raise WrongState(_("A pack is issued once its period is published."))
    if digest_of_figures(pack.content) != digest_of_figures(current_content(pack.period, now).content):
        raise WrongState(_("Figures have changed since this draft was built. Take them anew, then issue it."))
    before = _told(pack)
    pack.state, pack.issued_at, pack.issued_by = PackState.ISSUED.value, now, actor
    pack.version += 1
    _freeze(pack, pack.content)
    pack.job = _start(pack, DRAW_JOB, actor, DOCUMENTS)
    pack.save()
    record(actor=actor, verb="issue_pack", touched=[Touched(pack, before, _told(pack))])
    _tell(pack, now)
    return pack


def _tell(pack: Pack, now: datetime) -> None:
    """To the office and the leaders."""
    campaign, day = pack.period.campaign, local_day(now)
    people = People.on(day)
    send_all(
        Notice(
            kind="pack_ready",
            subject=f"pack:{pack.pk}",
            recipient_id=person,
            day=day,
            url=reverse("pack", args=[pack.pk]),
            params={
                "campaign_en": campaign.name_en,
                "campaign_zh": campaign.name_zh,
                "month": pack.period.month,
                "number": pack.number,
            },
        )
        for person in sorted({*people.of(Role.OFFICE, campaign.office_id), *people.leaders})
    )


# --- what all share ---------------------------------------------------------------------------------------------------


def locked_pack(pack_id: int) -> Pack:
    """The pack, locked until the end of the transaction; raises `Pack.DoesNotExist`."""
    rows = Pack.objects.select_for_update(of=("self",)).select_related("period__campaign", "issued_by")
    return rows.get(pk=pack_id)


def _freeze(pack: Pack, content: Mapping[str, Any]) -> None:
    """Writes the content with what the pack says of itself, and its digest."""
    whole = {**content, "pack": _about(pack)}
    whole["digest"] = pack.digest = digest_of(whole)
    pack.content = whole


def _about(pack: Pack) -> dict[str, Any]:
    return {
        "number": pack.number,
        "state": pack.state,
        "is_before_publication": not pack.period.is_published,
        "issued_at": instant(pack.issued_at),
        "issued_by": person_of(pack.issued_by),
    }


def _told(pack: Pack) -> dict[str, Any]:
    return {"state": pack.state, "digest": pack.digest}


def must_be_current(pack: Pack, version: int | None) -> None:
    if version is not None and version != pack.version:
        raise StaleVersion(_("Somebody else changed this pack meanwhile. Look at it again."), current=pack)


def _must_be_draft(pack: Pack) -> None:
    if pack.is_issued:
        raise WrongState(IS_ISSUED)
    if not pack.is_draft:
        raise WrongState(BEING_BUILT)


def _must_be_office(actor: User, now: datetime) -> None:
    person: Capacities = capacities(actor, local_day(now))
    if not can_issue_packs(person):
        raise PermissionDenied(OFFICE_ONLY)
