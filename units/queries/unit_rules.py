"""What must hold between units beyond the constraints of the database, for every door that writes them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from units.models import Unit


def wrong_with_unit(unit: Unit) -> dict[str, str]:
    """A sentence for each field that cannot stay as it is.

    Counting goes one step only: figures that are inside a second unit's are counted there once, not handed on.
    """
    if unit.counted_in is None:
        return {}
    if unit.pk and unit.counted_units.exists():
        return {"counted_in": _("Other units are counted in this one. Move them first.")}
    if unit.counted_in.counted_in_id is not None:
        return {"counted_in": _("This unit is itself counted in another. Choose that one.")}
    return {}
