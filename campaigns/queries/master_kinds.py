"""The tables that the office brings in as files: which rows, by which key, with which columns, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns.models import (
    Action,
    Campaign,
    Indicator,
    Milestone,
    Project,
    ProjectPlan,
    Target,
    TrajectoryPoint,
)
from campaigns.queries.indicator_rules import wrong_with_indicator
from campaigns.queries.project_rules import wrong_with_project
from campaigns.queries.target_rules import wrong_with_point, wrong_with_target
from units.models import Unit
from units.permissions import Capacities, can_manage_campaigns, can_manage_units
from units.queries.unit_rules import wrong_with_unit

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One table. `key` names the columns that say which row is meant; `path` leads from a row to what a column shows
    where the model has no field of that name; `whole` is the row that a part belongs to."""

    name: str
    title: Any
    model: type[Model]
    rows: Callable[[], QuerySet]
    key: Sequence[str]
    columns: Sequence[str]
    may: Callable[[Capacities], bool]
    rules: Callable[[Any], Mapping[str, Any]]
    fixed: Sequence[str] = ()
    headings: Mapping[str, Any] | None = None
    whole: str = ""

    def heading(self, column: str) -> Any:
        if self.headings and column in self.headings:
            return self.headings[column]
        return self.model._meta.get_field(column).verbose_name  # type: ignore[union-attr]


def _nothing_more(_row: Model) -> dict[str, Any]:
    """For parts of which the constraints of the database say all."""
    return {}


NAMES = ("name_en", "name_zh")
KINDS: dict[str, Kind] = {
    one.name: one
    for one in (
        Kind(
            name="units",
            title=_("Units"),
            model=Unit,
            rows=lambda: Unit.objects.select_related("counted_in").order_by("order", "code"),
            key=("code",),
            columns=(
                "code", "division_code", *NAMES, "short_en", "short_zh", "kind", "order", "counted_in", "is_active",
            ),
            may=can_manage_units,
            rules=wrong_with_unit,
        ),
        Kind(
            name="indicators",
            title=_("Indicators"),
            model=Indicator,
            rows=lambda: Indicator.objects.select_related("action__campaign", "rollup_weight").order_by(
                "action__campaign__slug", "action__number", "order", "code"
            ),
            key=("code",),
            columns=(
                "campaign", "action", "code", "order", *NAMES, "measure_en", "measure_zh", "decimals", "direction",
                "accumulation", "counts_from", "rollup", "rollup_weight", "attribute", "weight", "is_required",
                "asks_growth", "minimum", "maximum", "scope_note_en", "scope_note_zh", "numerator", "denominator",
            ),
            may=can_manage_campaigns,
            rules=wrong_with_indicator,
            fixed=("action",),
            headings={"campaign": _("campaign"), "action": _("action number")},
        ),
        Kind(
            name="targets",
            title=_("Targets"),
            model=Target,
            rows=lambda: Target.objects.select_related("indicator__action__campaign", "unit").order_by(
                "indicator__code", "unit__order", "unit__code"
            ),
            key=("indicator", "unit"),
            columns=(
                "indicator", "unit", "baseline", "baseline_on", "target", "target_on", "confirmed_as",
                "scope_note_en", "scope_note_zh",
            ),
            may=can_manage_campaigns,
            rules=wrong_with_target,
        ),
        Kind(
            name="trajectories",
            title=_("Trajectories"),
            model=TrajectoryPoint,
            rows=lambda: TrajectoryPoint.objects.select_related(
                "target__indicator__action__campaign", "target__unit"
            ).order_by("target__indicator__code", "target__unit__order", "target__unit__code", "on"),
            key=("indicator", "unit", "on"),
            columns=("indicator", "unit", "on", "value"),
            may=can_manage_campaigns,
            rules=wrong_with_point,
            headings={"indicator": _("indicator"), "unit": _("unit")},
            whole="target",
        ),
        Kind(
            name="projects",
            title=_("Projects"),
            model=Project,
            rows=lambda: Project.objects.select_related(
                "campaign", "unit", "lead", "action__campaign", "package"
            ).order_by("unit__order", "code"),
            key=("code",),
            columns=(
                "campaign", "code", *NAMES, "unit", "lead", "action", "package", "industry", "project_class", "stage",
                "exit_reason", "content_en", "content_zh", "total_investment", "invested_before", "plan_this_year",
                "planned_start_on", "planned_finish_on", "started_on", "finished_on", "statistical_entry_on", "leader",
                "person", "latitude", "longitude", "video_url",
            ),
            may=can_manage_campaigns,
            rules=wrong_with_project,
            headings={"action": _("action number")},
        ),
        Kind(
            name="plans",
            title=_("Monthly plans of projects"),
            model=ProjectPlan,
            rows=lambda: ProjectPlan.objects.select_related("project").order_by("project__code", "month"),
            key=("project", "month"),
            columns=("project", "month", "planned_to_date"),
            may=can_manage_campaigns,
            rules=_nothing_more,
            whole="project",
        ),
        Kind(
            name="milestones",
            title=_("Milestones of projects"),
            model=Milestone,
            rows=lambda: Milestone.objects.select_related("project").order_by("project__code", "order", "planned_on"),
            key=("project", "name_en"),
            columns=("project", "order", *NAMES, "planned_on", "done_on"),
            may=can_manage_campaigns,
            rules=_nothing_more,
            whole="project",
        ),
    )
}  # fmt: skip


