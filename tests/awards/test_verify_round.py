"""The snapshot of a round holds by itself: the command and the script for everybody find what was tampered with."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from awards.models import Snapshot
from awards.operations.announcements import NewDecision, revise_announced
from awards.queries.rounds import snapshot_file
from campaigns.domain.canonical import digest_of
from tests.awards.builders import adjusted, announced, computed, criterion, in_publicity, opened, saved_scheme
from tests.awards.test_scheme_operations import gate
from tests.cast import Cast, at

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "verify_round.py"


@pytest.fixture
def cast(cast_with_july: Cast) -> Cast:
    return cast_with_july


@pytest.fixture
def file(cast: Cast, tmp_path: Path) -> Path:
    """Of a round with all methods, a gate, a bonus, a decision, two snapshots."""
    criteria = [
        criterion(1, 20, basis="indicator_attainment", indicator=cast.exports),
        criterion(2, 20, tie_order=1),
        criterion(3, 15, basis="campaign_composite", method="banded", parameters={"plan": 20, "band": 1, "points": 2}),
        criterion(4, 15, basis="indicator_attainment", indicator=cast.share, method="efficacy"),
        criterion(5, 15, basis="action_composite", action=cast.trade, method="rank_step"),
        criterion(6, 15, basis="on_time", method="target", parameters={"target": "99.5"}),
    ]
    scheme = saved_scheme(cast, criteria=criteria, gates=[gate(1, criterion=6)], tie_rule="criteria", bonus_cap=1)
    award = adjusted(cast, computed(cast, opened(cast, scheme)), cast.neighbour, points=3)
    award = announced(cast, in_publicity(cast, award))
    revise_announced(
        round_id=award.pk,
        actor=cast.administrator,
        now=at(9, 20),
        reason="By the committee.",
        decisions=[NewDecision(unit=cast.neighbour, is_winner=True)],
    )
    path = tmp_path / "snapshot.json"
    path.write_bytes(snapshot_file(Snapshot.objects.latest("version")))
    return path


def by_command(what: object) -> str:
    out = io.StringIO()
    call_command("verify_round", str(what), stdout=out)
    return out.getvalue()


def by_script(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", SCRIPT, path], capture_output=True, text=True, check=False)


def change(path: Path, edit: Callable[[dict[str, Any]], Any], *, with_digest: bool = False) -> None:
    content = json.loads(path.read_bytes())
    edit(content)
    if with_digest:
        content["digest"] = digest_of(content)
    path.write_text(json.dumps(content, ensure_ascii=False))


def test_a_snapshot_that_nobody_touched_holds_for_both(file: Path) -> None:
    assert "as noted; 2 units, winners town, neighbour" in by_command(file)
    answer = by_script(file)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "digest, scores, ranks and winners (town, neighbour) hold" in answer.stdout


def test_the_stored_snapshots_of_a_round_hold_and_follow_each_other(file: Path) -> None:
    snapshot = Snapshot.objects.latest("version")
    assert by_command(snapshot.round_id).count("as noted") == 2
    Snapshot.objects.filter(version=1).update(sha256="0" * 64)
    with pytest.raises(CommandError):
        by_command(snapshot.round_id)


TAMPERED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "score": lambda content: content["units"][0]["computed"].update(score="99.99"),
    "rank": lambda content: content["units"][1]["computed"].update(rank=1),
    "winner": lambda content: content["units"][0]["final"].update(is_winner=False),
    "winners": lambda content: content.update(winners=["neighbour"]),
    "figure": lambda content: content["units"][0]["figures"][0].update(figure="1"),
    "weight": lambda content: content["scheme"]["criteria"][0].update(weight="1"),
    "bonus": lambda content: content["units"][1]["adjustments"][0].update(points="1/2"),
    "share": lambda content: content["units"][0]["computed"]["lines"][2].update(share="1"),
}


@pytest.mark.parametrize("what", TAMPERED)
@pytest.mark.parametrize("with_digest", [False, True], ids=["digest kept", "digest made anew"])
def test_what_was_tampered_is_found_even_with_a_new_digest(file: Path, what: str, with_digest: bool) -> None:
    change(file, TAMPERED[what], with_digest=with_digest)
    with pytest.raises(CommandError):
        by_command(file)
    answer = by_script(file)
    assert answer.returncode == 1
    assert answer.stdout.strip()


def test_a_reason_that_was_changed_is_found_by_the_digest(file: Path) -> None:
    change(file, lambda content: content["snapshot"].update(reason="None."))
    with pytest.raises(CommandError, match="was noted"):
        by_command(file)
    assert "digest" in by_script(file).stdout


@pytest.mark.parametrize("text", ["", "[]", "{", '{"digest": "x"}', '{"figure": 1.5, "digest": "x"}'])
def test_what_is_no_snapshot_is_said(db: None, tmp_path: Path, text: str) -> None:
    path = tmp_path / "snapshot.json"
    path.write_text(text)
    with pytest.raises(CommandError):
        by_command(path)
    answer = by_script(path)
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr


def test_a_round_or_file_that_is_not_there_is_said(db: None) -> None:
    with pytest.raises(CommandError, match="no snapshot of a round 7"):
        by_command(7)
    with pytest.raises(CommandError, match="cannot be read"):
        by_command("nowhere.json")
