"""The errors that a spreadsheet shows in a cell whose formula fails: `#DIV/0!`, `#N/A` and the like.

Such a cell has no value, yet it is not empty: whoever reads the table refuses it.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

ERROR_CELL = _("This cell holds the error %(error)s. Correct its formula, or type the value.")
ANY_ERROR = "#VALUE!"
ERROR = re.compile(
    r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!"
    r"|EXTERNAL!|PYTHON!)",
    re.IGNORECASE,
)


def is_error(text: str) -> bool:
    return ERROR.fullmatch(text) is not None


def error_named(text: str) -> str:
    """The error as the file names it, or the most general one where it names none that is known."""
    return text if is_error(text) else ANY_ERROR
