"""The columns of the form in Excel: what they are called, which of them a person fills, and the mark of each report.

Written and read from the same table, so that a form in either language is understood whoever sends it back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from campaigns.models import Report
from campaigns.models.reports import ValueStatus

HEADINGS = {
    "mark": _("Report mark"),
    "action": _("Action"),
    "code": _("Indicator code"),
    "indicator": _("Indicator"),
    "measure": _("Unit of measure"),
    "last": _("Last month"),
    "planned": _("Planned to date"),
    "target": _("Target"),
    "value": _("Figure of this month"),
    "status": _("Value status"),
    "growth": _("Growth year on year, %"),
    "note": _("Note"),
}
COLUMNS = tuple(HEADINGS)
FILLED = ("value", "status", "growth", "note")
"""What a person fills; the other columns are for reading, and what stands in them is not looked at."""
HIDDEN = ("mark", "code")

ALIASES: Mapping[str, Sequence[str]] = {
    "mark": ("报表标识", "mark", "report"),
    "action": ("行动",),
    "code": ("指标代码", "代码", "code", "indicator_code"),
    "indicator": ("指标", "指标名称", "名称", "name", "indicator"),
    "measure": ("计量单位", "单位", "unit of measure"),
    "last": ("上月", "上月数", "上期", "上期数", "last"),
    "planned": ("计划进度", "计划数", "planned"),
    "target": ("目标", "目标值"),
    "value": ("数据", "数值", "本月数", "本期数", "实绩", "累计", "value", "actual", "figure"),
    "status": ("数据状态", "数据性质", "status", "value_status"),
    "growth": ("同比", "同比%", "同比（%）", "同比增长", "同比增长,%", "同比增长（%）", "growth"),
    "note": ("备注", "说明", "note", "remark"),
}
LANGUAGES = ("en", "zh-hans")


def known_headings() -> dict[str, str]:
    """Every heading that is understood, in lower case, with the name of its column."""
    names: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            names |= {str(heading).casefold(): name for name, heading in HEADINGS.items()}
    return names | {alias.casefold(): name for name, aliases in ALIASES.items() for alias in aliases}


def known_statuses() -> dict[str, str]:
    """Every word for a value status that is understood, in lower case."""
    names = {"预计": ValueStatus.ESTIMATE, "初步": ValueStatus.PRELIMINARY, "核定": ValueStatus.VERIFIED}
    found = {name: status.value for name, status in names.items()} | {one.value: one.value for one in ValueStatus}
    for language in LANGUAGES:
        with translation.override(language):
            found |= {str(one.label).casefold(): one.value for one in ValueStatus}
    return found


MARK = re.compile(r"([-\w]+)/(\d{4}-\d{2})/([-\w]+)/(\d{1,5})@(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Mark:
    """To which report a row belongs, and in which version the file was filled."""

    campaign: str
    month: str
    unit: str
    number: int
    version: int

    @classmethod
    def of(cls, report: Report) -> Mark:
        return cls(
            report.period.campaign.slug, report.period.month, report.unit.code, report.action.number, report.version
        )

    @classmethod
    def read(cls, text: str) -> Mark | None:
        found = MARK.fullmatch(text.strip())
        return cls(found[1], found[2], found[3], int(found[4]), int(found[5])) if found else None

    def __str__(self) -> str:
        return f"{self.campaign}/{self.month}/{self.unit}/{self.number}@{self.version}"
