"""What protects the site on every page: headers, tokens, sessions, lockout, escaping, and secrets that stay secret."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any
from unittest.mock import Mock

import pytest
from django.contrib.auth.hashers import BasePasswordHasher, get_hasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection, transaction
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from django.views.debug import technical_500_response

from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import (
    AgendaItem,
    Attendance,
    Likelihood,
    Minutes,
    MinutesItem,
    Report,
    Requirement,
)
from campaigns.operations.judgements import judge_likelihood
from campaigns.operations.periods import set_calendar_day
from campaigns.operations.reports import approve_report, save_report, send_back_report, submit_report
from tests.addresses import Scene, address_of, build_scene, pages, sample_of
from tests.builders import bring_to, figure
from tests.cast import PASSWORD, Cast, client_of
from units.models import Change, Webhook
from units.operations.people import deactivate
from units.views.accounts import ForgottenPassword

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
PAGES = pages()
ADMIN_PAGES = ("admin:index", "admin:login", "admin:units_user_changelist", "admin:campaigns_report_changelist")


@pytest.fixture
def scene(cast_with_july: Cast, settings: Any, tmp_path: Any) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return build_scene(cast_with_july)


# --- headers --------------------------------------------------------------------------------------------------------


def policy_of(answer: Any) -> dict[str, str]:
    parts = (one.strip().split(" ", 1) for one in answer["Content-Security-Policy"].split(";") if one.strip())
    return dict(parts)


def must_be_guarded(answer: Any) -> None:
    assert policy_of(answer) == POLICY
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Server" not in answer
    assert "X-Powered-By" not in answer


@pytest.mark.parametrize("who", ["anonymous", "reporter", "office", "administrator"])
def test_every_page_carries_the_strict_policy_and_nothing_inline(scene: Scene, who: str) -> None:
    client = Client() if who == "anonymous" else client_of(getattr(scene.cast, who))
    client.raise_request_exception = False
    for name in (*PAGES, *ADMIN_PAGES, None):
        answer = client.get(address_of(name, scene) if name else "/no/such/page/")
        must_be_guarded(answer)
        if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            must_have_nothing_inline(answer.content.decode(), where=str(name))


def must_have_nothing_inline(page: str, *, where: str) -> None:
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", page), where
    assert not re.search(r"<style|\sstyle=|javascript:", page, re.IGNORECASE), where
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", page, re.IGNORECASE), where
    outside = re.findall(r"<(?:script|link|img|iframe|form|use|source)[^>]+?(?:src|href|action)=\"(?:https?:)?//", page)
    assert not outside, where


def test_error_pages_carry_the_policy_too(cast: Cast, client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    must_be_guarded(strict.post(reverse("login"), {"username": "x", "password": "y"}))
    must_be_guarded(client.get("/", headers={"host": "evil.example"}))
    many = client_of(cast.reporter).post(reverse("profile"), {f"field-{number}": "x" for number in range(5001)})
    assert many.status_code == 400
    must_be_guarded(many)


def test_nobody_may_keep_a_page_that_asks_for_a_sign_in(scene: Scene) -> None:
    client = client_of(scene.cast.reporter)
    for name in ("my_work", "reports", "report", "report_form", "inbox", "profile", "attachment"):
        answer = client.get(address_of(name, scene))
        assert "Cookie" in answer.get("Vary", "") or "private" in answer.get("Cache-Control", ""), name


# --- over a network -------------------------------------------------------------------------------------------------

PRODUCTION = """
import django
django.setup()
from django.conf import settings
from django.test import Client
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
client = Client(headers={"host": "tough.example"})
answer = client.get("/healthz", secure=True)
print(answer.status_code, answer["Strict-Transport-Security"])
plain = client.get("/accounts/login/")
print(plain.status_code, plain["Location"])
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.LANGUAGE_COOKIE_SECURE)
wrong = client.get("/healthz", secure=True, headers={"host": "evil.example"})
print(wrong.status_code, b"Traceback" in wrong.content or b"DJANGO_SETTINGS" in wrong.content)
"""


def test_with_debug_off_all_goes_over_https_and_cookies_stay_there(tmp_path: Any) -> None:
    environment = {
        "DEBUG": "false",
        "SECRET_KEY": "k" * 60,
        "ALLOWED_HOSTS": "tough.example",
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "jiaxing.settings",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-c", PRODUCTION], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.splitlines() == [
        "200 max-age=31536000; includeSubDomains; preload",
        "301 https://tough.example/accounts/login/",
        "True True True",
        "400 False",
    ], done.stderr


# --- forms from elsewhere -------------------------------------------------------------------------------------------


WITHOUT_A_TOKEN = {"no_such_api_address", "unsubscribe"}
"""The first takes nothing in any case; the second is a mail program's one click, its signed address is the token."""


