"""The rules by which a pack's figures came about, in the campaign's own numbers: its annex."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from campaigns.documents.pack_words import figure_text
from campaigns.domain.light import LightMethod


def rules(content: Mapping[str, Any]) -> list[str]:
    campaign = content["campaign"]
    return [
        _("Attainment is (actual − baseline) / (target − baseline), from approved figures alone."),
        _("A composite is the weighted mean of attainments, each at least nought and at most %(cap)s%%.")
        % {"cap": _whole(campaign["cap"])},
        _("A unit with figures for less than %(coverage)s%% of its weight is incomplete and has no rank.")
        % {"coverage": _whole(campaign["minimum_coverage"])},
        _("Equal figures share a rank; movement counts places against the period published before."),
        _lights(campaign),
        _("A yellow in two periods running is red. An accepted reason lifts the light by one and stays visible."),
        _(
            "The forecast goes on from the last figure at the median of all daily rates so far (Theil–Sen); "
            "its band lies between the 10th and the 90th percentile of these rates."
        ),
        _("An action whose forecast is below %(miss)s%% counts as missed at this rate.")
        % {"miss": _whole(content["rules"]["missed_below"])},
        _("A dash means that there is no approved figure; it is never nought."),
    ]


def _whole(figure: str) -> str:
    return figure_text(figure, 0)


def _lights(campaign: Mapping[str, Any]) -> str:
    if campaign["light_method"] == LightMethod.POINTS_BEHIND:
        told = _("Lights by points behind the plan: less than %(green)s green, up to %(yellow)s yellow, more red.")
        return told % {"green": _whole(campaign["green_within"]), "yellow": _whole(campaign["yellow_within"])}
    told = _("Lights by share of the plan: %(green)s%% and above green, %(yellow)s%% and above yellow, below that red.")
    return told % {"green": _whole(campaign["green_from"]), "yellow": _whole(campaign["yellow_from"])}
