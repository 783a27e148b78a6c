"""What a message says, in the reader's language, and which messages have been sent already.

A kind of message is one template, `templates/messages/<kind>.txt`: the first line is the title, the rest the body.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.template import Context, TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.utils.translation import gettext as _

from units.models import Message
from units.models.naming import in_reader_language

Key = tuple[str, str, int]
"""Kind, subject, recipient: what a message is, whatever its day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message that ought to be in a person's inbox.

    `day` is the business day on which it fell due, not the one on which somebody looked: that makes it the same message
    however late, and however often, it is found. `params` is plain JSON, see `words`.
    """

    kind: str
    subject: str
    recipient_id: int
    day: date
    url: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return self.kind, self.subject, self.recipient_id


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    body: str


def words(kind: str, params: Mapping[str, Any]) -> Words:
    """The title and the body of a message in the active language.

    Of a pair `name_en`, `name_zh` in the params the template gets `name`; what ends in `_at` becomes an instant, in
    `_on` a day. This holds for dictionaries in lists too.
    """
    try:
        template = get_template(f"messages/{kind}.txt").template  # type: ignore[attr-defined]
        # Plain text: a page that shows it escapes it, a mail does not.
        text = template.render(Context(_told(params), autoescape=False)).strip()
    except (TemplateDoesNotExist, TemplateSyntaxError):
        return Words(_("Message"), "")  # one of another release: it still leads to its page
    title, _newline, body = text.partition("\n")
    return Words(" ".join(title.split()), body.strip())


def words_of(message: Message) -> Words:
    return words(message.kind, message.params)


def newest_sent(notices: Iterable[Notice]) -> dict[Key, date]:
    """The ledger: by key, the newest day for which these kinds of messages were sent, back to the earliest of these
    days. One query."""
    asked = list(notices)
    if not asked:
        return {}
    rows = (
        Message.objects.filter(kind__in={one.kind for one in asked}, day__gte=min(one.day for one in asked))
        .order_by()
        .values_list("kind", "subject", "recipient_id")
        .annotate(newest=Max("day"))
    )
    return {(kind, subject, recipient_id): day for kind, subject, recipient_id, day in rows}


def _told(params: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: _value(name, value) for name, value in params.items()}
    for name in params:
        stem = name.removesuffix("_en")
        if stem != name and f"{stem}_zh" in params:
            told[stem] = in_reader_language(str(params[name]), str(params[f"{stem}_zh"]))
    return told


def _value(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return _told(value)
    if isinstance(value, list | tuple):
        return [_value("", one) for one in value]
    if isinstance(value, str) and name.endswith("_at"):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and name.endswith("_on"):
        return date.fromisoformat(value)
    return value
