"""Every page that somebody can look at, with the person who looks: what the checks of all pages go through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from awards.models import Round, Scheme
from awards.operations.rounds import compute_round, open_round, publicise_round, review_round
from campaigns.models import Campaign, EarlyWarning, FollowUp, Meeting, Pack, Period, Report
from campaigns.operations.meeting_series import next_meeting, series_of
from campaigns.operations.packs import build_pack, fill_pack, issue_pack
from campaigns.operations.reminders import plan_reminders
from campaigns.queries.clock import business_now
from tests.journeys.steps import CAMPAIGN
from units.models import BeatJob, BeatRun, Delivery, Job, Membership, Message, User
from units.queries.preferences import unsubscribe_token

Address = str | Callable[[], str]


@dataclass(frozen=True, kw_only=True)
class Stop:
    name: str
    address: Address
    who: str = ""
    status: int = 200

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        return self.address if isinstance(self.address, str) else self.address()


def stop(name: str, address: Address, who: str = "", status: int = 200) -> Stop:
    return Stop(name=name, address=address, who=who, status=status)


def _report(unit: str, status: str, *, number: int | None = None) -> Callable[[], str]:
    def address() -> str:
        found = Report.objects.filter(unit__code=unit, status=status, period__campaign__slug=CAMPAIGN)
        if number is not None:
            found = found.filter(action__number=number)
        return reverse("report", args=[found.order_by("-period__month", "action__number")[0].pk])

    return address


def _correction() -> str:
    report = Report.objects.get(
        unit__code="tongxiang", action__number=4, period__month="2022-07", period__campaign__slug=CAMPAIGN
    )
    return reverse("correct_measurement", args=[report.measurements.order_by("pk")[0].pk])


def _earlier_year() -> str:
    """The campaign beside the half-year before it."""
    Campaign.objects.filter(slug=CAMPAIGN).update(follows=Campaign.objects.get(slug="mutual-learning-2022"))
    return reverse("earlier_year", args=[CAMPAIGN])


def _meeting(tab: str = "") -> Callable[[], str]:
    return lambda: reverse("meeting", args=[Meeting.objects.get(series=None).pk]) + tab


def the_next_meeting() -> Meeting:
    """The next of the campaign's monthly series, with the agenda of the default template."""
    found = Meeting.objects.filter(series__isnull=False).first()
    if found is not None:
        return found
    office, now = User.objects.get(username="office"), business_now()
    campaign = Campaign.objects.get(slug=CAMPAIGN)
    series = series_of(campaign=campaign, kind=Meeting.Kind.MONTHLY_ANALYSIS.value, actor=office, now=now)
    return next_meeting(series_id=series.pk, version=None, actor=office, now=now)


def _next_meeting(name: str) -> Callable[[], str]:
    return lambda: reverse(name, args=[the_next_meeting().pk])


def _next_item() -> str:
    meeting = the_next_meeting()
    return reverse("agenda_item", args=[meeting.pk, meeting.agenda.filter(presenter__isnull=False)[0].pk])


def _presented(number: int) -> Callable[[], str]:
    return lambda: f"{_meeting()()}present/?item={number}"


PRESENTED = (
    ("projects", 7, "leader"),
    ("projects of others", 8, "tongxiang"),
    ("early warnings", 10, "leader"),
    ("a locality", 17, "tongxiang"),
    ("a department", 22, "leader"),
    ("words", 27, "nanhu"),
    ("the award", 28, "leader"),
    ("requirements", 29, "office"),
)


def _warning(cause: str, state: str) -> Callable[[], str]:
    def address() -> str:
        found = EarlyWarning.objects.filter(cause=cause, state=state).order_by("project__code")
        return reverse("warning", args=[(found.filter(project__unit__code="tongxiang").first() or found[0]).pk])

    return address


def _follow_up(number: str) -> Callable[[], str]:
    return lambda: reverse("follow_up", args=[FollowUp.objects.get(number=number).pk])


def _round(state: str, page: str = "") -> Callable[[], str]:
    """A round in this state; where the data has none, one of the first quarter or half-year is brought there."""

    def address() -> str:
        found = Round.objects.filter(state=state).first() or bring_round_to(state)
        return reverse("award_round", args=[found.pk]) + page

    return address


