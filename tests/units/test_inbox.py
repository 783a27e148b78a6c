"""The inbox shows a person's own messages, newest first, and nobody else's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, client_of
from tests.units.test_messages import DAY, send_to
from units.models import Message, User
from units.queries.inbox import inbox, unread_count


def messages_of(reader: User, number: int = 1, **fields: object) -> list[Message]:
    for step in range(number):
        send_to(reader, **{"subject": f"review:{step}", "day": DAY + timedelta(days=step)} | fields)
    return list(Message.objects.filter(recipient=reader).order_by("-pk"))


# --- reading --------------------------------------------------------------------------------------------------------


def test_it_comes_newest_first_and_page_by_page(cast: Cast) -> None:
    newest, middle, oldest = messages_of(cast.reviewer, 3)
    first = inbox(cast.reviewer, size=2)
    assert [line.id for line in first.lines] == [newest.pk, middle.pk]
    assert (first.unread, first.older, first.newest) == (3, middle.pk, newest.pk)
    second = inbox(cast.reviewer, before=first.older, size=2)
    assert [line.id for line in second.lines] == [oldest.pk]
    assert (second.older, second.newest) == (None, None)


def test_nobody_elses_messages_are_in_it(cast: Cast) -> None:
    messages_of(cast.reviewer)
    assert inbox(cast.reporter).lines == []
    assert (unread_count(cast.reporter), unread_count(cast.reviewer)) == (0, 1)


def test_the_page_takes_the_same_number_of_queries_for_one_message_and_for_three(cast: Cast) -> None:
    client = client_of(cast.reviewer)
    client.get("/inbox/")
    messages_of(cast.reviewer)
    with CaptureQueriesContext(connection) as one:
        client.get("/inbox/")
    messages_of(cast.reviewer, 3)
    with CaptureQueriesContext(connection) as three:
        client.get("/inbox/")
    assert len(one) == len(three) <= 12


# --- the page -------------------------------------------------------------------------------------------------------


def test_an_empty_inbox_says_so(cast: Cast) -> None:
    answer = client_of(cast.reporter).get("/inbox/")
    assert answer.status_code == 200
    assert "No messages" in answer.content.decode()


def test_the_page_tells_what_is_unread_and_when_it_was(cast: Cast) -> None:
    (message,) = messages_of(cast.reviewer)
    page = client_of(cast.reviewer).get("/inbox/").content.decode()
    assert "1 unread message" in page
    assert f'href="/inbox/{message.pk}/"' in page
    assert '<time datetime="2022-09-02">2 September 2022</time>' in page
    assert "Riverside Town, Stable foreign trade" in page


def test_the_page_speaks_chinese(cast: Cast) -> None:
    messages_of(cast.reviewer)
    page = client_of(cast.reviewer).get("/inbox/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "河畔市" in page
    assert "2022年9月2日" in page


def test_a_message_is_shown_as_text(cast: Cast) -> None:
    messages_of(cast.reviewer, params={"unit_en": "<script>", "unit_zh": "", "count": 1})
    assert "&lt;script&gt;" in client_of(cast.reviewer).get("/inbox/").content.decode()


@pytest.mark.parametrize("before", ["", "x", "-1", "0", "９", "1e9", "9" * 30, "1" * 19])
def test_a_made_up_place_in_the_list_is_no_error(cast: Cast, before: str) -> None:
    messages_of(cast.reviewer)
    assert client_of(cast.reviewer).get("/inbox/", {"before": before}).status_code == 200


def test_older_messages_are_one_link_away(cast: Cast) -> None:
    messages = messages_of(cast.reviewer, 31)
    client = client_of(cast.reviewer)
    assert f"/inbox/?before={messages[29].pk}" in client.get("/inbox/").content.decode()
    assert "Mark all as read" not in client.get("/inbox/", {"before": messages[29].pk}).content.decode()


# --- opening and marking ----------------------------------------------------------------------------------------------


def test_opening_a_message_marks_it_read_and_leads_to_its_page(cast: Cast) -> None:
    (message,) = messages_of(cast.reviewer)
    answer = client_of(cast.reviewer).get(f"/inbox/{message.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/review/")
    message.refresh_from_db()
    assert message.read_at is not None


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_a_message_leads_nowhere_outside_of_the_site(cast: Cast, url: str) -> None:
    (message,) = messages_of(cast.reviewer, url=url)
    assert client_of(cast.reviewer).get(f"/inbox/{message.pk}/")["Location"] == "/inbox/"


def test_one_message_is_marked_read(cast: Cast) -> None:
    second, first = messages_of(cast.reviewer, 2)
    answer = client_of(cast.reviewer).post(f"/inbox/{first.pk}/read/")
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert list(Message.objects.filter(read_at=None)) == [second]


def test_all_that_the_page_showed_are_marked_read(cast: Cast) -> None:
    newest, _older = messages_of(cast.reviewer, 2)
    send_to(cast.reviewer, day=date(2022, 9, 9), subject="review:meanwhile")
    client_of(cast.reviewer).post("/inbox/read/", {"up_to": newest.pk})
    assert [one.subject for one in Message.objects.filter(read_at=None)] == ["review:meanwhile"]


@pytest.mark.parametrize("up_to", [None, "", "x", "-5", "9" * 40])
def test_marking_all_without_a_place_marks_none(cast: Cast, up_to: str | None) -> None:
    messages_of(cast.reviewer)
    data = {} if up_to is None else {"up_to": up_to}
    assert client_of(cast.reviewer).post("/inbox/read/", data).status_code == 302
    assert unread_count(cast.reviewer) == 1


def test_another_persons_message_is_not_there(cast: Cast) -> None:
    (message,) = messages_of(cast.reviewer)
    for person in (cast.reporter, cast.office, cast.administrator):
        client = client_of(person)
        assert client.get(f"/inbox/{message.pk}/").status_code == 404
        assert client.post(f"/inbox/{message.pk}/read/").status_code == 404
    assert unread_count(cast.reviewer) == 1
    assert client_of(cast.reviewer).get(f"/inbox/{10**30}/").status_code == 404


def test_marking_takes_a_post_and_everything_a_sign_in(cast: Cast) -> None:
    (message,) = messages_of(cast.reviewer)
    client = client_of(cast.reviewer)
    assert client.get(f"/inbox/{message.pk}/read/").status_code == 405
    assert client.get("/inbox/read/").status_code == 405
    for path in ("/inbox/", f"/inbox/{message.pk}/"):
        assert Client().get(path)["Location"].startswith("/accounts/login/")
