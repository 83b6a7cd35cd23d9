"""What a booking makes, and what it may carry."""

from __future__ import annotations

from typing import Any

import pytest

from booking_core.spec.identifiers import CodeSystem, Extension, Id
from booking_core.spec.valuesets import ORGANISATION_TYPES
from mock_gpconnect.book.local_time import wire_time
from mock_gpconnect.suppliers.profile import Profile, load_profile
from mock_gpconnect.xml import read_xml, write_xml
from tests.mock_gpconnect.provider.messages import ROOT, Body, booker, registration
from tests.mock_gpconnect.provider.riverside import Riverside

URGENT = {
    "coding": [
        {
            "system": CodeSystem.ORGANISATION_TYPE,
            "code": "urgent-care",
            "display": ORGANISATION_TYPES["urgent-care"],
        }
    ]
}
ROLE = {
    "url": Extension.PRACTITIONER_ROLE,
    "valueCodeableConcept": {"coding": [{"system": CodeSystem.JOB_ROLE, "code": "R0260"}]},
}
CHANNEL = {"url": Extension.DELIVERY_CHANNEL, "valueCode": "In-person"}


async def test_a_booking_answers_where_it_is_and_which_version(riverside: Riverside) -> None:
    heard = await riverside.ask("create_appointment", body=await riverside.booking())
    assert heard.status == 201
    assert heard.headers["location"] == f"{ROOT}/Appointment/{heard.json['id']}/_history/1"
    assert heard.headers["etag"] == 'W/"1"'
    assert heard.headers["last-modified"] == "Tue, 24 Mar 2026 09:00:00 GMT"


async def test_a_booked_slot_is_no_longer_offered(riverside: Riverside) -> None:
    slot = (await riverside.first_slots(40))[-1]
    await riverside.book_one(slot)
    assert slot.id not in {each["id"] for each in (await riverside.search()).of_type("Slot")}


@pytest.mark.parametrize("prefer", ["return=minimal", "return = minimal; x=y", "handling=lenient, return=minimal"])
async def test_a_minimal_answer_has_its_headers_and_no_body(riverside: Riverside, prefer: str) -> None:
    heard = await riverside.ask("create_appointment", body=await riverside.booking(), headers={"Prefer": prefer})
    assert (heard.status, heard.body, "content-type" in heard.headers) == (201, b"", False)
    assert heard.headers["location"].startswith(ROOT)


@pytest.mark.parametrize("prefer", ["return=representation", "respond-async", ""])
async def test_any_other_preference_gets_the_whole_appointment(riverside: Riverside, prefer: str) -> None:
    heard = await riverside.ask("create_appointment", body=await riverside.booking(), headers={"Prefer": prefer})
    assert heard.json["resourceType"] == "Appointment"


@pytest.mark.parametrize(
    "extensions", [[], [ROLE], [CHANNEL], [ROLE, CHANNEL]], ids=["none", "role", "channel", "both"]
)
@pytest.mark.parametrize("types", [{}, {"type": [URGENT]}], ids=["no type", "urgent care"])
async def test_a_booking_may_or_may_not_say_type_role_and_channel(
    riverside: Riverside, extensions: list[Body], types: Body
) -> None:
    body = await riverside.booking(contained=[booker(**types)])
    body["extension"] += extensions
    heard = await riverside.ask("create_appointment", body=body)
    assert heard.status == 201
    assert heard.json["contained"] == [booker(**types)]
    assert [each["url"] for each in heard.json["extension"]] == [
        Extension.BOOKING_ORGANISATION,
        Extension.PRACTITIONER_ROLE,
        Extension.DELIVERY_CHANNEL,
    ]


async def test_the_diarys_own_words_win_over_the_consumers(riverside: Riverside) -> None:
    booked = await riverside.book_one(serviceCategory={"text": "Mine"}, serviceType=[{"text": "Mine"}])
    assert (booked["serviceCategory"], booked["serviceType"]) == ({"text": "Morning surgery"}, [{"text": "Routine"}])


async def test_the_practitioner_of_the_session_takes_part_though_nobody_named_one(riverside: Riverside) -> None:
    booked = await riverside.book_one()
    assert [each["actor"]["reference"] for each in booked["participant"]] == [
        "Patient/patient-alice",
        "Location/loc-main",
        "Practitioner/pr-llewellyn",
    ]


async def test_what_a_consumer_sent_of_a_participant_comes_back(riverside: Riverside) -> None:
    body = await riverside.booking()
    kind = [{"coding": [{"system": "http://hl7.org/fhir/encounter-participant-type", "code": "PART"}]}]
    body["participant"][0]["type"] = kind
    heard = await riverside.ask("create_appointment", body=body)
    assert heard.json["participant"][0]["type"] == kind


async def test_other_elements_that_were_sent_come_back(riverside: Riverside) -> None:
    sent = {"priority": 0, "minutesDuration": 10, "identifier": [{"system": Id.APPOINTMENT, "value": "A-1"}]}
    booked = await riverside.book_one(**sent)
    assert {name: booked[name] for name in sent} == sent


async def test_a_comment_is_there_only_when_one_was_sent(riverside: Riverside) -> None:
    assert "comment" not in await riverside.book_one()


async def test_texts_of_the_longest_length_are_kept_whole(riverside: Riverside) -> None:
    booked = await riverside.book_one(description="d" * 100, comment="é" * 500)
    assert (booked["description"], booked["comment"]) == ("d" * 100, "é" * 500)


