"""The meeting pack: the figures of the pages, each with its report; edited as a draft, frozen once it is issued."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from campaigns.domain.canonical import digest_of
from campaigns.domain.packs import PackState
from campaigns.models import Measurement, Pack, Period
from campaigns.operations.packs import build_pack, fill_pack, issue_pack, save_sentences
from campaigns.operations.reports import Figure, correct_measurement
from campaigns.queries.actions import action_page
from campaigns.queries.completeness import completeness
from campaigns.queries.pack_content import pack_content
from campaigns.queries.packs import find_pack, pack_page
from campaigns.queries.standings import choose_group, ranking_groups, standings
from campaigns.refusals import Invalid, StaleVersion, WrongState
from tests.builders import close, draft_pack, issued_pack, publish
from tests.campaigns.analysis import more_units, periods_of
from tests.cast import Cast
from units.models import Change, Job, Message
from units.permissions import capacities


@pytest.fixture
def cast(cast_with_july: Cast) -> Cast:
    return cast_with_july


def content_of(cast: Cast, month: str = "2022-07") -> dict[str, Any]:
    periods = periods_of(cast)
    period = next(one for one in periods if one.month == month)
    return pack_content(period, periods=periods, now=cast.now).content


def correct(cast: Cast, value: str = "60.00") -> None:
    """The office corrects the town's exports of July, 50.00."""
    measurement = Measurement.objects.get(report__period=cast.july, report__unit=cast.town, indicator=cast.exports)
    correct_measurement(
        measurement_id=measurement.pk,
        actor=cast.office,
        now=cast.now,
        version=measurement.version,
        figure=Figure(value=Decimal(value), growth=measurement.growth, note=measurement.note),
        reason="Customs revised.",
    )


def edit(cast: Cast, pack: Pack, *, version: int | None = None, remarks: str = "", **texts: str) -> Pack:
    """The office writes these English sentences by kind and strikes out all others."""
    return save_sentences(
        pack_id=pack.pk,
        version=pack.version if version is None else version,
        sentences={"en": texts, "zh": {}},
        remarks={"en": remarks},
        actor=cast.office,
        now=cast.now,
    )


def said(pack: Pack, language: str = "en") -> dict[str, str]:
    return {one["kind"]: one["text"] for one in pack.content["sentences"][language]}


# --- the content ------------------------------------------------------------------------------------------------------


def test_the_standings_are_those_of_the_page(cast: Cast) -> None:
    group = choose_group(ranking_groups(), None)
    person = capacities(cast.leader, cast.now.date())
    table = standings(cast.july, periods=periods_of(cast), group=group, person=person)
    assert [
        (row["unit"]["code"], row["rank"], row["published"], row["light"]) for row in content_of(cast)["standings"]
    ] == [(row.unit.code, row.rank, format(row.published, "f"), row.light) for row in table.rows]
    assert table.city is not None
    assert content_of(cast)["city"]["published"] == format(table.city.published or 0, "f")


def test_each_action_with_its_units_is_that_of_its_page(cast: Cast) -> None:
    person = capacities(cast.leader, cast.now.date())
    for told in content_of(cast)["actions"]:
        page = action_page(
            cast.july, number=told["number"], periods=periods_of(cast), person=person, today=cast.now.date()
        )
        assert page.city is not None
        assert (told["published"], told["light"]) == (format(page.city.published or 0, "f"), page.city.light)
        assert [(one["unit"]["code"], one["published"], one["light"]) for one in told["units"]] == [
            (row.unit.code, format(row.progress.published or 0, "f"), row.progress.light) for row in page.units
        ]
        assert [one["value"] for one in told["indicators"]] == [
            format(row.value, "f") if row.value is not None else None for row in page.figures
        ]


def test_completeness_is_that_of_its_page(cast: Cast) -> None:
    person = capacities(cast.leader, cast.now.date())
    table = completeness(cast.july, person=person, now=cast.now)
    told = content_of(cast)["completeness"]
    assert told["total"]["expected"] == table.total.expected == 5
    assert [(one["unit"]["code"], one["filed"]) for one in told["units"]] == [
        (row.unit.code, row.counts.filed) for row in table.units
    ]


