"""Evidence of follow-ups by the API: checked as on the page, kept once, given to whom the follow-up concerns."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from campaigns.models import FollowUp, FollowUpFile
from tests.api_calls import costs_the_same, errors_of, must_be_as_described, results, send
from tests.api_cast import system
from tests.cast import Cast, client_of
from tests.followed import bring_follow_up_to
from units.models import Change

LETTER = b"The line is moved."


@pytest.fixture
def follow_up(cast: Cast, settings: Any, tmp_path: Any) -> FollowUp:
    settings.MEDIA_ROOT = tmp_path
    return bring_follow_up_to(cast, "in_hand")


@pytest.fixture
def url(follow_up: FollowUp) -> str:
    return f"/api/v1/follow-ups/{follow_up.pk}/evidence/"


@pytest.fixture
def unit(cast: Cast) -> Client:
    """The system of the unit that leads it."""
    return system("read", "report", unit=cast.town)


def add(client: Client, url: str, content: bytes = LETTER, name: str = "letter.txt") -> Any:
    return send(client, "POST", url, {"name": name, "content": b64encode(content).decode()})


def bomb() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (12000, 8000)).save(drawn, "PNG")
    return drawn.getvalue()


def test_a_file_is_kept_listed_and_given_back(unit: Client, url: str, cast: Cast) -> None:
    made = add(unit, url, name="..\\..\\etc/letter.txt")
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["name"], told["content_type"], told["size"]) == ("letter.txt", "text/plain", len(LETTER))
    assert results(unit.get(url)) == [told]
    assert unit.get(made["Location"])["ETag"] == made["ETag"]
    file = unit.get(told["url"])
    assert b"".join(file.streaming_content) == LETTER
    assert file["Content-Disposition"] == 'attachment; filename="letter.txt"'
    assert b"".join(client_of(cast.office).get(told["url"]).streaming_content) == LETTER
    assert Change.objects.filter(verb="add_evidence").count() == 1
    must_be_as_described(unit, url, "PaginatedEvidenceList")


def test_the_same_bytes_are_kept_once(unit: Client, url: str) -> None:
    first, again = add(unit, url), add(unit, url, name="again.txt")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert FollowUpFile.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("film.mp4", b"film", "are not taken"),
        ("letter.pdf", b"It is no PDF.", "not what its name says"),
        ("bomb.png", bomb(), "not what its name says"),
        ("large.txt", b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
    ],
)
def test_what_is_no_evidence_is_refused_with_the_reason(
    unit: Client, url: str, name: str, content: bytes, told: str
) -> None:
    answer = add(unit, url, content, name)
    assert answer.status_code == 400
    assert "/content" in errors_of(answer)
    assert told in answer.content.decode()
    assert not FollowUpFile.objects.exists()


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"name": "letter.txt", "content": "not base64!"}, "/content"),
        ({"name": "letter.txt", "content": 7}, "/content"),
        ({"name": "letter.txt", "content": ""}, "/content"),
        ({"name": "", "content": "eA=="}, "/name"),
        ({"content": "eA=="}, "/name"),
        ({"name": "letter.txt", "content": "eA==", "size": 1}, "/size"),
    ],
)
def test_a_body_that_is_wrong_names_the_place(unit: Client, url: str, body: dict[str, Any], place: str) -> None:
    assert place in errors_of(send(unit, "POST", url, body))


def test_sixty_megabytes_are_too_much_at_once(unit: Client, url: str) -> None:
    assert add(unit, url, bytes(45 * 1024 * 1024)).status_code == 413


def test_others_neither_see_nor_add(cast: Cast, unit: Client, url: str) -> None:
    file = add(unit, url).json()["url"]
    neighbour = system("read", "report", unit=cast.neighbour)
    assert [neighbour.get(one).status_code for one in (url, file)] == [404, 404]
    assert add(neighbour, url).status_code == 404
    assert add(client_of(cast.office), url).status_code == 403
    other = bring_follow_up_to(cast, "in_hand")
    elsewhere = f"/api/v1/follow-ups/{other.pk}/evidence/"
    assert results(unit.get(elsewhere)) == []
    assert unit.get(f"{elsewhere}{FollowUpFile.objects.get().pk}/").status_code == 404


def test_nothing_is_added_to_what_is_closed(cast: Cast, unit: Client, url: str, follow_up: FollowUp) -> None:
    FollowUp.objects.update(state="closed", closed_on=cast.now.date())
    assert add(unit, url).status_code == 409


def test_the_list_needs_as_few_queries_for_many_as_for_one(unit: Client, url: str) -> None:
    add(unit, url)
    assert costs_the_same(unit, url, lambda: [add(unit, url, f"{one}".encode()) for one in range(4)])
