"""What can go wrong in amending and cancelling, row by row."""

from __future__ import annotations

from copy import deepcopy

import pytest

from booking_core.spec.identifiers import Extension, Profile
from tests.mock_gpconnect.provider.edits import (
    ABSOLUTE,
    BAD_REQUEST,
    CONFLICT,
    INVALID_PARAMETER,
    INVALID_RESOURCE,
    NOT_FOUND,
    REASON,
    Edit,
    Refusal,
    absolute_slot,
    add,
    cancelling,
    drop,
    extension,
    put,
)
from tests.mock_gpconnect.provider.riverside import Riverside

CHANGE_FAULTS: dict[str, tuple[Edit, Refusal]] = {
    "unknown element": (put("red", "colour"), INVALID_RESOURCE),
    "no profile": (drop("meta"), INVALID_RESOURCE),
    "another profile": (put([Profile.SLOT], "meta", "profile"), INVALID_RESOURCE),
    "priority": (put(1, "priority"), INVALID_RESOURCE),
    "identifier": (add("identifier", {"system": "https://example.org", "value": "1"}), INVALID_RESOURCE),
    "start": (put("2026-03-25T09:10:00+00:00", "start"), INVALID_RESOURCE),
    "no start": (drop("start"), INVALID_RESOURCE),
    "end": (put("2026-03-25T09:40:00+00:00", "end"), INVALID_RESOURCE),
    "created": (put("2026-03-01T09:00:00+00:00", "created"), INVALID_RESOURCE),
    "duration": (put(15, "minutesDuration"), INVALID_RESOURCE),
    "slot added": (add("slot", {"reference": "Slot/another"}), INVALID_RESOURCE),
    "slot twice": (lambda body: body["slot"].append(body["slot"][0]), INVALID_RESOURCE),
    "slot removed": (drop("slot"), INVALID_RESOURCE),
    "slot absolute": (absolute_slot, INVALID_RESOURCE),
    "patient changed": (put("Patient/patient-bob", "participant", 0, "actor", "reference"), INVALID_RESOURCE),
    "patient removed": (drop("participant", 0), INVALID_RESOURCE),
    "patient absolute": (put(ABSOLUTE + "Patient/patient-alice", "participant", 0, "actor", "reference"), INVALID_RESOURCE),
    "patient status": (put("declined", "participant", 0, "status"), INVALID_RESOURCE),
    "practitioner changed": (put("Practitioner/pr-nurse", "participant", 2, "actor", "reference"), INVALID_RESOURCE),
    "booker's name": (put("Another hub", "contained", 0, "name"), INVALID_RESOURCE),
    "booker removed": (drop("contained"), INVALID_RESOURCE),
    "booker absolute": (
        put(ABSOLUTE + "Organization/1", "extension", 0, "valueReference", "reference"), INVALID_RESOURCE,
    ),
    "session name": (put({"text": "Evening"}, "serviceCategory"), INVALID_RESOURCE),
    "slot type": (put([{"text": "Urgent"}], "serviceType"), INVALID_RESOURCE),
    "channel": (put("Video", "extension", 2, "valueCode"), INVALID_RESOURCE),
    "role": (put("R0270", "extension", 1, "valueCodeableConcept", "coding", 0, "code"), INVALID_RESOURCE),
    "appointmentType": (put({"text": "x"}, "appointmentType"), INVALID_RESOURCE),
    "reason": (put([{"text": "x"}], "reason"), INVALID_RESOURCE),
    "specialty": (put([{"text": "x"}], "specialty"), INVALID_RESOURCE),
    "unknown extension": (extension("https://example.org/x", valueString="x"), INVALID_RESOURCE),
    "blank extension": (extension("", valueString="x"), INVALID_RESOURCE),
    "obsolete extension": (extension(Extension.APPOINTMENT_CREATED, valueDateTime="2026-03-24"), INVALID_RESOURCE),
    "language": (put("fr", "language"), INVALID_RESOURCE),
    "another id": (put("another", "id"), BAD_REQUEST),
    "no id": (drop("id"), BAD_REQUEST),
}  # fmt: skip

AMEND_FAULTS: dict[str, tuple[Edit, Refusal]] = CHANGE_FAULTS | {
    "status": (put("noshow", "status"), INVALID_RESOURCE),
    "status cancelled": (put("cancelled", "status"), INVALID_RESOURCE),
    "cancellation reason": (extension(REASON, valueString="x"), INVALID_RESOURCE),
    "no description": (drop("description"), INVALID_RESOURCE),
    "blank description": (put("  ", "description"), INVALID_RESOURCE),
    "long description": (put("d" * 101, "description"), INVALID_RESOURCE),
    "long comment": (put("c" * 501, "comment"), INVALID_RESOURCE),
}

