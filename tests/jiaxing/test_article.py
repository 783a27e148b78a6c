"""Every row that claims the article as its source rests on the article's words, and no part of the article is left out.

The article itself is not part of the project: `article.yaml` holds the digest of each of its fragments. Where the text
lies beside the checkout, in `../shared/`, the digests and the quoted words are checked against it as well.
"""

import hashlib
import re
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "jiaxing" / "data"
LONGEST_QUOTE = 14  # words


def load(name: str) -> dict:
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


ARTICLE = load("article")
ARTICLE_FILE = ROOT.parent / "shared" / ARTICLE["file"]


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))


def fragments_of(text: str) -> list[list[str]]:
    """The words between two marks of punctuation; the dot of “No. 1” ends nothing."""
    pieces = re.split(r"[,.;:\n]", text.replace("No. 1", "No 1"))
    return [words for words in map(words_of, pieces) if words]


def rows() -> dict[str, dict]:
    """All rows that may come from the article, by their key."""
    units, meeting = load("units"), load("meeting")
    found = {f"unit:{row['code']}": row for row in units["units"]}
    found |= {f"group:{row['code']}": row for row in units["ranking_groups"]}
    found |= {f"campaign:{row['slug']}": row for row in load("campaigns")["campaigns"]}
    found["meeting"] = meeting["meeting"]
    for part in ("kinds", "people", "agenda", "requirements"):
        found |= {row["key"]: row for row in meeting[part]}
    found |= {"attendance:" + "+".join(row["units"]): row for row in meeting["units_present"]}
    found |= {row["key"]: row for scheme in load("awards")["schemes"] for row in scheme["rounds"]}
    return found


ROWS = rows()
QUOTES = [(key, quote) for key, row in ROWS.items() for quote in row.get("article_words", [])]


def test_every_article_row_quotes_the_article_and_no_sample_does():
    for key, row in ROWS.items():
        if row["source"] == "article":
            assert row.get("article_words"), f"{key} claims the article but quotes no word of it"
        if row["source"] == "sample":
            assert "article_words" not in row, f"{key} is a sample but quotes the article"


def test_quotes_are_short():
    for key, quote in QUOTES:
        assert len(words_of(quote)) <= LONGEST_QUOTE, f"{key}: {quote}"


def test_every_fragment_is_carried_by_a_row_or_is_said_to_be_rhetoric():
    for fragment in ARTICLE["fragments"]:
        assert fragment["rows"] or fragment.get("rhetoric"), f"fragment {fragment['n']} is carried by no row"
        assert set(fragment["rows"]) <= set(ROWS), f"fragment {fragment['n']} names a row that is not there"


def test_every_row_with_words_of_the_article_is_named_by_a_fragment():
    named = {key for fragment in ARTICLE["fragments"] for key in fragment["rows"]}
    assert {key for key, _ in QUOTES} == named


def test_the_facts_that_must_not_be_missing():
    meeting = load("meeting")
    assert str(meeting["meeting"]["held_on"]) == "2022-07-27"
    assert {row["kind"] for row in meeting["kinds"]} == {"mutual_learning", "standing_committee", "monthly_analysis"}
    assert [row["name_en"] for row in meeting["people"]] == ["Zhang Bing", "Li Jun"]
    assert [row["kind"] for row in meeting["agenda"]] == [
        "study",
        "assessment",
        "project_video",
        "warning_video",
        "locality_report",
        "department_report",
        "award",
        "requirements",
    ]
    points = defaultdict(int)
    for row in meeting["requirements"]:
        points[row["group"]] += 1
    # Each group's leading sentence and its points: 10 of growth, 8 of difficulties, 4 of stamina, 3 of risk.
    assert points == {"deployment": 7, "growth_engines": 11, "difficulties": 9, "stamina": 5, "risk_and_security": 4}
    half_year = next(row for row in load("awards")["schemes"][0]["rounds"] if row["key"] == "round-2022-1")
    assert half_year["winners"] == ["tongxiang", "jiashan", "haiyan"]
    assert half_year["co_equal"]
    assert half_year["announced_on"] == meeting["meeting"]["held_on"]


@pytest.fixture(scope="module")
def fragments() -> list[list[str]]:
    if not ARTICLE_FILE.exists():
        pytest.skip("the article's text does not lie beside the checkout")
    return fragments_of(ARTICLE_FILE.read_text(encoding="utf-8"))


def test_digests_are_those_of_the_text(fragments):
    digests = [hashlib.sha256(" ".join(words).encode()).hexdigest() for words in fragments]
    assert digests == [row["sha256"] for row in ARTICLE["fragments"]]


def test_each_quote_stands_in_the_very_fragments_that_name_its_row(fragments):
    flat = [(number, word) for number, words in enumerate(fragments, start=1) for word in words]
    carried = defaultdict(set)
    for key, quote in QUOTES:
        wanted = words_of(quote.replace("No. 1", "No 1"))
        starts = [
            at
            for at in range(len(flat) - len(wanted) + 1)
            if [word for _, word in flat[at : at + len(wanted)]] == wanted
        ]
        assert starts, f"{key}: the article does not say “{quote}”"
        for at in starts:
            for number, _ in flat[at : at + len(wanted)]:
                carried[number].add(key)
    assert {row["n"]: set(row["rows"]) for row in ARTICLE["fragments"] if row["rows"]} == dict(carried)
