"""Every step in the life of a monthly report: fill, submit, recall, sign, send back, approve, reopen, correct.

Each locks the row, looks at its state again, moves it by the table in `domain.workflow`, raises its version, and
leaves one event and one change in the same transaction.
"""

from .corrections import correct_measurement, reopen_report
from .filling import FIGURE_FIELDS, NARRATIVE, Figure, must_be_fillable, save_report
from .moving import NOT_YOURS, locked_report
from .steps import (
    Outcome,
    approve_report,
    approve_reports,
    recall_report,
    send_back_report,
    sign_report,
    sign_reports,
    submit_report,
)

__all__ = [
    "FIGURE_FIELDS",
    "NARRATIVE",
    "NOT_YOURS",
    "Figure",
    "Outcome",
    "approve_report",
    "approve_reports",
    "correct_measurement",
    "locked_report",
    "must_be_fillable",
    "recall_report",
    "reopen_report",
    "save_report",
    "send_back_report",
    "sign_report",
    "sign_reports",
    "submit_report",
]