def test_every_post_without_a_token_is_refused_and_nothing_changes(scene: Scene) -> None:
    for who in ("reporter", "head", "reviewer", "office", "administrator"):
        client = client_of(getattr(scene.cast, who), enforce_csrf_checks=True)
        for name in [one for one in PAGES if one not in WITHOUT_A_TOKEN]:
            sample = sample_of(name)
            with transaction.atomic():
                if sample.given is not None:
                    sample.given(scene)
                url, body = address_of(name, scene), dict(sample.body(scene))
                before = Change.objects.count()
                assert client.post(url, body).status_code == 403, f"{name} as {who}"
                assert Change.objects.count() == before, f"{name} as {who}"
                transaction.set_rollback(True)


def test_a_token_from_another_site_is_refused(cast: Cast) -> None:
    client = client_of(cast.reporter, enforce_csrf_checks=True)
    client.get(reverse("profile"))
    body = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value, "language": "en"}
    url = reverse("set_language")
    assert client.post(url, body, secure=True, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post(url, body, secure=True, headers={"referer": "https://evil.example/"}).status_code == 403
    assert client.post(url, body, secure=True, headers={"referer": "https://testserver/"}).status_code == 302


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    " https://evil.example",
    "/\t/evil.example",
    "\x00//evil.example",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_page_leads_elsewhere_because_an_address_says_so(cast: Cast, target: str) -> None:
    signed_in = Client().post(
        reverse("login"), {"username": "reporter", "password": PASSWORD, "next": target}, query_params={"next": target}
    )
    switched = client_of(cast.reporter).post(reverse("set_language"), {"language": "en", "next": target})
    by_referer = client_of(cast.reporter).post(
        reverse("set_language"), {"language": "en"}, headers={"referer": target.strip().replace("\x00", "")}
    )
    admin = client_of(cast.administrator).get(reverse("admin:login"), {"next": target})
    for answer in (signed_in, switched, by_referer, admin):
        assert answer.status_code == 302
        assert re.fullmatch(r"/(?![/\\])[^\x00-\x20\\]*", answer["Location"]), answer["Location"]


def test_a_message_leads_nowhere_but_into_the_site(scene: Scene) -> None:
    scene.message.url = "https://evil.example/"
    scene.message.save()
    answer = client_of(scene.cast.reporter).get(address_of("inbox_open", scene))
    assert answer["Location"] == reverse("inbox")


def test_another_host_name_is_refused_and_reaches_no_mail(cast: Cast) -> None:
    answer = Client(headers={"host": "evil.example"}).post(reverse("password_reset"), {"email": "reporter@example.org"})
    assert answer.status_code == 400
    forwarded = Client(headers={"x-forwarded-host": "evil.example"})
    assert forwarded.post(reverse("password_reset"), {"email": "reporter@example.org"}).status_code == 302
    assert [one for letter in mail.outbox for one in (letter.body, letter.subject) if "evil" in one] == []


# --- sessions and sign-in -------------------------------------------------------------------------------------------


def test_a_session_is_new_after_signing_in_and_gone_after_signing_out(cast: Cast) -> None:
    client = Client()
    client.get(reverse("login"))
    client.cookies["sessionid"] = "planted-by-somebody-else"
    client.post(reverse("login"), {"username": "reporter", "password": PASSWORD})
    cookie = client.cookies["sessionid"]
    assert cookie.value != "planted-by-somebody-else"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    kept = cookie.value
    client.post(reverse("logout"))
    client.cookies["sessionid"] = kept
    assert client.get(reverse("profile")).status_code == 302
    assert not Session.objects.filter(session_key=kept).exists()


def test_deactivation_ends_the_session_at_once(cast: Cast) -> None:
    client = client_of(cast.reporter)
    assert client.get(reverse("my_work")).status_code == 200
    deactivate(person=cast.reporter, actor=cast.administrator, today=cast.now.date())
    assert client.get(reverse("my_work")).status_code == 302
    assert not Session.objects.exists()


def test_a_role_that_ended_opens_nothing_in_a_session_that_goes_on(scene: Scene) -> None:
    client = client_of(scene.cast.reporter)
    assert client.get(address_of("report", scene)).status_code == 200
    scene.cast.reporter.memberships.update(ends_on=date(2022, 9, 2))
    assert client.get(address_of("report", scene)).status_code == 404


class Counting(BasePasswordHasher):
    """Counts how often a password is put through the hasher: the work that takes the time of a sign-in."""

    algorithm = "counting"
    count = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).count += 1
        return f"counting${salt}${password}"

    def verify(self, password: str, encoded: str) -> bool:
        return encoded == self.encode(password, encoded.split("$")[1])

    def must_update(self, encoded: str) -> bool:
        return False


