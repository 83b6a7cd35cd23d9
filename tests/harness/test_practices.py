"""Sessions of real pilots become slots on the wall's clock: branches, hubs, bank holidays, both clock changes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from harness.addresses import own_hosts
from harness.practices import bank_holidays
from harness.world import World, build_world
from harness.worlds import CATALOGUE, load_world
from mock_gpconnect.book.local_time import LONDON, local_date, local_moment
from mock_gpconnect.book.protocol import Schedule, Slot


def served_from(name: str, begins: str) -> World:
    """A pilot's world on a day of its own choosing."""
    path = CATALOGUE / f"pilots/{name}.yaml"
    rows, _ = load_world(path)
    at = datetime.fromisoformat(begins)
    return build_world(rows, folder=Path(), addresses=own_hosts(), now=lambda: at, seed=1)


def diary(world: World, name: str, first: str, last: str) -> list[tuple[Schedule, Slot]]:
    """Slots with their schedules from the first day until the last begins."""

    async def read() -> list[tuple[Schedule, Slot]]:
        book = world.practice(name).book
        begins, ends = local_moment(date.fromisoformat(first)), local_moment(date.fromisoformat(last))
        slots = await book.slots_between(begins, ends)
        schedules = {each.id: each for each in await book.schedules([slot.schedule_id for slot in slots])}
        return [(schedules[slot.schedule_id], slot) for slot in slots]

    return asyncio.run(read())


def wall(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%a %H:%M%z}"


def per_day(found: Sequence[tuple[Schedule, Slot]], session: str) -> dict[str, int]:
    days = Counter(f"{local_date(slot.starts):%a %d}" for schedule, slot in found if schedule.session == session)
    return dict(days)


def test_a_branch_has_its_own_days_and_its_own_place_in_one_book() -> None:
    world = served_from("c7-branch-surgery", "2026-04-13T08:00:00+01:00")
    found = diary(world, "twin", "2026-04-13", "2026-04-18")
    places = {one.id: one.name for one in world.practice("twin").locations}
    at = {schedule.session: places[schedule.location_id] for schedule, _ in found}
    assert at == {"Main clinic": "Twin Oaks Main Surgery", "Branch clinic": "Twin Oaks North Branch"}
    assert per_day(found, "Branch clinic") == {"Tue 14": 8, "Thu 16": 8}
    assert per_day(found, "Main clinic") == dict.fromkeys(["Mon 13", "Tue 14", "Wed 15", "Thu 16", "Fri 17"], 8)


def test_a_lead_practice_has_the_hubs_sessions_beside_its_own_and_keeps_its_own() -> None:
    world = served_from("c9-lead-practice-hub", "2026-04-13T08:00:00+01:00")
    found = diary(world, "lead", "2026-04-13", "2026-04-14")
    options = {schedule.session: (slot.access.bookable, slot.access.only_ods) for schedule, slot in found}
    assert options == {
        "Morning surgery": (False, None),
        "Hub surgery": (True, frozenset({"T90072", "T90073"})),
    }
    assert (per_day(found, "Morning surgery"), per_day(found, "Hub surgery")) == ({"Mon 13": 15}, {"Mon 13": 8})


def test_an_enhanced_access_hub_has_the_slots_of_its_week() -> None:
    found = diary(served_from("c8-enhanced-access", "2026-04-13T08:00:00+01:00"), "hub", "2026-04-13", "2026-04-20")
    assert per_day(found, "GP") == dict.fromkeys(["Mon 13", "Tue 14", "Wed 15", "Thu 16", "Fri 17"], 9)
    assert (per_day(found, "GP Saturday"), per_day(found, "Pharmacist")) == ({"Sat 18": 48}, {"Sat 18": 24})
    assert sum((slot.ends - slot.starts).total_seconds() for _, slot in found) == 48 * 3600


@pytest.mark.parametrize(
    ("first", "last", "before", "after"),
    [
        ("2026-03-27", "2026-03-31", "Sat 09:00+0000", "Mon 18:30+0100"),
        ("2026-10-23", "2026-10-27", "Sat 09:00+0100", "Mon 18:30+0000"),
    ],
    ids=["spring", "autumn"],
)
def test_evenings_and_saturdays_keep_their_hours_over_a_clock_change(
    first: str, last: str, before: str, after: str
) -> None:
    found = diary(served_from("c8-enhanced-access", f"{first}T08:00:00+00:00"), "hub", first, last)
    starts = [slot.starts for _, slot in found]
    (saturday, *_) = (each for each in starts if each.astimezone(LONDON).weekday() == 5)
    (monday, *_) = (each for each in starts if each.astimezone(LONDON).weekday() == 0)
    assert (wall(saturday), wall(monday)) == (before, after)
    assert [each for each in starts if each.astimezone(LONDON).weekday() == 6] == []
    assert all(each.tzinfo is UTC for each in starts)


def test_nobody_sits_there_over_easter() -> None:
    found = diary(served_from("c8-enhanced-access", "2026-03-30T08:00:00+01:00"), "hub", "2026-04-01", "2026-04-08")
    days = {f"{local_date(slot.starts):%a %d}" for _, slot in found}
    assert days == {"Wed 01", "Thu 02", "Sat 04", "Tue 07"}


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        ("2026-04-03", True),
        ("2026-12-28", True),  # Boxing Day is a Saturday
        ("2027-12-27", True),  # Christmas is a Saturday
        ("2027-12-28", True),
        ("2026-08-31", True),
        ("2026-08-03", False),  # Scotland's
        ("2026-03-17", False),  # Northern Ireland's
    ],
)
def test_bank_holidays_are_those_of_england_in_any_year(day: str, is_one: bool) -> None:
    assert (date.fromisoformat(day) in bank_holidays()) == is_one
