"""The next meeting of a series: its day, number and period, and the agenda that its template gives."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Meeting, MeetingSeries, SeriesItem
from campaigns.operations.meeting_series import next_meeting, series_of
from campaigns.operations.meetings import cancel_meeting
from campaigns.queries.meeting_series import next_meeting_of
from campaigns.refusals import StaleVersion
from tests.arranged import called, step
from tests.cast import Cast, at, client_of
from tests.followed import registered
from units.models import Change, Unit

MONTHLY = Meeting.Kind.MONTHLY_ANALYSIS.value


def begun(cast: Cast) -> MeetingSeries:
    return series_of(campaign=cast.campaign, kind=MONTHLY, actor=cast.office, now=cast.now)


def following(cast: Cast, series: MeetingSeries) -> Meeting:
    return next_meeting(series_id=series.pk, version=None, actor=cast.office, now=cast.now)


def test_a_campaign_without_a_series_gets_one_with_the_default_template_once(cast: Cast) -> None:
    series = begun(cast)
    kinds = list(series.template.order_by("order").values_list("kind", flat=True))
    assert kinds == ["follow_ups", "locality_report", "department_report", "warning_video", "award", "requirements"]
    assert begun(cast) == series
    assert Change.objects.filter(verb="make_series").count() == 1
    with pytest.raises(PermissionDenied):
        series_of(campaign=cast.campaign, kind=MONTHLY, actor=cast.head, now=cast.now)


def test_the_next_meeting_looks_at_the_last_closed_period_and_papers_are_due_two_working_days_ahead(
    cast_with_july: Cast,
) -> None:
    cast = cast_with_july
    made = following(cast, begun(cast))
    assert (made.held_on, made.papers_due_at) == (date(2022, 9, 26), at(9, 22, 18))
    assert (made.period, made.figures_as_of) == (cast.july, cast.july.published_at)
    assert (made.name_en, made.name_zh) == ("Monthly analysis meeting, September 2022", "2022年9月月度分析会")
    assert list(made.kinds.values_list("kind", "year", "number")) == [(MONTHLY, 2022, 1)]


def test_the_agenda_has_an_item_for_each_locality_and_department_in_the_order_of_the_template(cast: Cast) -> None:
    made = following(cast, begun(cast))
    told = [(one.kind, one.title_en) for one in made.agenda.order_by("order")]
    assert told == [
        ("follow_ups", "Follow-ups carried over from earlier meetings"),
        ("locality_report", "Riverside Town: report"),
        ("locality_report", "Hillside County: report"),
        ("department_report", "Trade Bureau: report"),
        ("department_report", "Road Bureau: report"),
        ("warning_video", "Early-warning projects"),
        ("award", "Result of the mobile red flag"),
        ("requirements", "What the meeting requires"),
    ]
    assert made.agenda.get(title_zh="河畔市汇报").presenter == cast.town


def test_a_template_of_its_own_gives_other_items_and_other_hours(cast: Cast) -> None:
    series = begun(cast)
    series.template.all().delete()
    MeetingSeries.objects.filter(pk=series.pk).update(day_of_month=10, starts_at=time(9), place="Hall 1")
    SeriesItem.objects.create(
        series=series, order=1, kind="department_report", presenters="leads", title_en="{unit} on {action} {x}",
        title_zh="{unit}：{action}", minutes_allotted=7, form="written", session="morning",
    )  # fmt: skip
    made = following(cast, series)
    assert (made.held_on, made.starts_at, made.place) == (date(2022, 9, 13), time(9), "Hall 1")
    assert list(made.agenda.order_by("order").values_list("title_en", "minutes_allotted", "form", "session")) == [
        ("Trade Bureau on Stable foreign trade {x}", 7, "written", "morning"),
        ("Road Bureau on Transport construction {x}", 7, "written", "morning"),
    ]


def test_meetings_follow_each_other_and_a_cancelled_one_does_not_count(cast: Cast) -> None:
    series = begun(cast)
    first = following(cast, series)
    second = following(cast, series)
    assert [one.held_on.isoformat() for one in (first, second)] == ["2022-09-26", "2022-10-26"]
    assert [one.kinds.get().number for one in (first, second)] == [1, 2]
    cancel_meeting(**step(cast, second), reason="Typhoon")
    MeetingSeries.objects.filter(pk=series.pk).update(day_of_month=27)
    assert following(cast, series).held_on == date(2022, 9, 27)


def test_two_clicks_make_one_meeting(cast: Cast) -> None:
    series = begun(cast)
    client, address = client_of(cast.office), reverse("next_meeting", args=[series.pk])
    assert client.post(address, {"version": series.version}).status_code == 302
    client.post(address, {"version": series.version})
    assert Meeting.objects.count() == 1
    with pytest.raises(StaleVersion):
        next_meeting(series_id=series.pk, version=series.version, actor=cast.office, now=cast.now)


def test_what_earlier_meetings_left_open_is_listed_live_and_for_whom_it_concerns(cast: Cast) -> None:
    earlier = called(cast, held_on=date(2022, 8, 26))
    registered(cast, meeting=earlier)
    made = following(cast, begun(cast))
    assert made.agenda.get(kind="follow_ups").text_en == "Carried over when the agenda was made: 2022-001."
    registered(cast, meeting=earlier, title_en="Widen the road")
    address = reverse("meeting", args=[made.pk])
    assert "Widen the road" in client_of(cast.office).get(address).content.decode()
    assert "Widen the road" in client_of(cast.reporter).get(address).content.decode()
    assert "Widen the road" not in client_of(cast.outsider).get(address).content.decode()


def test_the_list_offers_the_next_meeting_to_who_may_make_it(cast: Cast) -> None:
    page = client_of(cast.office).get(reverse("meetings")).content.decode()
    assert "Begin a monthly series" in page
    answer = client_of(cast.office).post(reverse("begin_series", args=["hundred-days"]))
    series = MeetingSeries.objects.get()
    assert answer["Location"] == reverse("admin:campaigns_meetingseries_change", args=[series.pk])
    assert "26 September" in client_of(cast.administrator).get(reverse("meetings")).content.decode()
    assert "Next:" not in client_of(cast.leader).get(reverse("meetings")).content.decode()


def test_the_agenda_is_planned_with_as_many_queries_for_two_units_as_for_many(cast: Cast) -> None:
    series = begun(cast)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            next_meeting_of(MeetingSeries.objects.select_related("campaign").get(), today=date(2022, 9, 3))
        return len(captured)

    few = queries()
    for number in range(3):
        unit = Unit.objects.create(
            code=f"u{number}", name_en=f"U{number}", name_zh=f"单位{number}", kind=Unit.Kind.COUNTY
        )
        cast.trade.assignments.create(unit=unit)
    assert queries() == few
    assert series.template.count() == 6
