"""What of a period each role sees before it is published, on every page that shows figures, and what never gets out.

Every unit's figures are unmistakable, so that a page that shows one of them is told by its text.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import AcceptedReason, Attachment, Likelihood, Report
from campaigns.operations.judgements import accept_reason, judge_likelihood
from tests.builders import bring_to, close, figure, publish
from tests.cast import Cast, client_of
from units.models import Unit

FIGURES = {
    # unit, action: the figures, and what else would tell them (attainments, composites)
    ("town", "trade"): {"exports": "91.37", "share": "13.7"},
    ("neighbour", "trade"): {"exports": "84.29", "share": "14.9"},
    ("town", "transport"): {"roads": "43"},
    ("neighbour", "transport"): {"roads": "37"},
}
MARKS = {
    # 91.37 of 200 is 45.69 %, 13.7 between 10 and 20 is 37 %: together 41.34 %; 84.29 is 42.15 %, 14.9 is 49 %: 45.57 %
    ("town", "trade"): ("91.37", "45.69", "41.34"),
    ("neighbour", "trade"): ("84.29", "42.15", "45.57"),
    ("town", "transport"): ("43.00", ">43<", "43 km", ",43,"),
    ("neighbour", "transport"): (">37<", "37 km", ",37,"),
    ("town", "whole"): ("42.17",),
    ("neighbour", "whole"): ("41.29",),
}
ALL = frozenset(MARKS)
OWN = {unit: frozenset(one for one in MARKS if one[0] == unit) for unit in ("town", "neighbour")}
LED = {action: frozenset(one for one in MARKS if one[1] == action) for action in ("trade", "transport")}
SEEN = {
    "stranger": frozenset(),
    "reporter": OWN["town"],
    "head": OWN["town"],
    "outsider": OWN["neighbour"],
    "outsider_head": OWN["neighbour"],
    "reviewer": LED["trade"],
    "other_reviewer": LED["transport"],
    "lead_reporter": frozenset(),
    "office": ALL,
    "leader": ALL,
    "administrator": ALL,
}
"""Before publication: office and leaders everything, a lead its action, a unit's own people their rows."""

MONTH = "?campaign=hundred-days&period=2022-08"


@pytest.fixture
def filed(cast_with_july: Cast) -> Cast:
    """An August in which both units' figures are approved."""
    cast = cast_with_july
    for (unit, action), figures in FIGURES.items():
        known = {one.code: one for one in getattr(cast, action).indicators.all()}
        bring_to(
            cast,
            S.APPROVED,
            unit=getattr(cast, unit),
            action=getattr(cast, action),
            figures={known[code]: figure(Decimal(value)) for code, value in figures.items()},
        )
    return cast


def analysis_pages(cast: Cast) -> list[str]:
    pages = [reverse(name) for name in ("dashboard", "standings", "actions", "completeness")]
    pages += [reverse("action", args=["hundred-days", number]) for number in (1, 2)]
    pages += [reverse("unit", args=[code]) for code in ("town", "neighbour", "lead")]
    pages += [reverse(name, args=["csv"]) for name in ("export_standings", "export_actions", "export_completeness")]
    pages += [reverse("export_action", args=["hundred-days", number, "csv"]) for number in (1, 2)]
    pages += [reverse("export_unit", args=[code, "csv"]) for code in ("town", "neighbour")]
    pages += [reverse("closing", args=["hundred-days"]), reverse("export_closing", args=["hundred-days", "csv"])]
    return [*(f"{page}{MONTH}" for page in pages), *analysis_answers()]


def analysis_answers() -> list[str]:
    """The same figures over the API, as an answer and as a table."""
    addresses = [reverse(f"api:{name}-list") + MONTH for name in ("standings", "progress", "completeness")]
    addresses += [f"{reverse('api:standings-list')}{MONTH}&action={number}" for number in (1, 2)]
    return [*addresses, *(f"{address}&format=csv" for address in addresses)]


def text_of(cast: Cast, role: str, pages: list[str]) -> str:
    client = client_of(getattr(cast, role))
    answers = [client.get(page) for page in pages]
    return "\n".join(body_of(one).decode() for one in answers if one.status_code == 200)


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def seen_in(text: str) -> frozenset[Any]:
    return frozenset(one for one, marks in MARKS.items() if any(mark in text for mark in marks))


def seen_by_role(cast: Cast) -> dict[str, frozenset[Any]]:
    return {role: seen_in(text_of(cast, role, analysis_pages(cast))) for role in SEEN}


@pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
def test_before_publication_each_role_sees_what_is_disclosed_to_it_and_nothing_else(
    filed: Cast, is_closed: bool
) -> None:
    if is_closed:
        close(filed)
    assert seen_by_role(filed) == SEEN


def test_once_published_the_figures_are_for_all(filed: Cast) -> None:
    publish(filed)
    assert seen_by_role(filed) == dict.fromkeys(SEEN, ALL)


def test_the_other_pages_show_a_unit_nothing_of_its_neighbour(filed: Cast) -> None:
    pages = [reverse(name) for name in ("my_work", "reports", "inbox", "meetings", "awards", "profile")]
    pages += [reverse("report_form", args=["hundred-days", "2022-08", "town"]), reverse("reports") + "?unit=neighbour"]
    pages += [reverse("report", args=[filed.report().pk])]
    for role in ("reporter", "head"):
        assert not seen_in(text_of(filed, role, pages)) & OWN["neighbour"]


# --- reports, narratives, files, names ------------------------------------------------------------------------------

PRIVATE = {
    "narrative": "Two fairs were held in private.",
    "note": "Customs counted twice.",
    "reason": "The total does not add up.",
    "file": "neighbour-contract.txt",
    "name": "Outsider Of The Neighbour",
}
"""What belongs to the neighbour's report."""


def plant(cast: Cast) -> None:
    cast.outsider.name = PRIVATE["name"]
    cast.outsider.save()
    report = cast.report(cast.neighbour)
    report.measurements.update(note=PRIVATE["note"])
    report.events.filter(verb="approve").update(reason=PRIVATE["reason"])
    Report.objects.filter(pk=report.pk).update(progress=PRIVATE["narrative"], saved_by=cast.outsider)
    kept = Attachment(report=report, name=PRIVATE["file"], content_type="text/plain", size=1, sha256="b" * 64)
    kept.uploaded_by = cast.outsider
    kept.file.save("x", ContentFile(b"x"), save=False)
    kept.save()


def every_page(cast: Cast) -> list[str]:
    pages = [reverse(name) for name in ("my_work", "reports", "review", "inbox", "meetings", "awards", "people")]
    reports = [cast.report(cast.neighbour), cast.report(cast.neighbour, cast.transport)]
    pages += [reverse("report", args=[one.pk]) for one in reports]
    pages += [reverse("report_form", args=["hundred-days", "2022-08", "neighbour"])]
    return [*analysis_pages(cast), *(f"{page}{MONTH}" for page in pages)]


KNOWN = {
    **dict.fromkeys(("stranger", "reporter", "head", "lead_reporter"), frozenset()),
    # leads the neighbour's other action, and so knows who filed there
    "other_reviewer": {"name"},
    **dict.fromkeys(("outsider", "outsider_head", "reviewer", "office", "leader", "administrator"), frozenset(PRIVATE)),
}


def test_a_report_its_words_files_and_names_stay_with_unit_lead_office_and_leaders(
    filed: Cast, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    plant(filed)
    publish(filed)
    for role, known in KNOWN.items():
        text = text_of(filed, role, every_page(filed))
        assert {name for name, words in PRIVATE.items() if words in text} == known, role


def test_a_judgement_is_not_told_before_publication_but_to_its_lead_and_those_who_read_everything(filed: Cast) -> None:
    judge_likelihood(
        action=filed.trade, unit=filed.neighbour, period=filed.august, level=Likelihood.Level.UNLIKELY,
        reason="Buyers cancelled.", next_step="Find others.", actor=filed.reviewer, now=filed.now,
    )  # fmt: skip
    accept_reason(
        action=filed.trade, unit=filed.neighbour, period=filed.august, reason="A typhoon in August.",
        actor=filed.reviewer, now=filed.now,
    )  # fmt: skip
    assert AcceptedReason.objects.filter(period=filed.august).count() == 1
    for role in ("reporter", "head", "stranger", "other_reviewer"):
        text = text_of(filed, role, analysis_pages(filed))
        assert "Buyers cancelled." not in text
        assert "A typhoon in August." not in text
    for role in ("reviewer", "office", "outsider_head"):
        assert "A typhoon in August." in text_of(filed, role, analysis_pages(filed)), role


def test_the_neighbours_own_page_does_not_tell_that_its_report_exists(filed: Cast) -> None:
    unit: Unit = filed.neighbour
    page = text_of(filed, "reporter", [reverse("unit", args=[unit.code]) + MONTH])
    assert reverse("report", args=[filed.report(unit).pk]) not in page
    assert reverse("report_form", args=["hundred-days", "2022-08", unit.code]) not in page
