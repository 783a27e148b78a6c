"""Photos of a project: checked, then drawn anew as JPEG, so that nothing but the picture itself is kept.

Where it was taken, by which camera, and whatever else a file may carry is left behind.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from campaigns.forms.attachments import LARGEST, LARGEST_PICTURE, PICTURES, safe_name
from campaigns.operations.project_updates import MOST_PHOTOS, Photo

LONGEST_SIDE = 2400
"""Pixels: enough for a wall, and a few hundred kilobytes."""
QUALITY = 85


TOO_LARGE = _("“%(name)s” is larger than 20 MB. Make the photo smaller and choose it again.")
WRONG_KIND = _("“%(name)s” is no photo. Choose a jpg, png or webp file.")
NOT_A_PICTURE = _("The content of “%(name)s” is not the picture that its name says, or it is too large to draw.")


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Any number of photos up to `MOST_PHOTOS`; a list of `Photo`."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", PhotosInput(attrs={"accept": ",".join(PICTURES), "class": "form-control"}))
        super().__init__(required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Photo]:
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(given) > MOST_PHOTOS:
            raise ValidationError(_("At most %(most)d photos at once.") % {"most": MOST_PHOTOS})
        return [_photo(one) for one in given]


def _photo(upload: UploadedFile) -> Photo:
    name = safe_name(upload.name or "")[-150:]
    ending = PurePath(name).suffix.lower()
    if ending not in PICTURES:
        raise ValidationError(WRONG_KIND, params={"name": name[:60]})
    if (upload.size or 0) > LARGEST:
        raise ValidationError(TOO_LARGE, params={"name": name[:60]})
    try:
        content = _drawn_anew(upload, PICTURES[ending])
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning) as error:
        raise ValidationError(NOT_A_PICTURE, params={"name": name[:60]}) from error
    return Photo(name=f"{PurePath(name).stem[:140]}.jpg", content=content)


def _drawn_anew(upload: UploadedFile, kind: str) -> bytes:
    """The picture as JPEG; raises ValueError where it is of another kind or has too many pixels."""
    upload.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(upload, formats=[kind]) as picture:
            if picture.width * picture.height > LARGEST_PICTURE:
                raise ValueError("too many pixels")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    drawn = BytesIO()
    upright.save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()
