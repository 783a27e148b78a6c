"""Copying a campaign: which rows come along, on which days, under which codes, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Assignment, Campaign, Indicator, Measurement, Period, Report, Target, TrajectoryPoint
from campaigns.operations.campaign_copy import copy_campaign
from campaigns.queries.campaign_copy import CopyOrder, original, suggested_order
from campaigns.refusals import Invalid
from tests.campaigns.analysis import more_units
from tests.cast import Cast, client_of
from units.models import Change, Source

TARGETS = {"with_targets": True}


def order_of(cast: Cast, **changes: Any) -> CopyOrder:
    return replace(suggested_order(original(cast.campaign)), **changes)


def copy_of(cast: Cast, **changes: Any) -> Campaign:
    return copy_campaign(source=cast.campaign, order=order_of(cast, **changes), actor=cast.office, now=cast.now)


def refused(cast: Cast, **changes: Any) -> str:
    before = Campaign.objects.count()
    with pytest.raises(Invalid) as refusal:
        copy_of(cast, **changes)
    assert Campaign.objects.count() == before
    return refusal.value.field


# --- what comes along -------------------------------------------------------------------------------------------------


def test_the_suggestion_is_the_same_campaign_a_year_later(cast: Cast) -> None:
    order = order_of(cast)
    assert (order.slug, order.suffix, order.name_en) == ("hundred-days-2023", "-2023", "Hundred Days")
    assert (order.starts_on, order.ends_on) == (date(2023, 7, 12), date(2023, 10, 19))
    assert not order.with_targets


def test_a_year_in_the_names_is_the_new_year(cast: Cast) -> None:
    Campaign.objects.update(slug="tough-2022-actions", name_zh="2022年百日攻坚", short_en="Days 2022")
    cast.campaign.refresh_from_db()
    order = order_of(cast)
    assert (order.slug, order.name_zh, order.short_en) == ("tough-2023-actions", "2023年百日攻坚", "Days 2023")


def test_actions_indicators_and_assignments_come_along_with_their_settings(cast: Cast) -> None:
    cast.trade.supporting.add(cast.second_lead)
    Indicator.objects.filter(pk=cast.share.pk).update(weight=Decimal("2.50"))
    Campaign.objects.update(cap=130)
    cast.campaign.refresh_from_db()
    made = copy_of(cast)
    assert (made.cap, made.office, made.source) == (130, cast.office_unit, Source.ENTERED)
    assert [(one.number, one.lead) for one in made.actions.all()] == [(1, cast.lead), (2, cast.second_lead)]
    trade = made.actions.get(number=1)
    assert list(trade.supporting.all()) == [cast.second_lead]
    assert [one.code for one in trade.indicators.all()] == ["exports-2023", "share-2023"]
    assert trade.indicators.get(code="share-2023").weight == Decimal("2.50")
    assert trade.assignments.count() == 3
    assert Target.objects.count() == 8


def test_figures_and_reports_never_come_along(cast_with_july: Cast) -> None:
    cast = cast_with_july
    reports, figures = Report.objects.count(), Measurement.objects.count()
    made = copy_of(cast, **TARGETS)
    assert (Report.objects.count(), Measurement.objects.count()) == (reports, figures)
    assert not made.projects.exists()


def test_the_periods_are_made_from_the_new_days_with_their_deadlines(cast: Cast) -> None:
    made = copy_of(cast, starts_on=date(2023, 7, 12), ends_on=date(2023, 8, 20))
    periods = [(one.month, one.starts_on.day, one.ends_on.day, one.state) for one in made.periods.all()]
    assert periods == [("2023-07", 12, 31, "upcoming"), ("2023-08", 1, 20, "upcoming")]
    due = made.periods.get(month="2023-07").due_at.astimezone(cast.now.tzinfo)
    assert (due.date(), due.hour) == (date(2023, 8, 7), 18)  # 5 August 2023 is a Saturday


def test_targets_and_their_trajectories_come_along_when_asked_for_and_move_by_the_same_days(cast: Cast) -> None:
    Target.objects.filter(indicator=cast.exports).update(baseline_on=date(2022, 7, 1), target_on=date(2022, 10, 10))
    own = Target.objects.get(indicator=cast.exports, unit=cast.town)
    TrajectoryPoint.objects.create(target=own, on=date(2022, 8, 31), value=110)
    made = copy_of(cast, **TARGETS)
    copied = Target.objects.get(indicator__code="exports-2023", unit=cast.town)
    assert (copied.baseline_on, copied.target_on) == (date(2023, 7, 1), date(2023, 10, 10))
    assert [(one.on, one.value) for one in copied.trajectory.all()] == [(date(2023, 8, 31), 110)]
    assert Target.objects.filter(indicator__action__campaign=made).count() == 8


def test_planned_figures_that_shorter_days_have_no_place_for_are_left_out(cast: Cast) -> None:
    own = Target.objects.get(indicator=cast.exports, unit=cast.town)
    for day in (date(2022, 7, 31), date(2022, 9, 30)):
        TrajectoryPoint.objects.create(target=own, on=day, value=110)
    copy_of(cast, ends_on=date(2023, 8, 20), **TARGETS)
    copied = Target.objects.get(indicator__code="exports-2023", unit=cast.town)
    assert [one.on for one in copied.trajectory.all()] == [date(2023, 7, 31)]


def test_assignments_with_days_of_their_own_move_too(cast: Cast) -> None:
    Assignment.objects.filter(unit=cast.town).update(starts_on=date(2022, 8, 1))
    made = copy_of(cast)
    days = Assignment.objects.filter(action__campaign=made, unit=cast.town).values_list("starts_on", "ends_on")
    assert set(days) == {(date(2023, 8, 1), None)}


def test_a_weighted_mean_is_weighted_by_the_copy_of_what_weighed_it(cast: Cast) -> None:
    Indicator.objects.filter(pk=cast.share.pk).update(rollup="weighted_mean", rollup_weight=cast.exports)
    copy_of(cast)
    share = Indicator.objects.get(code="share-2023")
    assert (share.rollup, share.rollup_weight.code) == ("weighted_mean", "exports-2023")


def test_samples_stay_samples(cast: Cast) -> None:
    Indicator.objects.filter(pk=cast.share.pk).update(source=Source.SAMPLE)
    Indicator.objects.filter(pk=cast.exports.pk).update(source=Source.ARTICLE)
    copy_of(cast)
    sources = dict(Indicator.objects.filter(code__endswith="-2023").values_list("code", "source"))
    assert sources == {"exports-2023": "entered", "share-2023": "sample", "roads-2023": "entered"}


def test_a_later_copy_follows_its_original_and_one_for_the_same_days_does_not(cast: Cast) -> None:
    later = copy_of(cast)
    assert later.follows == cast.campaign
    assert Indicator.objects.get(code="exports-2023").follows == cast.exports
    same = copy_of(cast, slug="other-city", suffix="-b", starts_on=date(2022, 7, 12), ends_on=date(2022, 10, 19))
    assert same.follows is None
    assert Indicator.objects.get(code="exports-b").follows is None


def test_a_copy_of_a_copy_replaces_the_year_that_all_codes_end_in(cast: Cast) -> None:
    cast.campaign = copy_of(cast)
    copy_of(cast)
    assert set(Indicator.objects.filter(code__endswith="-2024").values_list("code", flat=True)) == {
        "exports-2024", "share-2024", "roads-2024",
    }  # fmt: skip


def test_it_leaves_one_change_with_every_row(cast: Cast) -> None:
    before = Change.objects.count()
    made = copy_of(cast, **TARGETS)
    assert Change.objects.count() == before + 1
    change = Change.objects.latest("pk")
    assert (change.verb, change.actor) == ("copy_campaign", cast.office)
    kinds = [one.object_type for one in change.items.all()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "campaigns.campaign": 1, "campaigns.action": 2, "campaigns.indicator": 3, "campaigns.assignment": 5,
        "campaigns.target": 8, "campaigns.period": 4,
    }  # fmt: skip
    action = change.items.get(object_type="campaigns.action", object_id=made.actions.get(number=1).pk)
    assert action.after["supporting"] == []


def test_it_takes_as_many_queries_for_many_rows_as_for_few(cast: Cast) -> None:
    def queries(**changes: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            copy_of(cast, **TARGETS, **changes)
        return len(captured)

    queries(slug="first", suffix="-first")
    few = queries()
    more_units(cast, 5, cast.august)
    assert queries(slug="again", suffix="-again") == few


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_slug_or_codes_in_use_are_refused_at_their_field(cast: Cast) -> None:
    assert refused(cast, slug="hundred-days") == "slug"
    assert refused(cast, suffix="") == "suffix"
    assert refused(cast, suffix="-年") == "suffix"
    assert refused(cast, suffix="-" + "x" * 60) == "suffix"


def test_days_in_the_wrong_order_or_too_many_are_refused(cast: Cast) -> None:
    assert refused(cast, ends_on=date(2023, 7, 1)) == "ends_on"
    assert refused(cast, ends_on=date(2029, 7, 1)) == "ends_on"


def test_days_too_few_for_a_target_with_days_of_its_own_are_refused(cast: Cast) -> None:
    Target.objects.filter(indicator=cast.exports).update(baseline_on=date(2022, 8, 31))
    assert refused(cast, ends_on=date(2023, 8, 20), **TARGETS) == "ends_on"


@pytest.mark.parametrize("who", ["reporter", "head", "reviewer", "leader", "stranger"])
def test_only_office_and_administrators_copy(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        copy_campaign(source=cast.campaign, order=order_of(cast), actor=getattr(cast, who), now=cast.now)


# --- the page ---------------------------------------------------------------------------------------------------------


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    order = order_of(cast)
    return {
        "slug": order.slug, "name_en": order.name_en, "name_zh": order.name_zh, "short_en": "", "short_zh": "",
        "starts_on": "2023-07-12", "ends_on": "2023-10-19", "suffix": "-2023", **changes,
    }  # fmt: skip


ADDRESS = "/campaigns/hundred-days/copy/"


def test_the_page_shows_the_suggestion_with_codes_periods_and_deadlines(cast: Cast) -> None:
    text = client_of(cast.office).get(ADDRESS).content.decode()
    for shown in ("hundred-days-2023", "exports-2023", "July 2023", "7 August", "2023-10-19"):
        assert shown in text


def test_the_preview_writes_nothing_and_shows_what_was_typed(cast: Cast) -> None:
    answer = client_of(cast.office).post(ADDRESS, typed(cast, suffix="-next", preview="1"))
    assert answer.status_code == 200
    assert "exports-next" in answer.content.decode()
    assert Campaign.objects.count() == 1


def test_copying_leads_to_the_list_of_campaigns(cast: Cast) -> None:
    answer = client_of(cast.office).post(ADDRESS, typed(cast, with_targets="on"), follow=True)
    assert answer.redirect_chain == [(reverse("campaigns"), 302)]
    assert "4 periods" in answer.content.decode()
    assert Campaign.objects.get(slug="hundred-days-2023").follows == cast.campaign
    assert Target.objects.filter(indicator__code="roads-2023").exists()
    assert Period.objects.filter(campaign__slug="hundred-days-2023").count() == 4


def test_mistakes_stand_at_their_fields_and_nothing_typed_is_lost(cast: Cast) -> None:
    answer = client_of(cast.office).post(ADDRESS, typed(cast, slug="hundred-days", suffix="", name_en="Kept"))
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "There is a campaign with this slug already." in text
    assert "3 codes are in use already: exports, roads, share." in text
    assert 'value="Kept"' in text


def test_office_and_administrators_find_the_copy_in_the_list_and_the_administration(cast: Cast) -> None:
    assert ADDRESS in client_of(cast.office).get("/campaigns/").content.decode()
    assert ADDRESS not in client_of(cast.head).get("/campaigns/").content.decode()
    page = reverse("admin:campaigns_campaign_change", args=[cast.campaign.pk])
    assert ADDRESS in client_of(cast.administrator).get(page).content.decode()
