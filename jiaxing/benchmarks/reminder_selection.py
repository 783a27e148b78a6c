"""Whom to remind: 100,000 reporters of a thousand units with reports not filed, against one read of the same rows.

The first selection fills the ledger, so that what is measured is a usual minute: all are selected, nothing is new.
"""

from __future__ import annotations

from campaigns.models import Assignment
from campaigns.operations.periods import make_expected_reports
from campaigns.operations.reminders import plan_reminders
from jiaxing.benchmarks import Benchmark, Stage, rows_of
from jiaxing.loading.scale import LAST_MONTH, STANDS_AT
from units.models import Membership, Role, Source, Unit, User

UNITS = 1000
PEOPLE_OF_A_UNIT = 100
AT_ONCE = 5000
ONE_READ = """
    SELECT m.user_id, u.id, u.code, r.id, r.status, e.newest
      FROM units_membership m
      JOIN units_unit u ON u.id = m.unit_id
      JOIN campaigns_report r ON r.unit_id = u.id AND r.period_id = %s
      LEFT JOIN (SELECT recipient_id, max(day) AS newest FROM units_message GROUP BY recipient_id) e
        ON e.recipient_id = m.user_id
     WHERE m.role = 'reporter'
"""


def benchmark(stage: Stage) -> Benchmark:
    period = stage.campaign.periods.get(month=LAST_MONTH.key)
    people = PEOPLE_OF_A_UNIT * add_units(stage, min(UNITS, 10 * stage.scale.units))
    make_expected_reports(period=period, now=STANDS_AT)
    plan_reminders(now=STANDS_AT)
    return Benchmark(
        f"Reminders of {people:,} people selected, none new / one read of the same rows",
        floor=lambda: rows_of(ONE_READ, (period.pk,)),
        subject=lambda: plan_reminders(now=STANDS_AT),
    )


def add_units(stage: Stage, number: int) -> int:
    """Units that report on one action, with their people; returns how many units."""
    action = stage.campaign.actions.order_by("number")[0]
    units = Unit.objects.bulk_create(
        (
            Unit(
                code=f"reminded-{place}",
                name_en=f"Reminded {place}",
                name_zh=f"提醒{place}",
                kind=Unit.Kind.COUNTY,
                order=10_000 + place,
                source=Source.SAMPLE,
            )
            for place in range(number)
        ),
        batch_size=AT_ONCE,
    )
    Assignment.objects.bulk_create((Assignment(action=action, unit=unit) for unit in units), batch_size=AT_ONCE)
    for unit in units:
        people = User.objects.bulk_create(
            User(username=f"{unit.code}-{place}", name=f"Reporter {place}") for place in range(PEOPLE_OF_A_UNIT)
        )
        Membership.objects.bulk_create(Membership(user=one, unit=unit, role=Role.REPORTER) for one in people)
    return number
