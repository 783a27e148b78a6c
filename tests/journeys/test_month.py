"""A whole month in the browser: filled, signed, approved, closed, published, and then seen in the standings."""

from __future__ import annotations

import io
import re

import pytest
from django.contrib.auth import get_user_model
from PIL import Image
from playwright.sync_api import Page, expect

from campaigns.models import Report
from campaigns.operations.reports import approve_report
from campaigns.queries.clock import business_now
from tests.journeys.conftest import SignIn
from tests.journeys.steps import box, light, note, open_form, row, section, told, type_figure
from tests.journeys.watch import Watch

pytestmark = pytest.mark.browser


def test_a_month_goes_from_the_reporter_to_the_standings(open_browser: SignIn) -> None:
    reporter = open_browser("tongxiang")
    fill_august(reporter)
    send_all(reporter)

    head = open_browser("tongxiang-head")
    head.goto("/")
    head.get_by_role("button", name="Sign the chosen").click()
    told(head, "7 reports signed and filed.")
    expect(head.get_by_text("Waits for your signature")).to_have_count(0)

    approve_together(open_browser("commerce"))
    approve_the_rest()

    office = open_browser("office")
    close_and_publish(office)

    reporter.goto("/standings/?period=2022-08")
    expect(reporter.get_by_role("heading", level=1)).to_have_text("Standings, August")
    mine = reporter.locator("table.heat tr.me")
    expect(mine).to_contain_text("Tongxiang City")
    rank, movement, composite = (mine.locator("td").nth(place).inner_text().strip() for place in (0, 1, 2))
    assert re.fullmatch(r"\d", rank), rank
    assert re.search(r"▲|▼|=|\d", movement) or mine.locator("td").nth(1).locator("svg, .move").count(), movement
    assert 0 < float(composite) < 120


