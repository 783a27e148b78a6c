"""The administration in the browser: its scripts work under the strict content policy, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import Action, Campaign, Meeting, Target
from tests.admin_forms import page as page_of
from tests.journeys.conftest import SignIn
from units.models import Change, User

pytestmark = pytest.mark.browser

LOOKS = [("en", "light"), ("zh-hans", "dark")]


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_its_pages_load_without_a_complaint(open_browser: SignIn, language: str, scheme: str) -> None:
    page = open_browser("admin", language=language, color_scheme=scheme)
    for address in (
        "/admin/",
        page_of(Target, "changelist"),
        page_of(Campaign, "add"),
        page_of(User, "change", User.objects.get(username="office").pk),
        page_of(Meeting, "change", Meeting.objects.earliest("id").pk),
        page_of(Change, "changelist"),
    ):
        page.goto(address)
        expect(page.locator("#content")).to_be_visible()


def test_an_administrator_chooses_a_lead_by_typing_and_adds_a_planned_figure(open_browser: SignIn) -> None:
    page = open_browser("admin")
    action = Action.objects.exclude(lead__code="commerce").earliest("id")
    page.goto(page_of(Action, "change", action.pk))
    choose(page, "id_lead", "Commerce")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    action.refresh_from_db()
    assert action.lead.name_en.startswith("Commerce")

    target = Target.objects.filter(trajectory=None, indicator__action__campaign__slug__contains="hundred").first()
    assert target is not None
    page.goto(page_of(Target, "change", target.pk))
    page.locator(".add-row a").click()
    page.locator("#id_trajectory-0-on").fill("2022-08-31")
    page.locator("#id_trajectory-0-value").fill("1")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert target.trajectory.count() == 1


def choose(page: Page, box: str, typed: str) -> None:
    page.locator(f"#select2-{box}-container").click()
    page.locator(".select2-dropdown .select2-search__field").fill(typed)
    page.locator(".select2-results__option").filter(has_text=typed).first.click()
