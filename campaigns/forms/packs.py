"""What the office writes in a draft of the meeting pack, and the Word template that it puts in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from jinja2 import TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError, TemplateError

from campaigns.documents.pack_files import trial
from campaigns.domain.packs import LANGUAGES
from campaigns.forms.attachments import LARGEST_UNPACKED, MEGABYTE, OFFICE, is_office_document, safe_name
from campaigns.operations.packs import LONGEST_REMARK, LONGEST_SENTENCE

KINDS = {
    "missed": gettext_lazy("What will be missed"),
    "leads": gettext_lazy("Who leads"),
    "rose": gettext_lazy("Who rose most"),
    "fell": gettext_lazy("Who fell most"),
    "lags": gettext_lazy("What lags"),
    "filed": gettext_lazy("Who has not filed"),
}
REMARKS = pgettext_lazy("of the office", "Remarks")
LANGUAGE_NAMES = {"en": gettext_lazy("English"), "zh": gettext_lazy("Chinese")}
LARGEST_TEMPLATE = 5 * MEGABYTE
DOCX = ".docx"


@dataclass(frozen=True, slots=True)
class Side:
    """One language of a row: its box, and what the rule drafted."""

    language: str
    box: BoundField
    draft: str

    @property
    def is_edited(self) -> bool:
        return (self.box.value() or "") != self.draft


@dataclass(frozen=True, slots=True)
class Row:
    label: Any
    sides: Sequence[Side]


class PackForm(forms.Form):
    """The sentences of a draft by kind, both languages side by side, and the office's remarks."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        content: Mapping[str, Any],
        kinds: Sequence[str],
        drafts: Mapping[str, Mapping[str, str]],
        version: int,
    ) -> None:
        super().__init__(data, initial={"version": version})
        self.kinds, self.drafts = kinds, drafts
        for language in LANGUAGES:
            texts = {one["kind"]: one["text"] for one in content["sentences"][language]}
            for kind in kinds:
                self._add(language, kind, KINDS.get(kind, kind), texts.get(kind, ""), LONGEST_SENTENCE, 4)
            self._add(language, "remarks", REMARKS, content["remarks"][language], LONGEST_REMARK, 5)

    def _add(self, language: str, kind: str, label: Any, text: str, longest: int, lines: int) -> None:
        attributes = {"class": "form-control", "rows": lines, "lang": {"en": "en", "zh": "zh-Hans"}[language]}
        self.fields[f"{language}-{kind}"] = forms.CharField(
            label=_("%(what)s, %(language)s") % {"what": label, "language": LANGUAGE_NAMES[language]},
            initial=text,
            max_length=longest,
            required=False,
            widget=forms.Textarea(attrs=attributes),
        )

    def rows(self) -> Iterator[Row]:
        """What is written side by side, the remarks last."""
        for kind in self.kinds:
            sides = [Side(name, self[f"{name}-{kind}"], self.drafts[name].get(kind, "")) for name in LANGUAGES]
            yield Row(KINDS.get(kind, kind), sides)
        yield Row(REMARKS, [Side(name, self[f"{name}-remarks"], "") for name in LANGUAGES])

    @property
    def sentences(self) -> dict[str, dict[str, str]]:
        return {name: {kind: self.cleaned_data[f"{name}-{kind}"] for kind in self.kinds} for name in LANGUAGES}

    @property
    def remarks(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"{name}-remarks"] for name in LANGUAGES}


class TemplateForm(forms.Form):
    """A Word file that draws a pack; `cleaned_data["file"]` are its bytes. It is tried on `content` first."""

    file = forms.FileField(
        label=_("Word file"),
        max_length=150,
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty. Choose another."),
            "max_length": _("The file's name is too long. Shorten it to 150 characters."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": DOCX, "class": "form-control"}),
    )

    safe_name = ""

    def __init__(self, *given: Any, content: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(*given, **options)
        self.content = content

    def clean_file(self) -> bytes:
        upload: UploadedFile = self.cleaned_data["file"]
        self.safe_name = safe_name(upload.name or "")
        if PurePath(self.safe_name).suffix.lower() != DOCX:
            raise ValidationError(_("A template is a Word file that ends in .docx. Save it as one."))
        if (upload.size or 0) > LARGEST_TEMPLATE:
            raise ValidationError(_("This file is larger than 5 MB. Make its pictures smaller and try again."))
        if not is_office_document(upload, OFFICE[DOCX], LARGEST_UNPACKED // 4):
            raise ValidationError(_("This is no Word document, or it holds macros. Save it as .docx without macros."))
        upload.seek(0)
        bytes_ = upload.read()
        if self.content is not None:
            _must_draw(self.content, bytes_)
        return bytes_


def _must_draw(content: Mapping[str, Any], template: bytes) -> None:
    """Raises what is wrong with the template in words that lead to the place."""
    try:
        trial(content, template)
    except TemplateSyntaxError as error:
        told = _("A tag of the template is not closed or not known: %(what)s. Look for {%% and {{ in the Word file.")
        raise ValidationError(told, params={"what": error.message or ""}) from error
    except UndefinedError as error:
        told = _("The template names something that a pack does not hold: %(what)s.")
        raise ValidationError(told, params={"what": error.message or ""}) from error
    except SecurityError as error:
        raise ValidationError(_("The template does something that a template may not do.")) from error
    except TemplateError as error:
        told = _("The template cannot be filled: %(what)s.")
        raise ValidationError(told, params={"what": str(error)[:200]}) from error
    except Exception as error:
        told = _("No document can be made with this template. Begin again from the built-in one.")
        raise ValidationError(told) from error
