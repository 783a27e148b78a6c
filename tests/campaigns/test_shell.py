"""The frame of the pages: another campaign or month is one click away, and the place is marked."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from campaigns.models import Campaign
from campaigns.operations.periods import make_periods
from tests.cast import Cast, client_of


@pytest.fixture
def two_campaigns(cast: Cast) -> Cast:
    other = Campaign.objects.create(
        slug="half-year",
        name_en="Half-year",
        name_zh="上半年",
        starts_on=date(2022, 1, 1),
        ends_on=date(2022, 6, 30),
        office=cast.office_unit,
    )
    make_periods(campaign=other, actor=None)
    return cast


def links_of(cast: Cast, url: str) -> list[str]:
    page = client_of(cast.reporter).get(url).content.decode()
    return re.findall(r'href="([^"#]*)"', page)


@pytest.mark.parametrize("name", ["my_work", "reports", "standings", "actions", "meetings", "awards"])
def test_every_campaign_in_the_menu_leads_somewhere(two_campaigns: Cast, name: str) -> None:
    links = links_of(two_campaigns, reverse(name))
    assert f"{reverse(name)}?campaign=hundred-days" in links
    assert f"{reverse(name)}?campaign=half-year" in links
    assert "None" not in links


def test_from_the_page_of_one_campaign_the_menu_leads_to_the_list_of_the_other(two_campaigns: Cast) -> None:
    links = links_of(two_campaigns, reverse("action", args=["hundred-days", 1]))
    assert "/actions/?campaign=half-year" in links


def test_the_stepper_keeps_the_page_and_its_filters(cast: Cast) -> None:
    links = links_of(cast, reverse("standings") + "?period=2022-08&group=localities")
    assert "/standings/?period=2022-07&amp;group=localities&amp;campaign=hundred-days" in links
    form = links_of(cast, reverse("report_form", args=["hundred-days", "2022-08", "town"]))
    assert "/reports/hundred-days/2022-07/town/" in form
    assert "/reports/hundred-days/2022-09/town/" in form
