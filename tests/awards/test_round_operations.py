"""The life of an award round: who takes which step when, what it writes, and what is refused and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.models import Adjustment, Appeal, Mark, RedFlag, Round, ScoreLine, Snapshot
from awards.operations.adjustments import NewAdjustment, adjust_round, withdraw_adjustment
from awards.operations.announcements import NewDecision, announce_round, revise_announced
from awards.operations.appeals import answer_appeal, file_appeal
from awards.operations.decisions import decide_score, decide_winner, withdraw_decision
from awards.operations.marks import GivenMark, save_marks
from awards.operations.rounds import compute_round, open_round, place_on_agenda, publicise_round, review_round
from awards.queries.round_content import is_outdated
from awards.refusals import Invalid, StaleVersion, WrongScheme, WrongState
from campaigns.models import AgendaItem, Meeting, Period
from campaigns.operations.reports import Figure, correct_measurement
from tests.awards.builders import (
    PUBLICITY_FROM,
    PUBLICITY_UNTIL,
    RIPE,
    adjusted,
    announced,
    computed,
    in_publicity,
    opened,
    saved_scheme,
    standing,
)
from tests.campaigns.analysis import more_units
from tests.cast import Cast, at
from units.models import Change, Message, User

IN_WINDOW = at(9, 6)


@pytest.fixture
def cast(cast_with_july: Cast) -> Cast:
    return cast_with_july


def latest(verb: str) -> Change:
    return Change.objects.filter(verb=verb).latest("pk")


# --- opening and marks ------------------------------------------------------------------------------------------------


def test_a_round_is_opened_by_the_office_on_a_period_of_the_campaign(cast: Cast) -> None:
    award = opened(cast)
    assert award.state == Round.State.OPEN
    assert Mark.objects.count() == 2
    with pytest.raises(PermissionDenied):
        opened(cast, award.scheme, actor=cast.administrator)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"starts_on": date(2022, 8, 1), "ends_on": date(2022, 8, 31)}, "period"),
        ({"name_zh": " ", "starts_on": date(2022, 7, 2)}, "name_zh"),
        ({}, "starts_on"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused_beside_the_box(cast: Cast, fields: dict, field: str) -> None:
    award = opened(cast)
    with pytest.raises(Invalid) as refused:
        opened(cast, award.scheme, **fields)
    assert refused.value.field == field


def test_a_scheme_whose_weights_do_not_add_to_100_opens_no_round(cast: Cast) -> None:
    scheme = saved_scheme(cast)
    scheme.criteria.filter(order=3).update(weight="19.99")
    with pytest.raises(WrongScheme, match=r"add to 99\.99"):
        opened(cast, scheme)


@pytest.mark.parametrize("mark", ["-0.01", "100.01", "NaN", "90.005"])
def test_a_mark_lies_between_0_and_100(cast: Cast, mark: str) -> None:
    award = opened(cast)
    with pytest.raises(Invalid):
        save_marks(round_id=award.pk, marks={(2, "town"): GivenMark(Decimal(mark))}, actor=cast.office, now=cast.now)


def test_marks_are_given_only_where_a_criterion_asks_for_them(cast: Cast) -> None:
    award = opened(cast)
    for place in ((1, "town"), (2, "lead"), (9, "town")):
        with pytest.raises(Invalid):
            save_marks(round_id=award.pk, marks={place: GivenMark(Decimal(1))}, actor=cast.office, now=cast.now)


def test_the_same_marks_again_write_nothing_and_a_mark_can_be_taken_away(cast: Cast) -> None:
    award = opened(cast)
    again = {(2, "town"): GivenMark(Decimal("95.00"))}
    assert save_marks(round_id=award.pk, marks=again, actor=cast.office, now=cast.now).version == award.version
    save_marks(round_id=award.pk, marks={(2, "town"): GivenMark(None)}, actor=cast.office, now=cast.now)
    line = ScoreLine.objects.get(score__round=computed(cast, award), score__unit=cast.town, criterion__order=2)
    assert line.working["is_missing"]
    assert (line.figure, line.points) == (None, 0)


# --- computing --------------------------------------------------------------------------------------------------------


def test_scores_are_computed_from_the_approved_figures_with_every_step(cast: Cast) -> None:
    """Exports 50 of 200 are 25%: 12.5 points of 50; marks 28.5 and 24 of 30; in time 20 of 20."""
    award = computed(cast)
    assert standing(award) == {
        "town": (Decimal("61.0000"), 1, True),
        "neighbour": (Decimal("56.5000"), 2, False),
    }
    lines = ScoreLine.objects.filter(score__round=award, score__unit=cast.town).order_by("criterion__order")
    assert [(line.figure, line.points) for line in lines] == [
        (Decimal(25), Decimal("12.5")),
        (Decimal(95), Decimal("28.5")),
        (Decimal(100), Decimal(20)),
    ]
    origin = lines[0].working["from"]
    report = cast.report(cast.town, cast.trade, cast.july)
    assert (origin["report"], origin["value"], origin["version"]) == (report.pk, "50.0000", 1)


def test_computing_again_from_the_same_figures_changes_nothing(cast: Cast) -> None:
    award = computed(cast)
    changes = Change.objects.count()
    again = computed(cast, award)
    assert (again.version, Change.objects.count()) == (award.version, changes)


def test_computing_again_after_a_correction_shows_what_changed(cast: Cast) -> None:
    award = computed(cast)
    correct(cast, 60)
    assert is_outdated(award)
    award = computed(cast, award)
    assert standing(award)["town"] == (Decimal("63.5000"), 1, True)
    item = latest("compute_round").items.get(object_type="awards.score")
    assert (item.before["computed_score"], item.after["computed_score"]) == ("61.0000", "63.5000")


def correct(cast: Cast, value: int) -> None:
    measurement = cast.report(cast.town, cast.trade, cast.july).measurements.get(indicator=cast.exports)
    correct_measurement(
        measurement_id=measurement.pk,
        actor=cast.office,
        now=cast.now,
        figure=Figure(value=Decimal(value)),
        reason="Counted twice.",
        version=measurement.version,
    )


def test_computing_takes_as_many_queries_for_two_units_as_for_more(cast: Cast) -> None:
    def cost(award: Round) -> list[str]:
        with CaptureQueriesContext(connection) as made:
            computed(cast, award)
        return [query["sql"] for query in made if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]

    first = opened(cast)
    few = cost(first)
    more_units(cast, 5, cast.july)
    later = {"starts_on": date(2022, 7, 2), "ends_on": date(2022, 8, 31)}
    many = cost(opened(cast, first.scheme, **later))
    assert len(few) == len(many) <= 25
    assert sum(one.startswith("SELECT") for one in many) <= 19


def test_a_round_is_not_computed_before_its_period_is_closed(cast: Cast) -> None:
    scheme = saved_scheme(cast)
    august = {"period": cast.august, "starts_on": date(2022, 8, 1), "ends_on": date(2022, 8, 31)}
    award = opened(cast, scheme, **august)
    with pytest.raises(WrongState, match="once its period is closed"):
        computed(cast, award)


def test_a_reviewed_round_with_other_figures_goes_back_to_computed(cast: Cast) -> None:
    award = computed(cast)
    review_round(round_id=award.pk, actor=cast.office, now=cast.now)
    assert computed(cast, award).state == Round.State.REVIEWED
    correct(cast, 60)
    assert computed(cast, award).state == Round.State.COMPUTED


# --- publicity --------------------------------------------------------------------------------------------------------


def test_publicity_lasts_for_working_days_and_tells_the_units_concerned(cast: Cast) -> None:
    award = in_publicity(cast)
    assert (award.publicity_from, award.publicity_until) == (PUBLICITY_FROM, PUBLICITY_UNTIL)
    told = set(Message.objects.filter(kind="award_in_publicity").values_list("recipient__username", flat=True))
    assert told == {"reporter", "head", "outsider", "outsider_head", "office"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"starts_on": date(2022, 9, 2)}, "publicity_from"),
        ({"starts_on": PUBLICITY_FROM, "ends_on": date(2022, 9, 4)}, "publicity_until"),
        ({"starts_on": PUBLICITY_FROM, "ends_on": date(2022, 9, 6)}, "publicity_until"),
    ],
)
def test_a_window_in_the_past_or_too_short_is_refused(cast: Cast, fields: dict, field: str) -> None:
    award = computed(cast)
    review_round(round_id=award.pk, actor=cast.office, now=cast.now)
    with pytest.raises(Invalid) as refused:
        publicise_round(round_id=award.pk, actor=cast.office, now=cast.now, **fields)
    assert refused.value.field == field


def test_scores_do_not_go_into_publicity_once_a_figure_has_changed(cast: Cast) -> None:
    award = computed(cast)
    review_round(round_id=award.pk, actor=cast.office, now=cast.now)
    correct(cast, 60)
    with pytest.raises(WrongState, match="Figures have changed"):
        publicise_round(round_id=award.pk, actor=cast.office, now=cast.now)


def test_scores_do_not_go_into_publicity_before_their_period_is_published(cast: Cast) -> None:
    award = computed(cast)
    review_round(round_id=award.pk, actor=cast.office, now=cast.now)
    Period.objects.filter(pk=cast.july.pk).update(state="closed", published_at=None)
    with pytest.raises(WrongState, match="are published"):
        publicise_round(round_id=award.pk, actor=cast.office, now=cast.now)


# --- appeals ----------------------------------------------------------------------------------------------------------


def appeal(cast: Cast, award: Round, **fields: Any) -> Appeal:
    given = {"unit": cast.neighbour, "text": "Our mark.", "actor": cast.outsider_head, "now": IN_WINDOW}
    return file_appeal(round_id=award.pk, **(given | fields))


def answer(cast: Cast, one: Appeal, **fields: Any) -> Appeal:
    given = {"answer": "It stays.", "is_upheld": False, "actor": cast.office, "now": IN_WINDOW}
    return answer_appeal(round_id=one.round_id, appeal_id=one.pk, **(given | fields))


def test_head_and_reporter_of_a_scored_unit_may_appeal_for_it_alone(cast: Cast) -> None:
    award = in_publicity(cast)
    appeal(cast, award)
    appeal(cast, award, actor=cast.reporter, unit=cast.town)
    for actor in (cast.reporter, cast.reviewer, cast.office, cast.administrator, cast.leader):
        with pytest.raises(PermissionDenied):
            appeal(cast, award, actor=actor)


@pytest.mark.parametrize("day", [at(9, 4), at(9, 8)])
def test_appeals_are_taken_in_the_window_alone(cast: Cast, day: Any) -> None:
    with pytest.raises(WrongState, match="Appeals are taken"):
        appeal(cast, in_publicity(cast), now=day)


def test_an_appeal_says_something_and_is_answered_once(cast: Cast) -> None:
    award = in_publicity(cast)
    with pytest.raises(Invalid):
        appeal(cast, award, text="  ")
    one = appeal(cast, award)
    with pytest.raises(Invalid):
        answer(cast, one, answer=" ")
    answer(cast, one)
    with pytest.raises(WrongState, match="answered already"):
        answer(cast, one)


def test_an_appeal_that_is_upheld_may_send_the_round_back(cast: Cast) -> None:
    award = in_publicity(cast)
    one = appeal(cast, award)
    with pytest.raises(Invalid):
        answer(cast, one, sends_back=True)
    answer(cast, one, is_upheld=True, sends_back=True)
    award.refresh_from_db()
    assert (award.state, award.publicity_from) == (Round.State.COMPUTED, None)


# --- bonus, penalty, veto ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "veto", "evidence_note": " "}, "evidence_note"),
        ({"kind": "bonus", "evidence_note": ""}, "evidence_note"),
        ({"reason": " "}, "reason"),
        ({"points": 0}, "points"),
        ({"points": 101}, "points"),
        ({"kind": "gift"}, "kind"),
    ],
)
def test_an_adjustment_without_reason_evidence_or_fitting_points_is_refused(
    cast: Cast, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        adjusted(cast, opened(cast), cast.town, **fields)
    assert refused.value.field == field
    assert not Adjustment.objects.exists()


def test_a_veto_carries_no_points_and_hits_a_scored_unit(cast: Cast) -> None:
    award = opened(cast)
    for unit, points, field in ((cast.town, 3, "points"), (cast.lead, 0, "unit")):
        one = NewAdjustment(
            unit=unit, kind="veto", points=Decimal(points), reason="An accident", evidence_note="Report"
        )
        with pytest.raises(Invalid) as refused:
            adjust_round(round_id=award.pk, adjustment=one, actor=cast.office, now=cast.now)
        assert refused.value.field == field


def test_evidence_may_be_a_file_whose_name_never_reaches_the_disk(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("../../report.pdf", b"%PDF-1.7")
    adjusted(cast, opened(cast), cast.town, evidence=upload, evidence_note="")
    [kept] = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert kept.parent == tmp_path / "awards" / "evidence"
    assert kept.suffix == ".pdf"
    assert "report" not in kept.name


def test_a_veto_excludes_the_best_and_a_round_in_publicity_goes_back(cast: Cast) -> None:
    award = in_publicity(cast)
    award = adjusted(cast, award, cast.town, "veto")
    assert award.state == Round.State.COMPUTED
    assert standing(award) == {
        "town": (Decimal("61.0000"), None, False),
        "neighbour": (Decimal("56.5000"), 1, True),
    }
    assert not is_outdated(award)


def test_a_bonus_is_added_up_at_once_and_can_be_taken_back(cast: Cast) -> None:
    award = adjusted(cast, computed(cast), cast.neighbour, points=5)
    assert standing(award)["neighbour"] == (Decimal("61.5000"), 1, True)
    one = Adjustment.objects.get()
    award = withdraw_adjustment(
        round_id=award.pk, adjustment_id=one.pk, reason="Wrong unit.", actor=cast.office, now=cast.now
    )
    assert standing(award)["neighbour"] == (Decimal("56.5000"), 2, False)
    assert latest("withdraw_adjustment").reason == "Wrong unit."


# --- decisions --------------------------------------------------------------------------------------------------------


def test_a_decided_score_stands_beside_the_computed_one_and_moves_the_flag(cast: Cast) -> None:
    award = computed(cast)
    decide_score(
        round_id=award.pk,
        unit=cast.neighbour,
        score=Decimal("62.00"),
        reason="The mark was copied wrong.",
        actor=cast.administrator,
        now=cast.now,
    )
    score = award.scores.get(unit=cast.neighbour)
    assert (score.computed_score, score.computed_rank, score.score, score.rank, score.is_winner) == (
        Decimal("56.5000"), 2, Decimal("62.0000"), 1, True,
    )  # fmt: skip
    other = award.scores.get(unit=cast.town)
    assert (other.is_computed_winner, other.is_winner, other.is_decided) == (True, False, False)
    assert other.decided_reason == "The mark was copied wrong."


def test_a_decision_can_be_taken_back(cast: Cast) -> None:
    award = computed(cast)
    before = standing(award)
    common = {"round_id": award.pk, "unit": cast.neighbour, "actor": cast.administrator, "now": cast.now}
    decide_winner(**common, is_winner=True, reason="By the committee.")
    assert {code: row[2] for code, row in standing(award).items()} == {"town": True, "neighbour": True}
    withdraw_decision(**common, reason="Not decided after all.")
    assert standing(award) == before
    assert award.scores.get(unit=cast.town).decided_reason == ""


def test_a_decision_survives_a_new_computation(cast: Cast) -> None:
    award = computed(cast)
    common = {"round_id": award.pk, "actor": cast.administrator, "now": cast.now}
    decide_winner(**common, unit=cast.town, is_winner=False, reason="By the committee.")
    correct(cast, 60)
    assert standing(computed(cast, award))["town"] == (Decimal("63.5000"), 1, False)


@pytest.mark.parametrize("score", ["-1", "1000.01", "62.005", "NaN"])
def test_a_decided_score_fits_the_scheme(cast: Cast, score: str) -> None:
    with pytest.raises(Invalid):
        decide_score(
            round_id=computed(cast).pk, unit=cast.town, score=Decimal(score), reason="Why.",
            actor=cast.administrator, now=cast.now,
        )  # fmt: skip


def test_a_decision_needs_a_reason_and_an_administrator(cast: Cast) -> None:
    award = computed(cast)
    with pytest.raises(Invalid):
        decide_winner(
            round_id=award.pk, unit=cast.town, is_winner=False, reason="", actor=cast.administrator, now=cast.now
        )
    with pytest.raises(PermissionDenied):
        decide_winner(round_id=award.pk, unit=cast.town, is_winner=False, reason="Why", actor=cast.office, now=cast.now)


def test_nobody_who_is_vetoed_is_made_a_winner(cast: Cast) -> None:
    award = adjusted(cast, computed(cast), cast.town, "veto")
    with pytest.raises(Invalid, match="vetoed"):
        decide_winner(
            round_id=award.pk, unit=cast.town, is_winner=True, reason="Why", actor=cast.administrator, now=cast.now
        )


# --- the announcement -------------------------------------------------------------------------------------------------


def test_announcing_freezes_the_result_and_moves_the_flag(cast: Cast) -> None:
    award = announced(cast)
    assert (award.state, award.announced_on) == (Round.State.ANNOUNCED, date(2022, 9, 8))
    snapshot = Snapshot.objects.get()
    content = json.loads(snapshot.content)
    assert content["winners"] == ["town"]
    assert content["round"]["announced_on"] == "2022-09-08"
    flag = RedFlag.objects.get()
    assert (flag.unit, flag.held_from, flag.held_until, flag.is_co_equal) == (cast.town, date(2022, 9, 8), None, False)
    told = set(Message.objects.filter(kind="award_announced").values_list("recipient__username", flat=True))
    assert told == set(cast.people) - {"stranger", "administrator"}


def test_the_holders_before_give_the_flag_up_even_where_nobody_wins(cast: Cast) -> None:
    first = announced(cast)
    later = {"period": cast.july, "starts_on": date(2022, 7, 2), "ends_on": date(2022, 8, 31)}
    second = in_publicity(cast, computed(cast, opened(cast, first.scheme, **later)))
    adjusted(cast, second, cast.town, "veto")
    adjusted(cast, second, cast.neighbour, "veto")
    announced(cast, in_publicity(cast, second), now=at(9, 9))
    flag = RedFlag.objects.get()
    assert (flag.unit, flag.held_until) == (cast.town, date(2022, 9, 9))


def test_winners_side_by_side_are_co_equal(cast: Cast) -> None:
    award = announced(cast, in_publicity(cast, computed(cast, opened(cast, marks={"town": 90, "neighbour": 90}))))
    assert [(flag.unit.code, flag.is_co_equal) for flag in award.red_flags.order_by("pk")] == [
        ("town", True),
        ("neighbour", True),
    ]


def test_nothing_is_announced_before_the_window_is_over_or_an_appeal_is_answered(cast: Cast) -> None:
    award = in_publicity(cast)
    one = appeal(cast, award)
    with pytest.raises(WrongState, match="lasts until"):
        announced(cast, award, now=at(9, 7))
    with pytest.raises(WrongState, match="appeal waits"):
        announced(cast, award)
    answer(cast, one, now=RIPE)
    assert announced(cast, award).is_announced


def test_an_earlier_round_is_not_announced_after_a_later_one(cast: Cast) -> None:
    first = in_publicity(cast)
    later = {"period": cast.july, "starts_on": date(2022, 7, 2), "ends_on": date(2022, 8, 31)}
    announced(cast, in_publicity(cast, computed(cast, opened(cast, first.scheme, **later))))
    with pytest.raises(WrongState, match="later round"):
        announced(cast, first, now=at(9, 9))


def test_a_correction_after_the_announcement_changes_nothing_of_it(cast: Cast) -> None:
    award = announced(cast)
    before, frozen = standing(award), Snapshot.objects.get()
    correct(cast, 10)
    assert standing(award) == before
    assert Snapshot.objects.get().content == frozen.content
    assert is_outdated(Round.objects.get(pk=award.pk))


# --- revising ---------------------------------------------------------------------------------------------------------


def revise(cast: Cast, award: Round, **fields: Any) -> Round:
    given = {"reason": "A figure was falsified.", "actor": cast.administrator, "now": at(9, 20)}
    return revise_announced(round_id=award.pk, **(given | fields))


def test_a_revision_is_a_new_snapshot_beside_the_old_one(cast: Cast) -> None:
    award = announced(cast)
    first = Snapshot.objects.get()
    veto = NewAdjustment(unit=cast.town, kind="veto", reason="Falsified figures", evidence_note="Report 7")
    revise(cast, award, adjustments=[veto])
    kept, new = Snapshot.objects.order_by("version")
    assert (kept.content, kept.sha256) == (first.content, first.sha256)
    assert (new.version, new.reason) == (2, "A figure was falsified.")
    told = json.loads(new.content)
    assert told["snapshot"]["previous"] == first.sha256
    assert told["winners"] == ["neighbour"]
    assert {flag.unit.code: flag.held_until for flag in RedFlag.objects.all()} == {
        "town": date(2022, 9, 20),
        "neighbour": None,
    }


def test_a_revision_may_take_the_figures_of_now_or_decide(cast: Cast) -> None:
    award = announced(cast)
    correct(cast, 10)
    revise(cast, award, recompute=True)
    assert standing(award)["town"][0] == Decimal("51.0000")
    assert json.loads(Snapshot.objects.latest("version").content)["winners"] == ["neighbour"]
    revise(cast, award, decisions=[NewDecision(unit=cast.town, is_winner=True)], now=at(9, 21))
    assert {flag.unit.code: flag.held_until for flag in RedFlag.objects.all()} == {"town": None, "neighbour": None}


def test_a_revision_needs_a_reason_and_something_to_revise(cast: Cast) -> None:
    award = announced(cast)
    for fields in ({"reason": " "}, {}, {"recompute": True}):
        with pytest.raises(Invalid):
            revise(cast, award, **fields)
    with pytest.raises(PermissionDenied):
        revise(cast, award, actor=cast.office, recompute=True)
    assert Snapshot.objects.count() == 1


# --- what holds for every step ----------------------------------------------------------------------------------------


def test_the_result_stands_on_the_agenda_of_a_meeting(cast: Cast) -> None:
    meeting = Meeting.objects.create(campaign=cast.campaign, name_en="Analysis", name_zh="会", held_on=date(2022, 9, 8))
    item = AgendaItem.objects.create(meeting=meeting, order=1, kind="award", title_en="The flag", title_zh="红旗")
    award = place_on_agenda(round_id=computed(cast).pk, agenda_item=item, actor=cast.office, now=cast.now)
    assert (award.meeting, award.agenda_item) == (meeting, item)


STEPS: dict[str, Callable[..., Any]] = {
    "compute": compute_round,
    "review": review_round,
    "publicise": publicise_round,
    "announce": announce_round,
}


@pytest.mark.parametrize(
    ("step", "who"),
    [("compute", "office"), ("review", "office"), ("publicise", "office"), ("announce", "administrator")],
)
def test_each_step_is_one_partys_and_client_systems_take_none(cast: Cast, step: str, who: str) -> None:
    award = computed(cast)
    for name, person in cast.people.items():
        if name != who:
            with pytest.raises(PermissionDenied):
                STEPS[step](round_id=award.pk, actor=User.objects.get(pk=person.pk), now=cast.now)


def test_a_step_at_the_wrong_moment_says_in_which_state_the_round_is(cast: Cast) -> None:
    award = announced(cast)
    with pytest.raises(WrongState, match="announced"):
        compute_round(round_id=award.pk, actor=cast.office, now=RIPE)
    with pytest.raises(WrongState):
        announce_round(round_id=award.pk, actor=cast.administrator, now=RIPE)


def test_a_stale_version_is_a_conflict(cast: Cast) -> None:
    award = computed(cast)
    with pytest.raises(StaleVersion):
        review_round(round_id=award.pk, actor=cast.office, now=cast.now, version=award.version - 1)


def test_every_step_leaves_one_change_and_one_version_more(cast: Cast) -> None:
    award = announced(cast)
    verbs = ["open_round", "save_marks", "compute_round", "review_round", "publicise_round", "announce_round"]
    made = Change.objects.filter(items__object_type="awards.round").distinct().order_by("pk")
    assert [one.verb for one in made] == verbs
    assert award.version == len(verbs)


def test_a_round_opens_of_the_active_edition_alone(cast: Cast) -> None:
    scheme = saved_scheme(cast)
    scheme.is_active = False
    scheme.save()
    with pytest.raises(Invalid) as refused:
        opened(cast, scheme)
    assert refused.value.field == "scheme"


def test_opening_by_hand_needs_a_scheme_of_the_periods_campaign(cast: Cast) -> None:
    from tests.admin_builders import make

    with pytest.raises(Invalid, match="another campaign"):
        open_round(
            scheme=saved_scheme(cast),
            period=make(Period),
            name_en="R",
            name_zh="轮",
            starts_on=date(2022, 7, 1),
            ends_on=date(2022, 7, 31),
            actor=cast.office,
            now=cast.now,
        )
