"""What `load_jiaxing_2022` leaves behind, and that a second run adds what is missing but writes over nothing."""

import json
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import transaction

from awards.domain.snapshot import faults
from awards.models import Criterion, RedFlag, Round, ScoreLine, Snapshot
from campaigns.domain.canonical import digest_of
from campaigns.models import (
    AgendaItem,
    BusinessClock,
    FollowUp,
    Indicator,
    Measurement,
    Meeting,
    Period,
    Project,
    Report,
    ReportEvent,
    Requirement,
    Target,
)
from campaigns.queries.findings import findings_in
from jiaxing.demo import DEMO_PASSWORD, SIGN_INS
from jiaxing.loading import load
from units.models import (
    ApiToken,
    Change,
    ChangeItem,
    Delivery,
    IdempotencyKey,
    Membership,
    Message,
    RankingGroup,
    Unit,
    User,
    Webhook,
    WebhookDelivery,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("jiaxing")]

LOADED = ("units", "campaigns", "awards")
MADE_BY_THE_SYSTEM = {
    ApiToken,
    BusinessClock,
    Change,
    ChangeItem,
    Delivery,
    IdempotencyKey,
    Message,
    ScoreLine,
    Snapshot,
    Webhook,
    WebhookDelivery,
}
"""Records of what happened, and what a site makes for itself: no facts, so no source."""
LOCALITIES = ["nanhu", "xiuzhou", "jiashan", "pinghu", "haiyan", "haining", "tongxiang", "jxedz", "jxport"]
DEPARTMENTS = ["drc", "eib", "commerce", "transport", "construction", "plc"]


@pytest.fixture(scope="module")
def jiaxing(django_db_setup, django_db_blocker):
    """The data, loaded once for the module and taken back after it; what a test changes is taken back by itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


def contents() -> dict[str, list]:
    """All rows of the project's tables, whole."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for app in LOADED
        for model in apps.get_app_config(app).get_models()
    }


