"""Every page in both languages: nothing for axe to say in light and dark, nothing against the content policy, nothing
inline, no other host, no sideways scrolling at any width, and buttons that a thumb can hit."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import Browser, Page, Response

from tests.addresses import addresses
from tests.journeys.conftest import new_context
from tests.journeys.stops import STOPS, WITHOUT_A_PAGE, Stop
from tests.journeys.watch import Watch

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "zh-hans")
WIDTHS = (360, 390, 768, 1024, 1280)
PHONE = 390
THUMB = 44
# The Django administration keeps its own small buttons; it is a place for a desk.
ADMIN = "/admin/"
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
TRANSITIONS_TO_END = """
Promise.all(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished))
"""

INLINE = {
    "a script inside the page": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
    "a style sheet inside the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE),
    "an on… attribute": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "a data: address": re.compile(r"(?:href|src)\s*=\s*[\"']?\s*data:", re.IGNORECASE),
}

OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return "";
  const right = document.documentElement.clientWidth + 1;
  const guilty = [...document.body.querySelectorAll("*")].filter((one) => {
    if (one.getBoundingClientRect().right <= right || one.closest(".visually-hidden")) return false;
    for (let up = one.parentElement; up; up = up.parentElement) {
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(up).overflowX)) return false;
    }
    return true;
  });
  return `${wide} px: ` + guilty.slice(0, 4).map((one) => `${one.tagName}.${one.className}`).join(", ");
}"""

SMALL = """(least) => {
  const boxes = "input:not([type=checkbox]):not([type=radio]):not([type=hidden])";
  return [...document.querySelectorAll(["button", "a.btn", boxes, "select", "textarea"].map((one) => `main ${one}`))]
    .filter((one) => one.offsetParent && !one.closest(".visually-hidden"))
    .filter((one) => getComputedStyle(one).position !== "absolute")
    .map((one) => [(one.innerText || one.name || one.tagName).trim().slice(0, 24), one.getBoundingClientRect()])
    .filter(([, place]) => place.width > 1 && place.height > 1 && place.height < least - 0.5)
    .map(([name, place]) => `“${name}” ${Math.round(place.height)} px`);
}"""


@pytest.fixture(scope="module")
def browsers(browser: Browser, shared_site: str) -> Iterator[Browsers]:
    opened = Browsers(browser, shared_site)
    yield opened
    opened.close()


class Browsers:
    """One browser for each person and language, opened when it is first needed."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser = browser
        self.site = site
        self.pages: dict[tuple[str, str], tuple[Page, Watch]] = {}

    def page(self, who: str, language: str) -> tuple[Page, Watch]:
        if (who, language) not in self.pages:
            page, watch = new_context(self.browser, self.site, who or None, language=language).new_page(), Watch()
            watch.over(page, self.site)
            self.pages[who, language] = page, watch
        page, watch = self.pages[who, language]
        watch.forget()
        return page, watch

    def close(self) -> None:
        for page, _watch in self.pages.values():
            page.context.close()


def test_no_page_is_left_out(shared_site: str) -> None:
    visited = {resolve(stop.path.partition("?")[0]).url_name for stop in STOPS if stop.status != 404}
    ours = {name for name, _route in addresses() if not name.startswith(("admin:", "api:", "export_"))}
    assert ours - visited - WITHOUT_A_PAGE == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stop", STOPS, ids=str)
def test_page(stop: Stop, language: str, browsers: Browsers) -> None:
    page, watch = browsers.page(stop.who, language)
    watch.expect(stop.status)
    response = page.goto(stop.path)
    assert response is not None
    complaints = [*_answer(stop, response), *_fits(page, stop), *watch.complaints, *_accessible(page)]
    assert not complaints, "\n".join(["", *complaints])


def _answer(stop: Stop, response: Response) -> list[str]:
    first = response.request
    while first.redirected_from:
        first = first.redirected_from
    answered = first.response().status if stop.status == 302 else response.status  # type: ignore[union-attr]
    found = [] if answered == stop.status else [f"answered {answered}, expected {stop.status}"]
    html = response.text()
    found += [f"{what}: {match.group(0)[:80]}" for what, rule in INLINE.items() for match in rule.finditer(html)]
    policy = response.headers.get("content-security-policy", "")
    return found + ([] if "script-src 'self'" in policy else [f"content policy: {policy!r}"])


def _accessible(page: Page) -> list[str]:
    """All rules in light. In dark only the colours differ, so only the rules about colours run again."""
    page.evaluate(Axe().axe_script)
    found = [f"light: {words}" for words in _violations(page, {})]
    page.emulate_media(color_scheme="dark")
    # A colour that is still on its way from light to dark is neither. What runs on by itself is not waited for.
    page.evaluate(TRANSITIONS_TO_END)
    found += [f"dark: {words}" for words in _violations(page, {"runOnly": COLOUR_RULES})]
    page.emulate_media(color_scheme="light")
    return found


def _violations(page: Page, options: dict[str, object]) -> list[str]:
    # Without `preload` axe does not fetch the style sheets anew, which the content policy would refuse.
    result = page.evaluate(
        "(options) => axe.run(options)", {"resultTypes": ["violations"], "preload": False, **options}
    )
    return [
        f"axe {one['id']} ({one['impact']}) at {node['target']}: {node['html'][:160]} {_why(node)}"
        for one in result["violations"]
        for node in one["nodes"]
    ]


def _why(node: dict) -> str:
    return " ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])[:200]


def _fits(page: Page, stop: Stop) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        if wide := page.evaluate(OVERFLOW):
            found.append(f"at {width}: the page scrolls sideways by {wide}")
        if width == PHONE and not stop.path.startswith(ADMIN):
            found += [f"at {width}: too small for a thumb: {one}" for one in page.evaluate(SMALL, THUMB)]
    page.set_viewport_size({"width": 1280, "height": 900})
    return found
