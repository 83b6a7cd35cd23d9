"""Many at once: one winner for each slot and each version, and nobody lost."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest

from mock_gpconnect.book.memory import MemoryBook
from mock_gpconnect.book.protocol import Access, Appointment, Schedule, Slot, SlotTaken
from tests.mock_gpconnect.provider.edits import cancelling
from tests.mock_gpconnect.provider.messages import Body
from tests.mock_gpconnect.provider.riverside import NOW, Heard, Riverside

BOOKINGS = 10_000
SLOTS = 2_000


def a_book_of(count: int) -> tuple[MemoryBook, list[Slot]]:
    access = Access(role="R0260", channel="Telephone")
    schedule = Schedule("sch", "All day", "loc", None, access, NOW, NOW + timedelta(minutes=10 * count))
    at = [NOW + timedelta(minutes=10 * number) for number in range(count + 1)]
    slots = [Slot(f"s{n:05}", "sch", at[n], at[n + 1], "Routine", access) for n in range(count)]
    return MemoryBook([schedule], slots), slots


def wanting(number: int, slots: list[Slot]) -> Appointment:
    return Appointment(
        f"a{number}", f"p{number % 50}", "sch", tuple(slot.id for slot in slots), slots[0].starts, slots[-1].ends, "x", NOW,
        booker={}, booker_ods="T90052",
    )  # fmt: skip


async def test_of_ten_thousand_racing_claims_each_slot_has_one_winner_and_nobody_is_lost() -> None:
    rng = random.Random(7)
    book, slots = a_book_of(SLOTS)
    starts = [rng.randrange(SLOTS - 3) for _ in range(BOOKINGS)]
    asked = [wanting(number, slots[first : first + rng.randrange(1, 4)]) for number, first in enumerate(starts)]

    async def claim(appointment: Appointment) -> bool:
        for _ in range(rng.randrange(3)):
            await asyncio.sleep(0)
        try:
            await book.claim(appointment)
        except SlotTaken:
            return False
        return True

    won = await asyncio.gather(*map(claim, asked))
    winners = [appointment for appointment, yes in zip(asked, won, strict=True) if yes]
    losers = [appointment for appointment, yes in zip(asked, won, strict=True) if not yes]
    held = Counter(slot_id for winner in winners for slot_id in winner.slot_ids)
    kept = [appointment for number in range(50) for appointment in await book.appointments_of(f"p{number}")]
    assert set(held.values()) == {1}
    assert sorted(each.id for each in kept) == sorted(each.id for each in winners)
    assert all(set(loser.slot_ids) & set(held) for loser in losers)
    assert {slot.id for slot in slots if not await book.is_free(slot.id)} == set(held)
    assert await book.booked_in("sch") == len(held)


async def together(*requests: Awaitable[Heard]) -> Counter[tuple[int, str]]:
    heard = await asyncio.gather(*requests)
    return Counter((each.status, "" if each.status < 400 else each.refusal[1]) for each in heard)


async def test_of_many_bookings_for_one_slot_over_the_api_one_succeeds(riverside: Riverside) -> None:
    slot = (await riverside.first_slots())[0]
    bodies = [await riverside.booking(slot, patient=name) for name in ("patient-alice", "patient-bob") * 25]
    ended = await together(*(riverside.ask("create_appointment", body=body) for body in bodies))
    assert ended == {(201, ""): 1, (409, "DUPLICATE_REJECTED"): 49}


async def test_of_many_changes_to_one_version_one_succeeds(riverside: Riverside) -> None:
    booked = await riverside.book_one()
    tag = {"If-Match": 'W/"1"'}

    def change(number: int) -> Awaitable[Heard]:
        name: str = ["amend_appointment", "cancel_appointment"][number % 2]
        body: Body = [booked | {"description": f"number {number}"}, cancelling(booked)][number % 2]
        return riverside.ask(name, id=booked["id"], body=body, headers=tag)

    ended = await together(*map(change, range(20)))
    assert ended == {(200, ""): 1, (409, "FHIR_CONSTRAINT_VIOLATION"): 19}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_bookings_and_cancellations_of_one_slot_leave_it_with_its_last_holder(seed: int) -> None:
    riverside, rng = Riverside(), random.Random(seed)
    slot = (await riverside.first_slots())[0]
    booked: list[Body] = []

    async def act(_: int) -> None:
        await asyncio.sleep(rng.random() / 1000)
        if booked and rng.random() < 0.5:
            body = booked.pop()
            await riverside.ask("cancel_appointment", id=body["id"], body=cancelling(body))
            return
        heard: Any = await riverside.ask("create_appointment", body=await riverside.booking(slot))
        booked.extend([heard.json] if heard.status == 201 else [])

    await asyncio.gather(*map(act, range(200)))
    live = [each for each in await riverside.book.appointments_of("patient-alice") if each.status == "booked"]
    assert len(live) == len(booked) <= 1
    assert await riverside.book.is_free(slot.id) == (not live)
