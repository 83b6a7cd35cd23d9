"""What can go wrong in Appointment Management, row by row: status, code and issue type."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest

from booking_core.spec.identifiers import Extension, Profile
from mock_gpconnect.book.local_time import wire_time
from tests.mock_gpconnect.provider.riverside import Body, Riverside, booker, search_query

BAD_REQUEST = (400, "BAD_REQUEST", "invalid")
INVALID_PARAMETER = (422, "INVALID_PARAMETER", "invalid")
INVALID_RESOURCE = (422, "INVALID_RESOURCE", "invalid")
REFERENCE_UNKNOWN = (422, "REFERENCE_NOT_FOUND", "invalid")
PATIENT_UNKNOWN = (404, "PATIENT_NOT_FOUND", "not-found")
NOT_FOUND = (404, "NO_RECORD_FOUND", "not-found")
TAKEN = (409, "DUPLICATE_REJECTED", "duplicate")
CONFLICT = (409, "FHIR_CONSTRAINT_VIOLATION", "conflict")

Refusal = tuple[int, str, str]
Edit = Callable[[Body], Any]

GOOD = search_query("2026-03-25", "2026-04-01")


def search(drop: str = "", **changes: str) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in GOOD if name != drop and name not in changes]
    return kept + list(changes.items())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (search(drop="start"), BAD_REQUEST),
        (search(drop="end"), BAD_REQUEST),
        (search(drop="status"), BAD_REQUEST),
        (search(drop="_include"), BAD_REQUEST),
        (search(_include="Slot:Schedule"), BAD_REQUEST),
        ([*search(drop="start"), ("Start", "ge2026-03-25")], BAD_REQUEST),
        ([*GOOD, ("start", "ge2026-03-26")], INVALID_PARAMETER),
        ([*GOOD, ("end", "le2026-04-01")], INVALID_PARAMETER),
        ([*GOOD, ("status", "busy")], INVALID_PARAMETER),
        (search(status="busy"), INVALID_PARAMETER),
        (search(status=""), INVALID_PARAMETER),
        (search(start=""), INVALID_PARAMETER),
        (search(start="ge"), INVALID_PARAMETER),
        (search(start="gehello"), INVALID_PARAMETER),
        (search(start="ge2026"), INVALID_PARAMETER),
        (search(start="ge2026-03"), INVALID_PARAMETER),
        (search(start="ge2026-02-30"), INVALID_PARAMETER),
        (search(start="ge2026-03-25T09"), INVALID_PARAMETER),
        (search(start="ge2026-03-25T09:00:00"), INVALID_PARAMETER),
        (search(start="ge2026-03-25T09:00:00Z"), INVALID_PARAMETER),
        (search(start="ge2026-03-25T09:00:00+02:00"), INVALID_PARAMETER),
        (search(start="ge2026-03-25T25:00:00+00:00"), INVALID_PARAMETER),
        (search(start="ge0001-01-01T00:00:00+01:00", end="le0001-01-02"), INVALID_PARAMETER),
        (search(start="ge9999-12-30", end="le9999-12-31"), INVALID_PARAMETER),
        (search(start="ge٢٠٢٦-03-25"), INVALID_PARAMETER),
        (search(start="2026-03-25"), INVALID_PARAMETER),
        (search(start="gt2026-03-25"), INVALID_PARAMETER),
        (search(start="le2026-03-25"), INVALID_PARAMETER),
        (search(start="eq2026-03-25"), INVALID_PARAMETER),
        (search(end="lt2026-04-01"), INVALID_PARAMETER),
        (search(end="ge2026-04-01"), INVALID_PARAMETER),
        (search(end="le2026-03-24"), INVALID_PARAMETER),
        (search(end="le2026-04-09"), INVALID_PARAMETER),
        (search(end="le2026-04-25"), INVALID_PARAMETER),
        (search(start="ge2026-03-25T00:00:01+00:00", end="le2026-04-08T00:00:02+01:00"), INVALID_PARAMETER),
    ],
    ids=lambda value: (
        "&".join(f"{k}={v}" for k, v in value if (k, v) not in GOOD)[:60] if isinstance(value, list) else ""
    ),
)
async def test_each_fault_of_a_slot_search_has_its_answer(
    riverside: Riverside, query: list[tuple[str, str]], expected: Refusal
) -> None:
    heard = await riverside.ask("search_slots", query=query)
    assert heard.refusal == expected
    assert "parameter" in heard.issue["diagnostics"]


def drop(*path: str | int) -> Edit:
    def edit(body: Body) -> None:
        part: Any = body
        for step in path[:-1]:
            part = part[step]
        del part[path[-1]]

    return edit


def put(value: Any, *path: str | int) -> Edit:
    def edit(body: Body) -> None:
        part: Any = body
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = value

    return edit


def add(name: str, value: Any) -> Edit:
    def edit(body: Body) -> None:
        body[name] = [*body.get(name, []), value]

    return edit


def extension(url: str, **value: Any) -> Edit:
    return add("extension", {"url": url, **value})


REASON = Extension.CANCELLATION_REASON
ABSOLUTE = "https://provider.example/T90051/STU3/1/gpconnect/"

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
        lambda body: [extra_practitioner(body, each) for each in ("pr-llewellyn", "pr-nurse")], INVALID_RESOURCE,
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
    "long description": (put("d" * 101, "description"), INVALID_RESOURCE),
    "long comment": (put("c" * 501, "comment"), INVALID_RESOURCE),
    "slot without reference": (put([{"display": "mine"}], "slot"), INVALID_RESOURCE),
    "slot malformed": (put("Slot/no such/slot", "slot", 0, "reference"), INVALID_RESOURCE),
    "slot absolute": (lambda body: body["slot"][0].update(reference=ABSOLUTE + body["slot"][0]["reference"]), INVALID_RESOURCE),
    "slot unknown": (put("Slot/unknown", "slot", 0, "reference"), INVALID_RESOURCE),
    "patient absolute": (put(ABSOLUTE + "Patient/patient-alice", "participant", 0, "actor", "reference"), INVALID_RESOURCE),
    "patient unknown": (put("Patient/unknown", "participant", 0, "actor", "reference"), REFERENCE_UNKNOWN),
    "patient not to be shown": (put("Patient/patient-hidden", "participant", 0, "actor", "reference"), REFERENCE_UNKNOWN),
    "location unknown": (put("Location/unknown", "participant", 1, "actor", "reference"), REFERENCE_UNKNOWN),
    "practitioner unknown": (lambda body: extra_practitioner(body, "unknown"), REFERENCE_UNKNOWN),
    "start not the slot's": (put("2026-03-25T09:05:00+00:00", "start"), INVALID_RESOURCE),
    "end not the slot's": (put("2026-03-25T09:15:00+00:00", "end"), INVALID_RESOURCE),
    "another location": (put("Location/loc-branch", "participant", 1, "actor", "reference"), INVALID_RESOURCE),
    "another practitioner": (lambda body: extra_practitioner(body, "pr-nurse"), INVALID_RESOURCE),
    "another channel": (extension(Extension.DELIVERY_CHANNEL, valueCode="Video"), INVALID_RESOURCE),
    "another duration": (put(25, "minutesDuration"), INVALID_RESOURCE),
    "a null": (put(None, "comment"), INVALID_RESOURCE),
    "a control character": (put("a\x01b", "comment"), INVALID_RESOURCE),
}  # fmt: skip


def extra_practitioner(body: Body, id: str) -> None:
    body["participant"].append({"actor": {"reference": f"Practitioner/{id}"}, "status": "accepted"})


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
    assert heard.refusal == TAKEN
    assert slot.id in heard.issue["diagnostics"]


@pytest.mark.parametrize(
    ("id", "starts", "expected"),
    [
        ("unknown", ("ge2026-03-25", "le2026-03-26"), PATIENT_UNKNOWN),
        ("null", ("ge2026-03-25", "le2026-03-26"), PATIENT_UNKNOWN),
        ("patient-gone", ("ge2026-03-25", "le2026-03-26"), PATIENT_UNKNOWN),
        ("patient-hidden", ("ge2026-03-25", "le2026-03-26"), PATIENT_UNKNOWN),
        ("patient-alice", (), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-25",), INVALID_PARAMETER),
        ("patient-alice", ("le2026-03-25",), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-25", "ge2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-25", "le2026-03-26", "le2026-03-27"), INVALID_PARAMETER),
        ("patient-alice", ("gt2026-03-25", "lt2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("2026-03-25", "2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03", "le2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-02-30", "le2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-25T00:00:00+00:00", "le2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-23", "le2026-03-26"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-20", "le2026-03-21"), INVALID_PARAMETER),
        ("patient-alice", ("ge2026-03-26", "le2026-03-25"), INVALID_PARAMETER),
    ],
)
async def test_each_fault_of_a_list_request_has_its_answer(
    riverside: Riverside, id: str, starts: tuple[str, ...], expected: Refusal
) -> None:
    heard = await riverside.ask("list_appointments", id=id, query=[("start", each) for each in starts])
    assert heard.refusal == expected


async def test_asking_for_past_appointments_is_told_that_the_past_cannot_be_requested(riverside: Riverside) -> None:
    query = [("start", "ge2026-03-01"), ("start", "le2026-03-26")]
    heard = await riverside.ask("list_appointments", id="patient-alice", query=query)
    assert "past cannot be requested" in heard.issue["diagnostics"]


@pytest.mark.parametrize("id", ["", "unknown", "1.2-3", "a" * 65, "%20"])
async def test_reading_an_appointment_that_does_not_exist_is_not_found(riverside: Riverside, id: str) -> None:
    heard = await riverside.ask("read_appointment", id=id)
    assert heard.refusal == NOT_FOUND
    assert heard.headers["content-type"] == "application/fhir+json;charset=utf-8"


async def test_reading_an_appointment_of_the_past_is_not_found(riverside: Riverside) -> None:
    booked = await riverside.book_one()
    riverside.clock.forward(days=1)
    heard = await riverside.ask("read_appointment", id=booked["id"])
    assert heard.refusal == NOT_FOUND
    assert "in the past" in heard.issue["diagnostics"]


PRACTITIONER_GONE: Edit = lambda body: body["participant"].pop(2)  # noqa: E731 - a row of the table below

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
    "slot removed": (drop("slot"), INVALID_RESOURCE),
    "slot absolute": (lambda body: body["slot"][0].update(reference=ABSOLUTE + body["slot"][0]["reference"]), INVALID_RESOURCE),
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


def cancelling(body: Body) -> Body:
    cancelled = deepcopy(body) | {"status": "cancelled"}
    extension(REASON, valueString="Patient recovered")(cancelled)
    return cancelled


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


async def test_the_times_of_a_booking_are_instants_and_not_spellings(riverside: Riverside) -> None:
    slot = (await riverside.first_slots())[0]
    spelt = {"start": slot.starts.isoformat().replace("+00:00", "Z"), "end": slot.ends.isoformat()}
    assert (await riverside.book_one(slot, **spelt))["start"] == wire_time(slot.starts)
