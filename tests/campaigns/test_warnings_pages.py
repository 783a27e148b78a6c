"""The pages of early warnings: the list with its totals and files, the list for the meeting, one warning's steps."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from python_calamine import CalamineWorkbook

from campaigns.models import EarlyWarning
from campaigns.operations.warning_scan import scan_warnings
from campaigns.operations.warnings import accept_warning_reason
from campaigns.queries.warning_words import reason_of, rule_of
from tests.cast import Cast, client_of
from tests.warned import project_of, reported, warned

LIST = reverse("warnings")
MOST_FOR_THE_LIST = 12


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def post(client: Client, warning: EarlyWarning, step: str, **body: object) -> object:
    return client.post(reverse(step, args=[warning.pk]), {"version": warning.version, **body})


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_tells_light_reason_state_and_totals(cast: Cast) -> None:
    warned(cast, level="red")
    shown = page(client_of(cast.office), LIST)
    assert "Project bridge" in shown
    assert "The start was planned for 30 May 2022 and has not been made." in shown
    assert "1 early-warning project" in shown


def test_everybody_sees_the_warnings_of_their_projects_alone(cast: Cast) -> None:
    warned(cast)
    for who, is_seen in (
        ("head", True),
        ("reviewer", True),
        ("leader", True),
        ("outsider", False),
        ("stranger", False),
    ):
        assert ("Project bridge" in page(client_of(getattr(cast, who)), LIST)) is is_seen, who


def test_filters_narrow_the_list_and_a_wrong_one_is_told(cast: Cast) -> None:
    warned(cast, "cleared")
    client = client_of(cast.office)
    for query, is_found in {
        "": False,
        "state=all": True,
        "state=cleared": True,
        "state=all&level=red": False,
        "state=all&cause=start_overdue": True,
        "state=all&unit=town": True,
    }.items():
        assert ("Project bridge" in page(client, f"{LIST}?{query}")) is is_found, query
    assert "is not one of the choices" in page(client, f"{LIST}?level=green", 400)


def test_the_list_needs_few_queries_however_long_it_is(cast: Cast) -> None:
    client, counted = client_of(cast.office), []
    for number in range(4):
        project_of(cast, f"p-{number}", planned_start_on=date(2022, 5, 1))
        scan_warnings(now=cast.now)
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        counted.append(len(captured))
    assert len(set(counted)) == 1
    assert counted[0] <= MOST_FOR_THE_LIST


def test_the_list_as_excel_and_csv(cast: Cast) -> None:
    warned(cast)
    client = client_of(cast.office)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(reverse("export_warnings", args=["xlsx"])).getvalue()))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["Project code", "Project", "Unit"]
    assert rows[1][:3] == ["bridge", "Project bridge", "Riverside Town"]
    told = client.get(reverse("export_warnings", args=["csv"])).getvalue().decode("utf-8-sig")
    assert "start overdue" in told
    assert client.get(reverse("export_warnings", args=["xlsx"]) + "?level=green").status_code == 302
    assert client.get(reverse("export_warnings", args=["pdf"])).status_code == 404


def test_the_number_in_the_navigation_is_what_waits_for_the_person(cast: Cast) -> None:
    warned(cast)
    for who, count in (("reporter", 1), ("head", 1), ("reviewer", 0), ("leader", 0), ("outsider", 0)):
        answer = client_of(getattr(cast, who)).get(LIST)
        assert answer.context["shell"].badges.warnings == count, who


# --- for the meeting --------------------------------------------------------------------------------------------------


def test_the_list_for_the_meeting_has_each_project_once_and_escalated_ones_first(cast: Cast) -> None:
    grave = project_of(cast, "grave", planned_start_on=date(2022, 1, 1))
    reported(cast, grave, cast.july)
    warned(cast, "escalated")
    client = client_of(cast.leader)
    shown = page(client, reverse("warnings_for_meeting"))
    assert shown.count("Project grave") == 1
    assert shown.index("Project bridge") < shown.index("Project grave")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_list_for_the_meeting_on_paper(cast: Cast, language: str) -> None:
    warned(cast, "measures")
    client = client_of(cast.office, headers={"accept-language": language})
    pdf = client.get(reverse("warnings_file", args=["pdf"])).getvalue()
    assert pdf.startswith(b"%PDF")
    word = Document(io.BytesIO(client.get(reverse("warnings_file", args=["docx"])).getvalue()))
    cells = [cell.text for cell in word.tables[0].rows[1].cells]
    assert cells[1] == ("项目bridge" if language == "zh-hans" else "Project bridge")
    assert client.get(reverse("warnings_file", args=["odt"])).status_code == 404


def test_without_an_open_warning_the_papers_say_so(cast: Cast) -> None:
    client = client_of(cast.office)
    assert "No project has an open warning." in page(client, reverse("warnings_for_meeting"))
    assert client.get(reverse("warnings_file", args=["pdf"])).getvalue().startswith(b"%PDF")


# --- one warning ------------------------------------------------------------------------------------------------------


def test_a_warning_shows_its_rule_beside_its_light(cast: Cast) -> None:
    warning = warned(cast)
    shown = page(client_of(cast.reporter), reverse("warning", args=[warning.pk]))
    assert rule_of(warning.cause) in shown
    assert reason_of(warning) in shown


def test_every_cause_has_a_rule_and_a_reason(cast: Cast) -> None:
    particulars = {
        "behind_plan": {
            "month": "2022-08", "plan_to_date": "1.00", "invested_to_date": "0.50", "points_behind": "12.00",
            "also_behind_in": "2022-07",
        },
        "start_overdue": {"planned_start_on": "2022-06-30"},
        "milestone_overdue": {
            "milestone_en": "Roof", "milestone_zh": "封顶", "planned_on": "2022-08-01", "overdue_milestones": "2",
        },
        "no_statistical_entry": {"started_on": "2022-06-20"},
        "problem_open": {"problem_since": "2022-06-01"},
        "no_update": {"month": "2022-07"},
    }  # fmt: skip
    for cause in EarlyWarning.Cause.values:
        assert rule_of(cause)
        assert reason_of(EarlyWarning(cause=cause, particulars=particulars[cause])).endswith(".")
    assert reason_of(EarlyWarning(cause="no_update", particulars={})) == "no update in a closed period"


def test_a_unit_explains_and_agrees_measures_and_the_lead_clears(cast: Cast) -> None:
    warning = warned(cast, level="red")
    unit, lead = client_of(cast.reporter), client_of(cast.reviewer)
    assert post(unit, warning, "explain_warning", explanation="Land came late.").status_code == 302
    warning.refresh_from_db()
    body = {"measure": "A second shift.", "measure_due_on": "2022-09-30"}
    assert post(unit, warning, "measure_warning", **body).status_code == 302
    warning.refresh_from_db()
    assert post(lead, warning, "clear_warning", reason="It has started.").status_code == 302
    warning.refresh_from_db()
    assert warning.state == "cleared"
    assert [one.verb for one in warning.events.all()] == ["raise", "explain", "measure", "clear"]
    assert "It has started." in page(unit, reverse("warning", args=[warning.pk]))


def test_a_red_without_a_measure_is_not_cleared_and_what_was_typed_is_kept(cast: Cast) -> None:
    warning = warned(cast, "explained", level="red")
    answer = post(client_of(cast.reviewer), warning, "clear_warning", reason="Good enough.")
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "A red warning needs a written measure" in told
    assert "Good enough." in told


def test_a_form_that_does_not_fit_comes_back_with_its_words(cast: Cast) -> None:
    warning = warned(cast, "explained")
    body = {"measure": "A second shift.", "measure_due_on": "2022-08-01"}
    answer = post(client_of(cast.reporter), warning, "measure_warning", **body)
    assert answer.status_code == 400
    assert "This day lies in the past." in answer.content.decode()
    assert "A second shift." in answer.content.decode()
    assert post(client_of(cast.reporter), warning, "measure_warning", measure="x").status_code == 400


def test_who_looked_at_an_older_version_is_told_and_can_send_again(cast: Cast) -> None:
    warning = warned(cast, "explained")
    EarlyWarning.objects.update(version=9)
    answer = post(client_of(cast.reporter), warning, "explain_warning", explanation="More words.")
    assert answer.status_code == 409
    assert "More words." in answer.content.decode()
    assert 'name="version" value="9"' in answer.content.decode()


def test_a_step_whose_time_is_over_keeps_the_words(cast: Cast) -> None:
    warning = warned(cast, "measures")
    answer = post(client_of(cast.reporter), warning, "explain_warning", explanation="Late words.")
    assert answer.status_code == 409
    assert "Late words." in answer.content.decode()


def test_an_accepted_reason_lifts_the_light_and_stays_visible(cast: Cast) -> None:
    warning = warned(cast, "explained", level="red")
    accept_warning_reason(warning_id=warning.pk, actor=cast.reviewer, now=cast.now, reason="A flood.")
    shown = page(client_of(cast.reporter), reverse("warning", args=[warning.pk]))
    assert "A flood." in shown
    assert "computed: red" in shown
    warning.refresh_from_db()
    assert (warning.level, warning.displayed_level, warning.state) == ("red", "yellow", "explained")


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_slip_is_a_file_of_the_asked_kind(cast: Cast, kind: str) -> None:
    warning = warned(cast, "measures")
    answer = client_of(cast.head).get(reverse("warning_slip", args=[warning.pk, kind]))
    assert answer.status_code == 200
    assert f"early-warning-bridge-{warning.pk}.{kind}" in answer["Content-Disposition"]
    assert answer.getvalue().startswith(b"%PDF" if kind == "pdf" else b"PK")
    assert client_of(cast.outsider).get(reverse("warning_slip", args=[warning.pk, kind])).status_code == 404
    assert client_of(cast.head).get(reverse("warning_slip", args=[warning.pk, "odt"])).status_code == 404


def test_what_no_document_may_hold_is_left_out_of_the_slip(cast: Cast) -> None:
    warning = warned(cast)
    EarlyWarning.objects.update(explanation="Sand\x01 #is short ]")
    answer = client_of(cast.head).get(reverse("warning_slip", args=[warning.pk, "docx"]))
    word = Document(io.BytesIO(answer.getvalue()))
    assert "Sand #is short ]" in [cell.text for row in word.tables[0].rows for cell in row.cells]
