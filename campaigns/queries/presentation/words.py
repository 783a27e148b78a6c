"""Puts into words, in the active language, what `domain.questions` found worth asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from campaigns.domain.figures import half_up
from campaigns.domain.light import Light
from campaigns.domain.questions import Question, Topic, most_urgent
from campaigns.queries.warning_words import cause_name

RED_TOPICS = frozenset({Topic.NO_MEASURE, Topic.MEASURE_OVERDUE, Topic.FOLLOW_UP_OVERDUE, Topic.MUST_SPEED_UP})
MINUS = "−"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in words, with the light of its mark."""

    topic: Topic
    light: Light
    text: str


def asked(found: Iterable[Question | None]) -> list[Asked]:
    """The most urgent questions, in the order in which they are put."""
    return [
        Asked(one.topic, Light.RED if one.topic in RED_TOPICS else Light.YELLOW, _WORDS[one.topic](one))
        for one in most_urgent(found)
    ]


def _no_measure(one: Question) -> str:
    told = ngettext(
        "“%(name)s” (%(cause)s) is red for %(days)d day without a written measure: what will be done, and by when?",
        "“%(name)s” (%(cause)s) is red for %(days)d days without a written measure: what will be done, and by when?",
        one.rests_on["days"],
    )
    return told % _warned(one)


def _measure_overdue(one: Question) -> str:
    told = _("The measure for “%(name)s” (%(cause)s) was due on %(day)s: what came of it?")
    return told % {**_warned(one), "day": _day(one.rests_on["due_on"])}


def _not_explained(one: Question) -> str:
    told = ngettext(
        "“%(name)s”: %(cause)s, raised %(days)d day ago and not explained: what is the reason?",
        "“%(name)s”: %(cause)s, raised %(days)d days ago and not explained: what is the reason?",
        one.rests_on["days"],
    )
    return told % _warned(one)


def _warned(one: Question) -> dict[str, Any]:
    """The project of a warning, its cause, and for how many days."""
    cause = cause_name(one.subject.cause)
    return {"name": one.subject.project.name, "cause": cause, "days": one.rests_on["days"]}


def _follow_up_overdue(one: Question) -> str:
    told = ngettext(
        "“%(title)s” (%(number)s) was due on %(day)s and is overdue by %(days)d day: what is still missing?",
        "“%(title)s” (%(number)s) was due on %(day)s and is overdue by %(days)d days: what is still missing?",
        one.rests_on["days"],
    )
    day = _day(one.rests_on["due_on"])
    return told % {
        "title": one.subject.title,
        "number": one.subject.number,
        "day": day,
        "days": one.rests_on["days"],
    }


def _must_speed_up(one: Question) -> str:
    told = {
        "name": one.subject.name,
        "needed": f"{_figure(one.rests_on['required_rate'])} {one.subject.measure}".strip(),
        "rate": _figure(one.rests_on["rate"]),
        "times": one.rests_on["times"],
    }
    if told["times"] is None:
        return _("“%(name)s” needs %(needed)s a day and does not move that way: what will start it?") % told
    return (
        _("“%(name)s” needs %(needed)s a day, %(times)s times the %(rate)s it makes: where will that come from?") % told
    )


def _judged_better(one: Question) -> str:
    told = _("“%(name)s” is judged likely, and %(share)s%% are projected: what do the figures not show yet?")
    return told % {"name": one.subject.name, "share": _share(one.rests_on["projected"])}


def _judged_worse(one: Question) -> str:
    told = _("“%(name)s” is judged unlikely, and %(share)s%% are projected: which risk stands behind that?")
    return told % {"name": one.subject.name, "share": _share(one.rests_on["projected"])}


def _no_figure(one: Question) -> str:
    return _("“%(name)s” has no approved figure: when will it come, and what holds it up?") % {"name": one.subject.name}


def _will_miss(one: Question) -> str:
    told = _("At this rate “%(name)s” reaches %(share)s%% of its target: what will change before the last day?")
    return told % {"name": one.subject.name, "share": _share(one.rests_on["projected"])}


def _milestone_late(one: Question) -> str:
    told = _("“%(step)s” of “%(project)s” was planned for %(day)s: on which day will it be done?")
    day = _day(one.rests_on["planned_on"])
    return told % {"step": one.subject.name, "project": one.subject.project.name, "day": day}


def _shrank(one: Question) -> str:
    told = _("“%(name)s” is %(growth)s%% below the year before: what will turn it?")
    return told % {"name": one.subject.name, "growth": f"{-one.rests_on['growth']:f}"}


def _fell(one: Question) -> str:
    told = ngettext(
        "%(name)s lost %(places)d place and is now number %(rank)d: what pulled it down?",
        "%(name)s lost %(places)d places and is now number %(rank)d: what pulled it down?",
        one.rests_on["places"],
    )
    return told % {"name": one.subject.name, "places": one.rests_on["places"], "rank": one.rests_on["rank"]}


def _light_lifted(one: Question) -> str:
    told = _("The light of “%(name)s” is lifted by an accepted reason (%(reason)s): does that reason still hold?")
    return told % {"name": one.subject.name, "reason": one.rests_on["reason"].rstrip(".。")}


_WORDS: Mapping[Topic, Callable[[Question], str]] = {
    Topic.NO_MEASURE: _no_measure,
    Topic.MEASURE_OVERDUE: _measure_overdue,
    Topic.NOT_EXPLAINED: _not_explained,
    Topic.FOLLOW_UP_OVERDUE: _follow_up_overdue,
    Topic.MUST_SPEED_UP: _must_speed_up,
    Topic.JUDGED_BETTER: _judged_better,
    Topic.NO_FIGURE: _no_figure,
    Topic.WILL_MISS: _will_miss,
    Topic.MILESTONE_LATE: _milestone_late,
    Topic.SHRANK: _shrank,
    Topic.FELL: _fell,
    Topic.LIGHT_LIFTED: _light_lifted,
    Topic.JUDGED_WORSE: _judged_worse,
}


def _figure(value: Decimal) -> str:
    return f"{half_up(value, 2):,f}".replace("-", MINUS)


def _share(value: Fraction) -> str:
    """In percent to 0.1, rounded down: what is below a limit never reads as if it were on it."""
    return str(Decimal(int(1000 * value)) / 10)


def _day(value: date) -> str:
    is_chinese = (get_language() or "").startswith("zh")
    return date_format(value, "n月j日" if is_chinese else "j F")
