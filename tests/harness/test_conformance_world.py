"""The world `conformance` has what the NHS provider conformance suite asks for, on whatever day it is served."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from booking_core.uk_time import local_date
from harness.addresses import own_hosts
from harness.who import who_is_who
from harness.world import World, build_world
from harness.worlds import CATALOGUE, load_world
from mock_gpconnect.provider.practice import Practice

ROWS, _ = load_world(CATALOGUE / "worlds/conformance.yaml")
ROLES = {*(f"patient{number}" for number in range(1, 19)), "patient21", "patientNoAppointments"}
DAYS = {
    "before Easter": datetime(2026, 3, 26, 9, tzinfo=UTC),
    "before Christmas": datetime(2026, 12, 23, 9, tzinfo=UTC),
    "before the clocks go back": datetime(2026, 10, 20, 9, tzinfo=UTC),
}


def world(now: datetime = DAYS["before Easter"]) -> World:
    return build_world(ROWS, folder=Path(), addresses=own_hosts(), now=lambda: now, seed=1)


async def free_by_day(practice: Practice) -> Counter[str]:
    """Slots that everybody may see."""
    found: Counter[str] = Counter()
    for slot in await practice.book.slots_of():
        access = slot.access
        if access.bookable and not access.only_ods and not access.only_types:
            found[local_date(slot.starts).isoformat()] += 1
    return found


@pytest.mark.parametrize("now", DAYS.values(), ids=DAYS)
def test_everybody_sees_200_slots_on_each_of_the_next_14_days(now: datetime) -> None:
    found = asyncio.run(free_by_day(world(now).practice("ORG1")))
    days = [(now.date() + timedelta(days=ahead)).isoformat() for ahead in range(1, 15)]
    assert [day for day in days if found[day] < 200] == []


def test_its_aliases_are_the_suites_roles() -> None:
    who = who_is_who(world())
    assert {alias for alias in who["patients"] if not alias.startswith("register")} == ROLES
    assert set(who["organisations"]) == {"ORG1", "ORG2", "ORG3"}
    assert set(who["organisations"]["ORG1"]["locations"]) == {"SIT1", "SIT2", "SIT3"}
    assert [len(one["sds_role_profile_ids"]) for one in who["organisations"]["ORG1"]["practitioners"].values()] == [
        0, 1, 2, 1,
    ]  # fmt: skip
    assert set(who["absent"]) == {"patientNotInSystem", "practitioner4", "unknownOrganisation", "SIT4"}


def test_160_people_can_be_registered() -> None:
    built = world()
    pool = [row for row in built.rows.patients if row.alias.startswith("register")]
    known = [row for row in pool if built.practice("ORG1").patients.of_number(row.nhs_number)]
    on_pds = [row for row in pool if built.people.get(row.nhs_number)]
    assert (len(on_pds) >= 160, known) == (True, [])


@pytest.mark.parametrize("alias", ["patient1", "patient2", "patient3", "patient15"])
def test_the_suites_check_digit_rule_can_be_used_on_those_it_reads_in_detail(alias: str) -> None:
    assert not who_is_who(world())["patients"][alias]["nhs_number"].endswith("0")
