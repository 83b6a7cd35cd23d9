"""Listing a patient's appointments and reading one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mock_gpconnect.book.protocol import Appointment
from tests.mock_gpconnect.provider.edits import cancelling
from tests.mock_gpconnect.provider.riverside import NOW, Heard, Riverside


async def list_alices(riverside: Riverside, first: str, last: str, *more: tuple[str, str]) -> Heard:
    query = [("start", f"ge{first}"), ("start", f"le{last}"), *more]
    return await riverside.ask("list_appointments", id="patient-alice", query=query)


async def test_nothing_booked_is_an_empty_bundle(riverside: Riverside) -> None:
    heard = await list_alices(riverside, "2026-03-24", "2026-04-24")
    assert heard.json == {"resourceType": "Bundle", "type": "searchset"}


async def test_both_ends_of_the_range_count_and_their_order_does_not(riverside: Riverside) -> None:
    slots = await riverside.first_slots(40)
    booked = [(await riverside.book_one(slot))["id"] for slot in (slots[0], slots[20], slots[39])]
    heard = await riverside.ask(
        "list_appointments", id="patient-alice", query=[("start", "le2026-03-25"), ("start", "ge2026-03-24")]
    )
    assert [each["id"] for each in heard.entries] == booked[:2]


async def test_cancelled_ones_and_the_practices_own_and_those_of_this_morning_are_listed(riverside: Riverside) -> None:
    first, second = await riverside.first_slots(2)
    cancelled = await riverside.book_one(first)
    await riverside.ask("cancel_appointment", id=cancelled["id"], body=cancelling(cancelled))
    own = Appointment("own", "patient-alice", second.schedule_id, (second.id,), second.starts, second.ends, "R", NOW)
    await riverside.book.claim(own)
    riverside.clock.forward(hours=8)
    heard = await list_alices(riverside, "2026-03-24", "2026-03-24")
    assert [(each["id"], each["status"]) for each in heard.entries] == [
        (cancelled["id"], "cancelled"),
        ("own", "booked"),
    ]


async def test_other_patients_appointments_are_not_listed(riverside: Riverside) -> None:
    await riverside.book_one(patient="patient-bob")
    assert (await list_alices(riverside, "2026-03-24", "2026-04-24")).entries == []


async def test_a_range_may_be_as_long_as_one_likes_and_other_parameters_are_ignored(riverside: Riverside) -> None:
    heard = await list_alices(riverside, "2026-03-24", "9999-12-31", ("_sort", "start"), ("status", "booked"))
    assert heard.status == 200


@pytest.mark.parametrize(
    ("now", "asked", "status"),
    [
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "2026-06-30", 200),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "2026-07-01", 200),
        (datetime(2026, 7, 1, 0, 30, tzinfo=UTC), "2026-06-30", 422),
    ],
    ids=["UTC still yesterday", "Britain already tomorrow", "both past it"],
)
async def test_around_midnight_in_summer_either_today_will_do(
    riverside: Riverside, now: datetime, asked: str, status: int
) -> None:
    riverside.clock.at = now
    assert (await list_alices(riverside, asked, "2026-07-02")).status == status


async def test_a_patient_who_dissents_to_sharing_is_treated_like_any_other(riverside: Riverside) -> None:
    query = [("start", "ge2026-03-24"), ("start", "le2026-03-25")]
    assert (await riverside.ask("list_appointments", id="patient-bob", query=query)).status == 200


async def test_an_appointment_reads_as_it_was_booked(riverside: Riverside) -> None:
    booked = await riverside.book_one()
    heard = await riverside.ask("read_appointment", id=booked["id"])
    assert (heard.status, heard.json, heard.headers["etag"]) == (200, booked, 'W/"1"')


async def test_an_appointment_of_this_morning_can_still_be_read(riverside: Riverside) -> None:
    booked = await riverside.book_one()
    riverside.clock.forward(hours=14)
    assert (await riverside.ask("read_appointment", id=booked["id"])).status == 200


@pytest.mark.parametrize(
    ("known", "status"), [('W/"1"', 304), ('W/"9", W/"1"', 304), ("*", 304), ('W/"2"', 200), ("", 200)]
)
async def test_a_version_that_the_consumer_has_is_not_sent_again(riverside: Riverside, known: str, status: int) -> None:
    booked = await riverside.book_one()
    heard = await riverside.ask("read_appointment", id=booked["id"], headers={"If-None-Match": known})
    assert (heard.status, bool(heard.body)) == (status, status == 200)
    assert heard.headers["etag"] == 'W/"1"'