def test_every_figure_leads_to_its_report_and_to_who_filed_and_approved_it(cast: Cast) -> None:
    trade = content_of(cast)["actions"][0]
    [town] = [one for one in trade["units"] if one["unit"]["code"] == "town"]
    report = cast.report(period=cast.july)
    figure = town["figures"][0]
    assert (figure["value"], figure["attainment"]) == ("50.00", "25.00")
    assert figure["report"]["url_path"] == f"/reports/{report.pk}/"
    assert figure["report"]["filed_by"] == {"en": "Reporter", "zh": "Reporter"}
    assert figure["report"]["approved_by"] == {"en": "Reviewer", "zh": "Reviewer"}
    assert figure["report"]["approved_at"] == "2022-08-03T09:00:00+08:00"


def test_a_missing_figure_is_null_and_never_nought(cast: Cast) -> None:
    Measurement.objects.filter(report__unit=cast.town, indicator=cast.roads, report__period=cast.july).update(
        value=None
    )
    roads = content_of(cast)["actions"][1]
    [town] = [one for one in roads["units"] if one["unit"]["code"] == "town"]
    assert (town["figures"][0]["value"], town["published"], town["light"]) == (None, None, "grey")
    assert (roads["indicators"][0]["attainment"], roads["indicators"][0]["present"]) == (None, 1)


def test_the_content_does_not_depend_on_the_readers_language(cast: Cast) -> None:
    english = content_of(cast)
    with translation.override("zh-hans"):
        assert content_of(cast) == english
    assert english["sentences"]["en"][0]["text"] != english["sentences"]["zh"][0]["text"]


def test_more_units_take_no_more_queries(cast: Cast) -> None:
    def queries() -> int:
        periods = periods_of(cast)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            pack_content(periods[0], periods=periods, now=cast.now)
        return len(captured)

    few = queries()
    more_units(cast, 4, cast.july)
    assert queries() == few <= 16


# --- building ---------------------------------------------------------------------------------------------------------


def test_a_pack_is_built_in_the_background(cast: Cast) -> None:
    pack = build_pack(period=cast.july, actor=cast.office, now=cast.now)
    assert (pack.number, pack.state, pack.is_in_work) == (1, PackState.BUILDING, True)
    job = Job.objects.get(pk=pack.job_id)
    assert (job.kind, job.total, job.owner) == ("build_pack", 7, cast.office)
    with pytest.raises(WrongState, match="being built"):
        build_pack(period=cast.july, actor=cast.office, now=cast.now)


def test_a_built_pack_is_a_draft_with_its_digest(cast: Cast) -> None:
    pack = draft_pack(cast)
    assert (pack.state, pack.content["pack"]["state"]) == (PackState.DRAFT, "draft")
    assert pack.digest == pack.content["digest"] == digest_of(pack.content)
    again = Pack.objects.get(pk=pack.pk)
    assert digest_of(again.content) == pack.digest


def test_an_open_period_has_a_draft_that_says_so(cast: Cast) -> None:
    pack = draft_pack(cast, cast.august)
    assert pack.content["pack"]["is_before_publication"]
    with pytest.raises(WrongState, match="once its period is published"):
        issue_pack(pack_id=pack.pk, version=pack.version, actor=cast.office, now=cast.now)


def test_a_period_that_has_not_begun_has_none(cast: Cast) -> None:
    with pytest.raises(WrongState):
        build_pack(period=cast.october, actor=cast.office, now=cast.now)


def test_work_that_broke_off_can_be_begun_again(cast: Cast) -> None:
    pack = build_pack(period=cast.july, actor=cast.office, now=cast.now)
    Job.objects.filter(pk=pack.job_id).delete()
    assert build_pack(period=cast.july, actor=cast.office, now=cast.now).pk == pack.pk


