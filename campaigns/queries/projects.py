"""Projects with how they stand: the gravest of the warnings that are open on each."""

from __future__ import annotations

from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Value, When

from campaigns.models import EarlyWarning


def with_warning_level(projects: QuerySet) -> QuerySet:
    """Gives each project `warning_level`: red or yellow by its open warnings, None where it has none. No query more."""
    open_ones = EarlyWarning.objects.filter(project=OuterRef("pk")).exclude(state=EarlyWarning.State.CLEARED)
    levels = (EarlyWarning.Level.RED, EarlyWarning.Level.YELLOW)
    worst = [When(Exists(open_ones.filter(level=level)), then=Value(level.value)) for level in levels]
    return projects.annotate(warning_level=Case(*worst, default=None, output_field=CharField(null=True)))
