"""Every address of the site with the rows that it names and a body that is right: what tests over all pages ask for.

`build_scene` makes the rows, `SAMPLES` says how each address is asked for; an address without a sample needs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from awards.models import Adjustment, Appeal, Round, Scheme
from awards.operations.appeals import file_appeal
from awards.operations.decisions import decide_winner
from awards.operations.rounds import review_round
from campaigns.documents.pack_files import built_in_template
from campaigns.domain.workflow import ReportStatus as S
from campaigns.models import (
    AcceptedReason,
    AgendaItem,
    AgendaPaper,
    Attachment,
    Campaign,
    EarlyWarning,
    FollowUp,
    FollowUpFile,
    Meeting,
    MeetingSeries,
    Minutes,
    Pack,
    ProjectPhoto,
    Report,
)
from campaigns.operations.pack_files import keep_file
from jiaxing.signs import BEAT, WORKER, show_life
from tests.awards.builders import adjusted, announced, computed, in_publicity, opened, saved_scheme
from tests.builders import bring_to, close, draft_pack, issued_pack
from tests.cast import NOW, PASSWORD, Cast
from tests.followed import registered
from tests.warned import warned
from units.models import Job, Membership, Message, Role, Upload
from units.queries.preferences import unsubscribe_token


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Name and route of each address; in the administration the name begins with `admin:`."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            space = f"{one.namespace}:" if one.namespace else ""
            yield from patterns(one, prefix + space)
        elif isinstance(one, URLPattern):
            yield f"{prefix}{one.name or ''}", str(one.pattern)


def addresses() -> Iterator[tuple[str, str]]:
    """Name and route of every address of the site."""
    return patterns(get_resolver())


def pages() -> list[str]:
    """Names of the addresses for people. The administration and the REST API have tables of their own, by which every
    one of their addresses is asked for: `tests.test_access_matrix` and `tests.test_api_matrix`."""
    return sorted({name for name, _route in addresses() if not name.startswith(("admin:", "api:"))})


# --- how each is asked for ------------------------------------------------------------------------------------------


@dataclass
class Scene:
    """The rows that the addresses name; all belong to the town, and July is published."""

    cast: Cast
    attachment: Attachment
    message: Message
    stand_in: Membership
    meeting: Meeting
    july_report: Report
    upload: Upload
    table: Upload
    job: Job
    pack: Pack

    @property
    def report(self) -> Report:
        return self.cast.report()


@dataclass(frozen=True)
class Sample:
    """How an address is asked for: its parts, a body that is right, and what must have happened before."""

    kwargs: Callable[[Scene], Mapping[str, Any]] = lambda scene: {}
    body: Callable[[Scene], Mapping[str, Any]] = field(default=lambda scene: {})
    given: Callable[[Scene], Any] | None = None


def of_campaign(scene: Scene) -> dict[str, Any]:
    return {"campaign": "hundred-days", "month": "2022-08", "unit": "town"}


def of_report(scene: Scene) -> dict[str, Any]:
    return {"report_id": scene.report.pk}


def of_table(scene: Scene) -> dict[str, Any]:
    return {"name": "indicators"}


def of_job(scene: Scene) -> dict[str, Any]:
    return {"job_id": scene.job.pk}


def flag_as_workbook(scene: Scene) -> dict[str, Any]:
    """The file of an award, which is made when it is first asked for."""
    made = {"name_en": "Flag", "name_zh": "红旗", "campaign": scene.cast.campaign, "group": scene.cast.localities}
    Scheme.objects.get_or_create(code="flag", defaults={**made, "interval": Scheme.Interval.HALF_YEAR})
    return as_workbook(scene)


def the_scheme(scene: Scene) -> Scheme:
    return Scheme.objects.first() or saved_scheme(scene.cast)


def the_round(scene: Scene) -> Round:
    """An award round of July, open and marked, made when it is first asked for."""
    return Round.objects.first() or opened(scene.cast)


def of_round(scene: Scene) -> dict[str, Any]:
    return {"round_id": the_round(scene).pk}


def on_round(**typed: Any) -> Callable[[Scene], dict[str, Any]]:
    """What a step on the round is asked with; values that are functions are asked for with the scene."""

    def body(scene: Scene) -> dict[str, Any]:
        told = {name: value(scene) if callable(value) else value for name, value in typed.items()}
        return {"version": the_round(scene).version, **told}

    return body


def the_town(scene: Scene) -> int:
    return scene.cast.town.pk


def round_is_computed(scene: Scene) -> Round:
    return computed(scene.cast, the_round(scene))


def round_is_public(scene: Scene) -> Round:
    """In publicity from today on; the scheme asks for no days, so that it may be announced at once."""
    award = computed(scene.cast, opened(scene.cast, saved_scheme(scene.cast, publicity_working_days=0)))
    return in_publicity(scene.cast, award, starts_on=NOW.date())


def round_is_announced(scene: Scene) -> Round:
    return announced(scene.cast, round_is_public(scene), now=NOW)


def round_has_an_appeal(scene: Scene) -> None:
    award = round_is_public(scene)
    file_appeal(round_id=award.pk, unit=scene.cast.town, text="Too low.", actor=scene.cast.head, now=NOW)


def round_has_a_decision(scene: Scene) -> None:
    award, by = round_is_computed(scene), scene.cast.administrator
    decide_winner(round_id=award.pk, unit=scene.cast.town, is_winner=False, reason="Audit", actor=by, now=NOW)


def of_evidence(scene: Scene) -> dict[str, Any]:
    """A bonus of the town whose evidence is a file."""
    if not Adjustment.objects.exists():
        adjusted(scene.cast, the_round(scene), scene.cast.town, evidence=SimpleUploadedFile("notice.txt", b"x"))
    return {"adjustment_id": Adjustment.objects.get().pk}


def of_public_round(scene: Scene) -> dict[str, Any]:
    return {"round_id": (Round.objects.first() or round_is_public(scene)).pk}


def of_snapshot(scene: Scene) -> dict[str, Any]:
    return {"round_id": (Round.objects.first() or round_is_announced(scene)).pk}


def scheme_boxes(scene: Scene) -> dict[str, Any]:
    """The boxes of the scheme editor, of a scheme of one criterion and one gate."""
    scheme = Scheme.objects.first()
    return {
        "code": scheme.code if scheme else "flag", "name_zh": "月度流动红旗", "name_en": "Monthly flag",
        "campaign": scene.cast.campaign.pk, "group": scene.cast.localities.pk, "interval": "month", "flags": "1",
        "minimum_score": "20", "tie_rule": "shared", "decimals": "2", "bonus_cap": "5", "penalty_cap": "",
        "publicity_working_days": "3", "revision": str(scheme.revision) if scheme else "", "criteria": "1",
        "gates": "1", "c1-name_zh": "出口", "c1-name_en": "Exports", "c1-weight": "100",
        "c1-basis": "indicator_attainment", "c1-indicator": "exports", "c1-method": "linear",
        "c1-linear-bonus_cap": "10", "g1-name_zh": "门槛", "g1-name_en": "At least", "g1-criterion": "1",
        "g1-minimum": "10", "g1-behind": "",
    }  # fmt: skip


def rules_in_boxes(scene: Scene) -> dict[str, Any]:
    """What is tried of the round's scheme, as it is."""
    the_round(scene)
    rules = {"flags": "1", "minimum_score": "20", "tie_rule": "shared"}
    weights = {"c1-weight": "50", "c2-weight": "30", "c3-weight": "20"}
    return {**rules, **weights, "c1-method": "linear", "c2-method": "linear", "c3-method": "target"}


