"""Worlds of a known size hold exactly the slots that their tier says."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from booking_core.gpconnect.replies import read_offers
from booking_core.gpconnect.requests import search_slots
from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.lines import line_between
from harness.tiers import ALL_TIERS, Shape, fortnight, tiered_world
from harness.world import World, build_world

NOW = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)


def world_of(shape: Shape, now: datetime = NOW) -> World:
    return build_world(tiered_world([shape]), folder=Path(), addresses=own_hosts(), now=lambda: now, seed=1)


def shown(world: World, now: datetime = NOW) -> int:
    first, last = fortnight(now.date())
    starts = datetime(first.year, first.month, first.day, 6, tzinfo=UTC)
    ends = datetime(last.year, last.month, last.day, 20, tzinfo=UTC)
    call = search_slots(line_between(world, "booker.reception", "l0"), starts, ends, now=now, trace_id=world.new_id())
    reply = asyncio.run(HttpTransport.over(world.network).send(call, deadline_s=10))
    assert reply.status == 200, reply.body
    return len(read_offers(reply))


@pytest.mark.parametrize("tier", [tier for tier, visible in ALL_TIERS.items() if visible <= 5000])
def test_a_fortnight_shows_what_the_tier_says(tier: str) -> None:
    assert shown(world_of(Shape(tier, ALL_TIERS[tier], "strict"))) == ALL_TIERS[tier]


@pytest.mark.parametrize("ahead", range(0, 400, 23))
def test_it_does_on_any_day_of_the_year(ahead: int) -> None:
    now = NOW + timedelta(days=ahead)
    assert shown(world_of(Shape("T3", 100, "strict"), now), now) == 100


@pytest.mark.parametrize(
    ("visible", "share", "scanned"), [(100, 0.5, 200), (1000, 0.5, 2000), (0, 0.5, 10), (100, 0.0, 100)]
)
def test_what_is_kept_for_others_is_scanned_and_not_shown(visible: int, share: float, scanned: int) -> None:
    shape = Shape("T3", visible, "strict", share)
    world = world_of(shape)
    first, last = fortnight(NOW.date())
    book = world.practice("l0").book
    begins = datetime(first.year, first.month, first.day, tzinfo=UTC)
    assert shape.scanned == scanned
    assert shown(world) == visible
    assert asyncio.run(book.count_between(begins, begins + (last - first) + timedelta(days=1))) == scanned


@pytest.mark.parametrize(("sessions", "branches"), [(1, 1), (10, 1), (7, 3), (100, 1)])
def test_the_same_slots_may_lie_in_many_sessions_at_many_branches(sessions: int, branches: int) -> None:
    shape = Shape("T3", 100, "strict", 0.5, sessions=sessions, branches=branches)
    world = world_of(shape)
    (receiver,) = (row for row in world.rows.organisations if row.alias == "l0")
    opened = [row for row in receiver.sessions if not row.only_for]
    assert shown(world) == 100
    assert len(opened) == min(sessions, 10)  # ten slots a day
    assert len({row.location for row in opened}) == branches
