"""A file that is offered for a report: what it may be, how large, and whether it is what its name says."""

from __future__ import annotations

import re
import warnings
import zipfile
from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
LARGEST_PICTURE = 50_000_000  # pixels
LARGEST_UNPACKED = 200 * MEGABYTE

PICTURES = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
OFFICE = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
ACCEPT = ",".join(TYPES)


class AttachmentForm(forms.Form):
    """One file: `cleaned_data["file"]`, its bare `safe_name`, and the `content_type` it was found to be."""

    file = forms.FileField(
        label=_("Photo or document"),
        max_length=150,
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty. Choose another."),
            "max_length": _("The file's name is too long. Shorten it to 150 characters."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )

    safe_name = ""
    content_type = ""

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        self.safe_name = safe_name(upload.name or "")
        ending = PurePath(self.safe_name).suffix.lower()
        if ending not in TYPES:
            raise ValidationError(
                _("Files of the kind “%(ending)s” are not taken. Use a photo (jpg, png, webp), pdf, Word, Excel, "
                  "PowerPoint, txt or csv."),
                params={"ending": ending or self.safe_name},
            )  # fmt: skip
        if (upload.size or 0) > LARGEST:
            raise ValidationError(_("This file is larger than 20 MB. Make it smaller and try again."))
        if not _is_what_it_says(upload, ending):
            raise ValidationError(_("The content of this file is not what its name says. Save it again and retry."))
        upload.seek(0)
        self.content_type = TYPES[ending]
        return upload


def safe_name(name: str) -> str:
    """The bare file name without path, control characters and leading dots."""
    bare = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[\x00-\x1f\x7f]", "", bare).lstrip(".").strip() or "file"


def _is_what_it_says(upload: UploadedFile, ending: str) -> bool:
    upload.seek(0)
    if ending in PICTURES:
        return _is_picture(upload, PICTURES[ending])
    if ending in OFFICE:
        return is_office_document(upload, OFFICE[ending])
    start = upload.read(4096)
    if ending == ".pdf":
        return start.startswith(b"%PDF-")
    return b"\x00" not in start


def _is_picture(upload: UploadedFile, kind: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload) as picture:
                if picture.format != kind or picture.width * picture.height > LARGEST_PICTURE:
                    return False
                picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning):
        return False
    return True


def is_office_document(upload: UploadedFile, folder: str, largest: int = LARGEST_UNPACKED) -> bool:
    """Whether it is a zip file of Office with this folder in it, without macros, and not larger once unpacked."""
    try:
        with zipfile.ZipFile(upload) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    names = [part.filename for part in parts]
    has_macros = any(name.endswith("vbaProject.bin") for name in names)
    unpacked = sum(part.file_size for part in parts)
    is_document = "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)
    return is_document and not has_macros and unpacked <= largest
