"""The catalogues of words: everything marked is found, and what does not fit is told."""

import ast
from pathlib import Path

import polib
import pytest
from django.conf import settings

from jiaxing import translations

VIEW = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
TITLE = _("My work")
LONG = gettext_lazy("one text "
    "in two pieces")
COUNT = ngettext("%(count)d report", "%(count)d reports", 2)
MAY = pgettext("month", "May")
NOT_MARKED = "left alone"
"""
PAGE = """{% load i18n %}
<h1 title="{% translate "Standings" %}">{{ _("Rank") }}</h1>
    {# a comment with "one quote and it's another #}
  {% blocktranslate trimmed with unit=unit.name %}
    Figures of {{ unit }}, 100% of them
  {% endblocktranslate %}
{% blocktranslate count days=left %}{{ days }} day{% plural %}{{ days }} days{% endblocktranslate %}
{% if x == "y" %}"unbalanced{% endif %}
"""


def test_no_words_are_marked_inside_an_f_string():
    """Python 3.11 reads an f-string as one token, so that words in it would never be collected."""
    hidden = []
    for app in translations.APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            strings = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.JoinedStr)]
            calls = [node for one in strings for node in ast.walk(one) if isinstance(node, ast.Call)]
            names = [(one.lineno, one.func.id) for one in calls if isinstance(one.func, ast.Name)]
            hidden += [f"{path.name}:{line}" for line, name in names if name in translations.KEYWORDS]
    assert hidden == []


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "campaigns" / "views").mkdir(parents=True)
    (tmp_path / "campaigns" / "views" / "reports.py").write_text(VIEW, encoding="utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "standings.html").write_text(PAGE, encoding="utf-8")
    return tmp_path


def translated(house: Path) -> polib.POFile:
    catalogue = translations.merged(translations.extract(house), None, "zh_Hans")
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: entry.msgid_plural}
        else:
            entry.msgstr = entry.msgid
    return catalogue


def test_marked_strings_are_found_in_code_and_templates(house: Path) -> None:
    assert set(translations.extract(house)) == {
        ("", "My work"),
        ("", "one text in two pieces"),
        ("", "%(count)d report"),
        ("month", "May"),
        ("", "Standings"),
        ("", "Rank"),
        ("", "Figures of %(unit)s, 100%% of them"),
        ("", "%(days)s day"),
    }


def test_a_complete_catalogue_has_no_problems(house: Path) -> None:
    assert translations.problems(translations.extract(house), translated(house)) == []


def test_merging_keeps_translations_drops_what_is_gone_and_adds_what_is_new(house: Path) -> None:
    old = polib.POFile()
    old.append(polib.POEntry(msgid="My work", msgstr="我的工作"))
    old.append(polib.POEntry(msgid="Gone", msgstr="没有了"))
    catalogue = translations.merged(translations.extract(house), old, "zh_Hans")
    assert catalogue.find("My work").msgstr == "我的工作"
    assert catalogue.find("Gone") is None
    assert catalogue.find("Rank").msgstr == ""


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda entry: setattr(entry, "msgstr", ""), "not translated"),
        (lambda entry: entry.flags.append("fuzzy"), "marked fuzzy"),
        (lambda entry: setattr(entry, "msgstr", "100%% 的数据"), "placeholders differ"),
        (lambda entry: setattr(entry, "msgstr", "%(units)s 的数据"), "placeholders differ"),
        (lambda entry: setattr(entry, "msgid", "Something else"), "no longer used"),
        (lambda entry: setattr(entry, "msgid", "Something else"), "not in the catalogue"),
        (lambda entry: setattr(entry, "obsolete", True), "no longer used"),
    ],
)
def test_what_does_not_fit_is_told(house: Path, spoil: object, problem: str) -> None:
    catalogue = translated(house)
    spoil(catalogue.find("Figures of %(unit)s, 100%% of them"))  # type: ignore[operator]
    assert any(told.startswith(problem) for told in translations.problems(translations.extract(house), catalogue))


def test_the_written_catalogue_is_sorted_and_stays_the_same_when_written_again(house: Path, tmp_path: Path) -> None:
    found, path = translations.extract(house), tmp_path / "django.po"
    path.write_text(translations.rendered(translated(house)), encoding="utf-8")
    assert translations.is_in_normal_form(path, found, "zh_Hans")
    texts = [entry.msgid for entry in polib.pofile(str(path)) if not entry.msgctxt]
    assert texts == sorted(texts)
    path.write_text(path.read_text(encoding="utf-8") + "\n# a note\n", encoding="utf-8")
    assert not translations.is_in_normal_form(path, found, "zh_Hans")
