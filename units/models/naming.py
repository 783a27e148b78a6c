"""Names in two languages: `name_en` and `name_zh` are stored, `name` follows the reader's language."""

from django.utils.translation import get_language


def in_reader_language(english: str, chinese: str) -> str:
    """The Chinese text for a reader of Chinese, else the English; the other one where the first is empty."""
    if (get_language() or "en").startswith("zh"):
        return chinese or english
    return english or chinese


class Named:
    """Gives `name` to a model that stores `name_en` and `name_zh`."""

    name_en: str
    name_zh: str

    @property
    def name(self) -> str:
        return in_reader_language(self.name_en, self.name_zh)

    def __str__(self) -> str:
        return self.name


class ShortNamed(Named):
    """Gives `short` to a model that also stores `short_en` and `short_zh`; the full name where there is none."""

    short_en: str
    short_zh: str

    @property
    def short(self) -> str:
        return in_reader_language(self.short_en, self.short_zh) or self.name
