"""The meeting of 27 July 2022 is run from the presentation: by keys, item by item, in both languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from campaigns.models import AgendaItem, Meeting
from tests.journeys.conftest import SignIn

pytestmark = pytest.mark.browser

MORNING = datetime(2022, 7, 27, 9, tzinfo=UTC)
ROOM = {"width": 1440, "height": 900}
LOCALITIES = {
    "en": [
        "Nanhu District",
        "Xiuzhou District",
        "Jiashan County",
        "Pinghu City",
        "Haiyan County",
        "Haining City",
        "Tongxiang City",
        "Jiaxing Economic Development Zone",
        "Jiaxing Port Area",
    ],
    "zh-hans": ["南湖区", "秀洲区", "嘉善县", "平湖市", "海盐县", "海宁市", "桐乡市", "嘉兴经开区", "嘉兴港区"],
}
DEPARTMENTS = {
    "en": [
        "Development and Reform Commission",
        "Economic and Information Bureau",
        "Commerce Bureau",
        "Transportation Bureau",
        "Construction Bureau",
        "Political and Legal Committee",
    ],
    "zh-hans": ["市发展改革委", "市经信局", "市商务局", "市交通局", "市建设局", "市委政法委"],
}
WORDS = {
    "en": {
        "warnings": "Video of the early-warning projects",
        "behind": "Container terminal phase two",
        "study": re.compile("Study of the spirit"),
        "assessment": re.compile("Assessment of the half-year"),
        "award": re.compile("Result of the mobile red flag"),
        "required": re.compile("What the meeting required"),
        "winners": ["Tongxiang City", "Jiashan County", "Haiyan County"],
        "co-equal": "co-equal",
        "groups": [
            "Deployment",
            "Engines of growth",
            "The struggle to overcome difficulties",
            "Stamina for development",
            "Risk elimination and security",
        ],
    },
    "zh-hans": {
        "warnings": "观看预警项目视频",
        "behind": "港区集装箱码头二期",
        "study": re.compile("学习贯彻"),
        "assessment": re.compile("半年度经济形势分析"),
        "award": re.compile("流动红旗"),
        "required": re.compile("会议要求和三季度工作部署"),
        "winners": ["桐乡市", "嘉善县", "海盐县"],
        "co-equal": "并列",
        "groups": None,
    },
}


def address(item: int = 1, language: str = "en") -> str:
    return f"/meetings/{Meeting.objects.get(series=None).pk}/present/?item={item}&lang={language}"


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def place(page: Page, number: int) -> None:
    """The one item of the agenda that is marked as the current one."""
    expect(page.locator(".agenda [aria-current='page']")).to_have_count(1)
    expect(page.locator(".agenda [aria-current='page'] .n")).to_have_text(str(number))


def nothing_to_say(page: Page) -> None:
    page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run({resultTypes: ['violations'], preload: false})")["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []


def stopped(page: Page) -> None:
    """The first item, with a clock that only the journey moves."""
    page.clock.install(time=MORNING)
    page.goto(address())
    page.clock.pause_at(MORNING + timedelta(hours=1))
    page.get_by_role("button", name="Begin anew").click()


def let_pass(page: Page, seconds: int) -> None:
    page.clock.run_for(timedelta(seconds=seconds) // timedelta(milliseconds=1))


# --- the meeting ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_meeting_is_run_from_the_first_item_to_the_last(open_browser: SignIn, language: str) -> None:
    page, words = open_browser("leader", viewport=ROOM), WORDS[language]
    page.goto(f"/meetings/{Meeting.objects.get(series=None).pk}/")
    page.locator("a[href$='/present/']").click()
    page.goto(address(1, language))
    number, looked_at = 0, set()

    def come_to(title: str | re.Pattern[str]) -> None:
        nonlocal number
        number += 1
        heading(page, title)
        place(page, number)
        kind = page.locator("main").get_attribute("class")
        if kind not in looked_at:  # the first item of each kind
            looked_at.add(kind)
            nothing_to_say(page)

    def onward(key: str = "ArrowRight") -> None:
        with page.expect_navigation():
            page.keyboard.press(key)

    # The morning: every locality by video link, then the early-warning projects.
    for locality in LOCALITIES[language]:
        come_to(locality)
        expect(page.locator(".project")).not_to_have_count(0)
        expect(page.locator(".project .nums").first).to_be_visible()
        video = page.locator(".project .video").first
        expect(video).to_have_attribute("target", "_blank")
        expect(video).to_have_attribute("rel", re.compile("noopener"))
        expect(page.locator(".project .sample").first).to_be_visible()
        onward("PageDown")
    come_to(words["warnings"])
    expect(page.locator(".warned > li h3").first).to_contain_text(words["behind"])
    expect(page.locator(".asks li")).not_to_have_count(0)
    onward()
    for locality in LOCALITIES[language]:
        come_to(locality)
        expect(page.locator(".big-nums .fig").first).to_be_visible()
        expect(page.locator(".sheet tbody tr")).to_have_count(7)
        onward()
    for department in DEPARTMENTS[language]:
        come_to(department)
        expect(page.locator(".led")).not_to_have_count(0)
        onward("PageDown")
    # The main session.
    come_to(words["study"])
    expect(page.locator(".said")).to_be_visible()
    onward()
    come_to(words["assessment"])
    expect(page.locator(".said")).to_be_visible()
    onward()
    come_to(words["award"])
    expect(page.locator(".winners li")).to_have_text([re.compile(one) for one in words["winners"]])
    expect(page.locator(".winners small")).to_have_text([words["co-equal"]] * 3)
    onward()
    come_to(words["required"])
    expect(page.locator(".required")).to_have_count(5)
    if words["groups"]:
        expect(page.locator(".required h2")).to_contain_text(words["groups"])
    assert number == AgendaItem.objects.filter(meeting__series=None).count()
    page.keyboard.press("ArrowRight")
    place(page, number)


# --- keys and clocks --------------------------------------------------------------------------------------------------


def test_keys_of_a_remote_presenter_walk_both_ways_and_to_the_ends(open_browser: SignIn) -> None:
    page = open_browser("leader", viewport=ROOM)
    page.goto(address())
    last = AgendaItem.objects.filter(meeting__series=None).count()
    for key, number in (
        ("PageDown", 2),
        ("ArrowRight", 3),
        ("PageUp", 2),
        ("ArrowLeft", 1),
        ("End", last),
        ("ArrowLeft", last - 1),
        ("Home", 1),
    ):
        with page.expect_navigation():
            page.keyboard.press(key)
        place(page, number)
    page.keyboard.press("ArrowLeft")
    place(page, 1)


def test_buttons_walk_too_and_keep_the_focus(open_browser: SignIn) -> None:
    page = open_browser("leader", viewport=ROOM)
    page.goto(address())
    page.get_by_role("link", name="Next item").focus()
    for number in (2, 3):
        page.keyboard.press("Enter")
        place(page, number)
        expect(page.get_by_role("link", name="Next item")).to_be_focused()
    page.get_by_role("link", name="Previous item").click()
    place(page, 2)
    page.locator(".agenda").get_by_role("link", name="Commerce").click()
    heading(page, "Commerce Bureau")


def test_the_clocks_go_on_from_item_to_item_and_tell_an_overrun_in_words(open_browser: SignIn) -> None:
    page = open_browser("leader", viewport=ROOM)
    stopped(page)
    of_item, of_meeting, told = (page.locator(f"[data-{one}]") for one in ("of-item", "of-meeting", "told"))
    let_pass(page, 60)
    expect(of_item).to_have_text("04:00")
    page.keyboard.press("ArrowRight")
    place(page, 2)
    expect(of_item).to_have_text("05:00")
    expect(of_meeting).to_have_text("01:00")
    expect(page.locator("[data-course]")).to_have_text("The meeting is 4 min ahead of the agenda.")
    let_pass(page, 4 * 60 + 59)
    expect(of_item).to_have_text("00:01")
    expect(told).to_be_empty()
    let_pass(page, 1)
    expect(told).to_have_text("The time of this item is up.")
    let_pass(page, 5 * 60 + 30)
    expect(of_item).to_have_text("+05:30")
    expect(told).to_have_text("5 min over the time of this item.")
    expect(page.locator("[data-course]")).to_have_text("The meeting is 1 min behind the agenda.")
    page.reload()
    expect(of_item).to_have_text("+05:30")
    page.keyboard.press("ArrowLeft")
    place(page, 1)
    expect(of_item).to_have_text("04:00")


def test_the_clock_can_be_held_and_begun_anew(open_browser: SignIn) -> None:
    page = open_browser("leader", viewport=ROOM)
    stopped(page)
    let_pass(page, 30)
    page.keyboard.press("h")
    expect(page.get_by_role("button", name="Go on")).to_have_attribute("aria-pressed", "true")
    let_pass(page, 600)
    expect(page.locator("[data-of-meeting]")).to_have_text("00:30")
    page.keyboard.press("ArrowRight")
    place(page, 2)
    let_pass(page, 60)
    expect(page.locator("[data-of-meeting]")).to_have_text("00:30")
    page.get_by_role("button", name="Go on").click()
    let_pass(page, 10)
    expect(page.locator("[data-of-meeting]")).to_have_text("00:40")
    page.get_by_role("button", name="Begin anew").click()
    expect(page.locator("[data-of-meeting]")).to_have_text("00:00")


def test_letters_do_nothing_for_whom_they_are_switched_off(open_browser: SignIn) -> None:
    page = open_browser("leader", viewport=ROOM)
    page.goto(address())
    agenda = page.get_by_role("navigation", name="Agenda")
    page.keyboard.press("a")
    expect(agenda).to_be_hidden()
    page.keyboard.press("a")
    expect(agenda).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate("document.body.dataset.shortcuts = 'off'")
    for key in ("a", "?", "l", "h"):
        page.keyboard.press(key)
    expect(agenda).to_be_visible()
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(page.get_by_role("button", name="Hold the clock")).to_have_attribute("aria-pressed", "false")
    with page.expect_navigation():
        page.keyboard.press("ArrowRight")
    place(page, 2)


def test_a_key_changes_the_language_and_keeps_the_item(open_browser: SignIn) -> None:
    page = open_browser("leader", viewport=ROOM)
    page.goto(address(17))
    with page.expect_navigation():
        page.keyboard.press("l")
    heading(page, "桐乡市")
    with page.expect_navigation():
        page.keyboard.press("ArrowRight")
    heading(page, "嘉兴经开区")


def test_a_unit_sees_its_own_projects_and_no_others(open_browser: SignIn) -> None:
    page = open_browser("tongxiang", viewport=ROOM)
    page.goto(address(7))
    expect(page.locator(".project")).not_to_have_count(0)
    page.goto(address(8))
    expect(page.locator(".project")).to_have_count(0)
    expect(page.locator(".quiet")).to_be_visible()
