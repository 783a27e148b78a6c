"""The kinds of messages by their names for people, where a kind is chosen or listed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Any] = {
    "report_due_soon": _("Reports due soon"),
    "report_overdue": _("Overdue reports"),
    "report_overdue_head": _("Overdue reports, to the head"),
    "report_overdue_office": _("Overdue reports, to the office"),
    "report_waiting_signature": _("Reports to sign"),
    "report_waiting_review": _("Reports to review"),
    "report_returned": _("Reports that came back"),
    "report_chased": _("Chased by the office"),
    "pack_ready": _("Analysis pack ready"),
    "meeting_soon": _("Meetings ahead"),
    "warning_raised": _("New early warnings"),
    "warning_red": _("Red early warnings"),
    "follow_up_assigned": _("Follow-ups assigned"),
    "follow_up_returned": _("Follow-ups that came back"),
    "token_expiring": _("API tokens about to expire"),
}


def kind_name(kind: str) -> Any:
    """Of another release: the kind as it stands in the database."""
    return KINDS.get(kind, kind)
