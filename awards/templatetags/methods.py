"""Says in words how a criterion makes points of its figure, from its method and parameters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from awards.models import Criterion
from campaigns.templatetags.look import number_text

register = template.Library()

Method = Criterion.Method


@register.filter
def method_words(criterion: Criterion) -> str:
    """``{{ criterion|method_words }}`` → full at 100%, 1% more or less for each point, at most 10% more"""
    given = criterion.parameters or {}
    words = {
        Method.TARGET: _target,
        Method.LINEAR: _linear,
        Method.RANK_STEP: _rank_step,
        Method.BANDED: _banded,
        Method.EFFICACY: _efficacy,
    }[Method(criterion.method)]
    return words(given)


@register.filter
def plain(value: Any) -> str:
    """``{{ origin.value|plain }}`` → 568.4 for the text 568.4000; nothing becomes a dash."""
    return _plain(value)


def _plain(value: Any) -> str:
    return number_text(Decimal(str(value)).normalize() if value is not None else None)


def _target(given: dict[str, Any]) -> str:
    return _("full from %(target)s%% on, else 0") % {"target": _plain(given.get("target", 100))}


def _linear(given: dict[str, Any]) -> str:
    step = _plain(given.get("step_per_point", 1))
    return _("full at 100%%, %(step)s%% more or less for each point") % {"step": step} + _caps(given)


def _rank_step(given: dict[str, Any]) -> str:
    return _("1st %(first)s%%, then %(step)s%% less each, not below %(floor)s") % {
        "first": _plain(given.get("first", 100)),
        "step": _plain(given.get("step", 5)),
        "floor": _plain(given.get("floor", 0)),
    }


def _banded(given: dict[str, Any]) -> str:
    words = _("%(points)s%% more or less for each %(band)s points above or below plan") % {
        "points": _plain(given.get("points")),
        "band": _plain(given.get("band")),
    }
    return words + _caps(given)


def _efficacy(given: dict[str, Any]) -> str:
    return _("60 + 40 × (x − lowest) ÷ (highest − lowest)")


def _caps(given: dict[str, Any]) -> str:
    """The ends of a sum: how much more and how much less there may be."""
    more, less = given.get("bonus_cap"), given.get("penalty_cap")
    words = ""
    if more is not None:
        words += _("; at most %(cap)s%% more") % {"cap": _plain(more)} if more else _("; never more than full")
    if less is not None:
        words += _("; at most %(cap)s%% less") % {"cap": _plain(less)}
    return words
