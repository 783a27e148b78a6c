"""The catalogues of translated words: collected, merged, checked and compiled without gettext's system tools.

Catalogues are sorted and carry neither line numbers nor dates, so that a change shows only the words that changed.
"""

import io
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation import templatize, to_locale

SOURCE_LANGUAGE = "en"
APPS = ("jiaxing", "units", "campaigns", "awards")
LEFT_OUT = frozenset({"migrations", "tests"})
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PERCENT_PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[-+0#]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]")
BRACE_PLACEHOLDER = re.compile(r"\{(\w*)(?:[.\[][^}]*)?(?:![rsa])?(?::[^}]*)?\}")
PLURAL_FORMS = {"zh_Hans": "nplurals=1; plural=0;"}
UNWRAPPED = 10_000

Key = tuple[str, str]  # context ("" where there is none) and the source string


@dataclass
class Found:
    """One string of the sources and the files it stands in."""

    context: str
    text: str
    plural: str = ""
    files: set[str] = field(default_factory=set)


def catalogues() -> dict[str, Path]:
    """Locale name → file, for every language of the site but the one the sources are written in."""
    locales = [to_locale(code) for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]
    return {locale: Path(settings.LOCALE_PATHS[0]) / locale / "LC_MESSAGES" / "django.po" for locale in locales}


def extract(base: Path) -> dict[Key, Found]:
    """Every marked string in the Python files and templates below ``base``."""
    found: dict[Key, Found] = {}
    for path in _sources(base):
        for context, text, plural in _strings(path):
            entry = found.setdefault((context, text), Found(context, text))
            entry.plural = entry.plural or plural
            entry.files.add(path.relative_to(base).as_posix())
    return found


def merged(found: dict[Key, Found], old: polib.POFile | None, locale: str) -> polib.POFile:
    """A catalogue with exactly the found strings, and what ``old`` already says of them."""
    catalogue = polib.POFile(wrapwidth=UNWRAPPED)
    catalogue.metadata = {
        "Language": locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS.get(locale, "nplurals=2; plural=(n != 1);"),
    }
    known = {_key(entry): entry for entry in old or [] if not entry.obsolete}
    for key in sorted(found):
        catalogue.append(_entry(found[key], known.get(key)))
    return catalogue


def problems(found: dict[Key, Found], catalogue: polib.POFile) -> list[str]:
    """What keeps the catalogue from being complete, one sentence each."""
    told = [f"no longer used: {entry.msgid!r}" for entry in catalogue.obsolete_entries()]
    known = {_key(entry): entry for entry in catalogue if not entry.obsolete}
    told += [f"no longer used: {text!r}" for context, text in sorted(known.keys() - found.keys())]
    for key in sorted(found):
        entry = known.get(key)
        where = ", ".join(sorted(found[key].files))
        if entry is None:
            told.append(f"not in the catalogue: {found[key].text!r} ({where})")
        else:
            told += [f"{problem}: {entry.msgid!r} ({where})" for problem in _entry_problems(entry, found[key])]
    return told


def is_in_normal_form(path: Path, found: dict[Key, Found], locale: str) -> bool:
    return path.read_text(encoding="utf-8") == rendered(merged(found, polib.pofile(str(path)), locale))


def rendered(catalogue: polib.POFile) -> str:
    return f"{catalogue}\n".removesuffix("\n\n") + "\n"


def compile_catalogues() -> list[Path]:
    """The ``.mo`` files that Django reads, each put in place whole."""
    written = []
    for path in catalogues().values():
        if not path.exists():
            continue
        target = path.with_suffix(".mo")
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        polib.pofile(str(path)).save_as_mofile(str(fresh))
        fresh.replace(target)
        written.append(target)
    return written


def placeholders(text: str) -> Counter[str]:
    """The names (or kinds) of what is filled into the text, with how often each stands there."""
    text = text.replace("%%", "")
    percent = (match.group(1) or match.group(0) for match in PERCENT_PLACEHOLDER.finditer(text))
    return Counter(percent) + Counter(f"{{{match.group(1)}}}" for match in BRACE_PLACEHOLDER.finditer(text))


def _sources(base: Path) -> Iterator[Path]:
    for folder in APPS:
        for path in sorted((base / folder).rglob("*.py")):
            if LEFT_OUT.isdisjoint(path.relative_to(base).parts):
                yield path
    for folder in ("templates", *APPS):
        for path in sorted((base / folder).rglob("*")):
            if path.suffix in {".html", ".txt"} and "templates" in path.relative_to(base).parts:
                yield path


def _strings(path: Path) -> Iterator[tuple[str, str, str]]:
    """Context, text and plural of each marked string in one file."""
    from babel.messages.extract import extract as extract_from  # a tool of development, not of the running site

    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What is left between the calls is no Python, but its tokens are; only its indentation would be in the way.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    file = io.BytesIO(source.encode())
    for _line, message, _comments, context in extract_from("python", file, KEYWORDS, options={"encoding": "utf-8"}):
        text, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
        if text:
            yield context or "", text, plural


def _key(entry: polib.POEntry) -> Key:
    return entry.msgctxt or "", entry.msgid


def _entry(found: Found, known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=found.text, msgctxt=found.context or None)
    if known is not None:
        entry.tcomment = known.tcomment
        entry.flags = [flag for flag in known.flags if flag == "fuzzy"]
    if found.plural:
        entry.msgid_plural = found.plural
        told = (known.msgstr_plural or {0: known.msgstr}) if known is not None else {0: ""}
        entry.msgstr_plural = {int(number): text for number, text in told.items()}
    elif known is not None:
        entry.msgstr = known.msgstr or known.msgstr_plural.get(0, "")
    if PERCENT_PLACEHOLDER.search(found.plural or found.text):
        entry.flags.append("python-format")
    return entry


def _entry_problems(entry: polib.POEntry, found: Found) -> Iterable[str]:
    if entry.fuzzy:
        yield "marked fuzzy"
    texts = list(entry.msgstr_plural.values()) if found.plural else [entry.msgstr]
    if bool(found.plural) != bool(entry.msgid_plural):
        yield "plural in one place, not in the other"
    elif not texts or not all(texts):
        yield "not translated"
    elif any(placeholders(text) != placeholders(found.plural or found.text) for text in texts):
        yield "placeholders differ"
