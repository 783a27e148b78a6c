"""The report form itself: two people at once, by the keyboard alone, and without its script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import Measurement
from tests.journeys.conftest import SignIn
from tests.journeys.steps import box, light, note, open_form, press, section, told, type_figure
from tests.journeys.watch import Watch

pytestmark = pytest.mark.browser

# Without scripts a steered Chromium draws a page before all its style sheets are there, and asks for the pictures that
# Bootstrap names and our sheets replace. Every other journey takes this for a fault.
BOOTSTRAP_MARK = "Loading the image 'data:image/svg+xml"

OUTPUT, RETAIL, COUPONS = "Firms back at full output", "Retail sales", "Coupons redeemed"


def kept(indicator: str, unit: str = "nanhu") -> str:
    """The figure as it stands in the database."""
    found = Measurement.objects.filter(
        indicator__name_en=indicator, report__unit__code=unit, report__period__month="2022-08"
    )
    return str(found.get().value.normalize()) if found else ""


def fillable(page: Page) -> list[str]:
    """The names of the boxes that can be typed into, in one report that has two of them."""
    for tbody in page.locator("tbody[data-save]").all():
        names = [one.inner_text() for one in tbody.locator("tr.f th label").all()]
        if len(names) == 2:
            return names
    raise AssertionError("no report with two boxes is open")


def test_two_people_with_the_same_report_see_both_figures_and_lose_nothing(open_browser: SignIn, watch: Watch) -> None:
    watch.expect(409)
    first, second = open_browser("nanhu"), open_browser("nanhu-stand-in")
    open_form(first, "nanhu")
    open_form(second, "nanhu")
    contested, other = fillable(first)
    type_figure(first, contested, "41")
    type_figure(first, other, "17")

    with second.expect_response(lambda answer: answer.status == 409):
        box(second, contested).fill("52")
    # Both figures stand there, the other's box follows what the first one saved, and nothing is written over it.
    expect(box(second, contested)).to_have_value("52")
    expect(second.locator(".meanwhile")).to_contain_text("41")
    expect(box(second, other)).to_have_value(re.compile(r"^17"))
    expect(second.get_by_role("alert")).to_contain_text("Nanhu reporter")
    note(second, contested).evaluate("(box) => box.dispatchEvent(new Event('input', {bubbles: true}))")
    second.wait_for_timeout(1200)
    assert (kept(contested), kept(other)) == ("41", "17")

    with second.expect_response(lambda answer: answer.url.endswith("/save/") and answer.status == 200):
        second.get_by_role("button", name="Keep what I typed").click()
    expect(second.locator(".meanwhile")).to_have_count(0)
    assert (kept(contested), kept(other)) == ("52", "17")

    # Now the first one is behind, and takes the other's figure.
    with first.expect_response(lambda answer: answer.status == 409):
        box(first, contested).fill("43")
    with first.expect_response(lambda answer: answer.url.endswith("/save/") and answer.status == 200):
        first.get_by_role("button", name="Take this").click()
    expect(box(first, contested)).to_have_value(re.compile("^52"))
    assert kept(contested) == "52"


def test_two_people_in_different_boxes_do_not_notice_each_other(open_browser: SignIn, watch: Watch) -> None:
    watch.expect(409)
    first, second = open_browser("nanhu"), open_browser("nanhu-stand-in")
    open_form(first, "nanhu")
    open_form(second, "nanhu")
    one, other = fillable(first)
    type_figure(first, one, "41")
    with second.expect_response(lambda answer: answer.url.endswith("/save/") and answer.status == 200):
        box(second, other).fill("19")
    expect(box(second, one)).to_have_value(re.compile("^41"))
    expect(second.locator("[data-saved]")).to_contain_text("Saved")
    assert (kept(one), kept(other)) == ("41", "19")


def test_without_the_script_a_conflict_is_told_on_the_page(open_browser: SignIn, watch: Watch) -> None:
    watch.expect(409)
    watch.forgive(BOOTSTRAP_MARK)
    first = open_browser("nanhu")
    second = open_browser("nanhu-stand-in", java_script_enabled=False)
    open_form(first, "nanhu")
    open_form(second, "nanhu")
    contested, _other = fillable(first)
    type_figure(first, contested, "41")
    box(second, contested).fill("52")
    press(second.locator(".foot").get_by_role("button", name="Save"))
    expect(second.get_by_role("alert")).to_contain_text("Nanhu reporter")
    expect(box(second, contested)).to_have_value("52")
    expect(second.locator(".meanwhile").first).to_contain_text("41")
    assert kept(contested) == "41"
    press(second.locator(".foot").get_by_role("button", name="Save"))
    told(second, "Saved.")
    assert kept(contested) == "52"


def focus_by_tab(page: Page, wanted: str, *, most: int = 200) -> None:
    """Presses Tab until the focus stands on what the selector names, as somebody without a mouse does."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"Tab never reached {wanted}")


