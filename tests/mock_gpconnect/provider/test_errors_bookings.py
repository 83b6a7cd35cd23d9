"""What can go wrong in a booking, row by row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from booking_core.spec.identifiers import Extension, Profile
from mock_gpconnect.book.local_time import wire_time
from tests.mock_gpconnect.provider.edits import (
    ABSOLUTE,
    DUPLICATE,
    INVALID_RESOURCE,
    REASON,
    REFERENCE_UNKNOWN,
    Edit,
    Refusal,
    absolute_slot,
    add,
    drop,
    extension,
    practitioner,
    put,
)
from tests.mock_gpconnect.provider.messages import booker
from tests.mock_gpconnect.provider.riverside import Riverside

BOOKING_FAULTS: dict[str, tuple[Edit, Refusal]] = {
    "unknown element": (put("red", "colour"), INVALID_RESOURCE),
    "empty appointment": (lambda body: [body.pop(name) for name in list(body) if name != "resourceType"], INVALID_RESOURCE),
    "no meta": (drop("meta"), INVALID_RESOURCE),
    "another profile": (put([Profile.SLOT], "meta", "profile"), INVALID_RESOURCE),
    "booker without profile": (drop("contained", 0, "meta"), INVALID_RESOURCE),
    "booker with another profile": (put([Profile.SLOT], "contained", 0, "meta", "profile"), INVALID_RESOURCE),
    "no start": (drop("start"), INVALID_RESOURCE),
    "no end": (drop("end"), INVALID_RESOURCE),
    "no status": (drop("status"), INVALID_RESOURCE),
    "no slot": (drop("slot"), INVALID_RESOURCE),
    "empty slot list": (put([], "slot"), INVALID_RESOURCE),
    "status pending": (put("pending", "status"), INVALID_RESOURCE),
    "status nonsense": (put("nonsense", "status"), INVALID_RESOURCE),
    "no description": (drop("description"), INVALID_RESOURCE),
    "empty description": (put("", "description"), INVALID_RESOURCE),
    "no created": (drop("created"), INVALID_RESOURCE),
    "created a date": (put("2026-03-24", "created"), INVALID_RESOURCE),
    "created out of reach": (put("0001-01-01T00:00:00+01:00", "created"), INVALID_RESOURCE),
    "no patient": (drop("participant", 0), INVALID_RESOURCE),
    "no location": (drop("participant", 1), INVALID_RESOURCE),
    "no participants": (drop("participant"), INVALID_RESOURCE),
    "empty participants": (put([], "participant"), INVALID_RESOURCE),
    "two patients": (
        add("participant", {"actor": {"reference": "Patient/patient-bob"}, "status": "accepted"}), INVALID_RESOURCE,
    ),
    "two practitioners": (
        lambda body: [practitioner(each)(body) for each in ("pr-llewellyn", "pr-nurse")], INVALID_RESOURCE,
    ),
    "participant without status": (drop("participant", 0, "status"), INVALID_RESOURCE),
    "participant without actor": (drop("participant", 0, "actor"), INVALID_RESOURCE),
    "participant without reference": (put({"display": "Alice"}, "participant", 0, "actor"), INVALID_RESOURCE),
    "participant with two types": (
        put([{"coding": [{"code": "PART"}, {"code": "PPRF"}]}], "participant", 0, "type"), INVALID_RESOURCE,
    ),
    "identifier without value": (add("identifier", {"system": "https://example.org"}), INVALID_RESOURCE),
    "identifier without system": (add("identifier", {"value": "1"}), INVALID_RESOURCE),
    "reason": (put([{"text": "Ear"}], "reason"), INVALID_RESOURCE),
    "specialty": (put([{"text": "ENT"}], "specialty"), INVALID_RESOURCE),
    "appointmentType": (put({"text": "x"}, "appointmentType"), INVALID_RESOURCE),
    "indication": (put([{"reference": "Condition/1"}], "indication"), INVALID_RESOURCE),
    "supportingInformation": (put([{"reference": "Basic/1"}], "supportingInformation"), INVALID_RESOURCE),
    "incomingReferral": (put([{"reference": "ReferralRequest/1"}], "incomingReferral"), INVALID_RESOURCE),
    "requestedPeriod": (put([{"start": "2026-03-25"}], "requestedPeriod"), INVALID_RESOURCE),
    "id": (put("my-own", "id"), INVALID_RESOURCE),
    "no extensions": (drop("extension"), INVALID_RESOURCE),
    "nothing contained": (drop("contained"), INVALID_RESOURCE),
    "two organisations contained": (add("contained", booker(id="2")), INVALID_RESOURCE),
    "a patient contained": (put([{"resourceType": "Patient", "id": "1"}], "contained"), INVALID_RESOURCE),
    "an unknown type contained": (put([{"resourceType": "Nope", "id": "1"}], "contained"), INVALID_RESOURCE),
    "booker without name": (drop("contained", 0, "name"), INVALID_RESOURCE),
    "booker without telecom": (drop("contained", 0, "telecom"), INVALID_RESOURCE),
    "booker without phone": (put("email", "contained", 0, "telecom", 0, "system"), INVALID_RESOURCE),
    "booker without ODS code": (drop("contained", 0, "identifier"), INVALID_RESOURCE),
    "booker reference without hash": (put("1", "extension", 0, "valueReference", "reference"), INVALID_RESOURCE),
    "booker reference to nothing": (put("#2", "extension", 0, "valueReference", "reference"), INVALID_RESOURCE),
    "booker reference absolute": (
        put(ABSOLUTE + "Organization/1", "extension", 0, "valueReference", "reference"), INVALID_RESOURCE,
    ),
    "cancellation reason": (extension(REASON, valueString="none"), INVALID_RESOURCE),
    "unknown extension": (extension("https://example.org/colour", valueString="red"), INVALID_RESOURCE),
    "blank extension": (extension("", valueString="red"), INVALID_RESOURCE),
    "obsolete delivery channel": (
        extension(Extension.DELIVERY_CHANNEL.replace("-2", "-1"), valueCode="Video"), INVALID_RESOURCE,
    ),
    "extension twice": (
        lambda body: [extension(Extension.DELIVERY_CHANNEL, valueCode="In-person")(body) for _ in range(2)],
        INVALID_RESOURCE,
    ),
    "blank description": (put("  ", "description"), INVALID_RESOURCE),
    "long description": (put("d" * 101, "description"), INVALID_RESOURCE),
    "long comment": (put("c" * 501, "comment"), INVALID_RESOURCE),
    "slot without reference": (put([{"display": "mine"}], "slot"), INVALID_RESOURCE),
    "slot malformed": (put("Slot/no such/slot", "slot", 0, "reference"), INVALID_RESOURCE),
    "slot absolute": (absolute_slot, INVALID_RESOURCE),
    "slot twice": (lambda body: body["slot"].append(body["slot"][0]), INVALID_RESOURCE),
    "slot unknown": (put("Slot/unknown", "slot", 0, "reference"), INVALID_RESOURCE),
    "patient absolute": (put(ABSOLUTE + "Patient/patient-alice", "participant", 0, "actor", "reference"), INVALID_RESOURCE),
    "patient unknown": (put("Patient/unknown", "participant", 0, "actor", "reference"), REFERENCE_UNKNOWN),
    "patient not to be shown": (put("Patient/patient-hidden", "participant", 0, "actor", "reference"), REFERENCE_UNKNOWN),
    "location unknown": (put("Location/unknown", "participant", 1, "actor", "reference"), REFERENCE_UNKNOWN),
    "practitioner unknown": (practitioner("unknown"), REFERENCE_UNKNOWN),
    "start not the slot's": (put("2026-03-25T09:05:00+00:00", "start"), INVALID_RESOURCE),
    "end not the slot's": (put("2026-03-25T09:15:00+00:00", "end"), INVALID_RESOURCE),
    "another location": (put("Location/loc-branch", "participant", 1, "actor", "reference"), INVALID_RESOURCE),
    "another practitioner": (practitioner("pr-nurse"), INVALID_RESOURCE),
    "another channel": (extension(Extension.DELIVERY_CHANNEL, valueCode="Video"), INVALID_RESOURCE),
    "another duration": (put(25, "minutesDuration"), INVALID_RESOURCE),
    "a null": (put(None, "comment"), INVALID_RESOURCE),
    "a control character": (put("a\x01b", "comment"), INVALID_RESOURCE),
}  # fmt: skip


@pytest.mark.parametrize("fault", BOOKING_FAULTS)
async def test_each_fault_of_a_booking_has_its_answer(riverside: Riverside, fault: str) -> None:
    edit, expected = BOOKING_FAULTS[fault]
    body = await riverside.booking()
    edit(body)
    heard = await riverside.ask("create_appointment", body=body)
    assert heard.refusal == expected
    assert heard.issue["diagnostics"]
    assert await riverside.book.is_free((await riverside.first_slots())[0].id)


async def pair(riverside: Riverside, session: str, other: str | None = None) -> list[Any]:
    one = [slot for slot in await riverside.book.slots_of(session) if slot.starts > riverside.clock.at]
    two = [slot for slot in await riverside.book.slots_of(other or session) if slot.starts >= one[0].ends]
    return [one[0], two[0]]


async def test_slots_with_a_gap_between_them_cannot_be_booked_together(riverside: Riverside) -> None:
    first, _, third = await riverside.first_slots(3)
    heard = await riverside.ask("create_appointment", body=await riverside.booking(first, third))
    assert heard.refusal == INVALID_RESOURCE
    assert "cannot be booked together" in heard.issue["diagnostics"]


async def test_slots_of_different_sessions_cannot_be_booked_together(riverside: Riverside) -> None:
    one, two = await pair(riverside, "Morning surgery", "Own patients")
    heard = await riverside.ask("create_appointment", body=await riverside.booking(one, two))
    assert heard.refusal == INVALID_RESOURCE


async def test_a_slot_that_has_begun_cannot_be_booked(riverside: Riverside) -> None:
    body = await riverside.booking(*(await riverside.book.slots_of("Morning surgery"))[:1])
    heard = await riverside.ask("create_appointment", body=body)
    assert heard.refusal == INVALID_RESOURCE
    assert "in the past" in heard.issue["diagnostics"]


@pytest.mark.parametrize(
    ("session", "reason"),
    [("Own patients", "not bookable"), ("Telephone clinic", "other types only")],
)
async def test_a_slot_that_is_not_offered_to_the_booker_cannot_be_booked(
    riverside: Riverside, session: str, reason: str
) -> None:
    slot = next(s for s in await riverside.book.slots_of(session) if s.starts > riverside.clock.at)
    heard = await riverside.ask("create_appointment", body=await riverside.booking(slot))
    assert heard.refusal == INVALID_RESOURCE
    assert reason in heard.issue["diagnostics"]


async def test_a_slot_for_other_organisations_cannot_be_booked(riverside: Riverside) -> None:
    await riverside.book.reconfigure("Morning surgery", only_ods={"T90001"})
    heard = await riverside.ask("create_appointment", body=await riverside.booking())
    assert heard.refusal == INVALID_RESOURCE
    assert "other organisations only" in heard.issue["diagnostics"]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [({"embargo": timedelta(hours=1)}, "under embargo"), ({"booking_window": timedelta(minutes=5)}, "booking window")],
)
async def test_a_slot_outside_the_booking_window_cannot_be_booked(
    riverside: Riverside, settings: dict[str, timedelta], reason: str
) -> None:
    for name, value in settings.items():
        setattr(riverside.practice, name, value)
    heard = await riverside.ask("create_appointment", body=await riverside.booking())
    assert heard.refusal == INVALID_RESOURCE
    assert reason in heard.issue["diagnostics"]


async def test_no_more_slots_of_a_session_can_be_booked_than_its_limit(riverside: Riverside) -> None:
    await riverside.book.reconfigure("Morning surgery", limit=2)
    one, two, three = await riverside.first_slots(3)
    await riverside.book_one(one, two)
    heard = await riverside.ask("create_appointment", body=await riverside.booking(three))
    assert heard.refusal == INVALID_RESOURCE
    assert "no more than 2" in heard.issue["diagnostics"]


async def test_a_slot_that_somebody_has_is_taken_also_for_another_patient(riverside: Riverside) -> None:
    slot = (await riverside.first_slots())[0]
    await riverside.book_one(slot)
    heard = await riverside.ask("create_appointment", body=await riverside.booking(slot, patient="patient-bob"))
    assert heard.refusal == DUPLICATE
    assert slot.id in heard.issue["diagnostics"]


async def test_the_times_of_a_booking_are_instants_and_not_spellings(riverside: Riverside) -> None:
    slot = (await riverside.first_slots())[0]
    spelt = {"start": slot.starts.isoformat().replace("+00:00", "Z"), "end": slot.ends.isoformat()}
    assert (await riverside.book_one(slot, **spelt))["start"] == wire_time(slot.starts)