EVIDENCE = {"kind": "bonus", "points": "1", "reason": "Praise", "evidence_note": "Notice 12"}


def as_workbook(scene: Scene) -> dict[str, Any]:
    return {"kind": "xlsx"}


def of_upload(scene: Scene) -> dict[str, Any]:
    return {**of_campaign(scene), "upload_id": scene.upload.pk}


def of_action(scene: Scene) -> dict[str, Any]:
    return {"campaign": "hundred-days", "number": 1}


def of_stranger(scene: Scene) -> dict[str, Any]:
    return {"person_id": scene.cast.stranger.pk}


def of_attachment(scene: Scene) -> dict[str, Any]:
    return {"attachment_id": scene.attachment.pk}


def of_period(month: str) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {"campaign": "hundred-days", "month": month}


def new_campaign(scene: Scene) -> dict[str, str]:
    """What the copy of a campaign is asked for with."""
    return {
        "slug": "copied",
        "name_en": "Copied",
        "name_zh": "副本",
        "starts_on": "2023-07-12",
        "ends_on": "2023-10-19",
        "suffix": "-2023",
    }


def follow_an_earlier(campaign: Campaign) -> None:
    """The campaign is compared with one of the year before."""
    days = {"starts_on": date(2021, 7, 12), "ends_on": date(2021, 10, 19)}
    earlier = Campaign.objects.create(slug="earlier", name_en="Earlier", name_zh="往年", office=campaign.office, **days)
    Campaign.objects.filter(pk=campaign.pk).update(follows=earlier)