def fill_august(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Fill the August report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("August report")

    # The light follows while one types, and the page says that it has saved.
    expect(light(page, "Firms back at full output")).to_have_text("No figure")
    type_figure(page, "Firms back at full output", "31")
    expect(light(page, "Firms back at full output")).to_have_text("Far behind")
    type_figure(page, "Firms back at full output", "88.4")
    expect(light(page, "Firms back at full output")).to_have_text("On track")
    expect(page.locator("[data-saved]")).to_contain_text(re.compile(r"Saved \d\d:\d\d"))

    # One click for no change.
    with page.expect_response(lambda answer: answer.url.endswith("/save/")):
        row(page, "Retail sales").get_by_text("No change").click()
    expect(box(page, "Retail sales")).to_have_value(box(page, "Retail sales").get_attribute("data-last") or "")

    # Lower than July asks for a note; the note quiets it.
    warned = section(page, "Stable foreign trade")
    type_figure(page, "Exports, to date", "12.5")
    expect(warned.get_by_text("Lower than before (22.64, July 2022)")).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/save/")):
        note(page, "Exports, to date").fill("Customs revised July downwards by 9.3.")

    type_figure(page, "Hidden dangers cleared", "2150")
    type_figure(page, "Major hazards outstanding", "7")
    tell_more(page)


def tell_more(page: Page) -> None:
    safety = section(page, "Eliminating risks and keeping safe")
    safety.get_by_text("What was done, problems, next step, files").click()
    with page.expect_response(lambda answer: answer.url.endswith("/save/")):
        safety.get_by_label("What was done").fill("All chemical parks were inspected twice.")
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "#2a9270").save(picture, "JPEG")
    safety.locator("input[type=file]").set_input_files(
        {"name": "park 东区.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    expect(safety.get_by_role("link", name="park 东区.jpg")).to_be_visible()


def send_all(page: Page) -> None:
    """Notes that are still asked for are written, then everything goes at once."""
    for asked in page.locator("tr.sub:visible .note-slow input").all():
        if not asked.input_value():
            with page.expect_response(lambda answer: answer.url.endswith("/save/")):
                asked.fill("Checked with the lead department: the figure is right.")
    page.get_by_role("button", name="Send for signature").click()
    told(page, "reports sent for signature.")
    expect(page.get_by_role("heading", name="My work")).to_be_visible()
    expect(page.get_by_role("heading", name="To fill")).to_have_count(0)


def approve_together(page: Page) -> None:
    """All in which nothing is odd with one button, then the odd ones of Tongxiang one by one."""
    page.goto("/review/")
    many = page.get_by_role("button", name=re.compile(r"^Approve \d+$"))
    count = int(re.sub(r"\D", "", many.inner_text()))
    assert count >= 8
    many.click()
    told(page, f"{count} reports approved")
    while page.locator("table.rv").get_by_role("link", name="Tongxiang City").count():
        page.locator("table.rv").get_by_role("link", name="Tongxiang City").first.click()
        expect(page.locator("#opened-heading")).to_contain_text("Tongxiang City")
        page.get_by_role("button", name="Approve", exact=True).click()


def approve_the_rest() -> None:
    """What other lead departments would do in their own browsers."""
    people = get_user_model().objects
    waiting = Report.objects.filter(period__month="2022-08", status="submitted").select_related("action__lead", "unit")
    for report in waiting:
        is_leads_own = report.unit_id == report.action.lead_id
        decider = people.get(username="office" if is_leads_own else report.action.lead.code)
        approve_report(report_id=report.pk, actor=decider, now=business_now())
    mine = Report.objects.filter(period__month="2022-08", unit__code="tongxiang")
    assert set(mine.values_list("status", flat=True)) == {"approved"}


def close_and_publish(page: Page) -> None:
    page.goto("/periods/")
    page.get_by_role("link", name=re.compile("^Close early ?: August 2022")).click()
    page.get_by_role("button", name="Close now").click()
    page.get_by_role("link", name=re.compile("^Publish ?: August 2022")).click()
    page.get_by_role("main").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("row", name=re.compile("August 2022"))).to_contain_text("published")


def test_a_report_that_came_back_is_corrected_and_approved(open_browser: SignIn) -> None:
    reason = "Two contracts are counted twice.\nCount “signed” only, not “in talks”; then send it again."
    reviewer = open_browser("commerce")
    reviewer.goto("/review/")
    reviewer.locator("table.rv").get_by_role("link", name="Tongxiang City").first.click()
    expect(reviewer.locator("#opened-heading")).to_contain_text("Tongxiang City · Attracting investment")
    reviewer.get_by_role("button", name="Send back").click()
    words = reviewer.get_by_label("Reason, if you send it back")
    expect(words).to_be_focused()
    words.fill(reason)
    reviewer.get_by_role("button", name="Send back").click()
    told(reviewer, "sent back")

    reporter = open_browser("tongxiang")
    reporter.goto("/")
    returned = reporter.locator(".returned").filter(has_text="Attracting investment")
    assert returned.locator("q").inner_text().strip('“”"') == reason
    returned.get_by_role("link", name="Correct").click()
    expect(section(reporter, "Attracting investment")).to_contain_text("Count “signed” only")
    type_figure(reporter, "Projects signed above ¥100m", "8")
    section(reporter, "Attracting investment").get_by_role("button", name="Send this one").click()
    told(reporter, "1 report sent for signature.")

    head = open_browser("tongxiang-head")
    head.goto("/")
    head.get_by_role("row", name=re.compile("Attracting investment")).get_by_role("link", name="Look").click()
    head.get_by_role("button", name="Sign", exact=True).click()

    reviewer.goto("/review/")
    reviewer.locator("table.rv").get_by_role("link", name="Tongxiang City").first.click()
    reviewer.get_by_role("button", name="Approve", exact=True).click()
    reporter.goto("/reports/hundred-days-2022/2022-08/tongxiang/")
    expect(section(reporter, "Attracting investment")).to_contain_text("approved")
    section(reporter, "Attracting investment").get_by_role("link", name="History").click()
    history = reporter.locator(".timeline").first
    for words in ("Two contracts are counted twice.", "Tongxiang head", "Commerce reviewer"):
        expect(history).to_contain_text(words)


def test_the_clock_moves_on_and_the_form_says_that_the_period_is_closed(open_browser: SignIn, watch: Watch) -> None:
    watch.expect(409)
    reporter = open_browser("tongxiang")
    open_form(reporter, "tongxiang")
    type_figure(reporter, "Firms back at full output", "80")

    administrator = open_browser("admin")
    administrator.goto("/")
    administrator.get_by_role("link", name="Move the clock").click()
    administrator.get_by_role("button", name=re.compile(r"^Move ?: Just after: August 2022 closes")).click()
    told(administrator, "Tuesday 13 September 2022, 18:01")
    expect(administrator.locator(".clock-line")).to_contain_text("13 September 2022")

    # The page that is still open says so as soon as one types, and a new one has no boxes.
    with reporter.expect_response(lambda answer: answer.url.endswith("/save/")):
        box(reporter, "Firms back at full output").fill("81")
    expect(reporter.get_by_role("alert")).to_contain_text("The period is closed")
    reporter.once("dialog", lambda dialog: dialog.accept())
    open_form(reporter, "tongxiang")
    expect(reporter.get_by_role("main")).to_contain_text(re.compile("closed", re.IGNORECASE))
    expect(reporter.locator(".inp input")).to_have_count(0)
    expect(reporter.locator("tr.f").filter(has_text="Firms back at full output")).to_contain_text("80.0")
