"""Which reports a period expects."""

from datetime import date

import pytest

from campaigns.domain.assignments import is_expected

LAST_DAY = date(2022, 8, 31)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_unit_active", "expected"),
    [
        (None, None, True, True),
        (None, "2022-08-30", True, False),
        ("2022-07-12", None, True, True),
        ("2022-08-31", None, True, True),
        ("2022-09-01", None, True, False),
        ("2022-07-12", "2022-08-31", True, True),
        ("2022-07-12", "2022-08-30", True, False),
        ("2022-07-12", "2022-10-19", False, False),
    ],
)
def test_an_active_unit_assigned_on_the_last_day_is_expected(
    starts_on: str | None, ends_on: str | None, is_unit_active: bool, expected: bool
) -> None:
    found = is_expected(
        assignment_starts_on=None if starts_on is None else date.fromisoformat(starts_on),
        assignment_ends_on=None if ends_on is None else date.fromisoformat(ends_on),
        period_last_day=LAST_DAY,
        is_unit_active=is_unit_active,
    )
    assert found is expected
