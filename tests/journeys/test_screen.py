"""The big screen in the browser: it turns, obeys the keys, fits, and keeps what it has while the network is away."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from campaigns.models import Period
from tests.journeys.conftest import SignIn
from tests.journeys.watch import Watch

pytestmark = pytest.mark.browser

WALL = {"width": 1920, "height": 1080}
VIEWS = ("overview", "actions", "heat", "projects", "movers")
SMALL_OR_OUTSIDE = """() => {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const foot = document.querySelector(".foot").getBoundingClientRect().top;
  const skipped = ".visually-hidden, .chart, .controls, dialog";
  const all = [...document.querySelectorAll(".show *")];
  const shown = all.filter((one) => one.checkVisibility() && !one.closest(skipped));
  const hasText = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const small = shown.filter((one) => hasText(one) && parseFloat(getComputedStyle(one).fontSize) < 1.25 * rem - 0.1);
  const outside = shown.filter((one) => one.closest(".view")).filter((one) => {
    const place = one.getBoundingClientRect();
    return place.width && (place.bottom > foot + 1 || place.right > innerWidth);
  });
  const root = document.documentElement;
  const scrolls = root.scrollHeight > innerHeight || root.scrollWidth > innerWidth;
  return [...small, ...outside].map((one) => `${one.tagName}.${one.className} ${one.textContent.slice(0, 20)}`)
    .concat(scrolls ? ["the page scrolls"] : []);
}"""


def view(page: Page, name: str) -> None:
    """The one view that is to be seen."""
    expect(page.locator(f"[data-view='{name}']")).to_be_visible()
    expect(page.locator("[data-view]:visible")).to_have_count(1)


def wall(open_browser: SignIn, query: str = "", who: str = "leader", **options: object) -> Page:
    """A screen whose time the journey moves."""
    page = open_browser(who, viewport=WALL, **options)
    page.clock.install()
    page.goto(f"/screen/{query}")
    return page


def let_pass(page: Page, seconds: int) -> None:
    page.clock.run_for(timedelta(seconds=seconds) // timedelta(milliseconds=1))


def publish_august() -> None:
    august = Period.objects.get(month="2022-08", campaign__slug="hundred-days-2022")
    times = {"closed_at": august.due_at, "published_at": august.due_at}
    Period.objects.filter(pk=august.pk).update(state=Period.State.PUBLISHED, **times)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("size", [WALL, {"width": 1366, "height": 768}, {"width": 3840, "height": 2160}], ids=str)
def test_every_view_fits_and_can_be_read_from_afar(open_browser: SignIn, language: str, size: dict[str, int]) -> None:
    page = open_browser("leader", viewport=size)
    for name in VIEWS:
        for month in ("2022-07", "2022-08"):
            page.goto(f"/screen/?view={name}&period={month}&lang={language}")
            view(page, name)
            assert page.evaluate(SMALL_OR_OUTSIDE) == [], f"{name} of {month}"


def test_it_turns_by_itself_and_stands_still_when_held(open_browser: SignIn) -> None:
    page = wall(open_browser)
    for name in (*VIEWS, VIEWS[0]):
        view(page, name)
        let_pass(page, 20)
    view(page, "actions")
    page.keyboard.press("Space")
    let_pass(page, 300)
    view(page, "actions")
    page.keyboard.press("Space")
    let_pass(page, 20)
    view(page, "heat")


def test_a_held_view_is_in_the_address(open_browser: SignIn) -> None:
    page = wall(open_browser, "?view=movers&seconds=0")
    let_pass(page, 300)
    view(page, "movers")


def test_keys_and_buttons_turn_it(open_browser: SignIn) -> None:
    page = wall(open_browser)
    for key, name in (("ArrowRight", "actions"), ("ArrowLeft", "overview"), ("ArrowLeft", "movers"), ("3", "heat")):
        page.keyboard.press(key)
        view(page, name)
    assert "view=heat" in page.url
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    page.mouse.move(400, 400)
    page.get_by_role("button", name="Next view").click()
    view(page, "projects")
    page.get_by_role("link", name="1 Overview").click()
    view(page, "overview")
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_role("button", name="Hold")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("f")
    page.wait_for_function("() => document.fullscreenElement !== null")


def test_letters_do_nothing_for_whom_they_are_switched_off(open_browser: SignIn) -> None:
    page = wall(open_browser)
    page.evaluate("document.body.dataset.shortcuts = 'off'")
    for key in ("3", "?", "l"):
        page.keyboard.press(key)
    view(page, "overview")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    view(page, "actions")


def test_a_key_changes_the_language_and_keeps_the_view(open_browser: SignIn) -> None:
    page = wall(open_browser, "?view=heat")
    page.keyboard.press("l")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("heading", level=1)).to_have_text("十大百日攻坚行动")
    view(page, "heat")
    page.keyboard.press("l")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_it_shows_what_is_published_within_a_minute(open_browser: SignIn) -> None:
    page = wall(open_browser, "?seconds=0")
    expect(page.locator(".top .when")).to_contain_text("31 July 2022")
    publish_august()
    with page.expect_response(re.compile("/screen/content/")):
        let_pass(page, 61)
    expect(page.locator(".top .when")).to_contain_text("31 August 2022")
    expect(page.locator(".chart-picture canvas")).to_have_count(1)
    with page.expect_response(re.compile("/screen/content/")) as again:
        let_pass(page, 61)
    assert again.value.status == 304


def test_it_goes_on_for_ten_minutes_without_the_network(open_browser: SignIn, watch: Watch) -> None:
    """The clock of the page is the test's: the ten minutes pass at once, turn by turn."""
    watch.forgive("net::ERR_INTERNET_DISCONNECTED")
    page = wall(open_browser, "?seconds=20")
    page.context.set_offline(True)
    status = page.get_by_role("status")
    expect(status).to_contain_text("no network since")
    told, turned = status.inner_text(), VIEWS[1:] + VIEWS[:1]
    for turn in range(10 * 60 // 20):
        let_pass(page, 20)
        view(page, turned[turn % len(VIEWS)])
        expect(page.locator(".top .when")).to_contain_text("31 July 2022")
        assert page.url.startswith(page.evaluate("location.origin") + "/screen/")
    assert status.inner_text() == told, "the figures are still of when they came, and the network gone since then"
    expect(status).to_contain_text(re.compile(r"Figures as of \d\d:\d\d"))
    page.keyboard.press("1")
    expect(page.locator(".figure-of-all")).to_be_visible()
    publish_august()
    with page.expect_response(re.compile("/screen/content/")) as again:
        page.context.set_offline(False)
    assert again.value.status == 200
    expect(page.locator("[data-state]")).to_be_empty()
    expect(page.locator(".top .when")).to_contain_text("31 August 2022")
    view(page, "overview")


def test_a_server_that_does_not_answer_is_asked_again_and_again(open_browser: SignIn, watch: Watch) -> None:
    watch.expect(503)
    page = wall(open_browser, "?seconds=0")
    page.route("**/screen/content/**", lambda route: route.fulfill(status=503))
    with page.expect_response(re.compile("/screen/content/")):
        let_pass(page, 61)
    expect(page.get_by_role("status")).to_contain_text("no network since")
    page.unroute("**/screen/content/**")
    with page.expect_response(re.compile("/screen/content/")):
        let_pass(page, 6)
    expect(page.locator("[data-state]")).to_be_empty()


def test_when_the_session_has_ended_it_says_so_and_leads_to_the_sign_in(open_browser: SignIn) -> None:
    page = wall(open_browser, "?view=heat&seconds=0")
    Session.objects.all().delete()
    let_pass(page, 61)
    expect(page.get_by_role("status")).to_contain_text("signed out since")
    view(page, "heat")
    page.get_by_role("link", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=%2Fscreen%2F%3Fview%3Dheat"))


def test_nothing_grows_while_it_runs_on(open_browser: SignIn) -> None:
    page = wall(open_browser, "?seconds=0")
    count = "[document.querySelectorAll('*').length, document.querySelectorAll('canvas').length]"
    before = page.evaluate(count)
    for language in ("zh-Hans", "en") * 3:
        page.keyboard.press("l")
        expect(page.locator("html")).to_have_attribute("lang", language)
    assert page.evaluate(count) == before
