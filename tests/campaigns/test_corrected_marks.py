"""A figure of a closed month that was corrected says so wherever it is shown."""

from __future__ import annotations

import pytest

from campaigns.operations.reports import correct_measurement
from tests.builders import bring_all_to, draft_pack, figure, publish
from tests.cast import Cast, client_of

AUGUST = "?campaign=hundred-days&period=2022-08"
MARK = "made from a corrected figure"


@pytest.fixture
def closed(cast: Cast) -> Cast:
    bring_all_to(cast, "approved")
    publish(cast)
    return cast


def correct(cast: Cast) -> None:
    exports = cast.report().measurements.get(indicator=cast.exports)
    correct_measurement(
        measurement_id=exports.pk, actor=cast.office, now=cast.now, figure=figure("90.01"), reason="Typing."
    )


@pytest.mark.parametrize(
    ("address", "mark"),
    [
        ("/dashboard/", MARK),
        ("/standings/", MARK),
        ("/actions/hundred-days/1/", MARK),
        ("/units/town/", MARK),
        ("/units/town/", ">corrected<"),
        ("/compare/", MARK),
    ],
)
def test_pages_mark_what_is_made_from_it(closed: Cast, address: str, mark: str) -> None:
    leader = client_of(closed.leader, headers={"accept-language": "en"})
    assert mark not in leader.get(address + AUGUST).content.decode()
    correct(closed)
    assert mark in leader.get(address + AUGUST).content.decode()


def test_the_pack_marks_the_figure_the_indicator_and_the_city(closed: Cast) -> None:
    correct(closed)
    content = draft_pack(closed, closed.august).content
    trade = content["actions"][0]
    marked = [(unit["unit"]["code"], one["indicator"]) for unit in trade["units"] for one in unit["figures"]
              if one["is_corrected"]]  # fmt: skip
    assert marked == [("town", closed.exports.code)]
    assert [one["code"] for one in trade["indicators"] if one["is_corrected"]] == [closed.exports.code]
    assert content["city"]["is_corrected"]
