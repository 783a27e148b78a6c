"""The report form: what is typed is read, kept, checked and saved once, for the unit's people alone."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from campaigns.domain.workflow import ReportStatus
from campaigns.models import Attachment, Indicator, Measurement, Report, Target
from campaigns.operations.reports import reopen_report
from tests.builders import bring_to, figure, fill
from tests.cast import Cast, at, client_of
from units.models import Change, Unit, User

FAR_TOO_LONG = "x" * 4001


def form_url(unit: Unit, month: str = "2022-08") -> str:
    return reverse("report_form", args=["hundred-days", month, unit.code])


def boxes(report: Report, *, version: int | None = None, **figures: str) -> dict[str, str]:
    """What the browser sends for one report: figures by indicator code, as typed."""
    report.refresh_from_db()
    sent = {f"r{report.pk}-version": str(version if version is not None else report.version)}
    for one in report.action.indicators.all():
        sent[f"r{report.pk}-value-{one.pk}"] = figures.get(one.code, "")
        sent[f"r{report.pk}-note-{one.pk}"] = figures.get(f"{one.code}_note", "")
        sent[f"r{report.pk}-status-{one.pk}"] = figures.get(f"{one.code}_status", "verified")
        sent[f"r{report.pk}-growth-{one.pk}"] = figures.get(f"{one.code}_growth", "")
    for name in ("progress", "problems", "next_steps"):
        sent[f"r{report.pk}-{name}"] = figures.get(name, "")
    return sent


def page_of(person: User, unit: Unit, data: dict[str, str] | None = None, **more: str) -> object:
    client = client_of(person)
    return client.get(form_url(unit)) if data is None else client.post(form_url(unit), {**data, **more})


def value_of(report: Report, indicator: Indicator) -> str | None:
    found = Measurement.objects.filter(report=report, indicator=indicator).first()
    return None if found is None or found.value is None else f"{found.value:.{indicator.decimals}f}"


# --- seeing it ------------------------------------------------------------------------------------------------------


def test_the_reporter_sees_last_month_plan_and_target_beside_each_box(cast_with_july: Cast) -> None:
    page = page_of(cast_with_july.reporter, cast_with_july.town).content.decode()
    assert "50.00" in page  # July
    assert "102.00" in page  # planned: 51 of 100 days of 200
    assert "200.00" in page  # target


def test_an_outsider_and_a_reviewer_find_no_such_page(cast: Cast) -> None:
    for person in (cast.outsider, cast.reviewer, cast.stranger):
        assert page_of(person, cast.town).status_code == 404
        assert page_of(person, cast.town, boxes(cast.report())).status_code == 404


def test_the_head_and_the_leader_read_it_without_boxes(cast: Cast) -> None:
    for person in (cast.head, cast.leader, cast.administrator):
        page = page_of(person, cast.town)
        assert page.status_code == 200
        assert b'inputmode="decimal"' not in page.content


@pytest.mark.parametrize("month", ["2022-13", "2021-08", "nonsense"])
def test_an_unknown_month_is_a_page_that_is_not_there(cast: Cast, month: str) -> None:
    assert client_of(cast.reporter).get(form_url(cast.town, month)).status_code == 404


def test_a_month_that_has_not_opened_says_so(cast: Cast) -> None:
    page = client_of(cast.reporter).get(form_url(cast.town, "2022-09"))
    assert page.status_code == 200
    assert b"No reports for this month" in page.content


# --- saving ---------------------------------------------------------------------------------------------------------


def test_figures_growth_status_note_and_narrative_are_saved(cast: Cast) -> None:
    report = cast.report()
    sent = boxes(report, exports="88.5", exports_growth="-3.2", exports_note="customs", share="12.5", progress="Done.")
    answer = page_of(cast.reporter, cast.town, sent, do="save")
    assert answer.status_code == 302
    saved = report.measurements.get(indicator=cast.exports)
    assert (f"{saved.value:f}", f"{saved.growth:f}", saved.note, saved.value_status) == (
        "88.5000", "-3.20", "customs", "verified",
    )  # fmt: skip
    report.refresh_from_db()
    assert report.progress == "Done."
    assert report.saved_by == cast.reporter


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("８８．５", "88.50"),
        ("1,234.5", "1234.50"),
        (" 88.50 ", "88.50"),
        ("-5", "-5.00"),
        ("−5", "-5.00"),
        ("0", "0.00"),
    ],
)
def test_what_people_type_is_read(cast: Cast, typed: str, kept: str) -> None:
    report = cast.report()
    page_of(cast.reporter, cast.town, boxes(report, exports=typed), do="save")
    assert value_of(report, cast.exports) == kept


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("abc", "is not a number"),
        ("NaN", "is not a number"),
        ("Infinity", "is not a number"),
        ("1e5", "is not a number"),
        ("1" + "0" * 30, "too large"),
        ("1.234", "At most 2 places"),
        ("1,2", "is not a number"),
        ("9" * 80, "at most 60 characters"),
        ("<script>", "is not a number"),
    ],
)
def test_what_cannot_be_read_is_explained_beside_the_box_and_kept(cast: Cast, typed: str, told: str) -> None:
    report = cast.report()
    answer = page_of(cast.reporter, cast.town, boxes(report, exports=typed, share="12.5"), do="save")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert told in page
    assert 'aria-invalid="true"' in page
    assert typed.replace("<", "&lt;").replace(">", "&gt;") in page
    assert value_of(report, cast.exports) is None
    assert value_of(report, cast.share) == "12.5"  # the other box is saved


@pytest.mark.parametrize(
    "bad",
    [
        {"progress": FAR_TOO_LONG},
        {"exports_note": "x" * 501},
        {"exports_growth": "12345678.1"},
        {"exports_growth": "1.234"},
        {"exports_status": "certain"},
    ],
)
def test_every_other_box_refuses_what_is_too_long_or_wrong(cast: Cast, bad: dict[str, str]) -> None:
    report = cast.report()
    answer = page_of(cast.reporter, cast.town, boxes(report, exports="88", **bad), do="save")
    assert answer.status_code == 400
    assert 'class="error"' in answer.content.decode() or 'aria-invalid="true"' in answer.content.decode()
    assert not Measurement.objects.filter(report=report, indicator=cast.exports).exists() or "progress" in bad


def test_a_version_that_is_no_number_saves_nothing(cast: Cast) -> None:
    report = cast.report()
    sent = boxes(report, exports="5") | {f"r{report.pk}-version": "first"}
    assert page_of(cast.reporter, cast.town, sent, do="save").status_code == 400
    assert value_of(report, cast.exports) is None


def test_boxes_of_another_units_report_and_of_unknown_indicators_are_left_alone(cast: Cast) -> None:
    theirs = cast.report(cast.neighbour)
    sent = boxes(cast.report(), exports="5") | boxes(theirs, exports="6")
    page_of(cast.reporter, cast.town, sent, do="save")
    assert value_of(cast.report(), cast.exports) == "5.00"
    assert value_of(theirs, cast.exports) is None


def test_saving_the_same_again_changes_nothing(cast: Cast) -> None:
    report = cast.report()
    for _click in range(2):
        page_of(cast.reporter, cast.town, boxes(report, exports="5"), do="save")
    report.refresh_from_db()
    assert report.version == 2
    assert Change.objects.filter(verb="save_report").count() == 1


def test_a_double_click_on_send_sends_once(cast: Cast) -> None:
    report = cast.report()
    sent = boxes(report, exports="88", share="12.5")
    page_of(cast.reporter, cast.town, sent, do=f"submit:{report.pk}")
    again = page_of(cast.reporter, cast.town, sent, do=f"submit:{report.pk}")
    assert again.status_code in (200, 302, 400, 409)
    assert report.events.count() == 1
    report.refresh_from_db()
    assert report.status == ReportStatus.TO_SIGN


# --- two people at once ---------------------------------------------------------------------------------------------


def test_a_stale_page_keeps_what_was_typed_and_shows_what_was_saved(cast: Cast) -> None:
    report = cast.report()
    mine = boxes(report, exports="70", share="12.5")
    fill(cast, report, {cast.exports: figure("66.6")})
    answer = page_of(cast.reporter, cast.town, mine, do="save")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="70"' in page
    assert "66.60" in page
    assert value_of(report, cast.exports) == "66.60"
    report.refresh_from_db()
    assert f'value="{report.version}"' in page  # saving again is then a choice
    page_of(cast.reporter, cast.town, boxes(report, exports="70", share="12.5"), do="save")
    assert value_of(report, cast.exports) == "70.00"


def test_the_small_save_answers_with_the_light_and_the_new_version(cast: Cast) -> None:
    report = cast.report()
    client = client_of(cast.reporter)
    answer = client.post(reverse("save_report", args=[report.pk]), boxes(report, exports="90"))
    assert answer.status_code == 200
    assert "On track" in answer.content.decode()  # 45.00% of 51.00% planned: pace 88.24%
    report.refresh_from_db()
    assert f'value="{report.version}" id="r{report.pk}-version"' in answer.content.decode()


def test_the_small_save_refuses_outsiders_readers_and_stale_versions(cast: Cast) -> None:
    report = cast.report()
    url = reverse("save_report", args=[report.pk])
    assert client_of(cast.outsider).post(url, boxes(report, exports="1")).status_code == 404
    assert client_of(cast.head).post(url, boxes(report, exports="1")).status_code == 403
    assert client_of(cast.leader).post(url, boxes(report, exports="1")).status_code == 403
    assert client_of(cast.reporter).post(url, boxes(report, version=9, exports="1")).status_code == 409
    assert client_of(cast.reporter).get(url).status_code == 405
    assert value_of(report, cast.exports) is None


# --- checks ---------------------------------------------------------------------------------------------------------


def test_a_missing_figure_holds_its_report_back_and_sends_the_others(cast: Cast) -> None:
    trade, transport = cast.report(), cast.report(action=cast.transport)
    sent = boxes(trade, exports="88") | boxes(transport, roads="40")
    answer = page_of(cast.reporter, cast.town, sent, do="submit")
    assert answer.status_code == 400
    assert "Enter the figure, or say why there is none." in answer.content.decode()
    trade.refresh_from_db()
    transport.refresh_from_db()
    assert (trade.status, transport.status) == (ReportStatus.DRAFT, ReportStatus.TO_SIGN)


def test_a_missing_figure_with_a_word_why_may_be_sent(cast: Cast) -> None:
    report = cast.report()
    sent = boxes(report, exports="88", share_note="The survey comes in October.")
    page_of(cast.reporter, cast.town, sent, do=f"submit:{report.pk}")
    report.refresh_from_db()
    assert report.status == ReportStatus.TO_SIGN


def test_a_warning_asks_for_a_note_and_can_be_overruled(cast_with_july: Cast) -> None:
    cast = cast_with_july
    report = cast.report()
    sent = boxes(report, exports="40", share="12.5")
    answer = page_of(cast.reporter, cast.town, sent, do=f"submit:{report.pk}")
    assert "Lower than before (50.00, July 2022)" in answer.content.decode()
    report.refresh_from_db()
    assert report.status == ReportStatus.DRAFT
    noted = boxes(report, exports="40", share="12.5", exports_note="Customs revised July.")
    page_of(cast.reporter, cast.town, noted, do=f"submit:{report.pk}")
    report.refresh_from_db()
    assert report.status == ReportStatus.TO_SIGN


def test_the_same_warning_sent_without_a_note_when_asked_for(cast_with_july: Cast) -> None:
    report = cast_with_july.report()
    sent = boxes(report, exports="40", share="12.5")
    page_of(cast_with_july.reporter, cast_with_july.town, sent, do="submit", without_notes="on")
    report.refresh_from_db()
    assert report.status == ReportStatus.TO_SIGN


def test_no_change_writes_last_months_figures_into_the_empty_boxes(cast_with_july: Cast) -> None:
    cast = cast_with_july
    trade, transport = cast.report(), cast.report(action=cast.transport)
    sent = boxes(trade, exports="88") | boxes(transport)
    page_of(cast.reporter, cast.town, sent, do="no_change")
    assert value_of(trade, cast.exports) == "88.00"
    assert value_of(trade, cast.share) == "12.0"
    assert value_of(transport, cast.roads) == "20"


# --- the other steps on this page -----------------------------------------------------------------------------------


def test_the_head_signs_all_and_the_reporter_recalls(cast: Cast) -> None:
    report = bring_to(cast, ReportStatus.TO_SIGN)
    page_of(cast.head, cast.town, {}, do="sign")
    report.refresh_from_db()
    assert report.status == ReportStatus.SUBMITTED
    page_of(cast.reporter, cast.town, {}, do=f"recall:{report.pk}")
    report.refresh_from_db()
    assert report.status == ReportStatus.DRAFT


def test_a_reporter_cannot_sign(cast: Cast) -> None:
    report = bring_to(cast, ReportStatus.TO_SIGN)
    page_of(cast.reporter, cast.town, {}, do="sign")
    report.refresh_from_db()
    assert report.status == ReportStatus.TO_SIGN


def test_the_office_files_on_behalf_of_a_reporter_and_both_are_recorded(cast: Cast) -> None:
    report = cast.report()
    sent = boxes(report, exports="88", share="12.5")
    refused = page_of(cast.office, cast.town, sent, do=f"submit:{report.pk}")
    assert "on whose behalf" in refused.content.decode()
    page_of(
        cast.office,
        cast.town,
        boxes(report, exports="88", share="12.5"),
        do=f"submit:{report.pk}",
        on_behalf_of=str(cast.reporter.pk),
    )
    event = report.events.get()
    assert (event.actor, event.on_behalf_of) == (cast.office, cast.reporter)


def test_a_closed_period_takes_nothing_until_the_office_reopens_the_report(cast: Cast) -> None:
    july = cast.report(period=cast.july)
    client = client_of(cast.reporter)
    answer = client.post(form_url(cast.town, "2022-07"), {**boxes(july, exports="5"), "do": "save"})
    assert answer.status_code in (200, 302)
    assert value_of(july, cast.exports) is None
    reopen_report(
        unit=cast.town, action=cast.trade, period=cast.july, actor=cast.office, now=cast.now, reason="Late.",
        until=at(9, 6),
    )  # fmt: skip
    client.post(form_url(cast.town, "2022-07"), {**boxes(july, exports="5"), "do": "save"})
    assert value_of(july, cast.exports) == "5.00"


# --- files ----------------------------------------------------------------------------------------------------------


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, kind)
    return stream.getvalue()


def archive(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return stream.getvalue()


def send_file(cast: Cast, name: str, content: bytes, person: User | None = None) -> object:
    url = reverse("add_attachment", args=[cast.report().pk])
    return client_of(person or cast.reporter).post(url, {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("site.png", picture()),
        ("site.JPG", picture("JPEG")),
        ("现场照片.webp", picture("WEBP")),
        ("letter.pdf", b"%PDF-1.7 ..."),
        ("table.xlsx", archive("[Content_Types].xml", "xl/workbook.xml")),
        ("notes.txt", b"plain"),
    ],
)
def test_photos_and_documents_are_kept_and_given_back_as_a_download(
    cast: Cast, name: str, content: bytes, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert send_file(cast, name, content).status_code == 200
    kept = Attachment.objects.get()
    assert kept.name == name
    answer = client_of(cast.reviewer).get(reverse("attachment", args=[kept.pk]))
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment")
    assert client_of(cast.outsider).get(reverse("attachment", args=[kept.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("virus.exe", b"MZ", "are not taken"),
        ("noending", b"x", "are not taken"),
        ("photo.png", b"not a picture", "not what its name says"),
        ("photo.png", picture("JPEG"), "not what its name says"),
        ("letter.pdf", b"<html>", "not what its name says"),
        ("table.xlsx", archive("evil.txt"), "not what its name says"),
        ("table.xlsx", archive("[Content_Types].xml", "xl/vbaProject.bin"), "not what its name says"),
        ("empty.txt", b"", "This file is empty"),
        ("x" * 200 + ".txt", b"x", "too long"),
    ],
)
def test_a_file_that_is_not_taken_says_why_and_nothing_is_kept(
    cast: Cast, name: str, content: bytes, told: str, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path
    answer = send_file(cast, name, content)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_path_in_a_file_name_never_reaches_the_disk(cast: Cast, settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path
    send_file(cast, "..\\..\\etc\\passwd.txt", b"x")
    kept = Attachment.objects.get()
    assert kept.name == "passwd.txt"
    assert kept.file.name == f"reports/{kept.report_id}/{kept.sha256}"


def test_the_same_file_twice_is_kept_once_and_can_be_removed(cast: Cast, settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path
    for _click in range(2):
        send_file(cast, "site.png", picture())
    kept = Attachment.objects.get()
    url = reverse("remove_attachment", args=[kept.pk])
    assert client_of(cast.outsider).post(url).status_code == 404
    assert client_of(cast.head).post(url).status_code == 403
    assert client_of(cast.reporter).post(url).status_code == 302
    assert not Attachment.objects.exists()


def test_only_the_units_reporter_adds_files(cast: Cast, settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert send_file(cast, "a.txt", b"x", cast.outsider).status_code == 404
    assert send_file(cast, "a.txt", b"x", cast.leader).status_code == 403


# --- queries --------------------------------------------------------------------------------------------------------


def queries_of(person: User, url: str) -> int:
    client = client_of(person)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_form_makes_at_most_fifteen_queries_whatever_its_rows(cast_with_july: Cast) -> None:
    cast = cast_with_july
    few = queries_of(cast.reporter, form_url(cast.town))
    for number in range(3):
        indicator = Indicator.objects.create(
            action=cast.trade, code=f"more-{number}", name_en="More", name_zh="更多", measure_en="km", measure_zh="公里"
        )
        Target.objects.create(indicator=indicator, unit=cast.town, baseline=0, target=10)
    many = queries_of(cast.reporter, form_url(cast.town))
    assert few == many <= 15
