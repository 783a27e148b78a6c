"""A chart in the browser: drawn under the content policy, read as a table by keyboard, drawn anew in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import SignIn
from tests.journeys.steps import CAMPAIGN
from tests.journeys.test_form import BOOTSTRAP_MARK
from tests.journeys.watch import Watch

pytestmark = pytest.mark.browser

ACTION = f"/actions/{CAMPAIGN}/4/?period=2022-07"
# How many pixels of the canvas have the colour of a token, within what smoothing of edges changes.
PIXELS = """(canvas, token) => {
  const wanted = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
  const channels = [1, 3, 5].map((place) => parseInt(wanted.slice(place, place + 2), 16));
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const pen = copy.getContext("2d", { willReadFrequently: true });
  pen.drawImage(canvas, 0, 0);
  const { data } = pen.getImageData(0, 0, copy.width, copy.height);
  let found = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] > 200 && channels.every((one, place) => Math.abs(one - data[at + place]) < 8)) found += 1;
  }
  return found;
}"""


def accent_pixels(page: Page) -> int:
    return page.locator(".chart-picture canvas").evaluate(PIXELS, "--accent")


def test_a_chart_is_drawn_and_drawn_anew_in_the_dark(open_browser: SignIn) -> None:
    page = open_browser("leader")
    page.goto(ACTION)
    expect(page.locator(".chart-picture canvas")).to_have_count(1)
    expect(page.get_by_role("img", name="attained by 31 July")).to_be_visible()
    expect(page.locator(".chart-table")).to_be_hidden()
    assert accent_pixels(page) > 200
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.wait_for_function("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert accent_pixels(page) > 200


def test_the_keyboard_turns_a_chart_into_its_table_and_back(open_browser: SignIn) -> None:
    page = open_browser("leader", viewport={"width": 390, "height": 844})
    page.goto(ACTION)
    table = page.get_by_role("button", name="Table", exact=True)
    page.get_by_role("button", name="Chart", exact=True).focus()
    page.keyboard.press("Tab")
    expect(table).to_be_focused()
    page.keyboard.press("Enter")
    expect(table).to_have_attribute("aria-pressed", "true")
    row = page.locator(".chart-table").get_by_role("row", name="July 31 July")
    expect(row).to_contain_text("14.84%")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".chart-table")).to_be_hidden()
    wide = page.locator(".chart-picture canvas").evaluate("(canvas) => canvas.getBoundingClientRect().width")
    assert wide > 500, "drawn anew for the width that the page has now"


def test_without_scripts_the_table_stands_alone(open_browser: SignIn, watch: Watch) -> None:
    watch.forgive(BOOTSTRAP_MARK)
    page = open_browser("leader", java_script_enabled=False)
    page.goto(ACTION)
    expect(page.locator(".chart-table")).to_be_visible()
    expect(page.locator(".chart-picture")).to_be_hidden()
    expect(page.get_by_role("button", name="Table", exact=True)).to_be_hidden()