def bring_round_to(state: str) -> Round:
    """A round of the red flag for April to June, or February to June once it shall be in publicity."""
    office, now, scheme = User.objects.get(username="office"), business_now(), Scheme.objects.get(is_active=True)
    first = date(2022, 4, 1) if state == "open" else date(2022, 2, 1)
    period = Period.objects.get(campaign=scheme.campaign, month="2022-06")
    award = open_round(
        scheme=scheme, period=period, name_en="A trial", name_zh="试评", starts_on=first, ends_on=date(2022, 6, 30),
        actor=office, now=now,
    )  # fmt: skip
    if state == "open":
        return award
    for step in (compute_round, review_round, publicise_round):
        award = step(round_id=award.pk, actor=office, now=now)
    return award


def _person(username: str) -> Callable[[], str]:
    return lambda: reverse("person", args=[User.objects.get(username=username).pk])


def _role(username: str) -> Callable[[], str]:
    return lambda: reverse("role_dates", args=[Membership.objects.get(user__username=username).pk])


def _link(name: str, username: str) -> Callable[[], str]:
    """The address in a mail; the page behind it answers at another one, so the browser follows."""

    def address() -> str:
        user = User.objects.get(username=username)
        key = urlsafe_base64_encode(force_bytes(user.pk))
        return reverse(name, args=[key, default_token_generator.make_token(user)])

    return address


def _admin(model: str, username: str = "") -> Callable[[], str]:
    def address() -> str:
        app, name = model.split(".")
        pk = User.objects.get(username=username).pk if username else Report.objects.order_by("pk")[0].pk
        return reverse(f"admin:{app}_{name}_change", args=[pk])

    return address


def _inbox_of(username: str) -> Callable[[], str]:
    """The inbox with something in it."""

    def address() -> str:
        if not Message.objects.filter(recipient__username=username).exists():
            plan_reminders(now=business_now())
        return reverse("inbox")

    return address


def _pack(month: str) -> Callable[[], str]:
    """The newest pack of the month: issued where the period is published, else a draft."""

    def address() -> str:
        period = Period.objects.get(campaign__slug=CAMPAIGN, month=month)
        pack = period.packs.first() or make_pack(period)
        return reverse("pack", args=[pack.pk])

    return address


def make_pack(period: Period) -> Pack:
    office, now = User.objects.get(username="office"), business_now()
    pack = build_pack(period=period, actor=office, now=now)
    pack = fill_pack(pack_id=pack.pk, actor=office, now=now)
    Job.objects.filter(pk=pack.job_id).delete()  # no worker runs in the tests
    if period.is_published:
        pack = issue_pack(pack_id=pack.pk, version=pack.version, actor=office, now=now)
        Job.objects.filter(pk=pack.job_id).delete()
    return pack


def _job() -> str:
    """Long work that has begun; no worker runs in the tests."""
    owner = User.objects.get(username="office")
    given = {"kind": "export", "title": "Reports, August 2022", "state": Job.State.RUNNING, "done": 40, "total": 105}
    return reverse("job", args=[(owner.jobs.first() or Job.objects.create(owner=owner, **given)).pk])


def _background() -> str:
    """Two jobs that have run, one of them with a failure behind it."""
    now = timezone.now()
    done = {"started_at": now, "finished_at": now, "seconds": 0.4, "runs": 1}
    BeatJob.objects.update_or_create(task="units.deliver", defaults={**done, "counts": {"sent": 12, "failed": 1}})
    failed = {**done, "error": "OperationalError", "failed_at": now, "failures": 1}
    job, _made = BeatJob.objects.update_or_create(task="campaigns.tick", defaults=failed)
    BeatRun.objects.create(job=job, started_at=now, seconds=0.4, error="OperationalError")
    return reverse("background")


def _deliveries() -> str:
    """One that failed, one that was given up; they leave the rest as it was."""
    message = Message.objects.filter(recipient__username="tongxiang").first() or Message.objects.latest("pk")
    for channel, status, attempts in (("email", "pending", 2), ("wecom", "dead", 8)):
        Delivery.objects.update_or_create(
            message=message,
            channel=channel,
            defaults={
                "status": status,
                "attempts": attempts,
                "error": "errcode 93000" if channel == "wecom" else "SMTPServerDisconnected",
                "room": "a room" if channel == "wecom" else "",
                "next_attempt_at": timezone.now(),
            },
        )
    return reverse("deliveries")


def _unsubscribe() -> str:
    person = User.objects.get(username="tongxiang")
    return reverse("unsubscribe", args=[unsubscribe_token(person.pk, "email", "report_due_soon")])