@pytest.mark.parametrize("who", ["reporter", "head", "reviewer", "leader", "administrator", "stranger"])
def test_the_office_alone_builds_edits_and_issues(cast: Cast, who: str) -> None:
    pack, person = draft_pack(cast), getattr(cast, who)
    with pytest.raises(PermissionDenied):
        build_pack(period=cast.july, actor=person, now=cast.now)
    with pytest.raises(PermissionDenied):
        issue_pack(pack_id=pack.pk, version=pack.version, actor=person, now=cast.now)
    with pytest.raises(PermissionDenied):
        save_sentences(pack_id=pack.pk, version=1, sentences={}, remarks={}, actor=person, now=cast.now)


# --- sentences --------------------------------------------------------------------------------------------------------


def test_what_the_office_writes_stands_beside_what_the_rules_drafted(cast: Cast) -> None:
    drafted = draft_pack(cast)
    pack = edit(cast, drafted, leads="The town leads again.", remarks="Well done.")
    assert said(pack) == {"leads": "The town leads again."}
    assert pack.content["remarks"] == {"en": "Well done.", "zh": ""}
    assert pack.digest == digest_of(pack.content) != drafted.digest
    page = pack_page(pack, now=cast.now)
    assert page.drafts["en"]["leads"] == said(drafted)["leads"]
    assert (page.words["en"].edited_by, page.words["en"].edited_at) == (cast.office, cast.now)


def test_each_language_says_who_edited_it(cast: Cast) -> None:
    pack = draft_pack(cast)
    sentences = {"en": {**said(pack), "leads": "The town leads."}, "zh": said(pack, "zh")}
    save_sentences(
        pack_id=pack.pk, version=pack.version, sentences=sentences, remarks={}, actor=cast.office, now=cast.now
    )
    words = pack_page(pack, now=cast.now).words
    assert (words["en"].edited_by, words["zh"].edited_by) == (cast.office, None)


def test_new_figures_leave_what_was_written_and_redraft_the_rest(cast: Cast) -> None:
    pack = draft_pack(cast)
    sentences = {"en": {**said(pack), "filed": "All are here."}, "zh": said(pack, "zh")}
    save_sentences(
        pack_id=pack.pk, version=pack.version, sentences=sentences, remarks={}, actor=cast.office, now=cast.now
    )
    correct(cast)
    again = draft_pack(cast)
    assert again.pk == pack.pk
    assert said(again)["filed"] == "All are here."
    assert said(again)["leads"] != said(pack)["leads"]


def test_who_comes_too_late_is_told(cast: Cast) -> None:
    pack = draft_pack(cast)
    edit(cast, pack, leads="First.")
    with pytest.raises(StaleVersion):
        edit(cast, pack, leads="Second.")


def test_a_sentence_that_no_rule_knows_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid):
        edit(cast, draft_pack(cast), weather="Fine.")


def test_a_sentence_has_an_end(cast: Cast) -> None:
    with pytest.raises(Invalid, match="600"):
        edit(cast, draft_pack(cast), leads="x" * 601)


# --- issuing ----------------------------------------------------------------------------------------------------------


def test_an_issued_pack_is_frozen(cast: Cast) -> None:
    pack = issued_pack(cast)
    assert pack.content["pack"]["issued_by"] == {"en": "Office", "zh": "Office"}
    assert pack.digest == digest_of(pack.content)
    refused: list[Callable[[], Any]] = [
        lambda: edit(cast, pack, leads="Later."),
        lambda: issue_pack(pack_id=pack.pk, version=pack.version, actor=cast.office, now=cast.now),
        lambda: fill_pack(pack_id=pack.pk, actor=cast.office, now=cast.now),
    ]
    for step in refused:
        with pytest.raises(WrongState):
            step()
    assert Pack.objects.get(pk=pack.pk).digest == pack.digest


def test_office_and_leaders_are_told(cast: Cast) -> None:
    pack = issued_pack(cast)
    told = Message.objects.filter(kind="pack_ready")
    assert {one.recipient for one in told} == {cast.office, cast.leader}
    assert {one.url for one in told} == {f"/packs/{pack.pk}/"}


