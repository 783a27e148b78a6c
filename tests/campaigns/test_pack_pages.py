"""The pages of the meeting packs: built, watched, edited side by side, issued, fetched; and the Word template."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from campaigns.documents.background import HANDLERS
from campaigns.documents.pack_files import built_in_template
from campaigns.models import Pack, PackFile, PackTemplate
from campaigns.operations.pack_files import keep_file, kept_file
from tests.builders import draft_pack, issued_pack
from tests.campaigns.test_packs import correct
from tests.cast import Cast, client_of
from units.models import Job
from units.operations.jobs import work_through

TEMPLATE = "/packs/hundred-days/template/"


@pytest.fixture
def cast(cast_with_july: Cast, settings: Any, tmp_path: Path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return cast_with_july


@pytest.fixture
def office(cast: Cast) -> Client:
    return client_of(cast.office)


def work() -> int:
    """What a worker does when it is nudged."""
    return work_through(HANDLERS, clock=timezone.now)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def at(pack: Pack) -> str:
    return f"/packs/{pack.pk}/"


def written(pack: Pack, **boxes: str) -> dict[str, Any]:
    """The form as the page shows it, with these boxes changed."""
    said = {
        f"{language}-{one['kind']}": one["text"] for language, rows in pack.content["sentences"].items() for one in rows
    }
    return {"version": pack.version, **said, **boxes}


# --- building ---------------------------------------------------------------------------------------------------------


def test_the_office_builds_a_pack_and_a_worker_draws_its_six_documents(cast: Cast, office: Client) -> None:
    assert "Build" in page(office, "/packs/")
    answer = office.post("/packs/hundred-days/2022-07/build/")
    pack = Pack.objects.get()
    assert answer["Location"] == at(pack)
    shown = page(office, at(pack))
    assert "data-job" in shown
    assert "0</span> / 7" in shown
    assert work() == 1
    assert Job.objects.get().error == ""
    pack.refresh_from_db()
    assert (pack.is_draft, pack.files.filter(drawn_from=pack.digest).count()) == (True, 6)
    assert "data-job" not in page(office, at(pack))


def test_each_document_is_what_its_name_says(cast: Cast, office: Client) -> None:
    pack = issued_pack(cast)
    for kind, start in (("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF-")):
        answer = office.get(f"{at(pack)}zh-hans.{kind}")
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert content.startswith(start)
        assert f"pack-hundred-days-2022-07-v1-zh-hans.{kind}" in answer["Content-Disposition"]


def test_a_document_that_was_lost_is_drawn_again(cast: Cast, office: Client) -> None:
    pack = issued_pack(cast)
    kept = keep_file(pack=pack, kind="xlsx", language="en", content=b"x")
    assert kept is not None
    Path(kept.file.path).unlink()
    answer = office.get(f"{at(pack)}en.xlsx")
    assert b"".join(answer.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert kept_file(pack, kind="xlsx", language="en") is not None


def test_a_document_of_what_the_pack_does_not_say_any_more_is_not_kept(cast: Cast) -> None:
    drafted = draft_pack(cast)
    client_of(cast.office).post(f"{at(drafted)}save/", written(drafted, **{"en-leads": "The town leads."}))
    assert keep_file(pack=drafted, kind="pdf", language="en", content=b"x") is None
    assert not PackFile.objects.exists()


@pytest.mark.parametrize("name", ["fr.pdf", "en.exe", "en.html"])
def test_there_are_no_other_documents(cast: Cast, office: Client, name: str) -> None:
    assert office.get(f"{at(issued_pack(cast))}{name}").status_code == 404


def test_a_pack_that_is_being_built_has_no_documents_yet(cast: Cast, office: Client) -> None:
    office.post("/packs/hundred-days/2022-07/build/")
    assert office.get(f"{at(Pack.objects.get())}en.pdf").status_code == 404


def test_work_that_broke_off_is_said(cast: Cast, office: Client) -> None:
    office.post("/packs/hundred-days/2022-07/build/")
    Job.objects.all().delete()
    assert "The work broke off" in page(office, at(Pack.objects.get()))


# --- sentences --------------------------------------------------------------------------------------------------------


def test_the_sentences_are_edited_side_by_side(cast: Cast, office: Client) -> None:
    pack = draft_pack(cast)
    shown = page(office, at(pack))
    assert 'name="en-leads"' in shown
    assert 'name="zh-leads"' in shown
    answer = office.post(f"{at(pack)}save/", written(pack, **{"en-leads": "The town leads again."}))
    assert answer.status_code == 302
    shown = page(office, at(pack))
    assert "The town leads again." in shown
    assert "By rule:" in shown
    assert "by Office" in shown


def test_what_was_typed_stays_when_somebody_else_was_faster(cast: Cast, office: Client) -> None:
    pack = draft_pack(cast)
    office.post(f"{at(pack)}save/", written(pack, **{"en-leads": "First."}))
    answer = office.post(f"{at(pack)}save/", written(pack, **{"en-leads": "Second."}))
    assert answer.status_code == 409
    assert "Second." in answer.content.decode()
    assert "meanwhile" in answer.content.decode()


def test_a_sentence_that_is_too_long_is_said_at_its_box(cast: Cast, office: Client) -> None:
    pack = draft_pack(cast)
    answer = office.post(f"{at(pack)}save/", written(pack, **{"en-leads": "x" * 601}))
    assert answer.status_code == 400
    assert "id_en-leads_error" in answer.content.decode()


def test_an_issued_pack_has_no_boxes_and_takes_nothing(cast: Cast, office: Client) -> None:
    pack = issued_pack(cast)
    assert "<textarea" not in page(office, at(pack))
    assert office.post(f"{at(pack)}save/", written(pack)).status_code == 409


# --- issuing ----------------------------------------------------------------------------------------------------------


def test_the_office_issues_after_it_has_seen_what_that_means(cast: Cast, office: Client) -> None:
    pack = draft_pack(cast)
    assert "frozen" in page(office, f"{at(pack)}issue/")
    answer = office.post(f"{at(pack)}issue/", {"version": pack.version})
    assert answer["Location"] == at(pack)
    assert Pack.objects.get().is_issued
    assert "is ready" in page(client_of(cast.leader), "/inbox/")


@pytest.mark.parametrize("version", ["", "x", "0", "99999999999", "１"])
def test_issuing_needs_the_version_that_was_looked_at(cast: Cast, office: Client, version: str) -> None:
    pack = draft_pack(cast)
    assert office.post(f"{at(pack)}issue/", {"version": version}).status_code == 409
    assert not Pack.objects.get().is_issued


def test_the_page_says_before_publication(cast: Cast, office: Client) -> None:
    pack = draft_pack(cast, cast.august)
    shown = page(office, at(pack))
    assert "before publication" in shown
    assert f"{at(pack)}issue/" not in shown


def test_the_page_says_which_figures_have_changed_since(cast: Cast, office: Client) -> None:
    pack = issued_pack(cast)
    assert "have changed" not in page(office, at(pack))
    correct(cast)
    shown = page(office, at(pack))
    assert "Figures have changed since this pack was issued" in shown
    assert "60.00" in shown
    assert "New version" in shown
    draft_pack(cast)
    assert "There is a newer version of this pack." in page(office, at(pack))


@pytest.mark.parametrize("who", ["head", "reviewer", "leader"])
def test_who_sits_in_the_meeting_reads_it_without_a_button(cast: Cast, who: str) -> None:
    pack = issued_pack(cast)
    client = client_of(getattr(cast, who))
    shown = page(client, at(pack))
    assert "zh-hans.pdf" in shown
    assert "New version" not in shown
    assert "Version 1" in page(client, "/packs/")


# --- the Word template ------------------------------------------------------------------------------------------------


def docx(content: bytes, name: str = "house style.docx") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content)}


def with_text(text: str) -> bytes:
    """The built-in template with a paragraph of this text at its beginning."""
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(built_in_template())) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "word/document.xml":
                paragraph = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
                content = content.replace(b"<w:body>", paragraph.encode(), 1)
            new.writestr(part, content)
    return changed.getvalue()


def words_of(office: Client, pack: Pack) -> str:
    content = b"".join(office.get(f"{at(pack)}en.docx").streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read("word/document.xml").decode()


def test_drafts_are_drawn_with_the_template_that_the_office_put_in_place(cast: Cast, office: Client) -> None:
    pack = draft_pack(cast)
    assert "House style" not in words_of(office, pack)
    answer = office.post(TEMPLATE, docx(with_text("House style")))
    assert answer["Location"] == TEMPLATE
    assert "house style.docx" in page(office, TEMPLATE)
    assert "House style" in words_of(office, pack)
    office.post(f"{TEMPLATE}withdraw/")
    assert "House style" not in words_of(office, pack)
    assert PackTemplate.objects.get().withdrawn_at is not None


def test_an_issued_pack_keeps_the_word_document_it_was_issued_with(cast: Cast, office: Client) -> None:
    pack = issued_pack(cast)
    before = words_of(office, pack)
    office.post(TEMPLATE, docx(with_text("House style")))
    assert words_of(office, pack) == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ no_such_thing.at_all }}", "no_such_thing"),
        ("{{ campaign", "not closed or not known"),
        ("{{ ''.__class__.__mro__ }}", "may not do"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused_with_the_reason(
    cast: Cast, office: Client, text: str, told: str
) -> None:
    answer = office.post(TEMPLATE, docx(with_text(text)))
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert not PackTemplate.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("style.doc", b"x", "ends in .docx"),
        ("style.docx", b"x", "no Word document"),
        ("style.docx", b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        ("style.docx", b"", "empty"),
    ],
)
def test_what_is_no_template_is_refused(cast: Cast, office: Client, name: str, content: bytes, told: str) -> None:
    answer = office.post(TEMPLATE, docx(content, name))
    assert answer.status_code == 400
    assert told in answer.content.decode()


def test_a_file_with_macros_is_refused(cast: Cast, office: Client) -> None:
    changed = BytesIO(built_in_template())
    with zipfile.ZipFile(changed, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    answer = office.post(TEMPLATE, docx(changed.getvalue()))
    assert "holds macros" in answer.content.decode()


def test_the_template_in_use_and_the_built_in_one_can_be_fetched(cast: Cast, office: Client) -> None:
    office.post(TEMPLATE, docx(with_text("House style")))
    current = b"".join(office.get(f"{TEMPLATE}current.docx").streaming_content)  # type: ignore[attr-defined]
    assert current == PackTemplate.objects.get().file.read()
    built_in = b"".join(office.get(f"{TEMPLATE}built-in.docx").streaming_content)  # type: ignore[attr-defined]
    assert built_in == built_in_template()
    assert office.get(f"{TEMPLATE}other.docx").status_code == 404