def of_project(scene: Scene) -> dict[str, Any]:
    return {"code": the_warning(scene).project.code}


def of_update(scene: Scene) -> dict[str, Any]:
    return {**of_project(scene), "of_month": "2022-08"}


def of_photo(scene: Scene) -> dict[str, Any]:
    """A photo of the town's project, of July."""
    update = the_warning(scene).project.updates.get(period=scene.cast.july)
    photo = update.photos.first() or ProjectPhoto(update=update, name="site.jpg", sha256="0" * 64)
    if photo.pk is None:
        photo.file.save("site.jpg", ContentFile(b"photo"), save=False)
        photo.save()
    return {**of_project(scene), "photo_id": photo.pk}


def staged(scene: Scene) -> dict[str, Any]:
    return {"version": the_warning(scene).project.version, "stage": "new_start"}


def exited(scene: Scene) -> dict[str, Any]:
    return {"version": the_warning(scene).project.version, "reason": "No land."}


def the_warning(scene: Scene) -> EarlyWarning:
    """An early warning on a project of the town that has been explained, made when it is first asked for."""
    return EarlyWarning.objects.filter(cause="start_overdue").first() or warned(scene.cast, "explained")


def of_warning(scene: Scene) -> dict[str, Any]:
    return {"warning_id": the_warning(scene).pk}


def of_meeting(scene: Scene) -> dict[str, Any]:
    return {"meeting_id": scene.meeting.pk}


def the_item(scene: Scene) -> AgendaItem:
    """The town's item on the agenda, the second of two, with a file that it handed in; made when first asked for."""
    found = scene.meeting.agenda.filter(presenter=scene.cast.town).first()
    if found is None:
        for order, unit in ((71, scene.cast.neighbour), (72, scene.cast.town)):
            title = {"title_en": f"Item {order}", "title_zh": f"议题{order}"}
            made = {"order": order, "kind": "locality_report", "presenter": unit, **title}
            found = AgendaItem.objects.create(meeting=scene.meeting, **made)
    assert found is not None
    return found


def the_paper(scene: Scene) -> AgendaPaper:
    item = the_item(scene)
    found = item.papers.first()
    if found is None:
        found = AgendaPaper(agenda_item=item, name="paper.txt", content_type="text/plain", size=1, sha256="a" * 64)
        found.uploaded_by, found.uploaded_at = scene.cast.reporter, NOW
        found.file.save("paper.txt", ContentFile(b"x"), save=False)
        found.save()
    return found


def of_item(scene: Scene) -> dict[str, Any]:
    return {**of_meeting(scene), "item_id": the_item(scene).pk}


def of_presented(scene: Scene) -> dict[str, Any]:
    """The meeting, with somebody who presents and has a project."""
    the_item(scene)
    the_warning(scene)
    return of_meeting(scene)


def of_paper(scene: Scene) -> dict[str, Any]:
    return {"paper_id": the_paper(scene).pk}


def the_series(scene: Scene) -> MeetingSeries:
    made = {"name_en": "Analysis", "name_zh": "分析会"}
    return MeetingSeries.objects.get_or_create(campaign=scene.cast.campaign, kind="monthly_analysis", defaults=made)[0]


def arranged(scene: Scene) -> dict[str, Any]:
    """The boxes of a meeting."""
    names = {"name_en": "Called", "name_zh": "会议", "is_monthly_analysis": "on"}
    return {"version": scene.meeting.version, "campaign": scene.cast.campaign.pk, "held_on": "2022-10-11", **names}


