"""The page on which an administrator moves the business clock, and plays a campaign through."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import BusinessClock, Period, Report
from campaigns.queries.clock import business_now
from tests.builders import real_time
from tests.cast import Cast, at, client_of

CLOCK = reverse("clock")


def text_of(response) -> str:  # type: ignore[no-untyped-def]
    return " ".join(response.content.decode().split())


@pytest.fixture
def administrator(cast: Cast) -> Client:
    return client_of(cast.administrator)


def test_the_page_says_what_each_choice_brings(cast: Cast, administrator: Client) -> None:
    page = administrator.get(CLOCK)
    choices = {one.label: one for one in page.context["choices"]}
    assert choices["Tomorrow morning"].to == at(9, 4)
    assert choices["Tomorrow morning"].happenings == []
    closing = choices["Just after: August 2022 closes"]
    assert closing.to == at(9, 13, 18, 1)
    assert [one.what for one in closing.happenings] == ["August 2022 falls due", "August 2022 closes"]
    assert choices["The first morning of next month"].to == at(10, 1)
    assert "It stands at Saturday 3 September 2022, 09:0" in text_of(page)


def test_moving_opens_and_closes_in_the_same_request(cast: Cast, administrator: Client) -> None:
    answer = administrator.post(CLOCK, {"to": "2022-10-01T09:00"}, follow=True)
    assert answer.redirect_chain == [(CLOCK, 302)]
    page = text_of(answer)
    assert "The clock stands at Saturday 1 October 2022, 09:00." in page
    assert "Hundred Days, August 2022: closed." in page
    assert "Hundred Days, September 2022: open." in page
    assert timedelta(0) <= business_now() - at(10, 1) < timedelta(minutes=1)
    assert Report.objects.filter(period=cast.september).count() == 5


def test_full_width_digits_are_digits(cast: Cast, administrator: Client) -> None:
    assert administrator.post(CLOCK, {"to": "２０２２-０９-０４ ０９：００"}).status_code == 302


@pytest.mark.parametrize(
    "to",
    [
        "",
        "soon",
        "2022-09-03T08:59",
        "2022-02-30T09:00",
        "2025-01-01T09:00",
        "9999-12-31T23:59",
        "0001-01-01T00:00",
        "1e30",
        "NaN",
    ],
)
def test_a_time_that_does_not_fit_is_told_beside_the_box(cast: Cast, administrator: Client, to: str) -> None:
    stood = BusinessClock.objects.get()
    answer = administrator.post(CLOCK, {"to": to})
    assert answer.status_code == 400
    assert 'id="id_to_error"' in text_of(answer)
    assert BusinessClock.objects.get().stands_at == stood.stands_at
    assert Period.objects.filter(state="open").count() == 1


@pytest.mark.parametrize("name", ["reporter", "head", "reviewer", "office", "leader", "stranger"])
def test_only_an_administrator_moves_it(cast: Cast, name: str) -> None:
    person = client_of(getattr(cast, name))
    assert person.get(CLOCK).status_code == 403
    assert person.post(CLOCK, {"to": "2022-10-01T09:00"}).status_code == 403


def test_real_time_has_no_clock_to_move(cast: Cast, administrator: Client) -> None:
    real_time()
    page = text_of(administrator.get(CLOCK))
    assert "This installation runs on real time" in page
    assert '<form method="post" class="fields">' not in page
    answer = administrator.post(CLOCK, {"to": "2098-10-01T09:00"})
    assert answer.status_code == 400
    assert "there is no clock to move" in text_of(answer)


def test_when_every_period_is_closed_nothing_comes(cast: Cast, administrator: Client) -> None:
    administrator.post(CLOCK, {"to": "2022-12-01T09:00"})
    assert "Every period is closed." in text_of(administrator.get(CLOCK))