FORM = f"/reports/{CAMPAIGN}/2022-08"

STOPS = (
    # accounts
    stop("login", "/accounts/login/"),
    stop("password reset", "/accounts/reset/"),
    stop("password reset sent", "/accounts/reset/sent/"),
    stop("password reset link", _link("password_reset_confirm", "nanhu")),
    stop("password reset link, used", "/accounts/reset/NDI/abc-def/"),
    stop("password reset done", "/accounts/reset/done/"),
    stop("invitation", _link("accept_invitation", "nanhu")),
    stop("own password", "/accounts/password/", "tongxiang"),
    stop("profile", "/profile/", "tongxiang"),
    # my work
    stop("my work of a reporter", "/", "tongxiang"),
    stop("my work of a head", "/", "tongxiang-head"),
    stop("my work of a reviewer", "/", "commerce"),
    stop("my work of the office", "/", "office"),
    stop("my work of a leader", "/", "leader"),
    stop("my work of an administrator", "/", "admin"),
    # reports
    stop("report form", f"{FORM}/tongxiang/", "tongxiang"),
    stop("report form of the head", f"{FORM}/tongxiang/", "tongxiang-head"),
    stop("report form on behalf", f"{FORM}/tongxiang/", "office"),
    stop("report form, published", f"/reports/{CAMPAIGN}/2022-07/tongxiang/", "tongxiang"),
    stop("report form, not yet open", f"/reports/{CAMPAIGN}/2022-09/tongxiang/", "tongxiang"),
    stop("figures from Excel", f"{FORM}/tongxiang/import/", "tongxiang"),
    stop("reports of a unit", "/reports/", "tongxiang"),
    stop("reports", "/reports/", "office"),
    stop("report, returned", _report("tongxiang", "returned"), "tongxiang"),
    stop("report, to sign", _report("tongxiang", "to_sign"), "tongxiang-head"),
    stop("report, to decide", _report("tongxiang", "submitted"), "commerce"),
    stop("report, approved", _report("tongxiang", "approved"), "office"),
    stop("reopen", f"/reports/reopen/{CAMPAIGN}/2022-07/tongxiang/4/", "office"),
    stop("correct", _correction, "office"),
    stop("review", "/review/", "commerce"),
    stop("review of the office", "/review/", "office"),
    # analysis
    stop("dashboard", "/dashboard/", "leader"),
    stop("dashboard, not published", "/dashboard/?period=2022-08", "leader"),
    stop("dashboard of a unit, not published", "/dashboard/?period=2022-08", "tongxiang"),
    stop("standings", "/standings/", "tongxiang"),
    stop("standings, not published", "/standings/?period=2022-08", "leader"),
    stop("standings, hidden", "/standings/?period=2022-08", "nanhu"),
    stop("standings of the half-year", "/standings/?campaign=mutual-learning-2022", "leader"),
    stop("comparison of two units", "/compare/?unit=tongxiang&with_unit=haiyan", "leader"),
    stop("comparison of two periods", "/compare/?period=2022-08&with_period=2022-07", "leader"),
    stop("comparison that does not fit", "/compare/?unit=atlantis", "leader", 400),
    stop("actions", "/actions/", "leader"),
    stop("action", f"/actions/{CAMPAIGN}/4/", "leader"),
    stop("action of its lead", f"/actions/{CAMPAIGN}/5/?period=2022-08", "commerce"),
    stop("completeness", "/completeness/?period=2022-08", "office"),
    stop("completeness of a unit", "/completeness/?period=2022-08&show=missing", "tongxiang"),
    stop("unit", "/units/tongxiang/", "tongxiang"),
    stop("unit, not published", "/units/tongxiang/?period=2022-08", "leader"),
    stop("unit, a department", "/units/commerce/", "leader"),
    # the big screen
    stop("screen", "/screen/", "tongxiang"),
    stop("screen before publication", "/screen/?period=2022-08&view=actions", "leader"),
    stop("screen, units and actions", "/screen/?view=heat", "leader"),
    stop("screen, early warnings", "/screen/?view=projects", "leader"),
    stop("screen, movers", "/screen/?view=movers", "leader"),
    stop("screen, nothing for these eyes", "/screen/?period=2022-08", "nanhu"),
    # the life of a campaign
    stop("campaigns", "/campaigns/", "leader"),
    stop("campaigns of the office", "/campaigns/", "office"),
    stop("copy of a campaign", f"/campaigns/{CAMPAIGN}/copy/", "office"),
    stop("closing report", f"/campaigns/{CAMPAIGN}/closing/", "leader"),
    stop("closing report of the half-year", "/campaigns/mutual-learning-2022/closing/", "leader"),
    stop("beside the earlier year", _earlier_year, "leader"),
    stop("preview of a rank", "/standings/?period=2022-08", "tongxiang-head"),
    # major projects
    stop("projects", "/projects/", "leader"),
    stop("projects of a unit", "/projects/", "tongxiang"),
    stop("projects, filtered", "/projects/?level=any&stage=under_construction", "office"),
    stop("projects where they lie", "/projects/?view=map", "leader"),
    stop("project", "/projects/jxport-01/", "leader"),
    stop("project of its office", "/projects/tongxiang-01/", "office"),
    stop("project to report on", "/projects/tongxiang-01/updates/2022-08/", "tongxiang"),
    # early warnings
    stop("early warnings", "/warnings/", "leader"),
    stop("early warnings of a unit", "/warnings/", "tongxiang"),
    stop("early warnings, filtered", "/warnings/?state=all&level=red", "office"),
    stop("early warnings for the meeting", "/warnings/meeting/", "leader"),
    stop("early warning to answer", _warning("start_overdue", "raised"), "tongxiang"),
    stop("early warning of its lead", _warning("behind_plan", "escalated"), "transport"),
    # meetings and awards
    stop("meetings", "/meetings/", "leader"),
    stop("meeting", _meeting(), "leader"),
    stop("meeting, requirements", _meeting("?tab=requirements"), "leader"),
    stop("meeting, attendance", _meeting("?tab=attendance"), "leader"),
    stop("meeting, minutes", _meeting("?tab=minutes"), "leader"),
    stop("meetings of the office", "/meetings/", "office"),
    stop("new meeting", "/meetings/new/", "office"),
    stop("meeting, changed", _next_meeting("edit_meeting"), "office"),
    stop("agenda, built", _next_meeting("agenda"), "office"),
    stop("agenda, issued minutes", lambda: f"{_meeting()()}agenda/", "office"),
    stop("agenda item", _next_item, "office"),
    stop("attendance, written", _next_meeting("edit_attendance"), "office"),
    stop("requirements, written", _next_meeting("edit_requirements"), "office"),
    stop("papers", _next_meeting("meeting_papers"), "leader"),
    stop("papers of a unit", _next_meeting("meeting_papers"), "tongxiang"),
    *(stop(f"presentation, {what}", _presented(number), who) for what, number, who in PRESENTED),
    stop("presentation, no such item", _presented(99), "leader", 404),
    stop("follow-ups", "/follow-ups/?state=all", "office"),
    stop("follow-ups of a unit", "/follow-ups/", "tongxiang"),
    stop("follow-up", _follow_up("2022-013"), "commerce"),
    stop("minutes, the draft", lambda: f"{_meeting()()}minutes/", "office"),
    stop("new follow-up", "/follow-ups/new/", "office"),
    stop("packs", "/packs/", "leader"),
    stop("packs of the office", "/packs/", "office"),
    stop("pack, issued", _pack("2022-07"), "leader"),
    stop("pack, a draft", _pack("2022-08"), "office"),
    stop("issue a pack", lambda: f"{_pack('2022-08')()}issue/", "office"),
    stop("word template of the pack", f"/packs/{CAMPAIGN}/template/", "office"),
    stop("awards", "/awards/", "leader"),
    stop("award round, announced", _round("announced"), "leader"),
    stop("award round, to be run", _round("open"), "office"),
    stop("award round, in publicity", _round("in_publicity"), "admin"),
    stop("marks given by hand", _round("open", "marks/"), "office"),
    stop("score sheet", _round("announced", "sheet/"), "tongxiang"),
    stop("announce a round", _round("in_publicity", "announce/"), "admin"),
    stop("what if", _round("announced", "what-if/"), "office"),
    stop("award schemes", "/awards/schemes/", "office"),
    stop("award scheme", lambda: reverse("edit_scheme", args=[Scheme.objects.get(is_active=True).pk]), "admin"),
    stop("new award scheme", "/awards/schemes/new/", "admin"),
    stop("open a round", "/awards/rounds/new/?scheme=half-year-red-flag", "office"),
    # messages and people
    stop("inbox", _inbox_of("tongxiang"), "tongxiang"),
    stop("inbox, empty", "/inbox/", "leader"),
    stop("people", "/people/", "office"),
    stop("person", _person("nanhu-stand-in"), "office"),
    stop("new person", "/people/new/", "office"),
    stop("import of people", "/people/import/", "office"),
    stop("dates of a role", _role("nanhu-stand-in"), "office"),
    stop("stand-ins", "/people/stand-ins/", "office"),
    # the office
    stop("periods", "/periods/", "office"),
    stop("close early", f"/periods/{CAMPAIGN}/2022-08/close/", "office"),
    stop("publish, too early", f"/periods/{CAMPAIGN}/2022-08/publish/", "office"),
    stop("working days", "/calendar/", "office"),
    stop("clock", "/clock/", "admin"),
    # tables and long work
    stop("imports", "/imports/", "office"),
    stop("import of targets", "/imports/targets/", "office"),
    stop("work in the background", lambda: _job() and reverse("jobs"), "office"),
    stop("one piece of work", _job, "office"),
    # what goes out, what runs in the background
    stop("deliveries", "/deliveries/?state=sent", "office"),
    stop("deliveries that failed", _deliveries, "office"),
    stop("background jobs", _background, "office"),
    stop("less mail", _unsubscribe),
    # for client systems
    stop("description of the API", "/api/docs/"),
    stop("description of the API, for who has signed in", "/api/docs/", "leader"),
    # refusals
    stop("nothing there", "/units/atlantis/", "tongxiang", 404),
    stop("nothing there, for a visitor", "/no-such-page/", "", 404),
    stop("not theirs", "/clock/", "tongxiang", 403),
    # administration
    stop("admin", "/admin/", "admin"),
    stop("admin, a list", "/admin/campaigns/report/", "admin"),
    stop("admin, people", "/admin/units/user/", "admin"),
    stop("admin, a person", _admin("units.user", "nanhu"), "admin"),
    stop("admin, a report", _admin("campaigns.report"), "admin"),
    stop("admin, a new campaign", "/admin/campaigns/campaign/add/", "admin"),
    stop("admin, refused", "/admin/", "tongxiang", 302),
)