def on_the_agenda(scene: Scene) -> dict[str, Any]:
    names = {"title_en": "Exports", "title_zh": "出口", "kind": "other", "form": "oral", "session": "main"}
    return {**of_version(scene), "minutes_allotted": 10, **names}


def rows_of_nothing(scene: Scene) -> dict[str, Any]:
    return {**of_version(scene), "row-TOTAL_FORMS": 0, "row-INITIAL_FORMS": 0}


def own_paper(scene: Scene) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("paper.txt", b"Our paper.")}


def of_version(scene: Scene) -> dict[str, Any]:
    return {"version": scene.meeting.version}


def concluded(scene: Scene) -> dict[str, Any]:
    counts = {"item-TOTAL_FORMS": 1, "item-INITIAL_FORMS": 0}
    return {**of_version(scene), **counts, "item-0-conclusion_en": "Two fairs."}


def has_minutes(scene: Scene) -> None:
    """Issued ones."""
    if not scene.meeting.minutes.exists():
        Minutes.objects.create(meeting=scene.meeting, number="2022-1", issued_at=NOW, issued_by=scene.cast.office)


def of_issued(scene: Scene) -> dict[str, Any]:
    has_minutes(scene)
    return of_meeting(scene)


def the_follow_up(scene: Scene) -> FollowUp:
    """A follow-up of the town, registered with a file, made when it is first asked for."""
    found = FollowUp.objects.first()
    if found is None:
        found = registered(scene.cast)
        kept = FollowUpFile(follow_up=found, name="letter.txt", content_type="text/plain", size=1, sha256="a" * 64)
        kept.uploaded_by = scene.cast.reporter
        kept.file.save("letter.txt", ContentFile(b"x"), save=False)
        kept.save()
    return found


def of_follow_up(scene: Scene) -> dict[str, Any]:
    return {"follow_up_id": the_follow_up(scene).pk}


def new_follow_up(scene: Scene) -> dict[str, Any]:
    return {"title_en": "Do it", "title_zh": "办", "lead": scene.cast.town.pk, "due_on": "2022-09-30"}


def answered(scene: Scene) -> dict[str, Any]:
    """The boxes of every step of a warning."""
    measure = {"measure": "A second shift.", "measure_due_on": "2022-09-30"}
    words = {"explanation": "The land came late.", "reason": "It goes on."}
    return {"version": the_warning(scene).version, **words, **measure}


def is_at(status: S) -> Callable[[Scene], Any]:
    return lambda scene: bring_to(scene.cast, status)


def filled(scene: Scene) -> dict[str, str]:
    """The boxes of the report form, every one with something sensible."""
    report, cast = scene.report, scene.cast
    key = f"r{report.pk}"
    boxes = {f"{key}-version": str(report.version), f"{key}-progress": "Two fairs held."}
    for indicator, value in ((cast.exports, "91.5"), (cast.share, "13.0")):
        boxes |= {
            f"{key}-value-{indicator.pk}": value,
            f"{key}-status-{indicator.pk}": "verified",
            f"{key}-note-{indicator.pk}": "",
        }
    return {**boxes, "do": "save"}


def decided(scene: Scene) -> dict[str, Any]:
    return {"version": scene.report.version, "reason": "Please check the exports."}


def new_person(scene: Scene) -> dict[str, str]:
    return {"username": "newcomer", "name": "New Comer", "email": "new@example.org"}


def stand_in(scene: Scene) -> dict[str, Any]:
    absent = Membership.objects.get(user=scene.cast.reporter)
    return {
        "absent": absent.pk,
        "stand_in": scene.cast.head.pk,
        "starts_on": "2022-10-10",
        "ends_on": "2022-10-12",
    }


def corrected(scene: Scene) -> dict[str, Any]:
    version = scene.july_report.measurements.get(indicator=scene.cast.exports).version
    return {"version": version, "value": "51.5", "value_status": "verified", "note": "", "reason": "Customs revised."}


def july_exports(scene: Scene) -> dict[str, Any]:
    return {"measurement_id": scene.july_report.measurements.get(indicator=scene.cast.exports).pk}


def people_file(scene: Scene) -> dict[str, Any]:
    rows = "username,name,email,unit,role\nx.new,X New,x@example.org,town,reporter\n"
    return {"file": SimpleUploadedFile("people.csv", rows.encode(), content_type="text/csv")}