class TestWhatIsThere:
    def test_nine_localities_in_order_and_six_departments(self):
        codes = list(Unit.objects.order_by("order").values_list("code", flat=True))
        assert codes[:9] == LOCALITIES
        assert codes[9:15] == DEPARTMENTS
        assert Unit.objects.get(code="jxport").counted_in == Unit.objects.get(code="pinghu")
        assert {group.code: group.units.count() for group in RankingGroup.objects.all()} == {
            "counties": 7,
            "localities": 9,
        }

    def test_every_row_that_can_say_where_it_comes_from_says_it(self):
        for app in LOADED:
            for model in apps.get_app_config(app).get_models():
                if model not in MADE_BY_THE_SYSTEM and model.objects.exists():
                    assert not model.objects.filter(source="entered").exists(), model

    def test_article_rows_are_those_of_the_article(self):
        article = set(Unit.objects.filter(source="article").values_list("code", flat=True))
        assert article == {"tongxiang", "jiashan", "haiyan", "jxedz", "jxport", *DEPARTMENTS}
        assert AgendaItem.objects.filter(source="article").exclude(article_words="").count() == 29
        assert Requirement.objects.filter(source="article").exclude(article_words="").count() == 36
        for model in (Indicator, Target, Project, FollowUp, User, Criterion):
            assert set(model.objects.values_list("source", flat=True)) == {"sample"}, model

    def test_only_what_came_back_this_month_waits_in_the_inbox(self):
        unread = Message.objects.filter(read_at=None)
        assert {message.day.isoformat()[:7] for message in unread} == {"2022-09"}
        assert Message.objects.exclude(read_at=None).exists()
        assert set(Delivery.objects.values_list("message", flat=True)) == set(unread.values_list("pk", flat=True))

    def test_the_meeting_of_27_july(self):
        meeting = Meeting.objects.get()
        assert str(meeting.held_on) == "2022-07-27"
        assert meeting.period.key == "mutual-learning-2022/2022-06"
        assert meeting.kinds.count() == 3
        assert list(meeting.attendances.exclude(name_en="").values_list("name_en", flat=True)) == [
            "Zhang Bing",
            "Li Jun",
        ]
        kinds = list(meeting.agenda.order_by("order").values_list("kind", flat=True))
        assert kinds == [
            "study",
            "assessment",
            *["project_video"] * 9,
            "warning_video",
            *["locality_report"] * 9,
            *["department_report"] * 6,
            "award",
            "requirements",
        ]
        presenters = meeting.agenda.exclude(presenter=None).order_by("order").values_list("presenter__code", flat=True)
        assert list(presenters) == [*LOCALITIES, *LOCALITIES, *DEPARTMENTS]

    def test_the_half_year_flag(self):
        half_year = Round.objects.get(source="article")
        assert half_year.meeting == Meeting.objects.get()
        assert half_year.agenda_item.kind == "award"
        assert {flag.unit.code for flag in RedFlag.objects.filter(held_until=None)} == {
            "tongxiang",
            "jiashan",
            "haiyan",
        }
        assert all(flag.is_co_equal and flag.source == "article" for flag in half_year.red_flags.all())
        assert sum(Criterion.objects.values_list("weight", flat=True)) == 100

    def test_the_half_year_flag_is_what_the_sample_figures_give(self):
        half_year = Round.objects.get(source="article")
        winners = half_year.scores.filter(is_computed_winner=True).order_by("computed_rank")
        assert [score.unit.code for score in winners.select_related("unit")] == ["tongxiang", "jiashan", "haiyan"]
        assert all(score.computed_score >= 90 and score.source == "sample" for score in winners)
        snapshot = Snapshot.objects.get()
        content = json.loads(snapshot.content)
        assert (digest_of(content), faults(content)) == (snapshot.sha256, [])
        assert not Round.objects.exclude(pk=half_year.pk).filter(scores__isnull=False).exists()

    def test_the_clock_stands_on_the_morning_of_3_september(self):
        assert BusinessClock.objects.get().stands_at == datetime(2022, 9, 3, 9, tzinfo=SHANGHAI)

    def test_july_is_published_and_august_is_open(self):
        states = dict(Period.objects.filter(campaign__slug="hundred-days-2022").values_list("month", "state"))
        assert states == {"2022-07": "published", "2022-08": "open", "2022-09": "upcoming", "2022-10": "upcoming"}
        half_year = Period.objects.filter(campaign__slug="mutual-learning-2022").values_list("state", flat=True)
        assert list(half_year) == ["published"] * 6
        july = Report.objects.filter(period__month="2022-07")
        assert july.count() == 105
        assert set(july.values_list("status", flat=True)) == {"approved"}
        assert not Measurement.objects.filter(report__in=july, value=None).exists()

    def test_august_has_reports_in_every_state(self):
        august = Report.objects.filter(period__month="2022-08")
        assert Counter(august.values_list("status", flat=True)) == {
            "approved": 47,
            "submitted": 27,
            "draft": 18,
            "to_sign": 10,
            "returned": 3,
        }
        assert {report.unit.code for report in august.filter(status="returned")} == {
            "tongxiang",
            "jxedz",
            "construction",
        }

    def test_tongxiang_has_work_left_and_commerce_a_queue(self):
        tongxiang = Report.objects.filter(period__month="2022-08", unit__code="tongxiang").order_by("action__number")
        assert list(tongxiang.values_list("status", flat=True)) == [
            *["approved", "submitted", "draft", "draft", "returned"],
            *["draft", "approved", "to_sign", "to_sign", "draft"],
        ]
        returned = ReportEvent.objects.get(report__in=tongxiang, verb="send_back")
        assert returned.reason.startswith("Count only capital that has arrived")
        assert returned.actor.username == "commerce"
        queue = Report.objects.filter(status="submitted", action__lead__code="commerce").exclude(unit__code="commerce")
        assert queue.count() == 12

    def test_what_looks_odd_is_there_to_be_found(self):
        found = Counter()
        for month in ("2022-06", "2022-08"):
            reports = list(Report.objects.filter(period__month=month).select_related("period", "action", "unit"))
            for report in findings_in(reports).values():
                found.update({one.finding.code for one in report})
        assert {"missing_without_comment", "below_last_month", "unusual_step", "outside_range"} <= set(found)
        missing = Measurement.objects.get(report__period__month="2022-08", value=None)
        assert missing.note

    def test_no_event_lies_ahead_of_the_clock_or_before_the_one_it_follows(self):
        stands_at = BusinessClock.objects.get().stands_at
        assert not ReportEvent.objects.filter(at__gt=stands_at).exists()
        for report in Report.objects.prefetch_related("events"):
            instants = [event.at for event in sorted(report.events.all(), key=lambda event: event.pk)]
            assert instants == sorted(instants), report

    def test_the_port_area_never_exceeds_pinghu_that_contains_it(self):
        figures = {
            (code, indicator, month): value
            for code, indicator, month, value in Measurement.objects.filter(
                report__unit__code__in=["pinghu", "jxport"], indicator__rollup="sum"
            ).values_list("report__unit__code", "indicator__code", "report__period__month", "value")
        }
        for (code, indicator, month), value in figures.items():
            if code == "jxport" and value is not None and ("pinghu", indicator, month) in figures:
                assert value <= figures[("pinghu", indicator, month)], (indicator, month)

    def test_the_demo_sign_ins_work(self):
        for username in SIGN_INS:
            person = User.objects.get(username=username)
            assert person.is_demo
            assert person.check_password(DEMO_PASSWORD)
        assert User.objects.filter(is_superuser=True).count() == 1
        stand_in = Membership.objects.get(stands_in_for__isnull=False)
        assert stand_in.ends_on is not None