@override_settings(PASSWORD_HASHERS=["tests.test_security.Counting"])
def test_a_sign_in_does_the_same_work_for_a_name_that_exists_and_for_one_that_does_not(cast: Cast) -> None:
    hasher = type(get_hasher())
    work = {}
    for person in (cast.reporter, cast.head):
        person.set_password(PASSWORD)
        person.save()
    deactivate(person=cast.head, actor=cast.administrator, today=cast.now.date())
    for username in ("reporter", "head", "nobody"):
        hasher.count = 0
        answer = Client().post(reverse("login"), {"username": username, "password": "wrong-password"})
        page = re.sub(rb'value="[^"]*"', b"", answer.content)
        work[username] = (answer.status_code, page, hasher.count)
    assert work["reporter"] == work["head"] == work["nobody"]
    assert work["nobody"][2] == 1


@pytest.mark.parametrize("address", ["reporter@example.org", "nobody@example.org"])
def test_a_reset_is_answered_before_it_is_looked_up_whether_there_is_such_an_account(cast: Cast, address: str) -> None:
    request = RequestFactory().post(reverse("password_reset"), {"email": address})
    request._dont_enforce_csrf_checks = True
    with CaptureQueriesContext(connection) as before_the_answer:
        answer = ForgottenPassword.as_view()(request)
    assert answer.url == reverse("password_reset_done")
    assert not before_the_answer.captured_queries
    assert mail.outbox == []
    answer.close()
    answer.close()
    assert len(mail.outbox) == (address == "reporter@example.org")


def test_a_locked_name_says_nothing_of_whether_it_exists(cast: Cast) -> None:
    pages = set()
    for username in ("reporter", "nobody"):
        client = Client()
        answers = [client.post(reverse("login"), {"username": username, "password": "wrong"}) for _attempt in range(6)]
        assert [one.status_code for one in answers] == [200, 200, 200, 200, 429, 429]
        pages.add(re.sub(rb'csrfmiddlewaretoken" value="[^"]+"', b"", answers[-1].content))
    assert len(pages) == 1


