"""Content that is frozen is written in one way only, so that anybody finds the same digest."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.canonical import canonical_bytes, digest_of

LEAVES = st.none() | st.booleans() | st.integers() | st.text()
CONTENTS = st.dictionaries(
    st.text(), st.recursive(LEAVES, lambda part: st.lists(part) | st.dictionaries(st.text(), part))
)


def test_keys_are_sorted_and_letters_stay() -> None:
    content = {"b": [1, None, True], "a": {"zh": "嘉兴", "en": "Jiaxing"}}
    assert canonical_bytes(content).decode() == '{"a":{"en":"Jiaxing","zh":"嘉兴"},"b":[1,null,true]}'


def test_the_digest_is_the_sha_256_of_these_bytes_without_itself() -> None:
    content = {"a": "20.28"}
    expected = sha256(b'{"a":"20.28"}').hexdigest()
    assert digest_of(content) == digest_of({**content, "digest": expected}) == expected


@pytest.mark.parametrize("value", [1.5, Decimal("1.5"), (1,), {"a": {1}}, {1: "a"}, b"a"])
def test_what_another_program_might_write_otherwise_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_bytes({"figure": value})


@given(CONTENTS)
def test_the_order_of_keys_does_not_matter(content: dict) -> None:
    assert digest_of(content) == digest_of(dict(reversed(content.items())))