def test_a_figure_is_filled_and_sent_with_the_keyboard_alone(open_browser: SignIn) -> None:
    page = open_browser("tongxiang")
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    focus_by_tab(page, "main a.btn-primary[href*='/reports/']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("August report")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    field = box(page, OUTPUT)
    focus_by_tab(page, f"#{field.get_attribute('id')}")
    outline = page.evaluate("getComputedStyle(document.activeElement).boxShadow")
    assert outline != "none"
    with page.expect_response(lambda answer: answer.url.endswith("/save/")):
        page.keyboard.type("88.4", delay=20)
    expect(light(page, OUTPUT)).to_have_text("On track")
    expect(field).to_be_focused()
    expect(field).to_have_value("88.4")

    report = section(page, "Stable industrial growth").get_attribute("data-report")
    page.keyboard.press("Shift+Tab")
    for _press in range(20):
        if page.evaluate("document.activeElement.value") == f"submit:{report}":
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    told(page, "1 report sent for signature.")
    expect(section(page, "Stable industrial growth")).to_contain_text("to sign")


def test_enter_in_a_box_saves_and_sends_nothing(open_browser: SignIn) -> None:
    page = open_browser("tongxiang")
    open_form(page, "tongxiang")
    box(page, OUTPUT).fill("70")
    box(page, OUTPUT).press("Enter")
    told(page, "Saved.")
    expect(box(page, OUTPUT)).to_have_value("70.0")


def test_the_form_works_without_its_script(open_browser: SignIn, watch: Watch) -> None:
    watch.expect(400)
    watch.forgive(BOOTSTRAP_MARK)
    page = open_browser("tongxiang", java_script_enabled=False)
    open_form(page, "tongxiang")
    box(page, OUTPUT).fill("８８．４")
    box(page, RETAIL).fill("abc")
    press(page.locator(".foot").get_by_role("button", name="Save"))
    expect(section(page, "Promoting consumption")).to_contain_text("“abc” is not a number")
    expect(box(page, RETAIL)).to_have_value("abc")
    expect(box(page, OUTPUT)).to_have_value("88.4")
    expect(light(page, OUTPUT)).to_have_text("On track")
    press(section(page, "Stable industrial growth").get_by_role("button", name="Send this one"))
    told(page, "1 report sent for signature.")
    expect(section(page, "Stable industrial growth")).to_contain_text("to sign")


def test_a_closed_connection_is_told_and_what_was_typed_stays(open_browser: SignIn, watch: Watch) -> None:
    watch.forgive("ERR_INTERNET_DISCONNECTED")
    page = open_browser("tongxiang")
    open_form(page, "tongxiang")
    page.context.set_offline(True)
    box(page, COUPONS).fill("1700")
    expect(page.locator("[data-saved]")).to_contain_text("Not saved")
    expect(box(page, COUPONS)).to_have_value("1700")
    page.context.set_offline(False)
    with page.expect_response(lambda answer: answer.url.endswith("/save/") and answer.status == 200):
        box(page, COUPONS).fill("1701")
    expect(page.locator("[data-saved]")).to_contain_text(re.compile(r"Saved \d\d:\d\d"))
