"""The flags of a campaign as a sheet."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from awards.models import RedFlag
from units.documents.sheets import Column, Sheet


def flag_sheet(flags: Sequence[RedFlag]) -> Sheet:
    columns = [
        Column(_("Award scheme"), 30), Column(_("Award round"), 30), Column(_("Unit code"), 16), Column(_("Unit"), 28),
        Column(_("Held from"), 12), Column(_("Held until"), 12),
    ]  # fmt: skip
    rows = [
        [one.round.scheme.name, one.round.name, one.unit.code, one.unit.name, one.held_from, one.held_until]
        for one in flags
    ]
    return Sheet(pgettext("of a campaign", "Flags"), columns, rows)
