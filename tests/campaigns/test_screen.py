"""The big screen: the figures of the standings, what it shows to whom, what the address says, and answers of 304."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from awards.models import RedFlag, Round
from campaigns.operations.judgements import accept_reason
from tests.admin_builders import make
from tests.builders import publish
from tests.campaigns.analysis import approve, more_units, periods_of
from tests.cast import Cast, client_of
from units.models import User

EXPORTS = {"town": 100, "neighbour": 60}


@pytest.fixture
def filed(cast: Cast) -> Cast:
    """July is published; August has figures of everybody and is not."""
    for period, part in ((cast.july, 0.4), (cast.august, 1.0)):
        for unit in (cast.town, cast.neighbour):
            figures = {cast.exports: round(EXPORTS[unit.code] * part), cast.share: 15, cast.roads: round(45 * part)}
            approve(unit, period, figures)
        approve(cast.lead, period, {cast.exports: round(90 * part), cast.share: 15})
    publish(cast, cast.july)
    return cast


def seen(person: User, query: str = "", *, of: str = "/screen/", **extra: str) -> HttpResponse:
    return client_of(person).get(f"{of}{query}", headers=extra or None)


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def shown_view(page: str) -> str:
    [view] = [name for name, rest in re.findall(r'data-view="(\w+)"([^>]*)>', page) if "hidden" not in rest]
    return view


# --- what it shows to whom --------------------------------------------------------------------------------------------


def test_it_shows_the_last_published_period_to_everybody(filed: Cast) -> None:
    for person in (filed.stranger, filed.reporter, filed.leader, filed.office):
        page = seen(person)
        assert page.context["screen"].period == filed.july
        assert "before publication" not in text(page)
        assert "Riverside Town" in text(page)


def test_what_is_not_published_is_shown_when_asked_for_and_says_so(filed: Cast) -> None:
    for person in (filed.leader, filed.office):
        page = seen(person, "?period=2022-08")
        assert page.context["screen"].period == filed.august
        assert "before publication" in text(page)


@pytest.mark.parametrize("who", ["reporter", "head", "reviewer", "stranger"])
def test_what_is_for_some_alone_hangs_on_no_wall(filed: Cast, who: str) -> None:
    page = seen(getattr(filed, who), "?period=2022-08")
    assert "August 2022 is not published." in text(page)
    assert page.context["screen"].found is None
    assert "Riverside Town" not in text(page)


def test_before_anything_is_published_it_says_so_even_to_the_office(cast: Cast) -> None:
    assert "Nothing is published yet." in text(seen(cast.office))


def test_without_a_campaign_it_says_so(db: None) -> None:
    page = seen(User.objects.create(username="first", name="First", email="first@example.org"))
    assert page.status_code == 200
    assert "There is no campaign yet." in text(page)


def test_its_figures_are_those_of_the_standings(filed: Cast) -> None:
    table = client_of(filed.leader).get("/standings/?period=2022-08").context["table"]
    found = seen(filed.leader, "?period=2022-08").context["screen"].found
    assert [(row.unit, row.rank, row.published) for row in found.standings.rows] == [
        (row.unit, row.rank, row.published) for row in table.rows
    ]
    assert found.city.published == table.city.published


def test_a_light_in_the_heat_table_is_the_one_that_an_accepted_reason_lifts(filed: Cast) -> None:
    def light() -> str:
        found = seen(filed.leader, "?period=2022-08").context["screen"].found
        row = next(one for one in found.standings.ranked if one.unit == filed.neighbour)
        return next(one.progress.light for one in row.cells if one.action == filed.trade)

    assert light() == "red"
    accept_reason(
        unit=filed.neighbour, action=filed.trade, period=filed.august, reason="The port was closed.",
        actor=filed.reviewer, now=filed.now,
    )  # fmt: skip
    assert light() == "yellow"


def test_the_holders_of_the_red_flag_are_marked(filed: Cast) -> None:
    flag = make(RedFlag)
    Round.objects.filter(pk=flag.round_id).update(state=Round.State.ANNOUNCED, announced_on=date(2022, 7, 27))
    RedFlag.objects.filter(pk=flag.pk).update(unit=filed.town, held_from=date(2022, 7, 27), held_until=None)
    page = text(seen(filed.reporter))
    assert page.count("holds the red flag") == 2  # standings and heat table
    RedFlag.objects.filter(pk=flag.pk).update(held_until=date(2022, 9, 2))
    assert "holds the red flag" not in text(seen(filed.reporter))


# --- what the address says --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["overview", "actions", "heat", "projects", "movers"])
def test_the_address_opens_a_view(filed: Cast, view: str) -> None:
    assert shown_view(text(seen(filed.reporter, f"?view={view}"))) == view


def test_a_view_that_is_not_there_is_the_first(filed: Cast) -> None:
    assert shown_view(text(seen(filed.reporter, "?view=nothing"))) == "overview"


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("", 20), ("45", 45), ("1", 5), ("999999999", 3600), ("0", 0), ("-3", 20), ("soon", 20), ("²", 20)],
)
def test_the_address_says_how_long_a_view_stands(filed: Cast, asked: str, seconds: int) -> None:
    assert seen(filed.reporter, f"?seconds={asked}").context["screen"].seconds == seconds


def test_the_address_says_the_language_and_the_page_the_other(filed: Cast) -> None:
    page = text(seen(filed.reporter, "?lang=zh-hans"))
    assert '<html lang="zh-Hans"' in page
    assert "河畔市" in page
    assert "lang=en" in page
    page = text(seen(filed.reporter, "?lang=tlh"))
    assert '<html lang="en"' in page
    assert "lang=zh-hans" in page


def test_links_keep_what_the_address_says(filed: Cast) -> None:
    views = seen(filed.leader, "?period=2022-08&seconds=30&evil=1").context["screen"].views
    assert parse_qs(urlsplit(views[1].url).query) == {"period": ["2022-08"], "seconds": ["30"], "view": ["actions"]}


@pytest.mark.parametrize("query", ["?campaign=nowhere", "?period=2031-01"])
def test_what_the_address_names_must_exist(filed: Cast, query: str) -> None:
    assert seen(filed.reporter, query).status_code == 404


# --- staying up to date -----------------------------------------------------------------------------------------------


def test_the_content_is_sent_again_only_when_it_has_changed(filed: Cast) -> None:
    first = seen(filed.reporter, of="/screen/content/")
    assert "<html" not in text(first)
    tag = {"If-None-Match": first["ETag"]}
    again = seen(filed.reporter, of="/screen/content/", **tag)
    assert (again.status_code, again.content) == (304, b"")
    publish(filed, filed.august)
    after = seen(filed.reporter, of="/screen/content/", **tag)
    assert after.status_code == 200
    assert after.context["screen"].period == filed.august


def test_who_is_no_longer_signed_in_is_sent_to_the_sign_in(filed: Cast, client: Any) -> None:
    answer = client.get("/screen/content/")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_the_sign_in_leads_back_to_the_same_screen(filed: Cast) -> None:
    url = seen(filed.leader, "?period=2022-08&view=heat").context["screen"].sign_in_url
    assert parse_qs(urlsplit(url).query)["next"] == ["/screen/?period=2022-08&view=heat"]


def test_single_letter_keys_can_be_switched_off(filed: Cast) -> None:
    assert 'data-shortcuts="off"' not in text(seen(filed.reporter))
    User.objects.filter(pk=filed.reporter.pk).update(has_shortcuts=False)
    assert 'data-shortcuts="off"' in text(seen(filed.reporter))


def test_fifteen_queries_whatever_the_rows(filed: Cast) -> None:
    client = client_of(filed.reporter)
    counts = []
    for number in (0, 4):
        more_units(filed, number, filed.july)
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/screen/").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 15
    assert len(periods_of(filed)) > 1