def photo(scene: Scene) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("notes.txt", b"Two fairs held.")}


def judged(scene: Scene) -> dict[str, str]:
    return {"unit": "town", "level": "likely", "reason": "Orders are in.", "next_step": ""}


def of_pack(scene: Scene) -> dict[str, Any]:
    """The newest: July's issued one, or the draft that was made after it."""
    return {"pack_id": Pack.objects.latest("pk").pk}


def written(scene: Scene) -> dict[str, Any]:
    return {"version": Pack.objects.latest("pk").version, "en-leads": "The town leads.", "zh-leads": "河畔市居首位。"}


def has_draft(scene: Scene) -> Any:
    return draft_pack(scene.cast)


def template_file(scene: Scene) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("house style.docx", built_in_template())}


def saved_by_office(scene: Scene) -> dict[str, Any]:
    return {**decided(scene), "on_behalf_of": scene.cast.reporter.pk}


def of_unsubscription(scene: Scene) -> dict[str, Any]:
    return {"token": unsubscribe_token(scene.cast.reporter.pk, "email", "report_due_soon")}


LINK = Sample(lambda scene: {"uidb64": "MQ", "token": "no-such"}, lambda scene: {"new_password1": "x"})
SAMPLES = {
    "set_language": Sample(body=lambda scene: {"language": "en", "next": "/"}),
    "login": Sample(body=lambda scene: {"username": "leader", "password": PASSWORD}),
    "password_reset": Sample(body=lambda scene: {"email": "leader@example.org"}),
    "password_reset_confirm": LINK,
    "accept_invitation": LINK,
    "password_change": Sample(
        body=lambda scene: {
            "old_password": PASSWORD,
            "new_password1": "battery-staple-99",
            "new_password2": "battery-staple-99",
        }
    ),
    "set_mail": Sample(body=lambda scene: {"kind": "report_due_soon", "on": "0"}),
    "unsubscribe": Sample(of_unsubscription),
    "send_again": Sample(body=lambda scene: {"delivery": "1"}),
    "run_job": Sample(lambda scene: {"task": "units.clean_up"}),
    "profile": Sample(
        body=lambda scene: {"name": "Somebody", "email": "else@example.org", "theme": "auto", "mail_pace": "digest"}
    ),
    "inbox_read_all": Sample(body=lambda scene: {"up_to": scene.message.pk}),
    "inbox_open": Sample(lambda scene: {"message_id": scene.message.pk}),
    "inbox_read": Sample(lambda scene: {"message_id": scene.message.pk}),
    "add_person": Sample(body=new_person),
    "person": Sample(of_stranger, new_person),
    "deactivate_person": Sample(of_stranger),
    "reactivate_person": Sample(of_stranger),
    "invite_person": Sample(of_stranger),
    "give_role": Sample(of_stranger, lambda scene: {"unit": scene.cast.town.pk, "role": "reporter"}),
    "role_dates": Sample(
        lambda scene: {"membership_id": scene.stand_in.pk},
        lambda scene: {"starts_on": "2022-09-01", "ends_on": "2022-09-12"},
    ),
    "end_role": Sample(lambda scene: {"membership_id": scene.stand_in.pk}),
    "stand_ins": Sample(body=stand_in),
    "import_people": Sample(body=people_file),
    "confirm_import_people": Sample(body=lambda scene: {"rows": "x"}),
    "report_form": Sample(of_campaign, filled),
    "export_people": Sample(as_workbook),
    "export_reports": Sample(as_workbook),
    "export_review": Sample(as_workbook),
    "export_standings": Sample(as_workbook),
    "export_compare": Sample(as_workbook),
    "export_actions": Sample(as_workbook),
    "export_completeness": Sample(as_workbook),
    "chase_reports": Sample(body=lambda scene: {"report": "town/1"}),
    "export_action": Sample(lambda scene: {**of_action(scene), "kind": "csv"}),
    "export_unit": Sample(lambda scene: {"code": "town", "kind": "xlsx"}),
    "export_periods": Sample(as_workbook),
    "export_meetings": Sample(as_workbook),
    "export_packs": Sample(as_workbook),
    "export_campaigns": Sample(as_workbook),
    "export_awards": Sample(flag_as_workbook),
    "open_round": Sample(
        body=lambda scene: {"scheme": the_scheme(scene).pk, "period": scene.cast.july.pk},
    ),
    "award_round": Sample(of_round),
    "round_marks": Sample(of_round, on_round(**{"mark-2-town": "90", "note-2-town": "Well led"})),
    "new_scheme": Sample(body=scheme_boxes),
    "edit_scheme": Sample(lambda scene: {"scheme_id": the_scheme(scene).pk}, scheme_boxes),
    "round_what_if": Sample(of_round, rules_in_boxes),
    "compute_round": Sample(of_round, on_round()),
    "review_round": Sample(of_round, on_round(), round_is_computed),
    "publicise_round": Sample(
        of_round,
        on_round(publicity_from="2022-09-05", publicity_until="2022-09-07"),
        lambda scene: review_round(round_id=round_is_computed(scene).pk, actor=scene.cast.office, now=NOW),
    ),
    "adjust_round": Sample(of_round, on_round(unit=the_town, **EVIDENCE), round_is_computed),
    "withdraw_adjustment": Sample(
        of_round,
        on_round(adjustment=lambda scene: Adjustment.objects.get().pk, reason="Wrong unit"),
        lambda scene: adjusted(scene.cast, the_round(scene), scene.cast.town),
    ),
    "appeal_round": Sample(of_round, on_round(unit=the_town, text="Too low."), round_is_public),
    "answer_appeal": Sample(
        of_round,
        on_round(appeal=lambda scene: Appeal.objects.get().pk, answer="It stands.", is_upheld="no"),
        round_has_an_appeal,
    ),
    "decide_round": Sample(of_round, on_round(unit=the_town, score="90", reason="Audit"), round_is_computed),
    "withdraw_decision": Sample(of_round, on_round(unit=the_town, reason="Error"), round_has_a_decision),
    "place_round": Sample(of_round, on_round(agenda_item="")),
    "revise_round": Sample(of_round, on_round(unit=the_town, reason="Audit", is_winner="no"), round_is_announced),
    "announce_round": Sample(of_round, on_round(), round_is_public),
    "score_sheet": Sample(of_round, given=round_is_computed),
    "round_snapshot": Sample(of_snapshot),
    "award_evidence": Sample(of_evidence),
    "score_sheet_file": Sample(of_public_round),
    "publicity_notice_file": Sample(lambda scene: {**of_public_round(scene), "kind": "docx"}),
    "bulletin_file": Sample(lambda scene: {**of_snapshot(scene), "kind": "docx"}),
    "certificate_file": Sample(lambda scene: {**of_snapshot(scene), "unit": "town"}),
    "import_table": Sample(of_table, lambda scene: {"pasted": "Code\tOrder\nexports\t2"}),
    "table_template": Sample(lambda scene: {**of_table(scene), "kind": "csv"}),
    "preview_table": Sample(
        lambda scene: {**of_table(scene), "upload_id": scene.table.pk}, lambda scene: {"fingerprint": "x"}
    ),
    "job": Sample(of_job),
    "job_state": Sample(of_job),
    "job_file": Sample(of_job),
    "figures_form": Sample(lambda scene: {**of_campaign(scene), "kind": "xlsx"}),
    "import_figures": Sample(of_campaign, lambda scene: {"pasted": "exports\t91.5"}),
    "preview_figures": Sample(of_upload, lambda scene: {"fingerprint": "x"}),
    "report": Sample(of_report),
    "save_report": Sample(of_report, filled),
    "submit_report": Sample(of_report, saved_by_office),
    "recall_report": Sample(of_report, decided, is_at(S.TO_SIGN)),
    "sign_report": Sample(of_report, decided, is_at(S.TO_SIGN)),
    "sign_reports": Sample(
        body=lambda scene: {"report": f"{scene.report.pk}:{scene.report.version}"}, given=is_at(S.TO_SIGN)
    ),
    "send_back_report": Sample(of_report, decided, is_at(S.SUBMITTED)),
    "approve_report": Sample(of_report, decided, is_at(S.SUBMITTED)),
    "approve_reports": Sample(
        body=lambda scene: {"report": f"{scene.report.pk}-{scene.report.version}"}, given=is_at(S.SUBMITTED)
    ),
    "add_attachment": Sample(of_report, photo),
    "attachment": Sample(of_attachment),
    "remove_attachment": Sample(of_attachment),
    "correct_measurement": Sample(july_exports, corrected),
    "reopen_report": Sample(
        lambda scene: {**of_campaign(scene), "month": "2022-07", "number": 1},
        lambda scene: {"reason": "The customs revised it.", "until": "2022-09-09 18:00"},
    ),
    "action": Sample(of_action),
    "copy_campaign": Sample(lambda scene: {"campaign": "hundred-days"}, new_campaign),
    "earlier_year": Sample(lambda scene: {"campaign": "hundred-days"}),
    "closing": Sample(lambda scene: {"campaign": "hundred-days"}),
    "export_closing": Sample(lambda scene: {"campaign": "hundred-days", "kind": "xlsx"}),
    "judge_likelihood": Sample(of_action, judged),
    "accept_reason": Sample(of_action, judged),
    "withdraw_reason": Sample(of_action, judged),
    "unit": Sample(lambda scene: {"code": "town"}),
    "export_projects": Sample(as_workbook),
    "project": Sample(of_project),
    "set_project_stage": Sample(of_project, staged),
    "exit_project": Sample(of_project, exited),
    "project_photo": Sample(of_photo),
    "project_update": Sample(of_update, lambda scene: {"version": 0, "image_progress": "Piers."}),
    "export_warnings": Sample(as_workbook),
    "warnings_file": Sample(lambda scene: {"kind": "docx"}),
    "warning": Sample(of_warning),
    "warning_slip": Sample(lambda scene: {**of_warning(scene), "kind": "docx"}),
    **{
        name: Sample(of_warning, answered)
        for name in ("explain_warning", "measure_warning", "accept_warning_reason", "escalate_warning", "clear_warning")
    },
    "meeting": Sample(lambda scene: {"meeting_id": scene.meeting.pk}),
    "new_meeting": Sample(body=arranged),
    "edit_meeting": Sample(of_meeting, arranged),
    "cancel_meeting": Sample(of_meeting, lambda scene: {**of_version(scene), "reason": "Typhoon"}),
    "invitation": Sample(of_meeting),
    "next_meeting": Sample(
        lambda scene: {"series_id": the_series(scene).pk}, lambda scene: {"version": the_series(scene).version}
    ),
    "begin_series": Sample(lambda scene: {"campaign": "hundred-days"}),
    "agenda": Sample(of_meeting, on_the_agenda),
    "reorder_agenda": Sample(
        of_meeting,
        lambda scene: {
            **of_version(scene),
            "item": [f"{pk}:main" for pk in scene.meeting.agenda.order_by("-order").values_list("pk", flat=True)],
        },
        the_item,
    ),
    "agenda_item": Sample(of_item, on_the_agenda),
    "move_agenda_item": Sample(of_item, lambda scene: {**of_version(scene), "to": "up"}),
    "remove_agenda_item": Sample(of_item, of_version),
    "edit_attendance": Sample(of_meeting, rows_of_nothing),
    "edit_requirements": Sample(of_meeting, rows_of_nothing),
    "meeting_papers": Sample(of_presented),
    "papers_file": Sample(lambda scene: {**of_presented(scene), "kind": "docx"}),
    "paper_file": Sample(lambda scene: {**of_item(scene), "kind": "docx"}),
    "hand_in_paper": Sample(of_item),
    "take_back_paper": Sample(of_item),
    "add_agenda_paper": Sample(of_item, own_paper),
    "agenda_paper": Sample(of_paper),
    "remove_agenda_paper": Sample(of_paper),
    "present_meeting": Sample(of_meeting),
    "edit_minutes": Sample(of_meeting, concluded),
    "issue_minutes": Sample(of_meeting, of_version, has_minutes),
    "revise_minutes": Sample(of_meeting, of_version, has_minutes),
    "minutes_file": Sample(lambda scene: {**of_issued(scene), "kind": "docx"}),
    "meeting_follow_ups": Sample(lambda scene: {"meeting_id": scene.meeting.pk, "kind": "docx"}),
    "export_follow_ups": Sample(as_workbook),
    "close_follow_ups": Sample(body=lambda scene: {"follow_up": f"{the_follow_up(scene).pk}-1"}),
    "new_follow_up": Sample(body=new_follow_up),
    "follow_up": Sample(of_follow_up),
    "follow_up_step": Sample(
        lambda scene: {**of_follow_up(scene), "step": "assign"},
        lambda scene: {"version": the_follow_up(scene).version},
    ),
    "add_evidence": Sample(of_follow_up, photo),
    "evidence": Sample(lambda scene: {"file_id": the_follow_up(scene).files.get().pk}),
    "pack": Sample(of_pack),
    "save_pack": Sample(of_pack, written, has_draft),
    "issue_pack": Sample(of_pack, written, has_draft),
    "pack_file": Sample(lambda scene: {**of_pack(scene), "language": "en", "kind": "xlsx"}),
    "build_pack": Sample(of_period("2022-07")),
    "pack_template": Sample(lambda scene: {"campaign": "hundred-days"}, template_file),
    "pack_template_file": Sample(lambda scene: {"campaign": "hundred-days", "which": "built-in"}),
    "withdraw_pack_template": Sample(lambda scene: {"campaign": "hundred-days"}),
    "close_period": Sample(of_period("2022-08")),
    "publish_period": Sample(of_period("2022-08"), given=lambda scene: close(scene.cast)),
    "calendar": Sample(body=lambda scene: {"on": "2022-09-07", "declare": "off", "note": "Storm"}),
    "clock": Sample(body=lambda scene: {"to": "2022-09-04T09:00"}),
}


