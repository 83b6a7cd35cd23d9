"""One view over several practices: one that is slow, down or full takes no other along."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from booking_core.availability import SiteView, availability, merged
from booking_core.consumer import Consumer, Sender
from booking_core.search import ANYTHING, Wanted
from booking_core.wire.calls import Call, Reply
from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.faults.kinds import FAULT
from harness.product import build_product
from harness.registrations import asid_of
from harness.virtual_time import clock, run_virtual
from harness.world import World, build_world
from harness.worlds import CATALOGUE, load_world

T = TypeVar("T")
ROWS, _ = load_world(CATALOGUE / "pilots/c2-network-mesh.yaml")
START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
OTHERS = ("birch", "cedar", "damson")


@dataclass(slots=True)
class Counted:
    """Counts how many requests are under way to providers."""

    inner: HttpTransport
    under_way: int = 0
    most: int = 0

    async def send(self, call: Call, *, deadline_s: float) -> Reply:
        if call.interaction.name != "search_slots":
            return await self.inner.send(call, deadline_s=deadline_s)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            return await self.inner.send(call, deadline_s=deadline_s)
        finally:
            self.under_way -= 1


@dataclass(slots=True)
class Alder:
    """A practice that looks at its neighbours."""

    world: World
    consumer: Consumer
    counted: Counted

    def breaks(self, at: str, **how: object) -> None:
        rule = {"name": at, "at": at, "on": "search_slots"} | how
        self.world.faults.arm(FAULT.validate_python(rule))

    async def looks(self, wanted: Wanted = ANYTHING, days: int = 42, at_once: int = 12) -> tuple[SiteView, ...]:
        row = self.world.names.organisations["alder"]
        sender = Sender(
            "u1", "Okafor", ("Ruth",), "", "R1730", "", "", row.ods, row.name, row.type, row.phone, asid_of(row)
        )
        ods = [self.world.names.ods(name) for name in OTHERS]
        return await availability(self.consumer, sender, ods, wanted, days, at_once=at_once)


def at_alder(play: Callable[[Alder], Awaitable[T]]) -> T:
    async def main() -> T:
        world = build_world(ROWS, folder=Path(), addresses=own_hosts(), now=clock(START), seed=1, hop=True)
        async with HttpTransport.over(world.network) as transport:
            counted = Counted(transport)
            return await play(Alder(world, build_product(world, counted).office.consumer, counted))

    return run_virtual(main)


def kinds(views: tuple[SiteView, ...]) -> list[str]:
    return [view.stop.reaction.user_error if view.stop else "slots" if view.offers else "none" for view in views]


def test_every_receiver_has_its_own_outcome_in_the_order_asked() -> None:
    async def play(alder: Alder) -> list[str]:
        alder.breaks("birch", kind="status", status=403, body="{}")
        alder.breaks("damson", kind="garble", share=1)
        return kinds(await alder.looks())

    assert at_alder(play) == ["S2", "slots", "S4"]


def test_a_silent_receiver_costs_its_own_slots_and_nobody_elses() -> None:
    async def play(alder: Alder) -> tuple[list[str], list[str]]:
        well = await alder.looks()
        alder.breaks("cedar", kind="hang")
        ill = await alder.looks()
        assert (ill[0].offers, ill[2].offers) == (well[0].offers, well[2].offers)
        return kinds(well), kinds(ill)

    assert at_alder(play) == (["slots", "slots", "slots"], ["slots", "S3", "slots"])


def test_a_receiver_without_slots_is_no_error_and_one_that_fails_is_not_without_slots() -> None:
    async def play(alder: Alder) -> list[str]:
        alder.breaks("birch", kind="refuse")
        return kinds(await alder.looks(Wanted(slot_types=("Nobody has this",))))

    assert at_alder(play) == ["S3", "none", "none"]


def test_one_window_that_fails_is_told_and_not_taken_for_an_empty_fortnight() -> None:
    async def play(alder: Alder) -> list[str]:
        alder.breaks("birch", kind="status", status=403, body="{}", after=1, times=1)
        return kinds(await alder.looks())

    assert at_alder(play) == ["S2", "slots", "slots"]


@pytest.mark.parametrize(("at_once", "most"), [(1, 1), (2, 2), (12, 9)])
def test_no_more_searches_are_under_way_than_the_setting_allows(at_once: int, most: int) -> None:
    async def play(alder: Alder) -> tuple[int, list[str]]:
        views = await alder.looks(at_once=at_once)
        return alder.counted.most, kinds(views)

    assert at_alder(play) == (most, ["slots", "slots", "slots"])


def test_merged_is_one_list_in_order_of_start() -> None:
    async def play(alder: Alder) -> tuple[SiteView, ...]:
        return await alder.looks()

    views = at_alder(play)
    pairs = merged(views)
    starts = [offer.start for _, offer in pairs]
    assert starts == sorted(starts)
    assert len(pairs) == sum(len(view.offers) for view in views)
    assert {ods for ods, _ in pairs} == {view.receiver_ods for view in views}


def test_two_views_at_once_do_not_wait_for_each_other() -> None:
    async def play(alder: Alder) -> list[list[str]]:
        return [kinds(views) for views in await asyncio.gather(alder.looks(), alder.looks())]

    assert at_alder(play) == [["slots"] * 3] * 2