@pytest.mark.parametrize(
    ("created", "shown"),
    [
        ("2026-03-24T09:00:00.1234567Z", "2026-03-24T09:00:00+00:00"),
        ("2026-06-24T09:00:00Z", "2026-06-24T10:00:00+01:00"),
        ("2026-03-24T10:00:00+01:00", "2026-03-24T09:00:00+00:00"),
    ],
)
async def test_the_time_of_creation_comes_back_in_local_time(riverside: Riverside, created: str, shown: str) -> None:
    assert (await riverside.book_one(created=created))["created"] == shown


@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "in reverse"])
async def test_adjacent_slots_make_one_appointment(riverside: Riverside, backwards: bool) -> None:
    slots = await riverside.first_slots(3)
    body = await riverside.booking(*slots)
    body["slot"] = body["slot"][::-1] if backwards else body["slot"]
    heard = await riverside.ask("create_appointment", body=body)
    assert (heard.json["start"], heard.json["end"]) == (wire_time(slots[0].starts), wire_time(slots[2].ends))
    assert [await riverside.book.is_free(slot.id) for slot in slots] == [False, False, False]


async def test_of_several_slots_of_which_one_is_taken_none_is_booked(riverside: Riverside) -> None:
    one, two, three = await riverside.first_slots(3)
    await riverside.book.block([two.id])
    heard = await riverside.ask("create_appointment", body=await riverside.booking(one, two, three))
    assert heard.refusal == (409, "DUPLICATE_REJECTED", "duplicate")
    assert [await riverside.book.is_free(slot.id) for slot in (one, two, three)] == [True, False, True]


async def test_the_booking_organisation_is_the_contained_one_whatever_the_token_says(riverside: Riverside) -> None:
    claims = {"requesting_organization": booker(name="Someone else", id="x")}
    heard = await riverside.ask("create_appointment", body=await riverside.booking(), claims=claims)
    assert heard.json["contained"][0]["name"] == "Hillside Hub"


async def test_a_patient_registered_a_moment_ago_can_be_booked(riverside: Riverside) -> None:
    registered = (await riverside.ask("register_patient", body=registration())).entries[0]
    assert (await riverside.book_one(patient=registered["id"]))["status"] == "booked"


async def test_a_booking_in_xml_is_the_same_booking(riverside: Riverside) -> None:
    body = write_xml(await riverside.booking())
    heard = await riverside.ask("create_appointment", body=body, headers={"Content-Type": "application/fhir+xml"})
    assert heard.headers["content-type"].startswith("application/fhir+xml")
    kept = (await riverside.ask("read_appointment", id=read_xml(heard.body)["id"])).json
    assert kept["contained"] == [booker()]


async def test_a_session_for_one_kind_of_organisation_can_be_booked_by_that_kind(riverside: Riverside) -> None:
    slot = next(each for each in await riverside.book.slots_of("Telephone clinic") if each.starts > riverside.clock.at)
    booked = await riverside.book_one(slot, contained=[booker(type=[URGENT])])
    assert booked["extension"][2]["valueCode"] == "Telephone"


@pytest.mark.parametrize(("switch", "status"), [(False, 201), (True, 422)])
async def test_a_supplier_can_insist_on_the_sessions_role(switch: bool, status: int) -> None:
    riverside = Riverside(Profile.model_validate({"name": "x", "appointments": {"role_must_match": switch}}))
    body = await riverside.booking()
    body["extension"].append(
        {"url": Extension.PRACTITIONER_ROLE, "valueCodeableConcept": {"coding": [{"code": "R0270"}]}}
    )
    assert (await riverside.ask("create_appointment", body=body)).status == status


@pytest.mark.parametrize(
    ("texts", "sent", "status"),
    [
        ({"description_length": 200}, {"description": "d" * 200}, 201),
        ({"description_length": 200}, {"description": "d" * 201}, 422),
        ({"comment_length": 600}, {"comment": "c" * 600}, 201),
    ],
)
async def test_a_supplier_can_take_longer_texts(texts: Body, sent: Body, status: int) -> None:
    riverside = Riverside(Profile.model_validate({"name": "x", "texts": texts}))
    heard = await riverside.ask("create_appointment", body=await riverside.booking(**sent))
    assert heard.status == status


async def test_a_supplier_with_one_text_field_adds_the_comment_to_the_description_once() -> None:
    riverside = Riverside(Profile.model_validate({"name": "x", "texts": {"joined_by": " | "}}))
    booked = await riverside.book_one(description="d" * 95, comment="Ring first")
    amended = await riverside.ask("amend_appointment", id=booked["id"], body=booked)
    assert booked["description"] == amended.json["description"] == "d" * 95 + " | Ring first"


@pytest.mark.parametrize(("supplier", "numeric"), [("strict", False), ("emis", False), ("systmone", True)])
async def test_ids_are_in_the_suppliers_style(supplier: str, numeric: bool) -> None:
    booked = await Riverside(load_profile(supplier)).book_one()
    assert booked["id"].isdigit() == numeric


async def test_ids_repeat_with_the_seed_and_never_within_a_run() -> None:
    one, other = Riverside(), Riverside()
    ids: list[Any] = [(await one.book_one())["id"], (await one.book_one())["id"]]
    assert ids == [(await other.book_one())["id"], (await other.book_one())["id"]]
    assert len(set(ids)) == 2
