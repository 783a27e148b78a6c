"""What a campaign becomes when it is copied to other days: every row of the copy, before any is written.

The page shows what the operation will write, for both ask `copied`. Figures, reports, projects and meetings stay where
they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.domain.months import same_day_next_month
from campaigns.models import Action, Assignment, Campaign, Indicator, Period, Target, TrajectoryPoint
from campaigns.queries.campaign_rules import wrong_with_campaign
from campaigns.queries.period_plan import planned_periods
from campaigns.queries.target_rules import lies_between
from units.models import Source, Unit

LONGEST_CODE, LONGEST_SLUG = 60, 60
NAMED_AT_MOST = 3
OWN_OF_EACH_ROW = frozenset({"version", "updated_at"})
Row = TypeVar("Row", Campaign, Action, Indicator, Assignment, Target, TrajectoryPoint)
_OF_CODE = re.compile(r"[A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOrder:
    """What the copy is called, when it lasts, what its codes end in, and whether the targets come along."""

    slug: str
    name_en: str
    name_zh: str
    short_en: str = ""
    short_zh: str = ""
    starts_on: date
    ends_on: date
    suffix: str
    with_targets: bool = False


@dataclass(frozen=True, slots=True)
class Original:
    """The rows of the campaign that is copied, with the units that they name."""

    campaign: Campaign
    actions: Sequence[Action]
    indicators: Sequence[Indicator]
    assignments: Sequence[Assignment]
    targets: Sequence[Target]
    points: Sequence[TrajectoryPoint]

    @property
    def ending(self) -> str:
        """The year that all codes end in, such as `-2022`, which the copy's own ending replaces; else nothing."""
        ending = f"-{self.campaign.starts_on.year}"
        return ending if all(one.code.endswith(ending) for one in self.indicators) else ""

    def code_of_copy(self, code: str, suffix: str) -> str:
        return code.removesuffix(self.ending) + suffix


@dataclass(frozen=True, slots=True)
class Copied:
    """The rows of the copy, bound to each other. `left_out` are planned figures that the new days have no place for."""

    campaign: Campaign
    actions: Sequence[Action]
    supporting: Sequence[tuple[Action, Unit]]
    indicators: Sequence[Indicator]
    assignments: Sequence[Assignment]
    targets: Sequence[Target]
    points: Sequence[TrajectoryPoint]
    periods: Sequence[Period]
    left_out: int

    @property
    def codes(self) -> list[tuple[Action, list[Indicator]]]:
        """The actions with their indicators."""
        return [(action, [one for one in self.indicators if one.action is action]) for action in self.actions]


def original(campaign: Campaign) -> Original:
    """Everything that may be copied of the campaign. Six queries, whatever the rows."""
    of_indicator = "indicator__action__campaign"
    return Original(
        campaign=campaign,
        actions=list(campaign.actions.select_related("lead").prefetch_related("supporting").order_by("number")),
        indicators=list(Indicator.objects.filter(action__campaign=campaign).order_by("action__number", "order", "pk")),
        assignments=list(Assignment.objects.filter(action__campaign=campaign).select_related("unit").order_by("pk")),
        targets=list(Target.objects.filter(**{of_indicator: campaign}).select_related("unit").order_by("pk")),
        points=list(TrajectoryPoint.objects.filter(**{f"target__{of_indicator}": campaign}).order_by("pk")),
    )


def suggested_order(whole: Original) -> CopyOrder:
    """The same campaign a year later."""
    campaign = whole.campaign
    old, new = str(campaign.starts_on.year), str(campaign.starts_on.year + 1)
    slug = campaign.slug.replace(old, new) if old in campaign.slug else f"{campaign.slug[: LONGEST_SLUG - 5]}-{new}"
    return CopyOrder(
        slug=slug,
        name_en=campaign.name_en.replace(old, new),
        name_zh=campaign.name_zh.replace(old, new),
        short_en=campaign.short_en.replace(old, new),
        short_zh=campaign.short_zh.replace(old, new),
        starts_on=same_day_next_month(campaign.starts_on, 12),
        ends_on=same_day_next_month(campaign.starts_on, 12) + timedelta(days=campaign.days - 1),
        suffix=f"-{new}",
    )


# --- what stands against it -------------------------------------------------------------------------------------------


def wrong_with_copy(whole: Original, order: CopyOrder) -> dict[str, Any]:
    """A sentence for each field of the order that cannot stay as it is; empty where the copy can be made."""
    if order.ends_on < order.starts_on:
        return {"ends_on": _("The last day lies before the first.")}
    wrong = {"slug": _("There is a campaign with this slug already.")} if _is_taken(order.slug) else {}
    wrong |= _wrong_codes([whole.code_of_copy(one.code, order.suffix) for one in whole.indicators], order.suffix)
    of_days = wrong_with_campaign(new_campaign(whole.campaign, order))
    wrong |= {name if name in ("starts_on", "ends_on") else "ends_on": told for name, told in of_days.items()}
    return wrong or _wrong_targets(whole, order)


def _is_taken(slug: str) -> bool:
    return Campaign.objects.filter(slug=slug).exists()


