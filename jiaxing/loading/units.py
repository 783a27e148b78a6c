"""The units with their ranking groups, and the demo accounts with the roles they hold."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from jiaxing.demo import DEMO_PASSWORD
from units.models import Membership, RankingGroup, RankingGroupMember, Role, Unit, User

from .files import read
from .tally import Tally

NAMES = ("name_en", "name_zh", "short_en", "short_zh")


def load_units(tally: Tally) -> None:
    units = _load_units(tally)
    _load_groups(tally, units)
    _load_people(tally, units)


def _load_units(tally: Tally) -> dict[str, Unit]:
    """First those that stand alone, then those that are counted in another."""
    rows = list(enumerate(read("units")["units"], start=1))
    units: dict[str, Unit] = {}
    for is_counted_in in (False, True):
        wanted = [_unit(row, order, units) for order, row in rows if ("counted_in" in row) is is_counted_in]
        tally.add_missing(wanted, "code")
        units = {unit.code: unit for unit in Unit.objects.all()}
    return units


def _unit(row: dict, order: int, units: dict[str, Unit]) -> Unit:
    return Unit(
        code=row["code"],
        division_code=row.get("division_code", ""),
        kind=row["kind"],
        order=order,
        counted_in=units[row["counted_in"]] if "counted_in" in row else None,
        source=row["source"],
        **{name: row[name] for name in NAMES},
    )


def _load_groups(tally: Tally, units: dict[str, Unit]) -> None:
    rows = read("units")["ranking_groups"]
    known = set(RankingGroup.objects.values_list("code", flat=True))
    groups = tally.add_missing(
        [
            RankingGroup(
                code=row["code"], name_en=row["name_en"], name_zh=row["name_zh"], order=order, source=row["source"]
            )
            for order, row in enumerate(rows, start=1)
        ],
        "code",
    )
    # Only a new group gets its members: who stands in an existing one may have been decided since.
    members = [
        RankingGroupMember(group=groups[(row["code"],)], unit=units[code], source=row["source"])
        for row in rows
        if row["code"] not in known
        for code in row["members"]
    ]
    tally.add_missing(members, "group", "unit")


def _load_people(tally: Tally, units: dict[str, Unit]) -> None:
    rows = read("people")["people"]
    known = set(User.objects.values_list("username", flat=True))
    new = [row for row in rows if row["username"] not in known]
    if not new:
        return
    password = make_password(DEMO_PASSWORD)  # one hash for all of them: hashing is slow on purpose
    tally.add_missing([_person(row, password) for row in new], "username")
    people = {person.username: person for person in User.objects.all()}
    memberships = [
        Membership(
            user=people[row["username"]],
            unit=units[entry["unit"]],
            role=entry["role"],
            starts_on=entry.get("starts_on"),
            ends_on=entry.get("ends_on"),
            stands_in_for=people[entry["stands_in_for"]] if "stands_in_for" in entry else None,
            source=row["source"],
        )
        for row in new
        for entry in row["memberships"]
    ]
    tally.add_missing(memberships, "user", "unit", "role", "starts_on")


def _person(row: dict, password: str) -> User:
    is_administrator = row.get("is_administrator", False)
    return User(
        username=row["username"],
        name=row["name_en"],
        name_zh=row["name_zh"],
        email=f"{row['username']}@jiaxing.example",
        password=password,
        is_superuser=is_administrator,
        is_staff=is_administrator or any(entry["role"] == Role.OFFICE for entry in row["memberships"]),
        is_demo=True,
        source=row["source"],
    )