WITHOUT_A_PAGE = {
    # answers for machines, files, and what a button does before it leads back to a page
    *("healthz", "readyz", "api_schema", "no_such_api_address", "set_language", "logout"),
    *("people_template", "figures_form"),
    *("explain_warning", "measure_warning", "accept_warning_reason", "escalate_warning", "clear_warning"),
    *("warnings_file", "warning_slip", "set_project_stage", "exit_project", "project_photo"),
    *("close_follow_ups", "follow_up_step", "add_evidence", "evidence", "meeting_follow_ups"),
    *("score_sheet_file", "publicity_notice_file", "bulletin_file", "certificate_file"),
    *("issue_minutes", "revise_minutes", "minutes_file"),
    *("cancel_meeting", "next_meeting", "begin_series", "reorder_agenda", "move_agenda_item", "remove_agenda_item"),
    *("invitation", "papers_file", "paper_file", "hand_in_paper", "take_back_paper", "add_agenda_paper"),
    *("agenda_paper", "remove_agenda_paper"),
    *("sign_reports", "approve_reports", "save_report", "submit_report", "recall_report", "sign_report"),
    *("send_back_report", "approve_report", "add_attachment", "attachment", "remove_attachment"),
    *("judge_likelihood", "accept_reason", "withdraw_reason", "inbox_read_all", "inbox_open", "inbox_read"),
    *("chase_reports",),
    *("metrics", "set_mail", "send_again", "run_job"),
    *("deactivate_person", "reactivate_person", "invite_person", "give_role", "end_role", "confirm_import_people"),
    *("build_pack", "save_pack", "pack_file", "pack_template_file", "withdraw_pack_template"),
    *("compute_round", "review_round", "publicise_round", "adjust_round", "withdraw_adjustment", "appeal_round"),
    *("answer_appeal", "decide_round", "withdraw_decision", "place_round", "revise_round"),
    *("round_snapshot", "award_evidence"),
    *("table_template", "job_state", "job_file", "screen_content"),
    # the rows of a file that somebody has just sent
    *("preview_figures", "preview_table"),
}
"""Addresses that nobody looks at; every other one of ours has a stop."""