def sample_of(name: str) -> Sample:
    return SAMPLES.get(name, Sample())


def address_of(name: str, scene: Scene) -> str:
    return reverse(name, kwargs=dict(sample_of(name).kwargs(scene)))


def finished_job(cast: Cast) -> Job:
    """A list that the town's reporter had made in the background."""
    job = Job(kind="export_reports", title="Reports", owner=cast.reporter, state=Job.State.DONE)
    job.finished_at = timezone.now()
    job.save()
    job.file.save("result", ContentFile(b"x"))
    return job


def pack_with_a_file(cast: Cast) -> Pack:
    """July's pack, issued, with its English workbook drawn."""
    pack = issued_pack(cast)
    keep_file(pack=pack, kind="xlsx", language="en", content=b"x")
    return pack


def build_scene(cast: Cast) -> Scene:
    """`cast` has a published July; the town's August report on trade is a draft with figures. Files are written to
    MEDIA_ROOT."""
    bring_to(cast, S.DRAFT)
    follow_an_earlier(cast.campaign)
    show_life(BEAT)
    show_life(WORKER)
    kept = Attachment(report=cast.report(), name="photo.txt", content_type="text/plain", size=1, sha256="a" * 64)
    kept.uploaded_by = cast.reporter
    kept.file.save("photo.txt", ContentFile(b"x"), save=False)
    kept.save()
    AcceptedReason.objects.create(
        action=cast.trade,
        unit=cast.town,
        period=cast.july,
        reason="A flood.",
        accepted_by=cast.reviewer,
        accepted_at=cast.now,
    )
    of_form = {"campaign": "hundred-days", "month": "2022-08", "unit": "town"}
    return Scene(
        cast=cast,
        attachment=kept,
        message=Message.objects.create(
            kind="report_due_soon", subject="period:x", recipient=cast.reporter, day=date(2022, 9, 2), url="/reports/"
        ),
        stand_in=Membership.objects.create(
            user=cast.lead_reporter,
            unit=cast.town,
            role=Role.REPORTER,
            starts_on=date(2022, 9, 1),
            ends_on=date(2022, 9, 9),
            stands_in_for=cast.reporter,
        ),
        meeting=Meeting.objects.create(campaign=cast.campaign, held_on=date(2022, 9, 20), name_en="M", name_zh="会"),
        july_report=cast.report(period=cast.july),
        upload=Upload.objects.create(
            kind="figures",
            owner=cast.reporter,
            params=of_form,
            grid=[],
            expires_at=timezone.now() + timedelta(days=1),
        ),
        table=Upload.objects.create(
            kind="import_indicators", owner=cast.office, grid=[], expires_at=timezone.now() + timedelta(days=1)
        ),
        job=finished_job(cast),
        pack=pack_with_a_file(cast),
    )
