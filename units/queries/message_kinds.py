"""The kinds of messages by their names for people, where a kind is chosen or listed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Any] = {
    "period_opened": _("Reports can be filed"),
    "report_due_soon": _("Reports due soon"),
    "report_overdue": _("Overdue reports"),
    "report_overdue_head": _("Overdue reports, to the head"),
    "report_overdue_office": _("Overdue reports, to the office"),
    "report_waiting_signature": _("Reports to sign"),
    "report_waiting_review": _("Reports to review"),
    "report_waiting_review_head": _("Reports that wait for the department's review"),
    "report_waiting_review_office": _("Reports that wait for a review too long"),
    "report_returned": _("Reports that came back"),
    "report_untouched": _("Reports that came back and lie untouched"),
    "report_chased": _("Chased by the office"),
    "pack_ready": _("Analysis pack ready"),
    "meeting_soon": _("Meetings ahead"),
    "papers_due": _("Papers for a meeting"),
    "warning_raised": _("New early warnings"),
    "warning_red": _("Red early warnings"),
    "warning_to_answer": _("Early warnings to answer"),
    "warning_unanswered": _("Unanswered early warnings, to the lead department"),
    "warning_unanswered_office": _("Unanswered early warnings, to the office"),
    "follow_up_assigned": _("Follow-ups assigned"),
    "follow_up_returned": _("Follow-ups that came back"),
    "follow_up_to_accept": _("Follow-ups to accept"),
    "follow_up_unaccepted_office": _("Follow-ups nobody has accepted, to the office"),
    "follow_up_due_soon": _("Follow-ups due soon"),
    "follow_up_overdue": _("Overdue follow-ups"),
    "follow_up_overdue_office": _("Overdue follow-ups, to the office"),
    "award_in_publicity": _("Awards in publicity"),
    "award_announced": _("Awards announced"),
    "token_expiring": _("API tokens about to expire"),
}

URGENT = frozenset(
    {"report_returned", "report_chased", "warning_red", "follow_up_returned", "pack_ready", "token_expiring"}
)
"""What goes out at once, by night and on days off too: somebody has just acted and waits for an answer. All else waits
for the digest of the next working morning."""


def is_urgent(kind: str) -> bool:
    """A kind of another release is not kept waiting."""
    return kind in URGENT or kind not in KINDS


def kind_name(kind: str) -> Any:
    """Of another release: the kind as it stands in the database. No kind: all of them."""
    return _("All messages") if not kind else KINDS.get(kind, kind)