def _wrong_codes(codes: Sequence[str], suffix: str) -> dict[str, Any]:
    if not _OF_CODE.fullmatch(suffix):
        return {"suffix": _("Use Latin letters, digits, hyphens and underscores.")}
    long = [code for code in codes if len(code) > LONGEST_CODE]
    if long:
        told = _("A code has at most %(most)d characters; this one would be longer: %(code)s.")
        return {"suffix": told % {"most": LONGEST_CODE, "code": long[0]}}
    taken = sorted(Indicator.objects.filter(code__in=codes).values_list("code", flat=True))
    if not taken:
        return {}
    told = ngettext(
        "%(count)d code is in use already: %(codes)s. Choose another ending.",
        "%(count)d codes are in use already: %(codes)s. Choose another ending.",
        len(taken),
    )
    named = ", ".join(taken[:NAMED_AT_MOST]) + (" …" if len(taken) > NAMED_AT_MOST else "")
    return {"suffix": told % {"count": len(taken), "codes": named}}


def _wrong_targets(whole: Original, order: CopyOrder) -> dict[str, Any]:
    """A target with a day of its own must still end after it begins."""
    if not order.with_targets:
        return {}
    by = order.starts_on - whole.campaign.starts_on
    for target in whole.targets:
        begins = _shifted(target.baseline_on, by) or order.starts_on - timedelta(days=1)
        if begins >= (_shifted(target.target_on, by) or order.ends_on):
            return {"ends_on": _("These days are too few: a target would end before it begins.")}
    return {}


# --- the rows of the copy ---------------------------------------------------------------------------------------------


def new_campaign(campaign: Campaign, order: CopyOrder) -> Campaign:
    """The campaign with the order's names and days; it follows the original where it begins later."""
    return _fresh(
        campaign,
        slug=order.slug,
        name_en=order.name_en,
        name_zh=order.name_zh,
        short_en=order.short_en,
        short_zh=order.short_zh,
        starts_on=order.starts_on,
        ends_on=order.ends_on,
        follows=campaign if order.starts_on > campaign.starts_on else None,
        source=Source.ENTERED,
    )


def copied(whole: Original, order: CopyOrder) -> Copied:
    """The copy as it would be written; nothing is. One query, for the calendar."""
    by = order.starts_on - whole.campaign.starts_on
    campaign = new_campaign(whole.campaign, order)
    actions = {one.pk: _fresh(one, campaign=campaign) for one in whole.actions}
    indicators = _indicators(whole, order, campaign, actions)
    targets = {
        one.pk: _fresh(
            one,
            indicator=indicators[one.indicator_id],
            baseline_on=_shifted(one.baseline_on, by),
            target_on=_shifted(one.target_on, by),
        )
        for one in (whole.targets if order.with_targets else ())
    }
    points = [
        _fresh(one, target=targets[one.target_id], on=one.on + by)
        for one in (whole.points if order.with_targets else ())
    ]
    fitting = [one for one in points if lies_between(one.target, one.on)]
    return Copied(
        campaign=campaign,
        actions=list(actions.values()),
        supporting=[(actions[one.pk], unit) for one in whole.actions for unit in one.supporting.all()],
        indicators=list(indicators.values()),
        assignments=_assignments(whole.assignments, actions, by),
        targets=list(targets.values()),
        points=fitting,
        periods=planned_periods(campaign),
        left_out=len(points) - len(fitting),
    )


def _indicators(
    whole: Original, order: CopyOrder, campaign: Campaign, actions: dict[int, Action]
) -> dict[int, Indicator]:
    """By the original's id. What weighs an indicator is the copy of what weighed the original."""
    made = {
        one.pk: _fresh(
            one,
            action=actions[one.action_id],
            code=whole.code_of_copy(one.code, order.suffix),
            follows=one if campaign.follows is not None else None,
        )
        for one in whole.indicators
    }
    for one in whole.indicators:
        if one.rollup_weight_id in made:
            made[one.pk].rollup_weight = made[one.rollup_weight_id]
    return made


def _assignments(rows: Iterable[Assignment], actions: dict[int, Action], by: timedelta) -> list[Assignment]:
    return [
        _fresh(
            one,
            action=actions[one.action_id],
            starts_on=_shifted(one.starts_on, by),
            ends_on=_shifted(one.ends_on, by),
        )
        for one in rows
    ]


def _shifted(day: date | None, by: timedelta) -> date | None:
    return None if day is None else day + by


def _fresh(row: Row, **fields: Any) -> Row:
    """A new row like this one, but for these fields. A sample stays a sample; all else is now entered."""
    fields = {"source": Source.SAMPLE if row.source == Source.SAMPLE else Source.ENTERED} | fields
    kept: dict[str, Any] = {}
    columns: Any = row._meta.concrete_fields
    for field in columns:
        if not field.primary_key and field.name not in {*fields, *OWN_OF_EACH_ROW}:
            name = field.name if field.is_relation and field.is_cached(row) else field.attname
            kept[name] = getattr(row, name)
    return type(row)(**kept, **fields)
