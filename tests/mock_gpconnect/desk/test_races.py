"""A receptionist and another organisation want the same slot at the same moment: exactly one gets it."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.mock_gpconnect.desk.reception import Reception
from tests.mock_gpconnect.provider.messages import ALICE


@pytest.mark.parametrize("act", ["book", "block"])
@pytest.mark.parametrize("first", ["desk", "consumer"])
async def test_exactly_one_gets_the_slot(desk: Reception, act: str, first: str) -> None:
    slot = await desk.slot()
    body = await desk.riverside.booking(slot)
    local = desk.post(f"/slots/{slot.id}/{act}", {"patient": ALICE, "description": "Ear pain"})
    remote = desk.riverside.ask("create_appointment", body=body)
    if first == "desk":
        answer, heard = await asyncio.gather(local, remote)
    else:
        heard, answer = await asyncio.gather(remote, local)
    assert (answer.status_code, heard.status) in {(303, 409), (409, 201)}
    assert not await desk.book.is_free(slot.id)
    booked = await desk.book.appointments_of("patient-alice")
    assert len(booked) == (1 if heard.status == 201 or act == "book" else 0)


async def test_of_many_at_once_one_wins(desk: Reception) -> None:
    slot = await desk.slot()
    bodies = [await desk.riverside.booking(slot) for _ in range(5)]
    locals_ = [
        desk.api("POST", f"/slots/{slot.id}/appointment", {"patient": ALICE, "description": "x"}) for _ in bodies
    ]
    remotes = [desk.riverside.ask("create_appointment", body=body) for body in bodies]
    answers = await asyncio.gather(*locals_, *remotes)
    statuses = Counter(getattr(each, "status_code", None) or each.status for each in answers)
    assert statuses == {201: 1, 409: 9}
    assert len(await desk.book.appointments_of("patient-alice")) == 1


async def test_blocking_several_takes_all_or_none(desk: Reception) -> None:
    slots = [await desk.slot(at=at) for at in range(3)]
    await desk.riverside.book_one(slots[1])
    answer = await desk.api("POST", "/block", {"slots": [slot.id for slot in slots]})
    assert (answer.status_code, answer.json()["problem"]) == (409, "slot_taken")
    assert [await desk.book.is_free(slot.id) for slot in slots] == [True, False, True]


async def test_a_cancellation_at_the_desk_and_one_over_gp_connect_end_as_one(desk: Reception) -> None:
    appointment = await desk.riverside.book_one(await desk.slot())
    cancel = desk.api("PATCH", f"/appointments/{appointment['id']}", {"status": "cancelled", "reason": "Ill", "was": 1})
    answers = await asyncio.gather(
        cancel,
        desk.api("PATCH", f"/appointments/{appointment['id']}", {"status": "cancelled", "reason": "Away", "was": 1}),
    )
    assert sorted(each.status_code for each in answers) == [200, 409]