@dataclass(slots=True)
class References:
    """What the cells of a table may name, read once: units by code and name, campaigns, actions, indicators,
    targets, projects."""

    units: dict[str, Unit]
    campaigns: dict[str, Campaign]
    actions: dict[tuple[str, int], Action]
    indicators: dict[str, Indicator]
    targets: dict[tuple[str, str], Target]
    projects: dict[str, Project]


def references(kind: Kind) -> References:
    """At most six queries, whatever the rows; only what this table needs."""
    columns = set(kind.columns)
    wants = columns & {"indicator", "rollup_weight"}
    return References(
        units=_units() if columns & {"unit", "lead", "counted_in"} else {},
        campaigns={one.slug: one for one in Campaign.objects.all()} if "campaign" in columns else {},
        actions={
            (one.campaign.slug, one.number): one for one in Action.objects.select_related("campaign")
        } if "action" in columns else {},
        indicators={
            one.code.casefold(): one for one in Indicator.objects.select_related("action__campaign")
        } if wants else {},
        targets={
            (one.indicator.code, one.unit.code if one.unit else ""): one
            for one in Target.objects.select_related("indicator__action__campaign", "unit")
        } if kind.whole == "target" else {},
        projects={
            one.code.casefold(): one for one in Project.objects.all()
        } if columns & {"package", "project"} else {},
    )  # fmt: skip


def _units() -> dict[str, Unit]:
    """Units by code and by each name; a name that two of them share names neither."""
    by_name: dict[str, Unit] = {}
    shared = set()
    for unit in Unit.objects.select_related("counted_in"):
        for name in {unit.code, unit.name_en, unit.name_zh, unit.short_en, unit.short_zh} - {""}:
            if by_name.setdefault(name.casefold(), unit) != unit:
                shared.add(name.casefold())
    return {name: unit for name, unit in by_name.items() if name not in shared}


def shown(kind: Kind, row: Any, column: str) -> Any:
    """What a column of the table says of a row: keys of other rows, values of choices, numbers, dates and texts."""
    if kind.name == "trajectories" and column in ("indicator", "unit"):
        return shown(KINDS["targets"], row.target, column)
    if kind.name == "indicators" and column == "campaign":
        return row.action.campaign.slug if row.action_id or getattr(row, "action", None) else ""
    value = getattr(row, column)
    if column == "campaign":
        return value.slug
    if isinstance(value, Action):
        return value.number
    return value.code if isinstance(value, Unit | Indicator | Project) else value


def key_of(kind: Kind, row: Any) -> Key:
    """The row's place in the table, as its key columns say it."""
    return tuple(_plain(shown(kind, row, column)) for column in kind.key)


def _plain(value: Any) -> str:
    return "" if value is None else str(value).casefold()


def may_import_any(person: Capacities) -> bool:
    return any(kind.may(person) for kind in KINDS.values())
