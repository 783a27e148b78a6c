"""Nonsense in every field of every form and in every address: an answer that says what is wrong, never our error.

What the figures of the report form make of bad input is in `tests/campaigns/test_report_form.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from campaigns.models import Attachment, Measurement, Report
from tests.addresses import SAMPLES, Scene, address_of, build_scene, sample_of
from tests.cast import PASSWORD, Cast, client_of
from units.models import Change

OPEN = {"login", "password_reset"}
"""Asked without an account; of the others each is asked by the first of these whom it lets do it."""
ACTORS = ("reporter", "head", "reviewer", "office", "administrator")

NONSENSE = {
    "empty": "",
    "blank": " \t\n",
    "words": "nonsense",
    "long": "x" * 9000,
    "negative": "-1",
    "huge": "1" + "0" * 30,
    "longer than any number": "9" * 5000,
    "more than bigint": str(2**63),
    "not a number": "NaN",
    "exponent": "1e400",
    "full-width": "１２３",
    "superscript": "²",
    "nul": "a\x00b",
    "control": "a\x1b\x07\u202e\u200bb",
    "code": "\"'><script>alert(1)</script>{{7|add:7}}",
    "no day": "2022-02-30",
    "year 0": "0000-00-00T00:00",
    "last day": "9999-12-31T23:59",
    "astral": "🏁" * 50,
}

LINKS = {"password_reset_confirm", "accept_invitation"}  # an old link shows the same page whatever is sent to it
FEW = ("nul", "code", "superscript", "longer than any number")
"""For the many boxes of the report form, whose own tests look at the rest."""
POSTED = sorted(SAMPLES.keys() - LINKS)
PLAIN = "application/x-www-form-urlencoded"
SAYS_WHY = re.compile(r'aria-invalid="true"|role="alert"|class="[^"]*\b(?:alert|msg|error|err)\b|errorlist')


@pytest.fixture
def scene(cast_with_july: Cast, settings: Any, tmp_path: Any) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return build_scene(cast_with_july)


def client_for(name: str, scene: Scene) -> Client:
    """A browser of somebody who may do it; what the address asks for has been brought about."""
    prepare(name, scene)
    if name in OPEN:
        return Client(raise_request_exception=False)
    for who in ACTORS:
        client = client_of(getattr(scene.cast, who), raise_request_exception=False)
        if post(client, name, scene, body_of(name, scene)).status_code not in (403, 404):
            return client
    raise AssertionError(f"nobody may {name}")


def post(client: Client, name: str, scene: Scene, body: Any, kind: str = "") -> Any:
    """One request, after which everything is as before; of another kind than a form where `kind` says so."""
    cookies = client.cookies.copy()
    try:
        with transaction.atomic():
            url = address_of(name, scene)
            answer = client.generic("POST", url, body, kind) if kind else client.post(url, body)
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return answer


def prepare(name: str, scene: Scene) -> None:
    if (given := sample_of(name).given) is not None:
        given(scene)


def body_of(name: str, scene: Scene) -> dict[str, Any]:
    """The right body; made anew for each request, since a file is read only once."""
    return dict(sample_of(name).body(scene))


# --- every field ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", POSTED)
def test_an_address_answers_whatever_is_sent_to_it(scene: Scene, name: str) -> None:
    client, right = client_for(name, scene), body_of(name, scene)
    if post(client, name, scene, {}).status_code == 405:
        return
    wrong = [
        *nonsense_in_each_field(client, name, scene, right),
        *fields_missing_repeated_and_made_up(client, name, scene, right),
        *bodies_of_another_kind(client, name, scene),
    ]
    assert not wrong, "\n".join(wrong)


def nonsense_in_each_field(client: Client, name: str, scene: Scene, right: dict[str, Any]) -> Iterator[str]:
    kinds = FEW if name in ("report_form", "save_report") else NONSENSE.keys()
    for field in right.keys() - {"do"}:
        for kind in kinds:
            answer = post(client, name, scene, {**body_of(name, scene), field: NONSENSE[kind]})
            if answer.status_code not in (200, 302, 400, 404, 409):
                yield f"{field} = {kind}: {answer.status_code}"
            elif answer.status_code in (400, 409) and not SAYS_WHY.search(answer.content.decode()):
                yield f"{field} = {kind}: {answer.status_code} without a word why"


def fields_missing_repeated_and_made_up(
    client: Client, name: str, scene: Scene, right: dict[str, Any]
) -> Iterator[str]:
    fields = [field for field in right if field != "do"]
    bodies: list[Any] = [{key: value for key, value in right.items() if key != field} for field in fields]
    bodies += [{**right, field: [right[field], "nonsense"]} for field in fields if isinstance(right[field], str)]
    bodies += [{**right, field: SimpleUploadedFile("x.txt", b"x")} for field in fields]
    bodies += [{**right, "is_superuser": "on", "status": "approved", "unit_id": "1", "pk": "1", "actor": "1"}]
    for body in bodies:
        status = post(client, name, scene, body).status_code
        if status not in (200, 302, 400, 403, 404, 409):
            yield f"{body}: {status}"


def bodies_of_another_kind(client: Client, name: str, scene: Scene) -> Iterator[str]:
    broken = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
    kinds: dict[str, tuple[bytes, str]] = {
        "JSON": (b'{"version": 1}', "application/json"),
        "text": (b"version=1", "text/plain"),
        "no text": (b"\xff\xfe\x00", PLAIN),
        "a lone surrogate": (b"version=%ED%A0%80%00&reason=%ff%fe", PLAIN),
        "broken parts": (broken, "multipart/form-data; boundary=x"),
        "no boundary": (b"x", "multipart/form-data"),
        "empty boundary": (b"x", "multipart/form-data; boundary="),
        "unknown charset": (b"version=1", f"{PLAIN}; charset=no-such"),
    }
    for kind, (body, content_type) in kinds.items():
        status = post(client, name, scene, body, content_type).status_code
        if status not in (200, 302, 400, 403, 404, 409):
            yield f"{kind}: {status}"


def test_too_many_fields_and_too_large_a_body_are_refused(scene: Scene) -> None:
    many = "&".join(f"field{number}=1" for number in range(10_000)).encode()
    large = b"x=" + b"1" * (6 * 1024 * 1024)
    for name in ("profile", "report_form", "save_report", "login", "calendar"):
        client = client_for(name, scene)
        assert [post(client, name, scene, body, PLAIN).status_code for body in (many, large)] == [400, 400], name


def test_nothing_of_the_sweep_is_written(scene: Scene) -> None:
    """The same nonsense again without taking it back, where nothing of it is right."""
    changes, client = Change.objects.count(), client_for("profile", scene)
    for value in ("\x00", "x" * 9000):
        client.post(reverse("profile"), {"name": value, "email": value, "theme": value})
    assert Change.objects.count() == changes


# --- every address --------------------------------------------------------------------------------------------------

ASKED = {
    "my_work": ("campaign", "period"),
    "standings": ("campaign", "period", "group"),
    "actions": ("campaign", "period"),
    "action": ("period", "judge"),
    "unit": ("campaign", "period"),
    "reports": ("campaign", "period", "unit", "action", "status", "overdue", "ordering", "page"),
    "review": ("campaign", "period", "report", "action", "odd"),
    "meetings": ("campaign",),
    "meeting": ("campaign", "tab"),
    "agenda": ("at",),
    "new_meeting": ("campaign",),
    "awards": ("campaign", "scheme"),
    "inbox": ("before",),
    "people": ("q", "unit", "role", "state", "page"),
    "periods": ("campaign", "period"),
    "calendar": ("month",),
    "export_reports": ("campaign", "period", "unit", "action", "status", "overdue", "ordering"),
    "export_standings": ("campaign", "period", "group"),
    "export_unit": ("campaign", "period", "year"),
    "export_meetings": ("campaign", "period"),
    "export_packs": ("campaign", "period"),
    "export_campaigns": ("campaign", "period"),
    "export_awards": ("campaign", "period", "scheme"),
    "login": ("next",),
    "clock": ("campaign",),
}


@pytest.mark.parametrize("name", ASKED)
def test_nonsense_in_the_query_of_an_address_is_answered(scene: Scene, name: str) -> None:
    who = {"review": "reviewer", "login": "anonymous", "clock": "administrator"}.get(name, "reporter")
    of_office = ("people", "periods", "calendar", "export_packs", "agenda", "new_meeting")
    who = "office" if name in of_office else "reviewer" if name == "action" else who
    client = Client() if who == "anonymous" else client_of(getattr(scene.cast, who))
    client.raise_request_exception = False
    url, wrong = address_of(name, scene), []
    for parameter in (*ASKED[name], "nobody-asks-for-this"):
        for kind, value in NONSENSE.items():
            status = client.get(url, {parameter: value}).status_code
            if status not in (200, 302, 400, 404):
                wrong.append(f"{parameter} = {kind}: {status}")
        status = client.get(url, {parameter: ["2022-08", "1", "x"]}).status_code
        if status >= 500:
            wrong.append(f"{parameter} three times: {status}")
    assert not wrong, "\n".join(wrong)


def test_a_query_with_ten_thousand_parts_or_broken_signs_is_refused(cast: Cast) -> None:
    client = client_of(cast.reporter)
    many = "&".join(f"field{number}=1" for number in range(10_000))
    assert client.get(f"{reverse('reports')}?{many}").status_code == 400
    for query in (
        "%",
        "%00",
        "%ED%A0%80",
        "a=%ff&b=%fe",
        "=&&==",
        "period=%00",
        "status=%00&unit=%00",
        "page=%EF%BC%91",
    ):
        assert client.get(f"{reverse('reports')}?{query}").status_code in (200, 400, 404)


PATHS = (
    "/reports/0/",
    "/reports/-1/",
    f"/reports/{2**63}/",
    f"/reports/{10**30}/",
    f"/reports/{'9' * 3000}/",
    "/reports/１/",
    "/reports/%00/",
    "/reports/hundred-days/2022-13/town/",
    "/reports/hundred-days/0000-00/town/",
    "/reports/hundred-days/２０２２-08/town/",
    "/reports/hundred-days/%00/town/",
    "/reports/no-such/2022-08/town/",
    "/reports/hundred-days/2022-08/no-such/",
    f"/reports/reopen/hundred-days/2022-07/town/{10**30}/",
    f"/actions/hundred-days/{10**30}/",
    "/actions/hundred-days/0/",
    f"/actions/hundred-days/{'9' * 3000}/",
    "/actions/no-such/1/",
    "/units/no-such/",
    f"/units/{'x' * 3000}/",
    f"/meetings/{10**30}/",
    f"/attachments/{10**30}/",
    f"/measurements/{10**30}/correct/",
    f"/people/{10**30}/",
    f"/people/roles/{10**30}/",
    f"/inbox/{10**30}/",
    "/periods/hundred-days/2022-13/close/",
    "/periods/hundred-days/%00/publish/",
    "/accounts/reset/%00/x/",
    f"/accounts/reset/{'x' * 3000}/set-password/",
    "/accounts/invitation/OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x/",
    "/static/../../jiaxing/settings.py",
    "/static/%2e%2e/%2e%2e/jiaxing/settings.py",
    "/media/../../var/secret_key",
    "/media/reports/1/x",
    "/%ED%A0%80/",
    "/admin/units/user/%00/change/",
    f"/admin/units/user/{10**30}/change/",
    "/admin/units/user/nonsense/change/",
)


@pytest.mark.parametrize("who", ["reporter", "office", "administrator"])
def test_an_address_that_is_none_leads_nowhere(scene: Scene, who: str) -> None:
    client = client_of(getattr(scene.cast, who), raise_request_exception=False)
    statuses = {path[:80]: client.get(path).status_code for path in PATHS}
    expected = {200, 404} if who != "administrator" else {200, 302, 404}
    odd = {path: status for path, status in statuses.items() if status not in expected | {302, 403}}
    assert not odd
    shown = {path for path, status in statuses.items() if status == 200}
    assert all(path.startswith("/accounts/") for path in shown), shown


def test_nonsense_in_the_administrations_lists_is_answered(scene: Scene) -> None:
    client = client_of(scene.cast.administrator, raise_request_exception=False)
    wrong = []
    for model in ("units_user", "campaigns_report", "campaigns_period", "units_change", "campaigns_measurement"):
        url = reverse(f"admin:{model}_changelist")
        for parameter in (
            "q",
            "p",
            "o",
            "all",
            "e",
            "id__exact",
            "status__exact",
            "unit__id__exact",
            "password__startswith",
        ):
            for value in ("\x00", "-1", "9" * 400, "nonsense", "１", "²"):
                status = client.get(url, {parameter: value}).status_code
                if status >= 500:
                    wrong.append(f"{url} {parameter} {value[:10]!r}: {status}")
    assert not wrong, "\n".join(wrong)


# --- what the report form adds --------------------------------------------------------------------------------------


def form(scene: Scene, **changes: str) -> Any:
    body = {**SAMPLES["report_form"].body(scene)}
    report, indicator = scene.report.pk, scene.cast.exports.pk
    for name, value in changes.items():
        key = f"r{report}-{name}-{indicator}" if name in ("value", "note", "status", "growth") else f"r{report}-{name}"
        body[key] = value
    return client_of(scene.cast.reporter).post(address_of("report_form", scene), body)


def test_a_nul_is_refused_beside_its_box_and_the_rest_is_saved_or_kept(scene: Scene) -> None:
    for box in ("value", "note", "growth", "progress", "problems", "next_steps"):
        answer = form(scene, **{box: "12\x0034"})
        page = answer.content.decode()
        assert answer.status_code == 400, box
        assert SAYS_WHY.search(page), box
        assert "13.0" in page
        assert "\x00" not in Measurement.objects.get(report=scene.report, indicator=scene.cast.exports).note


def test_a_version_that_none_was_saves_nothing(scene: Scene) -> None:
    before = scene.report.version
    for version in ("0", "-1", str(2**63), "1" + "0" * 30, "9" * 5000, "²", "１0", "1.0", "x", ""):
        answer = form(scene, version=version)
        assert answer.status_code in (400, 409), version
        assert scene.report.version == before


def test_boxes_of_another_units_report_are_left_alone(scene: Scene) -> None:
    foreign, cast = scene.cast.report(scene.cast.neighbour), scene.cast
    body = {
        f"r{foreign.pk}-version": str(foreign.version),
        f"r{foreign.pk}-value-{cast.exports.pk}": "1.00",
        f"r{foreign.pk}-progress": "Not ours.",
        "do": f"submit:{foreign.pk}",
    }
    client = client_of(cast.reporter, raise_request_exception=False)
    assert client.post(address_of("report_form", scene), body).status_code < 500
    assert client.post(address_of("save_report", scene), body).status_code < 500
    kept = Report.objects.get(pk=foreign.pk)
    assert (kept.status, kept.version, kept.progress) == (foreign.status, foreign.version, foreign.progress)
    assert not foreign.measurements.filter(value=1).exists()


def test_boxes_of_another_actions_indicator_are_left_alone(scene: Scene) -> None:
    report, roads = scene.report, scene.cast.roads
    body = {**SAMPLES["report_form"].body(scene), f"r{report.pk}-value-{roads.pk}": "7"}
    body[f"r{report.pk}-value-{10**30}"] = "7"
    assert client_of(scene.cast.reporter).post(address_of("report_form", scene), body).status_code == 302
    assert not Measurement.objects.filter(report=report, indicator=roads).exists()


BUTTONS = (
    "submit:²", "submit:９", "submit:" + "9" * 5000, "recall:-1", "recall:²", "recall:99", "nonsense", "x" * 9000, ":"
)  # fmt: skip


def test_a_button_that_there_is_not_ends_in_an_answer(scene: Scene) -> None:
    client = client_for("report_form", scene)
    for do in BUTTONS:
        status = post(client, "report_form", scene, {**body_of("report_form", scene), "do": do}).status_code
        assert status in (200, 302, 400, 404), do


def test_the_office_files_on_behalf_of_nobody_that_there_is_not(scene: Scene) -> None:
    client = client_of(scene.cast.office, raise_request_exception=False)
    for person in ("²", "9" * 5000, "-1", "999999", "x"):
        body = {**body_of("report_form", scene), "do": f"submit:{scene.report.pk}", "on_behalf_of": person}
        assert post(client, "report_form", scene, body).status_code in (400, 403), person


def test_the_office_cannot_file_on_behalf_of_another_units_reporter(scene: Scene) -> None:
    report = scene.report
    body = {**SAMPLES["report_form"].body(scene), "do": f"submit:{report.pk}", "on_behalf_of": scene.cast.outsider.pk}
    assert client_of(scene.cast.office).post(address_of("report_form", scene), body).status_code == 400
    assert scene.report.status == report.status


# --- files ----------------------------------------------------------------------------------------------------------


FILE_NAMES = ("a\x00b.txt", "../../x.txt", "x" * 400 + ".txt", "", ".", "..", "\u202etxt.exe", "a\r\nb.txt")


def test_a_file_name_that_is_none_ends_in_an_answer(scene: Scene) -> None:
    client = client_for("add_attachment", scene)
    for number, name in enumerate(FILE_NAMES):
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"'
        body = f"--xyz\r\n{head}\r\nContent-Type: text/plain\r\n\r\nhello {number}\r\n--xyz--\r\n".encode()
        url = address_of("add_attachment", scene)
        answer = client.generic("POST", url, body, "multipart/form-data; boundary=xyz")
        assert answer.status_code in (200, 400), name
    for kept in Attachment.objects.exclude(pk=scene.attachment.pk):
        assert not set(kept.name) & set("\x00\r\n/\\")
        assert client.get(reverse("attachment", args=[kept.pk])).status_code == 200


def test_more_files_than_a_form_takes_are_refused(scene: Scene) -> None:
    files = {f"file{number}": SimpleUploadedFile(f"{number}.txt", b"x") for number in range(25)}
    client = client_of(scene.cast.reporter, raise_request_exception=False)
    assert client.post(address_of("add_attachment", scene), files).status_code == 400


# --- typed text is kept ---------------------------------------------------------------------------------------------

KEPT = {
    "send_back_report": ("version", "reason"),
    "reopen_report": ("until", "reason"),
    "correct_measurement": ("value", "reason"),
    "judge_likelihood": ("level", "reason"),
    "profile": ("email", "name"),
    "add_person": ("email", "name"),
    "calendar": ("on", "note"),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_was_typed_is_kept_when_another_field_is_wrong(scene: Scene, name: str) -> None:
    bad, kept = KEPT[name]
    client = client_for(name, scene)
    body = {**body_of(name, scene), bad: "no-such-thing", kept: 'Typed "here" & kept'}
    page = client.post(address_of(name, scene), body).content.decode()
    assert SAYS_WHY.search(page)
    assert escape('Typed "here" & kept') in page


# --- signing in -----------------------------------------------------------------------------------------------------


def test_nonsense_at_the_sign_in_is_answered(cast: Cast) -> None:
    for kind, value in NONSENSE.items():
        client = Client(raise_request_exception=False, headers={"user-agent": value.replace("\n", "")[:300]})
        for body in ({"username": value, "password": PASSWORD}, {"username": "reporter", "password": value}):
            assert client.post(reverse("login"), body).status_code in (200, 429), kind
