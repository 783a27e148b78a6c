"""An award round in the browser, from its opening to the day on which the flag moves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import SignIn
from tests.journeys.steps import press, told
from tests.journeys.watch import Watch

pytestmark = pytest.mark.browser

CLOCK_AFTER = "2022-09-08T09:00"
"""The publicity lasts from Monday 5 to Wednesday 7 September."""


def test_a_round_goes_from_its_opening_to_the_day_on_which_the_flag_moves(open_browser: SignIn, watch: Watch) -> None:
    watch.expect(400)
    office, administrator = open_browser("office"), open_browser("admin")
    address = open_a_round(office)
    give_marks(office, address)
    compute_review_publicise(office)

    administrator.goto(f"{address}announce/")
    expect(administrator.get_by_role("button", name="Announce now")).to_have_count(0)
    expect(administrator.get_by_role("main")).to_contain_text("The publicity period lasts until 7 September 2022")
    move_clock(administrator, "2022-09-06T09:00")

    head = open_browser("tongxiang-head")
    appeal_and_answer(head, office, address)
    move_clock(administrator, CLOCK_AFTER)
    winners = announce(administrator, address)

    head.goto("/awards/?campaign=mutual-learning-2022")
    holders = head.get_by_role("region", name="Who holds the flag").locator("h2")
    assert sorted(holders.all_inner_texts()) == sorted(winners)
    expect(head.get_by_role("region", name="Who holds the flag")).to_contain_text("since 8 September 2022")
    head.goto(address)
    expect(head.get_by_role("main").locator("code").filter(has_text=re.compile(r"^[0-9a-f]{64}$"))).to_have_count(1)
    with head.expect_download() as saved:
        head.get_by_role("link", name="Download the snapshot").click()
    assert saved.value.suggested_filename.endswith("-2022-06-30-1.json")


def open_a_round(office: Page) -> str:
    """Opened for the second quarter alone, since the half-year has its round already; answers its address."""
    office.goto("/awards/?campaign=mutual-learning-2022")
    office.get_by_role("link", name="Open a round").click()
    office.get_by_label("Figures of").select_option(label="2022-06 · Mutual learning and competition 2022 · published")
    office.get_by_label(re.compile("^First day")).fill("2022-04-01")
    office.get_by_label(re.compile("^Last day")).fill("2022-06-30")
    office.get_by_label(re.compile("^Name in English")).fill("Second quarter on trial")
    office.get_by_label(re.compile("^Name in Chinese")).fill("第二季度试评")
    press(office.get_by_role("button", name="Open the round"))
    told(office, "The round is open")
    expect(office.get_by_role("heading", level=1)).to_have_text("Second quarter on trial")
    return re.sub(r"^https?://[^/]+", "", office.url)


def give_marks(office: Page, address: str) -> None:
    """A mark beyond 100 is refused with all that was typed, then all are kept."""
    office.get_by_role("link", name="Give marks").click()
    boxes = office.get_by_label(re.compile("^Mark for "))
    for place in range(boxes.count()):
        boxes.nth(place).fill(str(99 - place))
    boxes.nth(0).fill("199")
    press(office.get_by_role("button", name="Keep the marks"))
    expect(office.get_by_role("main")).to_contain_text("A mark lies between 0 and 100.")
    expect(boxes.nth(0)).to_have_value("199")
    expect(boxes.nth(1)).to_have_value("98")
    boxes.nth(0).fill("99")
    press(office.get_by_role("button", name="Keep the marks"))
    told(office, "The marks are kept")
    assert office.url.endswith(address)


def compute_review_publicise(office: Page) -> None:
    press(office.get_by_role("button", name="Compute", exact=True))
    told(office, "Computed from the figures of now")
    expect(office.get_by_role("region", name="Scores").get_by_role("row")).to_have_count(8)
    office.get_by_role("group").filter(has_text="Review the scores").locator("summary").click()
    press(office.get_by_role("button", name="I have looked through the scores"))
    told(office, "Reviewed")
    office.get_by_text("Put into publicity", exact=True).click()
    office.get_by_label("First day").fill("2022-09-05")
    press(office.get_by_role("button", name="Put before everybody"))
    told(office, "The scores are before everybody")
    expect(office.get_by_role("main")).to_contain_text("5 September to 7 September")


def appeal_and_answer(head: Page, office: Page, address: str) -> None:
    head.goto(address)
    head.get_by_label("What you object to, and why").fill("Our exports were counted too low.")
    press(head.get_by_role("button", name="File the appeal"))
    told(head, "Your appeal is filed")
    office.goto(address)
    expect(office.get_by_role("main")).to_contain_text("Our exports were counted too low.")
    office.get_by_label("Answer in writing").fill("The customs figure of June stands.")
    press(office.get_by_role("button", name="Answer the appeal"))
    told(office, "Your answer is kept")
    head.reload()
    expect(head.get_by_role("main")).to_contain_text("The customs figure of June stands.")


def move_clock(administrator: Page, to: str) -> None:
    administrator.goto("/clock/")
    administrator.locator("input[type='datetime-local']").fill(to)
    press(administrator.get_by_role("button", name="Move the clock", exact=True))


def announce(administrator: Page, address: str) -> list[str]:
    """Looks at who wins, announces, and answers their names."""
    administrator.goto(address)
    administrator.get_by_role("main").get_by_role("link", name="Announce").click()
    winners = administrator.locator(".winner-list b").all_inner_texts()
    assert winners
    press(administrator.get_by_role("button", name="Announce now"))
    told(administrator, "Announced. The flag has moved")
    return winners