class TestASecondRun:
    def test_changes_nothing(self):
        before = contents()
        tally = load()
        assert not tally.has_changes
        assert not tally.left
        assert contents() == before

    def test_keeps_what_people_typed(self):
        Unit.objects.filter(code="nanhu").update(name_en="Nanhu", source="entered")
        Indicator.objects.filter(code="EXPORTS").update(decimals=3)
        figure = Measurement.objects.get(
            report__period__month="2022-08", report__unit__code="tongxiang", indicator__code="EXPORTS"
        )
        Measurement.objects.filter(pk=figure.pk).update(value="49.5")
        User.objects.filter(username="nanhu").update(is_active=False)
        before = contents()
        assert not load().has_changes
        assert contents() == before

    def test_brings_back_what_is_missing(self):
        Target.objects.filter(unit=None, indicator__code="FULL-OUTPUT").delete()
        before = Change.objects.count()
        assert load().made == {"targets": 1, "trajectory points": 3}
        assert Target.objects.get(unit=None, indicator__code="FULL-OUTPUT").source == "sample"
        assert Change.objects.count() == before + 1

    def test_plays_on_to_a_later_month_and_keeps_the_figures_that_are_there(self):
        figure = Measurement.objects.filter(
            report__period__month="2022-08", report__unit__code="tongxiang", indicator__code="EXPORTS"
        )
        figure.update(value="49.50")
        tally = load(through="2022-09")
        assert not tally.left
        august = Report.objects.filter(period__month="2022-08")
        assert set(august.values_list("status", flat=True)) == {"approved"}
        assert str(figure.get().value.normalize()) == "49.5"
        assert Period.objects.get(month="2022-08").state == "published"
        assert Period.objects.get(month="2022-09").state == "open"
        assert BusinessClock.objects.get().stands_at == datetime(2022, 10, 5, 9, tzinfo=SHANGHAI)

    def test_leaves_a_clock_that_was_moved_on(self):
        later = datetime(2022, 9, 7, 9, tzinfo=SHANGHAI)
        BusinessClock.objects.update(stands_at=later)
        load()
        assert BusinessClock.objects.get().stands_at == later


def test_a_month_without_figures_is_refused():
    with pytest.raises(ValueError, match="2022-11"):
        load(through="2022-11")
