"""The Jiaxing data in all places where a figure is published: every unit says the same in every action."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from django.core.management import call_command
from docx import Document

from campaigns.documents.pack_docx import draw_docx
from campaigns.documents.pack_pdf import draw_pdf
from campaigns.documents.pack_words import NOT_ASSIGNED
from campaigns.documents.pack_xlsx import draw_xlsx
from campaigns.models import Pack, Period
from campaigns.operations.packs import build_pack, fill_pack
from campaigns.queries.actions import action_page
from campaigns.queries.clock import business_now, local_day
from campaigns.queries.standings import choose_group, ranking_groups, standings
from campaigns.templatetags.look import MISSING, number_text
from tests.api_cast import system
from tests.cast import client_of
from tests.sheets import read_back
from units.models import Unit, User
from units.permissions import capacities

CAMPAIGN = "hundred-days-2022"
LANGUAGES = ("en", "zh-hans")
STANDINGS, FIGURES = 1, 4
"""Places of the sheets."""
FIRST_ACTION = 9
"""Column of the standings' sheet."""
WHOLE = 0
"""Stands where the number of an action stands otherwise: the composite of the whole campaign."""

COLUMNS_OF_UNITS = 8
FIGURE = r"([+−±]?\d+(?:\.\d\d)?|–)"

Found = Iterator[tuple[tuple[str, int], str]]
"""A unit's code (of the city: nothing) and an action's number; the figure as documents show it, a dash for none."""

PUBLISHED, OPEN = "2022-07", "2022-08"
"""In the open one figures are missing."""


@pytest.fixture
def periods(db: None, settings: Any, tmp_path: Path) -> list[Period]:
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("load_jiaxing_2022", verbosity=0)
    rows = Period.objects.filter(campaign__slug=CAMPAIGN, month__in=[PUBLISHED, OPEN])
    return list(rows.select_related("campaign").order_by("month"))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_every_figure_is_the_same_on_pages_api_word_excel_and_pdf(periods: list[Period], tmp_path: Path) -> None:
    assert [one.month for one in periods] == [PUBLISHED, OPEN]
    for period in periods:
        _is_the_same_everywhere(period, tmp_path)


def _is_the_same_everywhere(period: Period, folder: Path) -> None:
    expected = dict(_of_standings(period))
    in_actions = {key: one for key, one in expected.items() if key[0] and key[1] != WHOLE}
    assert {number for _code, number in expected} == set(range(11))
    assert len({code for code, _number in in_actions}) == 15
    assert (MISSING in in_actions.values()) is (period.month == OPEN)

    assert dict(_of_action_queries(period)) == in_actions
    assert dict(_of_standings_page(period)) == {key: one for key, one in expected.items() if key[1] == WHOLE}
    assert dict(_of_standings_api(period)) == {key: one for key, one in expected.items() if key[0] or not key[1]}
    assert dict(_of_progress_api(period)) == expected

    content = _pack(period).content
    for language in LANGUAGES:
        xlsx = draw_xlsx(content, language)
        assert dict(_of_standings_sheet(xlsx, language)) == {key: one for key, one in expected.items() if key[0]}
        assert dict(_of_figures_sheet(xlsx, language)) == in_actions
        assert dict(_of_word(draw_docx(content, language), language)) == in_actions
    assert dict(_of_pdf(draw_pdf(content, "zh-hans"), folder)) == in_actions


def shown(figure: Any) -> str:
    """As documents show it, whether it comes as a text or as a number."""
    return MISSING if figure in (None, MISSING) else number_text(Decimal(str(figure)), 2)


def _person(name: str) -> User:
    return User.objects.get(username=name)


def _codes(language: str) -> dict[str, str]:
    """Units' codes by the names that documents in this language have."""
    field = "name_zh" if language == "zh-hans" else "name_en"
    return {getattr(unit, field): unit.code for unit in Unit.objects.all()}


def _pack(period: Period) -> Pack:
    office = _person("office")
    pack = build_pack(period=period, actor=office, now=business_now())
    return fill_pack(pack_id=pack.pk, actor=office, now=business_now())


# --- pages ------------------------------------------------------------------------------------------------------------


