"""Many at once: one winner for each slot and each version, and nobody lost."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable
from typing import Any

import pytest

from mock_gpconnect.book.memory import MemoryBook
from mock_gpconnect.book.protocol import Appointment, Quota
from mock_gpconnect.book.sessions import expand
from tests.mock_gpconnect.provider.edits import cancelling
from tests.mock_gpconnect.provider.messages import Body
from tests.mock_gpconnect.provider.riverside import NOW, SESSIONS, Heard, Riverside, counted_ids


class UnhurriedBook(MemoryBook):
    """Takes its time before a claim, as a database does: whoever looked before may find it changed."""

    async def claim(self, appointment: Appointment, *, quota: Quota | None = None) -> None:
        await asyncio.sleep(0)
        await super().claim(appointment, quota=quota)


async def together(*requests: Awaitable[Heard]) -> Counter[tuple[int, str]]:
    heard = await asyncio.gather(*requests)
    return Counter((each.status, "" if each.status < 400 else each.refusal[1]) for each in heard)


async def test_of_many_bookings_for_one_slot_over_the_api_one_succeeds(riverside: Riverside) -> None:
    slot = (await riverside.first_slots())[0]
    bodies = [await riverside.booking(slot, patient=name) for name in ("patient-alice", "patient-bob") * 25]
    ended = await together(*(riverside.ask("create_appointment", body=body) for body in bodies))
    assert ended == {(201, ""): 1, (409, "DUPLICATE_REJECTED"): 49}


@pytest.mark.parametrize("limit", [1, 3])
async def test_of_many_bookings_for_the_last_slots_that_a_limit_allows_only_so_many_succeed(limit: int) -> None:
    riverside = Riverside()
    riverside.practice.book = riverside.book = UnhurriedBook(*expand(SESSIONS, NOW.date(), 21, new_id=counted_ids()))
    await riverside.book.reconfigure("Morning surgery", limit=limit)
    slots = await riverside.first_slots(12)
    bodies = [await riverside.booking(slot) for slot in slots]
    ended = await together(*(riverside.ask("create_appointment", body=body) for body in bodies))
    assert ended[201, ""] == limit
    assert sum(ended.values()) == 12


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
