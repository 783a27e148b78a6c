"""The pack's documents, read back from their files: the same figures as the content, in both languages."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import typst
from django.conf import settings
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn
from jinja2 import TemplateError, UndefinedError

from campaigns.documents import pack_charts
from campaigns.documents.pack_docx import built_in_template, draw_docx
from campaigns.documents.pack_pages import pages
from campaigns.documents.pack_pdf import draw_pdf
from campaigns.documents.pack_xlsx import draw_xlsx
from campaigns.domain.canonical import digest_of
from campaigns.templatetags.look import MISSING, number_text
from tests.pack_sample import MISCHIEF, sample_content
from tests.sheets import parts, read_back

LANGUAGES = ["en", "zh-hans"]
STANDINGS, FIGURES = 1, 4
"""Places of the sheets."""

needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def content() -> dict[str, Any]:
    return sample_content()


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def docx(content: dict[str, Any], language: str) -> bytes:
    return draw_docx(content, language)


@pytest.fixture(scope="module")
def pdf(content: dict[str, Any], language: str) -> bytes:
    return draw_pdf(content, language)


@pytest.fixture(scope="module")
def xlsx(content: dict[str, Any], language: str) -> bytes:
    return draw_xlsx(content, language)


def side(language: str) -> str:
    return "zh" if language.startswith("zh") else "en"


def shown(figure: str | None) -> str:
    return MISSING if figure is None else number_text(Decimal(figure))


def figures_of(content: Mapping[str, Any], language: str) -> list[tuple[int, str, str]]:
    """Action, unit and its published figure, in order."""
    return [
        (action["number"], unit["unit"]["name"][side(language)], shown(unit["published"]))
        for action in content["actions"]
        for unit in action["units"]
    ]


def text_of(pdf: bytes, folder: Path) -> str:
    (folder / "pack.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", "pack.pdf", "-"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True).stdout


# --- Word -------------------------------------------------------------------------------------------------------------


def unit_tables(docx: bytes) -> list[list[list[str]]]:
    """The table of units of each action: the tables with eight columns that follow a picture."""
    tables = Document(io.BytesIO(docx)).tables
    rows = [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]
    return [one for one in rows if len(one[0]) == 8 and one[0][0] in ("Unit", "单位")]


def test_word_has_every_unit_of_every_action_with_its_figure(
    content: dict[str, Any], docx: bytes, language: str
) -> None:
    tables = unit_tables(docx)
    found = [(number, row[0], row[1]) for number, table in enumerate(tables, start=1) for row in table[1:]]
    assert found == figures_of(content, language)


def test_word_has_the_heat_cells_with_shape_and_figure(content: dict[str, Any], docx: bytes) -> None:
    heat = next(table for table in Document(io.BytesIO(docx)).tables if len(table.columns) == 18)
    first = content["standings"][0]
    cells = [cell.text for cell in heat.rows[1].cells]
    assert [cell[0] for cell in cells[8:]] == [
        {"green": "●", "yellow": "▲", "red": "◆"}[one["light"]] for one in first["cells"]
    ]
    assert [cell[2:] for cell in cells[8:]] == [shown(one["published"]) for one in first["cells"]]
    tints = {shade.get(qn("w:fill")) for shade in heat.rows[1]._tr.iter(qn("w:shd"))}
    assert tints == {"E3F1EB", "FBF0D6", "FAE2D8"}


def test_tables_in_word_repeat_their_heads_and_keep_their_rows_whole(docx: bytes) -> None:
    for table in unit_tables(docx):
        assert table
    for table in Document(io.BytesIO(docx)).tables:
        if table.style is not None and table.style.name == "Pack table":
            rows = table._tbl.tr_lst
            assert rows[0].find(f".//{qn('w:tblHeader')}") is not None
            assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)


def test_word_has_contents_page_numbers_and_chinese_fonts(docx: bytes) -> None:
    inside = parts(docx)
    assert "TOC " in inside["word/document.xml"]
    assert any(" PAGE " in text for name, text in inside.items() if "footer" in name)
    styles = inside["word/styles.xml"]
    assert all(f'w:eastAsia="{font}"' in styles for font in ("FangSong", "SimSun", "SimHei"))


def test_each_picture_in_word_has_words(content: dict[str, Any], docx: bytes) -> None:
    pictures = Document(io.BytesIO(docx)).inline_shapes
    said = [one._inline.docPr.get("descr") for one in pictures]
    assert len(said) == 2 + 2 * len(content["actions"])
    assert all(said)


def test_what_people_typed_stays_text_in_word(docx: bytes) -> None:
    document = Document(io.BytesIO(docx))
    assert any(MISCHIEF in paragraph.text for paragraph in document.paragraphs)
    assert any(MISCHIEF in cell.text for table in document.tables for row in table.rows for cell in row.cells)


def test_word_takes_the_template_of_the_office(content: dict[str, Any]) -> None:
    document = Document()
    document.add_paragraph("Our own: {{ title }}")
    document.add_paragraph("{%p for action in actions %}")
    document.add_paragraph("{{ action.title }}: {{ action.figures[1].value }}")
    document.add_paragraph("{%p endfor %}")
    file = io.BytesIO()
    document.save(file)
    said = [one.text for one in Document(io.BytesIO(draw_docx(content, "en", file.getvalue()))).paragraphs]
    assert said[0] == "Our own: Monthly analysis pack, August 2022"
    assert said[1] == f"1. Expanding effective investment: {content['actions'][0]['published']}%"
    assert len(said) == 1 + len(content["actions"])


def of_text(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_template_with_an_unknown_field_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(UndefinedError, match="turnover"):
        draw_docx(content, "en", of_text("{{ turnover }}"))


def test_a_template_reaches_nothing_but_fields(content: dict[str, Any]) -> None:
    with pytest.raises(TemplateError):
        draw_docx(content, "en", of_text("{{ title.__class__.__mro__[1].__subclasses__() }}"))


def test_the_built_in_template_is_the_same_each_time_and_opens_as_word() -> None:
    assert built_in_template() == built_in_template()
    assert any("{{ title }}" in one.text for one in Document(io.BytesIO(built_in_template())).paragraphs)


# --- Excel ------------------------------------------------------------------------------------------------------------


def test_excel_has_every_figure_with_its_report_and_people(content: dict[str, Any], xlsx: bytes, language: str) -> None:
    rows = read_back(xlsx, FIGURES)[1:]
    expected = [
        (action["number"], unit["unit"]["name"][side(language)], one)
        for action in content["actions"]
        for unit in action["units"]
        for one in unit["figures"]
    ]
    assert len(rows) == len(expected)
    for row, (number, unit, one) in zip(rows, expected, strict=True):
        assert (row[0], row[2], row[3]) == (number, unit, one["indicator"])
        assert row[6] == (MISSING if one["value"] is None else float(one["value"]))
        assert row[12] == (MISSING if one["attainment"] is None else float(one["attainment"]))
        filed_by = one["report"]["filed_by"][side(language)] if one["report"] else MISSING
        assert row[19] == filed_by


def test_excel_has_the_figures_of_units_and_actions(content: dict[str, Any], xlsx: bytes, language: str) -> None:
    by_pair = {(row[0], row[2]): row[16] for row in read_back(xlsx, FIGURES)[1:]}
    expected = figures_of(content, language)
    assert {pair: MISSING if value == MISSING else f"{value:.2f}" for pair, value in by_pair.items()} == {
        (number, unit): value for number, unit, value in expected
    }


def test_excel_leads_from_a_figure_to_its_report(xlsx: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        links = archive.read(f"xl/worksheets/_rels/sheet{FIGURES + 1}.xml.rels").decode()
    assert f'Target="{settings.SITE_URL}/reports/101/"' in links


def test_excel_keeps_heads_in_sight_filters_and_draws_charts(content: dict[str, Any], xlsx: bytes) -> None:
    inside = parts(xlsx)
    tables = [inside[f"xl/worksheets/sheet{number}.xml"] for number in range(2, 9)]
    assert all("<pane" in one and "<autoFilter" in one for one in tables)
    charts = [name for name in inside if name.startswith("xl/charts/chart")]
    assert len(charts) == 2 + len(content["actions"])


def test_nothing_in_excel_is_a_formula(xlsx: bytes) -> None:
    inside = parts(xlsx)
    assert not any("<f>" in text for name, text in inside.items() if "worksheets" in name)
    assert any(MISCHIEF in str(cell) for row in read_back(xlsx, 2) for cell in row)


# --- PDF --------------------------------------------------------------------------------------------------------------


@needs_pdftotext
def test_pdf_has_every_unit_of_every_action_with_its_figure(
    content: dict[str, Any], pdf: bytes, language: str, tmp_path: Path
) -> None:
    text = text_of(pdf, tmp_path)
    starts = [found.start() for found in re.finditer(r"^\s*(?:Units side by side|各单位对比)", text, re.MULTILINE)]
    assert len(starts) == len(content["actions"])
    for action, start, end in zip(content["actions"], starts, [*starts[1:], len(text)], strict=True):
        numbers = re.findall(r"\d+\.\d\d(?!%)|–", text[start:end])
        wanted = [shown(unit["published"]) for unit in action["units"]]
        it = iter(numbers)
        assert all(one in it for one in wanted)


@needs_pdftotext
def test_pdf_says_what_people_typed_and_in_chinese(pdf: bytes, language: str, tmp_path: Path) -> None:
    text = " ".join(text_of(pdf, tmp_path).split())
    assert "=HYPERLINK(" in text
    assert "#panic() ]]>" in text
    assert ("南湖区" if language == "zh-hans" else "Nanhu District") in text


def test_pdf_keeps_to_the_standard_for_everybody_and_says_its_language(pdf: bytes, language: str) -> None:
    """typst refuses to write a PDF/UA-1 that has none of its marks; they are written once it has found none missing."""
    assert b"pdfuaid" in pdf
    assert b"/Lang" in pdf or b"Lang" in pdf


def test_the_source_of_the_pdf_holds_no_words_of_the_pack() -> None:
    source = (Path(settings.BASE_DIR) / "campaigns/documents/templates/pack.typ").read_text(encoding="utf-8")
    assert not re.search("[一-鿿]", source)


def test_a_picture_without_words_is_refused() -> None:
    source = b'#set document(title: "x")\n#image(bytes("<svg xmlns=\'http://www.w3.org/2000/svg\'/>"))'
    with pytest.raises(typst.TypstError, match="PDF/UA-1"):
        typst.compile(source, format="pdf", pdf_standards=["ua-1"])


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("draw", [draw_docx, draw_pdf, draw_xlsx])
def test_the_same_content_gives_the_same_bytes(content: dict[str, Any], draw: Any) -> None:
    assert draw(content, "zh-hans") == draw(content, "zh-hans")


@pytest.mark.parametrize("draw", [draw_docx, draw_pdf, draw_xlsx])
def test_a_month_without_any_figure_is_drawn(draw: Any) -> None:
    assert draw(without_figures(), "zh-hans")


def without_figures() -> dict[str, Any]:
    """A content in which nothing is approved, nothing warned and nothing followed up."""
    empty = sample_content(group=None, standings=[], warnings=[], follow_ups={"meeting": None, "rows": []})
    for one in (empty["city"], *empty["actions"]):
        for key in ("published", "planned", "gap", "change", "projected", "low", "high", "needed_a_day", "made_a_day"):
            one[key] = None
        one["light"] = "grey"
        one["way"] = [{**point, "attained": None} for point in one["way"]]
    for action in empty["actions"]:
        action.update(units=[], indicators=[], likelihood=None)
    empty["actions"][0]["way"] = []
    empty["sentences"] = {"en": [], "zh": []}
    return empty


def test_characters_that_no_document_can_hold_are_left_out() -> None:
    broken = sample_content(remarks={"en": "a\x00b\x0b", "zh": "甲\x00乙\ufffe"})
    assert "甲乙" in "".join(one.text for one in Document(io.BytesIO(draw_docx(broken, "zh-hans"))).paragraphs)
    assert draw_pdf(broken, "zh-hans")
    assert draw_xlsx(broken, "zh-hans")


def test_what_is_missing_is_a_dash_and_never_nought(content: dict[str, Any]) -> None:
    with override("en"):
        fields = pages(content)
    port = next(one for one in fields["actions"][2]["units"] if one["unit"] == "Jiaxing Port Area")
    assert (port["attained"], port["planned"], port["gap"], port["pace"]) == (MISSING,) * 4
    row = next(one for one in fields["standings"]["rows"] if one["unit"] == "Jiaxing Port Area")
    assert row["cells"][2] == {"text": "○ –", "tint": "EEEEEA"}


def test_the_annex_has_the_digest_of_the_content_and_the_cover_its_number(content: dict[str, Any]) -> None:
    issued = {**content, "pack": {"number": 2, "issued_at": "2022-09-03T10:00:00+08:00"}}
    assert pages(issued)["digest"] == digest_of(issued)
    assert pages({**issued, "digest": "a" * 64})["digest"] == "a" * 64
    with override("en"):
        assert (pages(issued)["number"], pages(content)["number"]) == ("No. 2", "")


@pytest.mark.parametrize(
    ("imprint", "state", "mark"),
    [
        ({}, "published", ""),
        ({}, "open", "Before publication"),
        ({"number": 1, "issued_at": None}, "closed", "Draft · Before publication"),
        ({"number": 1, "issued_at": "2022-09-03T10:00:00+08:00"}, "published", ""),
    ],
)
def test_the_cover_marks_what_is_not_for_everybody(imprint: dict[str, Any], state: str, mark: str) -> None:
    content = sample_content(**({"pack": imprint} if imprint else {}))
    content["period"]["state"] = state
    with override("en"):
        assert pages(content)["mark"] == mark


def test_fifteen_units_and_ten_actions_take_a_bounded_number_of_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    draw = pack_charts.drawing.draw
    monkeypatch.setattr(pack_charts.drawing, "draw", lambda *what: drawn.append(what) or draw(*what))
    pages(sample_content(every_unit_in_every_action=True))
    assert len(drawn) == 2 + 2 * 10


@needs_office
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_libreoffice_makes_a_pdf_of_it_in_chinese(content: dict[str, Any], kind: str, tmp_path: Path) -> None:
    draw = draw_docx if kind == "docx" else draw_xlsx
    (tmp_path / f"pack.{kind}").write_bytes(draw(content, "zh-hans"))
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf",
               f"pack.{kind}"]  # fmt: skip
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=120)
    made = (tmp_path / "pack.pdf").read_bytes()
    assert made.startswith(b"%PDF")
    if shutil.which("pdftotext"):
        text = re.sub(r"\s", "", text_of(made, tmp_path))
        assert "十大百日攻坚行动" in text
        assert "南湖区" in text
        assert content["standings"][0]["published"] in text


def test_each_field_of_a_template_is_told_in_the_manual(content: dict[str, Any]) -> None:
    told = (Path(settings.BASE_DIR) / "docs/templates.md").read_text(encoding="utf-8")
    fields = pages(content)
    rows = [fields["standings"]["rows"], fields["lines"], fields["actions"], fields["warnings"]]
    rows += [fields["completeness"]["rows"], fields["follow_ups"]["rows"], fields["actions"][0]["units"]]
    names = {*fields, *(name for one in rows for name in one[0]), *fields["completeness"], *fields["standings"]}
    assert sorted(name for name in names if f"`{name}`" not in told) == []
