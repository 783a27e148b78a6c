"""`manage.py verify_pack` finds out whether a pack, or its content in a file, is what was issued."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from campaigns.domain.canonical import canonical_bytes
from campaigns.models import Pack
from tests.builders import issued_pack
from tests.cast import Cast


def verified(what: object) -> str:
    out = io.StringIO()
    call_command("verify_pack", str(what), stdout=out)
    return out.getvalue()


def test_a_pack_that_nobody_touched_holds(cast_with_july: Cast) -> None:
    pack = issued_pack(cast_with_july)
    assert verified(pack.pk) == f"hundred-days/2022-07 (1): {pack.digest}, as noted.\n"


def test_a_figure_that_was_changed_in_the_database_is_found(cast_with_july: Cast) -> None:
    pack = issued_pack(cast_with_july)
    pack.content["city"]["published"] = "99.99"
    Pack.objects.filter(pk=pack.pk).update(content=pack.content)
    with pytest.raises(CommandError, match="was noted"):
        verified(pack.pk)


def test_the_content_in_a_file_leads_to_its_pack(cast_with_july: Cast, tmp_path: Path) -> None:
    pack, file = issued_pack(cast_with_july), tmp_path / "pack.json"
    file.write_bytes(canonical_bytes(pack.content))
    assert "the digest of hundred-days/2022-07 (1)" in verified(file)
    file.write_bytes(canonical_bytes(pack.content).replace(b"Riverside", b"Hillside"))
    with pytest.raises(CommandError, match="of no pack here"):
        verified(file)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"figure": 1.5}'])
def test_what_is_no_content_is_said(db: None, tmp_path: Path, text: str) -> None:
    file = tmp_path / "pack.json"
    file.write_text(text)
    with pytest.raises(CommandError, match="is not the content of a pack"):
        verified(file)


def test_a_pack_or_file_that_is_not_there_is_said(db: None) -> None:
    with pytest.raises(CommandError, match="no pack 7"):
        verified(7)
    with pytest.raises(CommandError, match="cannot be read"):
        verified("nowhere.json")
