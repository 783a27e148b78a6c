"""The pages of a round: what each shows to whom, the steps taken on them, and what they say of bad input."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.domain.intervals import Interval, name_of
from awards.models import Adjustment, Appeal, Mark, RedFlag, Round, Score
from campaigns.domain.months import Month
from campaigns.models import AgendaItem, Measurement, Meeting
from campaigns.operations.clock import set_clock
from tests.awards.builders import adjusted, announced, computed, in_publicity, opened, saved_scheme, standing
from tests.cast import Cast, at, client_of
from units.models import RankingGroupMember, Unit, User


@pytest.fixture
def cast(cast_with_july: Cast, settings: Any, tmp_path: Any) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return cast_with_july


def page(award: Round, person: User, name: str = "award_round", **query: Any) -> str:
    answer = client_of(person).get(reverse(name, args=[award.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def step(award: Round, person: User, name: str, **typed: Any) -> Any:
    """What a form of the page sends, with the version as it is now."""
    body = {"version": Round.objects.get(pk=award.pk).version} | typed
    return client_of(person).post(reverse(name, args=[award.pk]), body)


def state(award: Round) -> str:
    return Round.objects.get(pk=award.pk).state


# --- the course of a round --------------------------------------------------------------------------------------------


def test_the_office_opens_a_round_and_what_follows_from_the_month_need_not_be_typed(cast: Cast) -> None:
    scheme = saved_scheme(cast)
    client = client_of(cast.office)
    assert 'name="period"' in client.get(reverse("open_round"), {"scheme": "flag"}).content.decode()
    answer = client.post(reverse("open_round"), {"scheme": scheme.pk, "period": cast.july.pk})
    award = Round.objects.get()
    assert answer.url == reverse("award_round", args=[award.pk])
    assert (award.name_en, award.name_zh) == ("July 2022", "2022年7月")
    assert (award.starts_on, award.ends_on) == (date(2022, 7, 1), date(2022, 7, 31))
    again = client.post(reverse("open_round"), {"scheme": scheme.pk, "period": cast.july.pk, "name_en": "Once more"})
    assert again.status_code == 400
    told = again.content.decode()
    assert "There is a round of this scheme for these days already." in told
    assert "Once more" in told


def test_each_step_is_taken_on_the_page_and_the_next_one_stands_there(cast: Cast) -> None:
    award = opened(cast)
    for name, typed, after in (
        ("compute_round", {}, "computed"),
        ("review_round", {}, "reviewed"),
        ("publicise_round", {"publicity_from": "2022-09-05"}, "in_publicity"),
    ):
        assert reverse(name, args=[award.pk]) in page(award, cast.office)
        assert step(award, cast.office, name, **typed).url == reverse("award_round", args=[award.pk])
        assert state(award) == after
    set_clock(to=at(9, 8), actor=None)
    told = page(award, cast.administrator, "announce_round")
    assert "Announce now" in told
    assert "Riverside Town" in told
    step(award, cast.administrator, "announce_round")
    assert RedFlag.objects.get().unit == cast.town
    told = page(award, cast.stranger)
    snapshot = award.snapshots.get()
    assert snapshot.sha256 in told
    file = client_of(cast.stranger).get(reverse("round_snapshot", args=[award.pk]), {"version": 1})
    assert snapshot.sha256 in file.content.decode()
    assert "attachment" in file["Content-Disposition"]


def test_only_who_may_take_a_step_is_offered_it(cast: Cast) -> None:
    award = in_publicity(cast)
    office, administrator = page(award, cast.office), page(award, cast.administrator)
    leader, reporter = page(award, cast.leader), page(award, cast.reporter)
    assert reverse("adjust_round", args=[award.pk]) in office
    assert reverse("decide_round", args=[award.pk]) not in office
    assert reverse("decide_round", args=[award.pk]) in administrator
    assert reverse("announce_round", args=[award.pk]) in administrator
    for told in (leader, reporter):
        assert '<form method="post" class="body"' not in told
    set_clock(to=at(9, 5), actor=None)
    assert reverse("appeal_round", args=[award.pk]) in page(award, cast.reporter)
    assert reverse("appeal_round", args=[award.pk]) not in page(award, cast.reviewer)


def test_scores_are_hidden_until_the_publicity_and_shown_to_everybody_from_then_on(cast: Cast) -> None:
    award = computed(cast)
    score = f"{Score.objects.get(unit=cast.town).computed_score:.2f}"
    for person in (cast.reporter, cast.head, cast.reviewer, cast.stranger):
        assert score not in page(award, person)
        assert client_of(person).get(reverse("score_sheet", args=[award.pk])).status_code == 404
    for person in (cast.office, cast.leader, cast.administrator):
        assert score in page(award, person)
        assert score in page(award, person, "score_sheet", unit="town")
    in_publicity(cast, Round.objects.get(pk=award.pk))
    assert score in page(award, cast.outsider)
    assert score in page(award, cast.outsider, "score_sheet", unit="town")


def test_the_page_says_when_a_figure_has_changed_since(cast: Cast) -> None:
    award = computed(cast)
    assert "Figures have changed" not in page(award, cast.office)
    Measurement.objects.filter(report__unit=cast.town, report__period=cast.july, indicator=cast.exports).update(
        value=Decimal("77")
    )
    assert "Figures have changed since this round was computed" in page(award, cast.office)
    step(award, cast.office, "compute_round")
    assert "Figures have changed" not in page(award, cast.office)


# --- marks ------------------------------------------------------------------------------------------------------------


def test_marks_are_given_for_all_units_and_what_is_wrong_stays_beside_its_box(cast: Cast) -> None:
    award = opened(cast, marks={})
    url = reverse("round_marks", args=[award.pk])
    client, version = client_of(cast.office), award.version
    wrong = {"version": version, "mark-2-town": "101", "mark-2-neighbour": "80", "note-2-neighbour": "Well led"}
    told = client.post(url, wrong)
    assert told.status_code == 400
    words = told.content.decode()
    assert "A mark lies between 0 and 100." in words
    assert 'value="101"' in words
    assert "Well led" in words
    assert not Mark.objects.exists()
    assert client.post(url, {**wrong, "mark-2-town": "95.5"}).status_code == 302
    assert {one.unit.code: one.value for one in Mark.objects.all()} == {"town": Decimal("95.5"), "neighbour": 80}
    stale = client.post(url, {**wrong, "mark-2-town": "90"})
    assert stale.status_code == 409
    assert 'value="90"' in stale.content.decode()


# --- bonus, penalty, veto ---------------------------------------------------------------------------------------------


def test_a_veto_without_evidence_is_refused_beside_its_box_and_the_words_stay(cast: Cast) -> None:
    award = computed(cast)
    given = {"unit": cast.town.pk, "kind": "veto", "reason": "A safety accident at the quay"}
    told = step(award, cast.office, "adjust_round", **given)
    assert told.status_code == 400
    words = told.content.decode()
    assert "Attach the evidence, or say where it is." in words
    assert "A safety accident at the quay" in words
    assert not Adjustment.objects.exists()
    assert step(award, cast.office, "adjust_round", **given, evidence_note="Notice 12").status_code == 302
    assert Score.objects.get(unit=cast.town).is_vetoed
    assert "vetoed" in page(award, cast.office)


def test_evidence_is_a_file_that_is_what_it_says_and_is_read_by_who_may(cast: Cast) -> None:
    award = computed(cast)
    given = {"unit": cast.town.pk, "kind": "bonus", "points": "1.5", "reason": "Provincial praise"}
    fake = SimpleUploadedFile("notice.pdf", b"no pdf at all")
    told = step(award, cast.office, "adjust_round", **given, evidence=fake)
    assert told.status_code == 400
    assert "The content of this file is not what its name says." in told.content.decode()
    real = SimpleUploadedFile("../../notice.pdf", b"%PDF-1.4 praise")
    assert step(award, cast.office, "adjust_round", **given, evidence=real).status_code == 302
    one = Adjustment.objects.get()
    assert ".." not in one.evidence.name
    url = reverse("award_evidence", args=[one.pk])
    answer = client_of(cast.office).get(url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 praise"
    assert "attachment" in answer["Content-Disposition"]
    for person in (cast.reporter, cast.outsider):
        assert client_of(person).get(url).status_code == 404
    in_publicity(cast, Round.objects.get(pk=award.pk))
    assert client_of(cast.reporter).get(url).status_code == 200
    assert client_of(cast.outsider).get(url).status_code == 404


def test_a_bonus_is_taken_back_with_the_reason(cast: Cast) -> None:
    award = adjusted(cast, computed(cast), cast.town)
    one = Adjustment.objects.get()
    assert reverse("withdraw_adjustment", args=[award.pk]) in page(award, cast.office)
    told = step(award, cast.office, "withdraw_adjustment", adjustment=one.pk, reason="")
    assert told.status_code == 400
    assert "Say why it is taken back." in told.content.decode()
    assert step(award, cast.office, "withdraw_adjustment", adjustment=one.pk, reason="Wrong unit").status_code == 302
    assert not Adjustment.objects.exists()
    told = step(award, cast.office, "withdraw_adjustment", adjustment=one.pk, reason="Once more")
    assert told.status_code == 400
    assert "It has been taken back already." in told.content.decode()
    assert "Once more" in told.content.decode()


# --- publicity and appeals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ({"publicity_from": "2022-09-01"}, "This day lies in the past. Choose a later one."),
        (
            {"publicity_from": "2022-09-05", "publicity_until": "2022-09-06"},
            "The publicity period takes 3 working days: until",
        ),
        (
            {"publicity_from": "2022-09-05", "publicity_until": "2022-09-04"},
            "The publicity period ends before it begins.",
        ),
        ({"publicity_from": "soon"}, "This is not a day. Write it as 2022-09-05."),
    ],
)
def test_a_window_that_cannot_be_is_refused_beside_its_box(cast: Cast, days: dict[str, str], told: str) -> None:
    award = computed(cast)
    step(award, cast.office, "review_round")
    answer = step(award, cast.office, "publicise_round", **days)
    words = answer.content.decode()
    assert answer.status_code == 400
    assert told in words
    assert f'value="{days["publicity_from"]}"' in words
    assert state(award) == "reviewed"


def test_a_unit_appeals_in_the_window_and_an_upheld_appeal_sends_the_round_back(cast: Cast) -> None:
    award = in_publicity(cast)
    early = step(award, cast.head, "appeal_round", unit=cast.town.pk, text="Our exports were 95.")
    assert early.status_code == 409
    assert "Appeals are taken from" in early.content.decode()
    assert "Our exports were 95." in early.content.decode()
    set_clock(to=at(9, 6), actor=None)
    assert step(award, cast.head, "appeal_round", unit=cast.town.pk, text="").status_code == 400
    assert step(award, cast.head, "appeal_round", unit=cast.town.pk, text="Our exports were 95.").status_code == 302
    appeal = Appeal.objects.get()
    assert "Our exports were 95." in page(award, cast.office)
    assert "Our exports were 95." in page(award, cast.reporter)
    assert "Our exports were 95." not in page(award, cast.outsider)
    assert "An appeal waits for its answer" in page(award, cast.administrator, "announce_round")
    empty = step(award, cast.office, "answer_appeal", appeal=appeal.pk, answer="", is_upheld="yes")
    assert empty.status_code == 400
    assert "Answer in writing." in empty.content.decode()
    given = {"appeal": appeal.pk, "answer": "You are right.", "is_upheld": "yes", "sends_back": "on"}
    assert step(award, cast.office, "answer_appeal", **given).status_code == 302
    assert state(award) == "computed"
    assert "You are right." in page(award, cast.head)


def test_an_appeal_that_is_not_upheld_sends_nothing_back(cast: Cast) -> None:
    award = in_publicity(cast)
    set_clock(to=at(9, 6), actor=None)
    step(award, cast.head, "appeal_round", unit=cast.town.pk, text="Too low.")
    given = {"appeal": Appeal.objects.get().pk, "answer": "The figure stands.", "is_upheld": "no", "sends_back": "on"}
    told = step(award, cast.office, "answer_appeal", **given)
    assert told.status_code == 400
    assert "Only an appeal that is upheld sends a round back." in told.content.decode()
    assert "The figure stands." in told.content.decode()


# --- decisions --------------------------------------------------------------------------------------------------------


def test_a_decision_needs_a_reason_and_the_computed_score_stays_beside_it(cast: Cast) -> None:
    award = computed(cast)
    given = {"unit": cast.neighbour.pk, "score": "99.50"}
    told = step(award, cast.administrator, "decide_round", **given, reason="")
    assert told.status_code == 400
    assert "Give the reason; it stands beside the computed score." in told.content.decode()
    assert 'value="99.50"' in told.content.decode()
    assert step(award, cast.administrator, "decide_round", **given, reason="Audit of 2 September").status_code == 302
    words = page(award, cast.administrator)
    assert "99.50" in words
    assert f"{Score.objects.get(unit=cast.neighbour).computed_score:.2f}" in words
    assert "Audit of 2 September" in words
    assert standing(award)["neighbour"][2] is True
    assert (
        step(award, cast.administrator, "withdraw_decision", unit=cast.neighbour.pk, reason="Error").status_code == 302
    )
    assert standing(award)["neighbour"][2] is False


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Decide a score, or who wins."),
        ({"score": "90", "is_winner": "yes"}, "One decision at a time: a score, or who wins."),
        ({"score": "90.123"}, "At most 2 places after the point."),
        ({"score": "ninety"}, "is not a number."),
    ],
)
def test_a_decision_that_cannot_be_is_refused_beside_its_box(cast: Cast, typed: dict[str, str], told: str) -> None:
    award = computed(cast)
    answer = step(award, cast.administrator, "decide_round", unit=cast.town.pk, reason="Audit", **typed)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert "Audit" in answer.content.decode()


def test_a_winner_by_decision_is_told_with_what_was_computed(cast: Cast) -> None:
    award = computed(cast)
    given = {"unit": cast.town.pk, "is_winner": "no", "reason": "It asked to stand back"}
    assert step(award, cast.administrator, "decide_round", **given).status_code == 302
    assert "computed: flag" in page(award, cast.administrator)
    assert "no unit wins" in page(award, cast.administrator)


# --- the announcement and after ---------------------------------------------------------------------------------------


def test_a_round_is_not_announced_before_its_window_is_over(cast: Cast) -> None:
    award = in_publicity(cast)
    told = page(award, cast.administrator, "announce_round")
    assert "Announce now" not in told
    assert "The publicity period lasts until 7 September 2022" in told
    answer = step(award, cast.administrator, "announce_round")
    assert answer.status_code == 409
    assert state(award) == "in_publicity"


def test_a_round_without_a_winner_is_announced_as_one(cast: Cast) -> None:
    award = in_publicity(cast, computed(cast, opened(cast, saved_scheme(cast, minimum_score=Decimal(99)))))
    set_clock(to=at(9, 8), actor=None)
    assert "No unit wins this round." in page(award, cast.administrator, "announce_round")
    assert step(award, cast.administrator, "announce_round").status_code == 302
    assert not RedFlag.objects.exists()


def test_an_announced_round_is_revised_with_a_reason_and_every_snapshot_stays(cast: Cast) -> None:
    award = announced(cast)
    set_clock(to=at(9, 12), actor=None)
    first = award.snapshots.get().sha256
    told = step(award, cast.administrator, "revise_round", reason="Audit")
    assert told.status_code == 400
    assert "Nothing of the result would change." in told.content.decode()
    told = step(award, cast.administrator, "revise_round", reason="Audit", kind="penalty", points="3")
    assert "Choose the unit that this is about." in told.content.decode()
    given = {"reason": "Audit of September", "unit": cast.town.pk, "is_winner": "no"}
    assert step(award, cast.administrator, "revise_round", **given).status_code == 302
    words = page(award, cast.reporter)
    assert first in words
    assert award.snapshots.get(version=2).sha256 in words
    assert "Audit of September" in words


def test_the_round_is_placed_on_the_agenda_of_a_meeting(cast: Cast) -> None:
    award = computed(cast)
    meeting = Meeting.objects.create(campaign=cast.campaign, held_on=date(2022, 9, 20), name_en="M", name_zh="会")
    item = AgendaItem.objects.create(meeting=meeting, order=1, title_en="Result of the flag", title_zh="红旗")
    assert step(award, cast.office, "place_round", agenda_item=item.pk).status_code == 302
    assert reverse("meeting", args=[meeting.pk]) in page(award, cast.reporter)


def test_somebody_who_was_slower_sees_the_round_as_it_is_with_what_was_typed(cast: Cast) -> None:
    award = computed(cast)
    given = {"unit": cast.town.pk, "kind": "bonus", "points": "1", "reason": "Praise", "evidence_note": "Notice 12"}
    told = step(award, cast.office, "adjust_round", **given, version=1)
    assert told.status_code == 409
    assert "This round changed after you opened it." in told.content.decode()
    assert "Notice 12" in told.content.decode()


# --- the score sheet --------------------------------------------------------------------------------------------------


def test_the_score_sheet_goes_down_to_the_report_and_the_people_for_who_may_open_it(cast: Cast) -> None:
    award = in_publicity(cast)
    report = cast.report(period=cast.july)
    own, other = (
        page(award, cast.reporter, "score_sheet", unit="town"),
        page(award, cast.outsider, "score_sheet", unit="town"),
    )
    assert reverse("report", args=[report.pk]) in own
    assert "filed by" in own
    assert "Exports" in other or "Criterion 1" in other
    assert reverse("report", args=[report.pk]) not in other
    assert "filed by" not in other
    assert cast.office.name not in other
    assert (
        client_of(cast.reporter).get(reverse("score_sheet", args=[award.pk]), {"unit": "atlantis"}).status_code == 404
    )


# --- how much it costs ------------------------------------------------------------------------------------------------

QUERIES = {"award_round": 24, "score_sheet": 15, "round_marks": 9, "announce_round": 23}
"""For an administrator, the marks for the office; once scores are computed the page asks whether figures changed."""


def test_more_units_make_no_more_queries(cast: Cast) -> None:
    def counted(award: Round) -> dict[str, int]:
        found = {}
        for name in QUERIES:
            client, url = client_of(cast.administrator), reverse(name, args=[award.pk])
            if name == "round_marks":
                client = client_of(cast.office)
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            found[name] = len(captured)
        return found

    award = computed(cast)
    few = counted(award)
    for number in range(3):
        unit = Unit.objects.create(
            code=f"more-{number}", name_en=f"More {number}", name_zh=f"更多{number}", kind=Unit.Kind.COUNTY, order=50
        )
        RankingGroupMember.objects.create(group=cast.localities, unit=unit)
        adjusted(cast, computed(cast, Round.objects.get(pk=award.pk)), unit)
    assert counted(award) == few
    assert few == QUERIES


def test_a_round_is_named_after_its_stretch() -> None:
    assert name_of(Interval.QUARTER, Month(2022, 6)) == ("Second quarter of 2022", "2022年第二季度")
    assert name_of(Interval.HALF_YEAR, Month(2022, 12)) == ("Second half of 2022", "2022年下半年")
    assert name_of(Interval.YEAR, Month(2022, 12)) == ("2022", "2022年")
    assert name_of(Interval.QUARTER, Month(2022, 8)) == ("3 months to August 2022", "截至2022年8月的3个月")