def test_an_address_that_a_client_makes_up_and_another_spelling_open_no_new_attempts(cast: Cast) -> None:
    spellings = ("reporter", " reporter", "ｒｅｐｏｒｔｅｒ", "reporter ", "reporter", "reporter")
    statuses = [
        Client(headers={"x-forwarded-for": f"10.0.0.{number}", "user-agent": str(number)})
        .post(reverse("login"), {"username": spelling, "password": "wrong"})
        .status_code
        for number, spelling in enumerate(spellings)
    ]
    assert statuses[-2:] == [429, 429]


def test_behind_a_proxy_one_who_guesses_locks_nobody_else_out(cast: Cast, settings: Any) -> None:
    settings.AXES_CLIENT_IP_CALLABLE = "units.views.accounts.address_before_proxy"

    def status(address: str, password: str) -> int:
        client = Client(headers={"x-forwarded-for": address})
        return client.post(reverse("login"), {"username": "reporter", "password": password}).status_code

    guessed = [status(f"198.51.100.{number}, 203.0.113.7", "wrong") for number in range(6)]
    assert guessed[-2:] == [429, 429]
    assert status("203.0.113.8", PASSWORD) == 302
    assert [status(address, "wrong") for address in ("", "nonsense", "x" * 300, "203.0.113.9:443")] == [200] * 4


def test_the_administrations_own_sign_in_locks_too(cast: Cast) -> None:
    client = Client()
    body = {"username": "administrator", "password": "wrong"}
    assert [client.post(reverse("admin:login"), body).status_code for _attempt in range(6)][-1] == 429
    right = client.post(reverse("login"), {"username": "administrator", "password": PASSWORD})
    assert right.status_code == 429


# --- text that would be code ----------------------------------------------------------------------------------------

CODE = '<script>alert("x")</script>'
BREAKOUT = '"><img src=x onerror=alert(1)>'
BRACES = "{{ 7|add:7 }}{% debug %}"


def evil(name: str) -> str:
    return f"{name}{CODE}{BREAKOUT}{BRACES}'"


def plant(scene: Scene) -> None:
    """Writes code into every text that somebody may type, as far as possible by the operations."""
    cast = scene.cast
    for person in (cast.reporter, cast.reviewer, cast.office, cast.head, cast.stranger):
        person.name, person.name_zh = evil("n")[:80], evil("n")[:40]
        person.save()
    report = scene.report
    report = save_report(
        report_id=report.pk,
        actor=cast.reporter,
        version=report.version,
        figures={cast.exports.pk: figure("91.5", note=evil("note")), cast.share.pk: figure("13", note=evil("note"))},
        narrative={"progress": evil("p"), "problems": evil("p"), "next_steps": evil("s")},
        now=cast.now,
    )
    submit_report(report_id=report.pk, actor=cast.reporter, now=cast.now)
    send_back_report(report_id=report.pk, actor=cast.head, now=cast.now, reason=evil("back"))
    sent = bring_to(cast, S.SUBMITTED, unit=cast.neighbour)
    Report.objects.filter(pk=sent.pk).update(progress=evil("p"), problems=evil("p"), next_steps=evil("s"))
    approved = bring_to(cast, S.SUBMITTED, action=cast.transport)
    approve_report(report_id=approved.pk, actor=cast.other_reviewer, now=cast.now)
    for unit in (None, cast.town):
        judge_likelihood(
            action=cast.trade, unit=unit, period=cast.july, level=Likelihood.Level.LIKELY, reason=evil("because"),
            next_step=evil("next"), actor=cast.reviewer, now=cast.now,
        )  # fmt: skip
    scene.attachment.name = evil("file")[:140] + ".txt"
    scene.attachment.save()
    set_calendar_day(on=date(2022, 9, 7), is_working=False, note=evil("day")[:120], actor=cast.office, now=cast.now)
    for one in (cast.campaign, cast.trade, cast.town, cast.exports, cast.localities):
        one.name_en, one.name_zh = evil("thing")[:60], evil("thing")[:60]
        one.save()
    cast.exports.scope_note_en = evil("scope") if hasattr(cast.exports, "scope_note_en") else ""
    cast.exports.save()
    plant_meeting(scene)
    scene.message.params = {"campaign_en": evil("c"), "campaign_zh": evil("c"), "reason": evil("r")}
    scene.message.save()