CANCEL_FAULTS: dict[str, tuple[Edit, Refusal]] = CHANGE_FAULTS | {
    "status booked": (put("booked", "status"), INVALID_RESOURCE),
    "no reason": (lambda body: body["extension"].pop(), INVALID_RESOURCE),
    "empty reason": (put("", "extension", -1, "valueString"), INVALID_PARAMETER),
    "blank reason": (put("  ", "extension", -1, "valueString"), INVALID_PARAMETER),
    "reason without value": (drop("extension", -1, "valueString"), INVALID_PARAMETER),
    "reason of another kind": (put({"url": REASON, "valueInteger": 1}, "extension", -1), INVALID_PARAMETER),
    "reason under a wrong url": (put("https://example.org/reason", "extension", -1, "url"), INVALID_RESOURCE),
    "reason under a blank url": (put("", "extension", -1, "url"), INVALID_RESOURCE),
    "description": (put("Another", "description"), INVALID_RESOURCE),
    "comment": (put("Another", "comment"), INVALID_RESOURCE),
}


@pytest.mark.parametrize("fault", AMEND_FAULTS)
async def test_each_fault_of_an_amendment_has_its_answer(riverside: Riverside, fault: str) -> None:
    edit, expected = AMEND_FAULTS[fault]
    booked = await riverside.book_one()
    body = deepcopy(booked)
    edit(body)
    heard = await riverside.ask("amend_appointment", id=booked["id"], body=body)
    assert heard.refusal == expected
    assert heard.issue["diagnostics"]
    assert (await riverside.ask("read_appointment", id=booked["id"])).json == booked


@pytest.mark.parametrize("fault", CANCEL_FAULTS)
async def test_each_fault_of_a_cancellation_has_its_answer(riverside: Riverside, fault: str) -> None:
    edit, expected = CANCEL_FAULTS[fault]
    booked = await riverside.book_one()
    body = cancelling(booked)
    edit(body)
    heard = await riverside.ask("cancel_appointment", id=booked["id"], body=body)
    assert heard.refusal == expected
    assert heard.issue["diagnostics"]
    assert (await riverside.ask("read_appointment", id=booked["id"])).json == booked


@pytest.mark.parametrize("name", ["amend_appointment", "cancel_appointment"])
@pytest.mark.parametrize("tag", ['W/"0"', 'W/"2"', '"1"', "1", "invalidEtag"])
async def test_a_change_of_another_version_is_a_conflict(riverside: Riverside, name: str, tag: str) -> None:
    booked = await riverside.book_one()
    body = cancelling(booked) if name == "cancel_appointment" else booked
    heard = await riverside.ask(name, id=booked["id"], body=body, headers={"If-Match": tag})
    assert heard.refusal == CONFLICT


@pytest.mark.parametrize("name", ["amend_appointment", "cancel_appointment"])
async def test_an_absolute_reference_is_told_as_such(riverside: Riverside, name: str) -> None:
    booked = await riverside.book_one()
    body = cancelling(booked) if name == "cancel_appointment" else booked
    absolute_slot(body)
    heard = await riverside.ask(name, id=booked["id"], body=body)
    assert heard.issue["diagnostics"] == "Appointment.slot.reference: expected Slot/[id]"


async def test_a_forbidden_element_is_told_before_anything_is_looked_up(riverside: Riverside) -> None:
    body = await riverside.book_one() | {"id": "unknown", "reason": [{"text": "x"}]}
    assert (await riverside.ask("amend_appointment", id="unknown", body=body)).refusal == INVALID_RESOURCE


@pytest.mark.parametrize("name", ["amend_appointment", "cancel_appointment"])
async def test_a_change_of_an_unknown_appointment_is_not_found(riverside: Riverside, name: str) -> None:
    body = cancelling(await riverside.book_one()) | {"id": "unknown"}
    assert (await riverside.ask(name, id="unknown", body=body)).refusal == NOT_FOUND


@pytest.mark.parametrize("name", ["amend_appointment", "cancel_appointment"])
async def test_a_cancelled_appointment_cannot_be_changed(riverside: Riverside, name: str) -> None:
    booked = await riverside.book_one()
    cancelled = (await riverside.ask("cancel_appointment", id=booked["id"], body=cancelling(booked))).json
    heard = await riverside.ask(name, id=booked["id"], body=cancelled)
    assert heard.refusal == INVALID_RESOURCE
    assert "is cancelled" in heard.issue["diagnostics"]


@pytest.mark.parametrize("name", ["amend_appointment", "cancel_appointment"])
async def test_an_appointment_that_has_begun_cannot_be_changed(riverside: Riverside, name: str) -> None:
    booked = await riverside.book_one()
    riverside.clock.forward(minutes=10)
    body = cancelling(booked) if name == "cancel_appointment" else booked
    heard = await riverside.ask(name, id=booked["id"], body=body)
    assert heard.refusal == INVALID_RESOURCE
    assert "in the past" in heard.issue["diagnostics"]
