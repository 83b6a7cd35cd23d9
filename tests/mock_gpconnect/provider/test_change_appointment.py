"""Amending and cancelling: what succeeds, what it changes and what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest

from mock_gpconnect.book.protocol import Appointment
from mock_gpconnect.suppliers.profile import Profile, load_profile
from mock_gpconnect.xml import read_xml, write_xml
from tests.mock_gpconnect.provider.edits import cancelling
from tests.mock_gpconnect.provider.messages import Body
from tests.mock_gpconnect.provider.riverside import NOW, Heard, Riverside


async def amend(riverside: Riverside, body: Body, **more: Any) -> Heard:
    return await riverside.ask("amend_appointment", id=body["id"], body=body, **more)


async def cancel(riverside: Riverside, body: Body, **more: Any) -> Heard:
    return await riverside.ask("cancel_appointment", id=body["id"], body=body, **more)


def profile(**parts: Any) -> Profile:
    return Profile.model_validate({"name": "x", **parts})


async def test_an_amendment_changes_the_texts_and_the_version_and_nothing_else(riverside: Riverside) -> None:
    booked = await riverside.book_one()
    heard = await amend(riverside, booked | {"description": "Both ears", "comment": "Ring first"})
    expected = booked | {"description": "Both ears", "comment": "Ring first"}
    expected["meta"] = booked["meta"] | {"versionId": "2"}
    assert (heard.status, heard.json, heard.headers["etag"]) == (200, expected, 'W/"2"')


async def test_an_amendment_that_changes_nothing_succeeds_as_a_new_version(riverside: Riverside) -> None:
    booked = await riverside.book_one()
    heard = await amend(riverside, booked)
    assert (heard.status, heard.json["meta"]["versionId"]) == (200, "2")


async def test_an_amendment_without_the_comment_takes_it_away(riverside: Riverside) -> None:
    booked = await riverside.book_one(comment="Ring first")
    del booked["comment"]
    assert "comment" not in (await amend(riverside, booked)).json


OMISSIONS = {
    "service words": lambda body: [body.pop("serviceCategory"), body.pop("serviceType")],
    "practitioner": lambda body: body["participant"].pop(2),
    "role and channel": lambda body: [body["extension"].pop(1), body["extension"].pop(1)],
    "text and language of meta": lambda body: body["meta"].pop("versionId"),
}


@pytest.mark.parametrize("omission", OMISSIONS)
@pytest.mark.parametrize("change", ["amend", "cancel"])
async def test_what_the_provider_added_itself_may_be_left_out(riverside: Riverside, omission: str, change: str) -> None:
    body = await riverside.book_one()
    OMISSIONS[omission](body)
    heard = await (amend(riverside, body) if change == "amend" else cancel(riverside, cancelling(body)))
    assert heard.status == 200


@pytest.mark.parametrize(
    "edit",
    [
        lambda body: body.update(start=body["start"].replace("+00:00", "Z")),
        lambda body: body.update(created="2026-03-24T10:00:00+01:00"),
        lambda body: body.update(minutesDuration=10),
        lambda body: body.update(
            text={"status": "generated", "div": "<div xmlns='http://www.w3.org/1999/xhtml'>x</div>"}
        ),
        lambda body: body["contained"][0].update(id="#1"),
        lambda body: body.update(participant=body["participant"][::-1]),
    ],
    ids=["offset spelt Z", "another offset", "the true duration", "a narrative", "hash in the contained id", "order"],
)
async def test_another_spelling_of_the_same_is_no_change(riverside: Riverside, edit: Any) -> None:
    body = await riverside.book_one()
    edit(body)
    assert (await amend(riverside, body)).status == 200


async def test_a_cancellation_returns_what_was_booked_with_its_reason_and_a_new_version(riverside: Riverside) -> None:
    booked = await riverside.book_one()
    heard = await cancel(riverside, cancelling(booked))
    expected = cancelling(booked)
    expected["meta"] = booked["meta"] | {"versionId": "2"}
    assert (heard.status, heard.json) == (200, expected)


@pytest.mark.parametrize("left_out", ["description", "comment"])
async def test_a_cancellation_may_leave_out_the_texts(riverside: Riverside, left_out: str) -> None:
    booked = await riverside.book_one(comment="Ring first")
    body = {name: value for name, value in cancelling(booked).items() if name != left_out}
    assert (await cancel(riverside, body)).json[left_out] == booked[left_out]


async def test_a_cancelled_appointment_gives_its_slots_back_and_they_can_be_booked_again(riverside: Riverside) -> None:
    slots = await riverside.first_slots(2)
    booked = await riverside.book_one(*slots)
    await cancel(riverside, cancelling(booked))
    again = await riverside.book_one(*slots, patient="patient-bob")
    assert again["id"] != booked["id"]
    assert (await riverside.ask("read_appointment", id=booked["id"])).json["status"] == "cancelled"


async def test_cancelling_makes_room_under_the_slot_limit_again(riverside: Riverside) -> None:
    await riverside.book.reconfigure("Morning surgery", limit=1)
    booked = await riverside.book_one()
    await cancel(riverside, cancelling(booked))
    assert (await riverside.book_one())["status"] == "booked"


@pytest.mark.parametrize("tag", ['W/"1"', '  W/"1"  ', 'W/"0", W/"1"', "*", None])
async def test_a_change_of_the_current_version_succeeds(riverside: Riverside, tag: str | None) -> None:
    booked = await riverside.book_one()
    assert (await amend(riverside, booked, headers={"If-Match": tag})).status == 200


async def test_the_second_of_two_changes_of_one_version_is_a_conflict(riverside: Riverside) -> None:
    booked = await riverside.book_one()
    first = await amend(riverside, booked | {"description": "A"}, headers={"If-Match": 'W/"1"'})
    second = await cancel(riverside, cancelling(booked), headers={"If-Match": 'W/"1"'})
    assert (first.status, second.refusal) == (200, (409, "FHIR_CONSTRAINT_VIOLATION", "conflict"))
    assert 'W/"2"' in second.issue["diagnostics"]


@pytest.mark.parametrize("name", ["amend_appointment", "cancel_appointment"])
async def test_a_change_with_a_minimal_answer_has_no_body(riverside: Riverside, name: str) -> None:
    booked = await riverside.book_one()
    body = cancelling(booked) if name == "cancel_appointment" else booked
    heard = await riverside.ask(name, id=booked["id"], body=body, headers={"Prefer": "return=minimal"})
    assert (heard.status, heard.body, heard.headers["etag"]) == (200, b"", 'W/"2"')


@pytest.mark.parametrize("name", ["amend_appointment", "cancel_appointment"])
async def test_a_change_in_xml_of_what_was_booked_in_json_is_the_same(riverside: Riverside, name: str) -> None:
    booked = await riverside.book_one(comment="Ring first")
    body = write_xml(cancelling(booked) if name == "cancel_appointment" else booked)
    heard = await riverside.ask(name, id=booked["id"], body=body, headers={"Content-Type": "application/fhir+xml"})
    assert heard.status == 200
    assert read_xml(heard.body)["meta"]["versionId"] == "2"


@pytest.mark.parametrize("empty", ['valueString=""', "", "<valueString/>"])
async def test_an_empty_reason_in_xml_is_the_same_fault_as_in_json(riverside: Riverside, empty: str) -> None:
    booked = await riverside.book_one()
    text = write_xml(cancelling(booked)).decode()
    inner = '<valueString value=""/>' if "=" in empty else empty
    body = text.replace('<valueString value="Patient recovered"/>', inner).encode()
    headers = {"Content-Type": "application/fhir+xml", "Accept": "application/fhir+json"}
    heard = await riverside.ask("cancel_appointment", id=booked["id"], body=body, headers=headers)
    assert heard.refusal == (422, "INVALID_PARAMETER", "invalid")


async def test_an_appointment_that_the_practice_made_itself_can_be_changed(riverside: Riverside) -> None:
    slot = (await riverside.first_slots())[0]
    own = Appointment("own-1", "patient-bob", slot.schedule_id, (slot.id,), slot.starts, slot.ends, "Review", NOW)
    await riverside.book.claim(own)
    shown = (await riverside.ask("read_appointment", id="own-1")).json
    assert "contained" not in shown
    assert (await cancel(riverside, cancelling(shown))).status == 200


async def test_an_appointment_that_the_practice_has_marked_arrived_cannot_be_changed(riverside: Riverside) -> None:
    slot = (await riverside.first_slots())[0]
    own = Appointment(
        "own-1", "patient-bob", slot.schedule_id, (slot.id,), slot.starts, slot.ends, "Review", NOW, status="arrived"
    )
    await riverside.book.claim(own)
    shown = (await riverside.ask("read_appointment", id="own-1")).json
    assert (await amend(riverside, shown)).status == 422


async def test_an_appointment_follows_its_session_to_another_practitioner_and_place(riverside: Riverside) -> None:
    booked = await riverside.book_one()
    await riverside.book.reconfigure("Morning surgery", practitioner_id="pr-two", location_id="loc-branch")
    shown = (await riverside.ask("read_appointment", id=booked["id"])).json
    assert [each["actor"]["reference"] for each in shown["participant"][1:]] == [
        "Location/loc-branch",
        "Practitioner/pr-two",
    ]


@pytest.mark.parametrize(("words", "status"), [("refused", 422), ("ignored", 200)])
async def test_a_supplier_can_ignore_other_service_words(words: str, status: int) -> None:
    riverside = Riverside(profile(appointments={"service_words": words}))
    booked = await riverside.book_one()
    assert (await amend(riverside, booked | {"serviceType": [{"text": "Other"}]})).status == status


async def test_a_supplier_can_let_an_appointment_be_cancelled_twice_without_effect() -> None:
    riverside = Riverside(profile(appointments={"cancel_twice": True}))
    booked = await riverside.book_one()
    first = (await cancel(riverside, cancelling(booked))).json
    slot = (await riverside.book.slots([booked["slot"][0]["reference"].removeprefix("Slot/")]))[0]
    await riverside.book_one(slot, patient="patient-bob")
    again = await cancel(riverside, first)
    assert (again.status, again.json) == (200, first)
    assert not await riverside.book.is_free(slot.id)


async def test_a_supplier_can_let_a_cancelled_appointment_be_amended() -> None:
    riverside = Riverside(profile(appointments={"amend_cancelled": True}))
    booked = await riverside.book_one()
    cancelled = (await cancel(riverside, cancelling(booked))).json
    heard = await amend(riverside, cancelled | {"description": "Afterwards"})
    assert (heard.status, heard.json["status"]) == (200, "cancelled")


@pytest.mark.parametrize(("supplier", "kept"), [("strict", 400), ("emis", 150), ("systmone", 255)])
async def test_a_supplier_can_cut_a_long_cancellation_reason(supplier: str, kept: int) -> None:
    riverside = Riverside(load_profile(supplier))
    booked = await riverside.book_one()
    heard = await cancel(riverside, cancelling(booked, "r" * 400))
    assert heard.json["extension"][-1]["valueString"] == "r" * kept


async def test_reading_the_past_can_be_another_error_for_a_supplier() -> None:
    riverside = Riverside(profile(refusals={"appointment_past": "INVALID_RESOURCE"}, basis={"x": "spec"}))
    booked = await riverside.book_one()
    riverside.clock.forward(days=1)
    assert (await riverside.ask("read_appointment", id=booked["id"])).refusal == (422, "INVALID_RESOURCE", "invalid")
