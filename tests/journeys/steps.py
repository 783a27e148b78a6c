"""What people do again and again on the report form, in the words they see."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

CAMPAIGN = "hundred-days-2022"


def open_form(page: Page, unit: str, month: str = "2022-08") -> None:
    page.goto(f"/reports/{CAMPAIGN}/{month}/{unit}/")


def box(page: Page, indicator: str) -> Locator:
    return page.get_by_label(indicator, exact=True)


def row(page: Page, indicator: str) -> Locator:
    return page.locator("tr.f").filter(has=box(page, indicator))


def light(page: Page, indicator: str) -> Locator:
    """The light beside the box, as it is shown at this width."""
    return row(page, indicator).locator(".light:visible")


def section(page: Page, action: str) -> Locator:
    """A report's part of the form."""
    return page.locator("tbody").filter(has_text=action).filter(has=page.locator("tr.grp"))


def note(page: Page, indicator: str) -> Locator:
    return page.get_by_label(f"Note: {indicator}", exact=True)


def type_figure(page: Page, indicator: str, figure: str) -> None:
    """Types, and waits until the page says that it is saved."""
    with page.expect_response(lambda answer: answer.url.endswith("/save/")) as saved:
        box(page, indicator).fill(figure)
    assert saved.value.status == 200


def told(page: Page, words: str) -> None:
    """The message at the top of the page."""
    expect(page.locator(".messages, .toasty").filter(has_text=words).first).to_be_visible()


def press(button: Locator) -> None:
    """Presses a button that leads to another page, and looks at nothing until that has come with its style sheets:
    whoever asks for a place on the page earlier makes the browser draw it with the half of them."""
    with button.page.expect_navigation(wait_until="load"):
        button.click()