def _of_standings(period: Period) -> Found:
    person = capacities(_person("leader"), local_day(business_now()))
    group = choose_group(ranking_groups(), None)
    table = standings(period, periods=_periods(period), group=group, person=person)
    assert table.city is not None
    yield ("", WHOLE), shown(table.city.published)
    for number, one in enumerate(table.city_cells, start=1):
        yield ("", number), shown(one and one.published)
    for row in table.rows:
        yield (row.unit.code, WHOLE), shown(row.published)
        for cell in row.cells:
            if cell.is_assigned:
                yield (row.unit.code, cell.action.number), shown(cell.progress and cell.progress.published)


def _of_action_queries(period: Period) -> Found:
    now = business_now()
    person = capacities(_person("leader"), local_day(now))
    for number in range(1, 11):
        page = action_page(
            period, number=number, periods=_periods(period), person=person, today=local_day(now)
        )  # fmt: skip
        yield from (((row.unit.code, number), shown(row.progress.published)) for row in page.units)


def _periods(period: Period) -> list[Period]:
    return list(Period.objects.filter(campaign=period.campaign).select_related("campaign").order_by("month"))


def _of_standings_page(period: Period) -> Found:
    """The composites: single actions have one place there."""
    answer = client_of(_person("leader")).get(
        "/standings/", {"campaign": CAMPAIGN, "period": period.month}, headers={"accept-language": "en"}
    )
    page = lxml.html.fromstring(answer.content.decode())
    codes = {**_codes("en"), "City": ""}
    for row in page.xpath("//table[@class='heat']/tbody/tr"):
        cells = row.xpath("./td | ./th")
        if len(cells) > 1:
            name, figure = (" ".join(cells[column].text_content().split()) for column in (2, 3))
            yield (codes[name], WHOLE), re.findall(FIGURE, figure)[0]


# --- the API ----------------------------------------------------------------------------------------------------------


def _answer(address: str, period: Period) -> dict[str, Any]:
    answer = system("read").get(address, {"campaign": CAMPAIGN, "period": period.month})
    assert answer.status_code == 200
    return answer.json()


def _of_standings_api(period: Period) -> Found:
    told = _answer("/api/v1/standings/", period)
    yield ("", WHOLE), shown(told["city"]["composite"])
    for row in told["rows"]:
        yield (row["unit"], WHOLE), shown(row["composite"])
        for cell in row["actions"]:
            if cell["is_assigned"]:
                yield (row["unit"], _number(cell["action"])), shown(cell["composite"])


def _of_progress_api(period: Period) -> Found:
    for row in _answer("/api/v1/progress/", period)["composites"]:
        yield (row["unit"] or "", _number(row["action"])), shown(row["composite"])


def _number(key: str | None) -> int:
    return int(key.rpartition("/")[2]) if key else WHOLE


# --- documents --------------------------------------------------------------------------------------------------------


def _of_standings_sheet(xlsx: bytes, language: str) -> Found:
    codes = _codes(language)
    for row in read_back(xlsx, STANDINGS)[1:]:
        yield (codes[row[1]], WHOLE), shown(row[4])
        for number, figure in enumerate(row[FIRST_ACTION:], start=1):
            if figure != NOT_ASSIGNED:
                yield (codes[row[1]], number), shown(figure)


def _of_figures_sheet(xlsx: bytes, language: str) -> Found:
    codes = _codes(language)
    for row in read_back(xlsx, FIGURES)[1:]:
        yield (codes[row[2]], int(row[0])), shown(row[16])


def _of_word(docx: bytes, language: str) -> Found:
    codes = _codes(language)
    tables = (table for table in Document(io.BytesIO(docx)).tables if len(table.columns) == COLUMNS_OF_UNITS)
    units = (table for table in tables if table.rows[0].cells[0].text in ("Unit", "单位"))
    for number, table in enumerate(units, start=1):
        for row in table.rows[1:]:
            yield (codes[row.cells[0].text], number), row.cells[1].text


def _of_pdf(pdf: bytes, folder: Path) -> Found:
    """In Chinese, where the name of a unit needs one line; its rows stand under the heading of the units' chart."""
    (folder / "pack.pdf").write_bytes(pdf)
    command = ["pdftotext", "-layout", "pack.pdf", "-"]
    text = subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True).stdout
    codes = _codes("zh-hans")
    row = re.compile(rf"^ *({'|'.join(codes)}) +{FIGURE} +{FIGURE} +{FIGURE} ", re.MULTILINE)
    for number, section in enumerate(text.split("各单位对比")[1:], start=1):
        yield from (((codes[name], number), attained) for name, attained, _planned, _gap in row.findall(section))