def test_figures_that_changed_meanwhile_are_not_issued(cast: Cast) -> None:
    pack = draft_pack(cast)
    correct(cast)
    with pytest.raises(WrongState, match="changed"):
        issue_pack(pack_id=pack.pk, version=pack.version, actor=cast.office, now=cast.now)
    again = draft_pack(cast)
    assert issue_pack(pack_id=again.pk, version=again.version, actor=cast.office, now=cast.now).is_issued


def test_a_draft_from_before_publication_is_taken_anew_before_it_is_issued(cast: Cast) -> None:
    close(cast)
    pack = draft_pack(cast, cast.august)
    publish(cast)
    with pytest.raises(WrongState, match="changed"):
        issue_pack(pack_id=pack.pk, version=pack.version, actor=cast.office, now=cast.now)


def test_a_correction_shows_beside_the_issued_pack_and_makes_a_new_version(cast: Cast) -> None:
    pack = issued_pack(cast)
    assert not pack_page(pack, now=cast.now).has_changed
    correct(cast)
    page = pack_page(Pack.objects.get(pk=pack.pk), now=cast.now)
    assert page.has_changed
    assert ("Riverside Town", "Exports, to date", "50.00", "60.00") in [
        (one.unit, one.indicator, one.before, one.after) for one in page.changed
    ]
    newer = draft_pack(cast)
    assert (newer.number, newer.state) == (2, PackState.DRAFT)
    page = pack_page(Pack.objects.get(pk=pack.pk), now=cast.now)
    assert page.newer == newer
    assert page.pack.digest == pack.digest


def test_a_new_version_begins_with_what_was_said_in_the_last(cast: Cast) -> None:
    pack = draft_pack(cast)
    pack = edit(cast, pack, remarks="Look at exports.", leads="The town leads again.")
    issue_pack(pack_id=pack.pk, version=pack.version, actor=cast.office, now=cast.now)
    newer = draft_pack(cast)
    assert said(newer)["leads"] == "The town leads again."
    assert newer.content["remarks"]["en"] == "Look at exports."


def test_every_step_is_on_record(cast: Cast) -> None:
    pack = edit(cast, draft_pack(cast), leads="The town leads.")
    issue_pack(pack_id=pack.pk, version=pack.version, actor=cast.office, now=cast.now)
    changes = Change.objects.filter(items__object_type="campaigns.pack").order_by("pk")
    assert [one.verb for one in changes] == ["build_pack", "fill_pack", "edit_pack", "issue_pack"]
    item = changes.last().items.get()  # type: ignore[union-attr]
    assert item.key == {"campaign": "hundred-days", "period": "2022-07", "number": "1"}
    assert item.after["state"] == "issued"


# --- who sees it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["office", "leader", "administrator"])
def test_drafts_are_for_office_leaders_and_administrators(cast: Cast, who: str) -> None:
    person = capacities(getattr(cast, who), cast.now.date())
    assert find_pack(draft_pack(cast).pk, person) is not None


@pytest.mark.parametrize("who", ["head", "outsider_head", "reviewer", "other_reviewer"])
def test_heads_and_reviewers_see_what_is_issued(cast: Cast, who: str) -> None:
    person = capacities(getattr(cast, who), cast.now.date())
    draft = draft_pack(cast)
    assert find_pack(draft.pk, person) is None
    issue_pack(pack_id=draft.pk, version=draft.version, actor=cast.office, now=cast.now)
    assert find_pack(draft.pk, person) is not None


@pytest.mark.parametrize("who", ["reporter", "outsider", "stranger"])
def test_others_see_none(cast: Cast, who: str) -> None:
    person = capacities(getattr(cast, who), cast.now.date())
    assert find_pack(issued_pack(cast).pk, person) is None


def test_an_unpublished_period_shows_no_issued_pack(cast: Cast) -> None:
    pack = issued_pack(cast)
    Period.objects.filter(pk=cast.july.pk).update(state="closed", published_at=None)
    assert find_pack(pack.pk, capacities(cast.head, cast.now.date())) is None
