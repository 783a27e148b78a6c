"""The events that client systems may subscribe to, and what must be right of a subscription."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from units.domain.addresses import NotAllowed, literal, may_call, target_of
from units.domain.signatures import key_of
from units.models import Change, Webhook
from units.queries.changes import content

EVENTS = {
    "submit_report": "report.submitted",
    "recall_report": "report.recalled",
    "sign_report": "report.signed",
    "send_back_report": "report.returned",
    "approve_report": "report.approved",
    "reopen_report": "report.reopened",
    "correct_report": "measurement.corrected",
    "judge_likelihood": "likelihood.judged",
    "accept_reason": "reason.accepted",
    "withdraw_reason": "reason.withdrawn",
    "make_periods": "period.added",
    "copy_campaign": "period.added",
    "set_deadlines": "period.moved",
    "open_period": "period.opened",
    "close_period": "period.closed",
    "publish_period": "period.published",
    "issue_pack": "pack.issued",
    "save_project_update": "project.updated",
    "set_project_stage": "project.moved",
    "exit_project": "project.exited",
    "scan_warnings": "warning.computed",
    "explain_warning": "warning.explained",
    "measure_warning": "warning.measured",
    "accept_reason_warning": "warning.excused",
    "clear_warning": "warning.cleared",
    "escalate_warning": "warning.escalated",
    "make_meeting": "meeting.called",
    "make_next_meeting": "meeting.called",
    "edit_meeting": "meeting.changed",
    "cancel_meeting": "meeting.cancelled",
    "issue_minutes": "minutes.issued",
    "revise_minutes": "minutes.revised",
    "register_follow_up": "follow_up.registered",
    "assign_follow_up": "follow_up.assigned",
    "accept_follow_up": "follow_up.accepted",
    "start_follow_up": "follow_up.started",
    "feedback_follow_up": "follow_up.answered",
    "send_back_follow_up": "follow_up.returned",
    "close_follow_up": "follow_up.closed",
    "archive_follow_up": "follow_up.archived",
    "extend_follow_up": "extension.asked",
    "grant_follow_up": "extension.granted",
    "refuse_follow_up": "extension.refused",
    "publicise_round": "award.in_publicity",
    "announce_round": "award.announced",
    "revise_round": "award.revised",
}
"""What a change with this verb is called outside. Everything else is in the feed of changes alone."""

LOCAL_NAMES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def event_names() -> list[str]:
    return sorted(set(EVENTS.values()))


def wrong_with_webhook(webhook: Webhook) -> dict[str, str]:
    """A sentence for each field that cannot stay as it is, without the address and the secret themselves."""
    wrong = {}
    try:
        target = target_of(webhook.address, ports=settings.WEBHOOK_PORTS)
    except NotAllowed:
        wrong["address"] = _(
            "An address with https:// or http://, a port that the site allows, and without a name or password in it."
        )
    else:
        if _is_inside(target.host):
            wrong["address"] = _("This address lies inside the network. Only addresses outside are called.")
    try:
        key_of(webhook.secret)
    except ValueError:
        wrong["secret"] = _("“whsec_” and 24 to 64 random bytes in Base64.")
    known = event_names()
    events: Any = webhook.events
    if not isinstance(events, list) or not events or not all(one in known for one in events):
        wrong["events"] = _("At least one of: %(known)s.") % {"known": ", ".join(known)}
    elif len(set(events)) != len(events):
        wrong["events"] = _("One of them stands twice.")
    return wrong


def _is_inside(host: str) -> bool:
    """By what is written alone; what a name leads to is looked at whenever it is called."""
    if settings.WEBHOOK_ALLOW_PRIVATE:
        return False
    ip = literal(host)
    if ip is not None:
        return not may_call(ip, allows_private=False)
    return f".{host.rstrip('.')}".endswith(LOCAL_NAMES)


def payload(change: Change, event: str) -> dict[str, Any]:
    """The body of a delivery: the same for every attempt, since a sealed change never changes."""
    told = content(change)
    return {"type": event, "timestamp": told["at"], "data": told}