def plant_meeting(scene: Scene) -> None:
    cast, meeting = scene.cast, scene.meeting
    for name in ("name_en", "name_zh", "place", "chair_en", "chair_zh", "summary_en", "summary_zh"):
        setattr(meeting, name, evil("m")[:80])
    meeting.save()
    item = AgendaItem.objects.create(meeting=meeting, order=1, title_en=evil("i"), title_zh=evil("i")[:100])
    Requirement.objects.create(
        meeting=meeting, order=1, group=Requirement.Group.values[0], text_en=evil("r"), text_zh=evil("r")
    )
    Attendance.objects.create(meeting=meeting, name_en=evil("a")[:80], name_zh=evil("a")[:40])
    minutes = Minutes.objects.create(meeting=meeting, number=evil("m")[:20], issued_at=cast.now)
    MinutesItem.objects.create(
        minutes=minutes, agenda_item=item, order=1, conclusion_en=evil("c"), conclusion_zh=evil("c")
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("who", ["reporter", "head", "reviewer", "office", "administrator"])
def test_what_people_type_is_text_on_every_page_that_shows_it(scene: Scene, who: str, language: str) -> None:
    plant(scene)
    person = getattr(scene.cast, who)
    person.language = language
    person.save()
    client = client_of(person)
    shown = 0
    urls = [address_of(name, scene) for name in PAGES]
    urls += [f"{address_of(name, scene)}?period=2022-08" for name in ("standings", "actions", "action", "unit")]
    urls += [f"{address_of('meeting', scene)}?tab={tab}" for tab in ("requirements", "attendance", "minutes")]
    urls += [reverse(f"admin:{name}_changelist") for name in ("units_user", "campaigns_report", "campaigns_meeting")]
    for url in urls:
        answer = client.get(url)
        if answer.streaming or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        page = answer.content.decode()
        assert "<script>alert" not in page, url
        assert "<img src=x" not in page, url
        assert not re.search(r"(?<!\{)\b14\b\{% debug", page), url
        shown += escape(CODE) in page
    assert shown >= 5  # or the test has looked at nothing


def test_an_upload_is_a_download_and_never_a_page(scene: Scene) -> None:
    scene.attachment.name, scene.attachment.content_type = 'x"; filename="page.html', "text/plain"
    scene.attachment.save()
    answer = client_of(scene.cast.reporter).get(address_of("attachment", scene))
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "text/plain"
    assert "\n" not in answer["Content-Disposition"]
    assert client_of(scene.cast.reporter).get(f"/media/{scene.attachment.file.name}").status_code == 404


# --- secrets --------------------------------------------------------------------------------------------------------

HOOK_SECRET = "whsec_" + "c2Vjb25k" * 5
HOOK = "https://oapi.example.org/robot/send?access_token=hook-secret-4711"


@pytest.fixture
def log_lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Everything that is logged, as the console's handler writes it."""
    from jiaxing.redaction import RedactSecrets

    lines: list[str] = []
    handler = logging.Handler()
    handler.addFilter(RedactSecrets())
    handler.emit = lambda record: lines.append(logging.Formatter().format(record))  # type: ignore[method-assign]
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(before)


def test_no_password_or_link_is_in_the_log_or_in_the_record(cast: Cast, log_lines: list[str]) -> None:
    client = Client()
    for password in ("wrong-secret-1", PASSWORD):
        client.post(reverse("login"), {"username": "reporter", "password": password})
    client.post(
        reverse("password_change"), {"old_password": PASSWORD, "new_password1": "x-secret-2", "new_password2": ""}
    )
    client.post(
        reverse("password_change"),
        {"old_password": PASSWORD, "new_password1": "brand-new-secret-3", "new_password2": "brand-new-secret-3"},
    )
    client.post(reverse("password_reset"), {"email": "reporter@example.org"})
    link = re.search(r"/accounts/reset/\S+", mail.outbox[-1].body)
    assert link
    Client().get(link[0])
    Client().get(f"{link[0]}broken/")
    token = link[0].rstrip("/").rsplit("/", 1)[1]
    told = "\n".join(log_lines)
    written = str(list(Change.objects.values_list("reason", "items__before", "items__after", "items__label")))
    for secret in ("wrong-secret-1", PASSWORD, "x-secret-2", "brand-new-secret-3", token):
        assert secret not in told
        assert secret not in written


def test_a_crash_tells_the_person_nothing_and_the_log_no_secret(
    cast: Cast, log_lines: list[str], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    from campaigns.views import work

    said = f"could not reach {HOOK} with postgres://tracker:db-secret-99@127.0.0.1/x, password=pass-secret-12"
    monkeypatch.setattr(work, "work_of", Mock(side_effect=RuntimeError(said)))
    client = client_of(cast.reporter, raise_request_exception=False)
    answer = client.get(reverse("my_work"))
    assert answer.status_code == 500
    must_be_guarded(answer)
    page = answer.content.decode()
    told = "\n".join(log_lines)
    assert "RuntimeError" in told
    assert "RuntimeError" not in page
    for secret in ("hook-secret-4711", "db-secret-99", "pass-secret-12", settings.SECRET_KEY):
        assert secret not in page
        assert secret not in told


def test_a_webhooks_address_and_secret_are_on_no_page_and_in_no_record(cast: Cast) -> None:
    client = client_of(cast.administrator)
    body = {"client": "Robot", "address": HOOK, "secret": HOOK_SECRET, "events": ["report.approved"]}
    body["is_active"] = "on"
    assert client.post(reverse("admin:units_webhook_add"), body).status_code == 302
    hook = Webhook.objects.get()
    client.post(reverse("admin:units_webhook_change", args=[hook.pk]), {**body, "client": "Robot 2"})
    for url in (
        reverse("admin:units_webhook_changelist"),
        reverse("admin:units_webhook_change", args=[hook.pk]),
        reverse("admin:units_webhook_history", args=[hook.pk]),
        reverse("admin:units_webhook_changelist") + "?q=hook-secret",
        reverse("admin:units_changeitem_changelist"),
        reverse("admin:index"),
    ):
        page = client.get(url).content.decode()
        assert "hook-secret-4711" not in page, url
        assert HOOK_SECRET not in page, url
    written = str(list(Change.objects.values_list("items__before", "items__after", "items__label")))
    assert "hook-secret-4711" not in written
    assert HOOK_SECRET not in written


SECRET_ADDRESSES = {
    "DATABASE_URL": "postgres://tracker:db-secret-99@127.0.0.1/x",
    "CELERY_BROKER_URL": "redis://:broker-secret-5@127.0.0.1/0",
    "DINGTALK_ROBOT_URL": HOOK,
}


def debug_page(**addresses: str) -> str:
    """What DEBUG shows of a crash on a server whose environment holds these addresses."""
    request = RequestFactory().get("/", **addresses)
    del addresses  # the page shows the variables of the function that failed
    try:
        raise RuntimeError
    except RuntimeError:
        return technical_500_response(request, *sys.exc_info()).content.decode()


def test_debug_pages_hide_addresses_with_passwords_in_them(settings: Any) -> None:
    """DEBUG is on where one tries the site out; even then no page shows how to get into the database or a robot."""
    settings.DEBUG = True
    for name, address in SECRET_ADDRESSES.items():
        setattr(settings, name, address)
    page = debug_page(**SECRET_ADDRESSES)
    assert "RuntimeError" in page
    for secret in ("broker-secret-5", "db-secret-99", "hook-secret-4711", settings.SECRET_KEY):
        assert secret not in page
