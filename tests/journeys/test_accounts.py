"""Signing in and out in the browser, too many guesses, a forgotten password, and an invitation."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from jiaxing.demo import DEMO_PASSWORD
from tests.journeys.conftest import SignIn
from tests.journeys.watch import Watch

pytestmark = pytest.mark.browser

NEW_PASSWORD = "river-boat-market-41"


def try_password(page: Page, username: str, password: str) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_wrong_password_is_told_and_the_name_kept(open_browser: SignIn) -> None:
    page = open_browser()
    page.goto("/standings/?period=2022-07")
    try_password(page, "tongxiang", "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Username")).to_have_value("tongxiang")

    try_password(page, "tongxiang", DEMO_PASSWORD)
    expect(page).to_have_url(re.compile(r"/standings/\?period=2022-07$"))
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/accounts/login/"))


def test_too_many_guesses_lock_the_name_and_say_how_long(open_browser: SignIn, watch: Watch) -> None:
    watch.expect(429)
    page = open_browser()
    page.goto("/accounts/login/")
    for _guess in range(5):
        try_password(page, "nanhu", "wrong")
    expect(page.locator("main, body").first).to_contain_text("15 minutes")
    page.goto("/accounts/login/")
    try_password(page, "nanhu", DEMO_PASSWORD)
    expect(page.locator("main, body").first).to_contain_text("15 minutes")


def test_a_forgotten_password_is_set_anew_by_the_link_in_the_mail(open_browser: SignIn, site: str) -> None:
    from units.models import User

    User.objects.filter(username="tongxiang").update(email="reporter@tongxiang.example", last_login=timezone.now())
    page = open_browser()
    page.goto("/accounts/login/")
    page.get_by_role("link", name=re.compile("password", re.IGNORECASE)).click()
    page.get_by_role("textbox").first.fill("reporter@tongxiang.example")
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.goto(link_in_mail(site, "/accounts/reset/"))
    choose_password(page, "123")
    expect(page.locator(".error").first).to_be_visible()
    choose_password(page, NEW_PASSWORD)
    expect(page).to_have_url(re.compile(r"/accounts/reset/done/$"))
    page.get_by_role("link", name="Sign in").click()
    try_password(page, "tongxiang", NEW_PASSWORD)
    expect(page.get_by_role("heading", name="My work")).to_be_visible()


def link_in_mail(site: str, path: str) -> str:
    text = str(mail.outbox[-1].body)
    found = re.search(rf"https?://[^/\s]+({path}\S+)", text)
    assert found, text
    return f"{site}{found.group(1)}"


def choose_password(page: Page, password: str) -> None:
    for box in page.locator("input[type=password]").all():
        box.fill(password)
    page.get_by_role("main").get_by_role("button").click()


def test_an_invitation_sets_the_first_password_and_signs_in(open_browser: SignIn, site: str) -> None:
    office = open_browser("office")
    office.goto("/people/new/")
    office.get_by_label("Username").fill("haiyan-second")
    office.get_by_label("Name in English").fill("Haiyan second reporter")
    office.get_by_label("Email address").fill("second@haiyan.example")
    office.get_by_label("Unit", exact=True).select_option(label="Haiyan County")
    office.get_by_label("Role", exact=True).select_option(label="reporter")
    office.get_by_role("button", name="Add and invite").click()
    expect(office.get_by_role("main")).to_contain_text("second@haiyan.example")

    page = open_browser()
    link = link_in_mail(site, "/accounts/invitation/")
    page.goto(link)
    choose_password(page, NEW_PASSWORD)
    expect(page.get_by_role("heading", name="My work")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Haiyan County")

    # The link works once.
    visitor = open_browser()
    visitor.goto(link)
    expect(visitor.locator("input[type=password]")).to_have_count(0)
