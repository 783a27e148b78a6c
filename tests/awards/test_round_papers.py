"""The papers of a round: bulletin and certificates from the frozen snapshot, the notice while it is in publicity."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from docx import Document

from awards.documents.bulletins import bulletin, publicity_notice, winners_sentence
from awards.documents.certificates import certificate
from awards.models import Round, Snapshot
from awards.operations.announcements import NewDecision, revise_announced
from awards.operations.decisions import decide_score
from awards.queries.round_papers import RoundPaper, announced_paper, publicity_paper
from campaigns.documents.papers import Paper, draw
from tests.awards.builders import RIPE, adjusted, announced, computed, in_publicity, opened, saved_scheme
from tests.cast import Cast

needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")


@pytest.fixture
def cast(cast_with_july: Cast) -> Cast:
    return cast_with_july


def told(award: Round) -> RoundPaper:
    paper = announced_paper(Round.objects.get(pk=award.pk))
    assert paper is not None
    return paper


def words_of(docx: bytes) -> str:
    document = Document(BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def pdf_words(content: bytes, folder: Path) -> str:
    (folder / "paper.pdf").write_bytes(content)
    made = subprocess.run(["pdftotext", "-layout", "paper.pdf", "-"], cwd=folder, capture_output=True, check=True)
    return made.stdout.decode()


def rows(paper: Paper) -> list[list[str]]:
    assert paper.table is not None
    return [[cell.text for cell in row] for row in paper.table.rows]


# --- the bulletin -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_bulletin_tells_what_the_snapshot_froze(cast: Cast) -> None:
    award = announced(cast)
    snapshot = Snapshot.objects.get(round=award)
    with override("en"):
        paper = bulletin(told(award))
        text = words_of(draw(paper, "docx"))
    scores = {one["name"]["en"]: one["final"]["score"] for one in json.loads(snapshot.content)["units"]}
    assert [(row[1], row[2]) for row in rows(paper)] == list(scores.items())
    assert f"goes to {cast.town.name_en}." in text
    assert snapshot.sha256 in text.replace(" ", "")
    assert "edition 1" in text
    assert "5 September 2022 to 7 September 2022" in text
    assert text.index("To all reporting units") < text.index("The mobile red flag goes to")


@pytest.mark.django_db
def test_the_bulletin_stays_as_it_was_announced_when_the_rows_change(cast: Cast) -> None:
    award = announced(cast)
    with override("en"):
        before = draw(bulletin(told(award)), "pdf")
        award.scores.update(computed_score=1, rank=None)
        assert draw(bulletin(told(award)), "pdf") == before


@pytest.mark.django_db
def test_the_bulletin_is_in_chinese_for_who_reads_chinese(cast: Cast) -> None:
    with override("zh-hans"):
        text = words_of(draw(bulletin(told(announced(cast))), "docx"))
    assert "关于2022年7月流动红旗评比结果的通报" in text
    assert "各报送单位：" in text
    assert cast.town.name_zh in text


@pytest.mark.django_db
def test_several_winners_are_co_equal_and_there_may_be_none(cast: Cast) -> None:
    scheme = saved_scheme(cast, flags=2)
    award = announced(cast, in_publicity(cast, computed(cast, opened(cast, scheme))))
    with override("en"):
        both = told(award)
        assert "co-equal, to" in winners_sentence(both)
        assert [row[3] for row in rows(bulletin(both))] == ["red flag, co-equal"] * 2


@pytest.mark.django_db
def test_a_round_without_a_winner_says_so_and_why(cast: Cast) -> None:
    scheme = saved_scheme(cast, minimum_score=99)
    award = announced(cast, in_publicity(cast, computed(cast, opened(cast, scheme))))
    with override("en"):
        paper = told(award)
        assert winners_sentence(paper).startswith("No unit won the flag.")
        assert {row[3] for row in rows(bulletin(paper))} == {"below the minimum score"}


@pytest.mark.django_db
def test_what_was_decided_added_or_revised_stands_beside_what_was_computed(cast: Cast) -> None:
    award = adjusted(cast, computed(cast), cast.neighbour, "bonus", 2)
    decide_score(
        round_id=award.pk,
        unit=cast.neighbour,
        score=Decimal(70),
        reason="The court said so.",
        actor=cast.administrator,
        now=cast.now,
    )
    award = announced(cast, in_publicity(cast, award))
    change = NewDecision(unit=cast.neighbour, score=Decimal(71))
    revise_announced(
        round_id=award.pk, actor=cast.administrator, now=RIPE, reason="An audit found it.", decisions=[change]
    )
    with override("en"):
        paper = bulletin(told(award))
    assert paper.table is not None
    assert list(paper.table.head[4:]) == ["Computed score", "Reason of the change", "Bonus, penalty, veto"]
    own = next(row for row in rows(paper) if row[1] == cast.neighbour.name_en)
    assert own[2] == "71.00"
    assert own[4] != "71.00"
    assert own[5:] == ["An audit found it.", "bonus 2: A model project"]
    assert "Reason: An audit found it." in paper.paragraphs[-1]


# --- in publicity -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_notice_tells_until_when_units_may_object(cast: Cast) -> None:
    award = in_publicity(cast)
    paper = publicity_paper(Round.objects.get(pk=award.pk))
    assert paper is not None
    with override("en"):
        text = words_of(draw(publicity_notice(paper), "docx"))
    assert "from 5 September 2022 to 7 September 2022" in text
    assert f"proposed to give the mobile red flag to {cast.town.name_en}" in text


# --- certificates -----------------------------------------------------------------------------------------------------


@needs_pdftotext
@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("en", "Certificate of honour"), ("zh-hans", "荣誉证书")])
def test_a_winner_has_a_certificate_of_one_page(cast: Cast, tmp_path: Path, language: str, title: str) -> None:
    paper = told(announced(cast))
    with override(language):
        content = certificate(paper, "town")
        assert content is not None
        assert certificate(paper, "town") == content
        text = pdf_words(content, tmp_path)
        assert title.replace(" ", "") in text.replace(" ", "")
        assert cast.town.name in text
        assert text.count("\f") == 1
        assert certificate(paper, "neighbour") is None


# --- the addresses ----------------------------------------------------------------------------------------------------


def statuses(client: Client, award: Round) -> dict[str, int]:
    return {
        "bulletin": client.get(reverse("bulletin_file", args=[award.pk, "pdf"])).status_code,
        "notice": client.get(reverse("publicity_notice_file", args=[award.pk, "docx"])).status_code,
        "certificate": client.get(reverse("certificate_file", args=[award.pk, "town"])).status_code,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reach", "there"),
    [(computed, set()), (in_publicity, {"notice"}), (announced, {"bulletin", "certificate"})],
)
def test_each_paper_is_there_in_its_time(
    cast: Cast, client: Client, reach: Callable[[Cast], Round], there: set[str]
) -> None:
    client.force_login(cast.reporter)
    found = statuses(client, reach(cast))
    assert {name for name, status in found.items() if status == 200} == there
    assert {status for name, status in found.items() if name not in there} <= {404}


@pytest.mark.django_db
def test_another_ending_or_a_unit_that_did_not_win_is_not_found(cast: Cast, client: Client) -> None:
    client.force_login(cast.reporter)
    award = announced(cast)
    assert client.get(reverse("bulletin_file", args=[award.pk, "xlsx"])).status_code == 404
    assert client.get(reverse("certificate_file", args=[award.pk, "neighbour"])).status_code == 404
