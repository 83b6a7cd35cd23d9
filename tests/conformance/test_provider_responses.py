"""Every kind of response is valid STU3 and keeps to the profiles, in JSON and in XML."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fhir.resources.STU3 import get_fhir_model_class

from booking_core.spec.identifiers import CodeSystem, Extension, Id
from booking_core.spec.interactions import INTERACTIONS, Service
from tests.conformance.judge import faults
from tests.mock_gpconnect.provider.messages import ALICE, BOB, Body, booker, registration, search_query
from tests.mock_gpconnect.provider.riverside import Heard, Riverside

FILTERS = [("searchFilter", f"{Id.ODS}|T90052"), ("searchFilter", f"{CodeSystem.ORGANISATION_TYPE}|urgent-care")]
INCLUDES = [
    ("_include:recurse", "Schedule:actor:Practitioner"),
    ("_include:recurse", "Schedule:actor:Location"),
    ("_include:recurse", "Location:managingOrganization"),
]
CARE = {"coding": [{"system": CodeSystem.ORGANISATION_TYPE, "code": "urgent-care", "display": "Urgent Care"}]}


async def search(riverside: Riverside, **more: Any) -> Heard:
    return await riverside.search(extra=[*FILTERS, *INCLUDES], **more)


async def book(riverside: Riverside, **more: Any) -> Heard:
    body = await riverside.booking(
        *await riverside.first_slots(2), comment="Ring first", contained=[booker(type=[CARE])],
        identifier=[{"system": Id.APPOINTMENT, "value": "A-1"}], minutesDuration=20, priority=3,
    )  # fmt: skip
    return await riverside.ask("create_appointment", body=body, **more)


async def amend(riverside: Riverside, **more: Any) -> Heard:
    booked = await riverside.book_one()
    return await riverside.ask("amend_appointment", id=booked["id"], body=booked | {"description": "Both ears"}, **more)


async def cancel(riverside: Riverside, **more: Any) -> Heard:
    booked = await riverside.book_one()
    return await riverside.ask("cancel_appointment", id=booked["id"], body=cancelled(booked), **more)


def cancelled(booked: Body) -> Body:
    reason = {"url": Extension.CANCELLATION_REASON, "valueString": "Recovered"}
    return booked | {"status": "cancelled", "extension": [*booked["extension"], reason]}


async def read_one(riverside: Riverside, **more: Any) -> Heard:
    return await riverside.ask("read_appointment", id=(await riverside.book_one())["id"], **more)


async def list_all(riverside: Riverside, **more: Any) -> Heard:
    await riverside.book_one()
    await cancel(riverside)
    query = [("start", "ge2026-03-24"), ("start", "le2026-04-24")]
    return await riverside.ask("list_appointments", id="patient-alice", query=query, **more)


async def register(riverside: Riverside, **more: Any) -> Heard:
    language = {"url": "language", "valueCodeableConcept": {"coding": [{"code": "bn"}]}}
    interpreter = {"url": "interpreterRequired", "valueBoolean": True}
    body = registration(
        name=[
            {"use": "official", "family": "Achebe", "given": ["Tobias", "Lee"], "prefix": ["Mr"]},
            {"use": "nickname", "family": "Achebe", "given": ["Toby"]},
        ],
        telecom=[
            {"system": "phone", "value": "07700 900455", "use": "mobile"},
            {"system": "phone", "value": "01632 960777", "use": "temp"},
            {"system": "email", "value": "t.achebe@example.org"},
        ],
        address=[{"use": "home", "line": ["9 Quarry Close"]}, {"use": "temp", "line": ["c/o 12 Ferry Road"]}],
        extension=[{"url": Extension.NHS_COMMUNICATION, "extension": [language, interpreter]}],
    )
    return await riverside.ask("register_patient", body=body, **more)


async def register_from_pds(riverside: Riverside, **more: Any) -> Heard:
    riverside.on_pds("9990010153", "Achebe", ("Tobias",), "1988-09-30", **NATIONAL)
    return await riverside.ask("register_patient", body=registration(gender=None), **more)


NATIONAL: Body = {
    "gender": "male",
    "address": [
        {"use": "home", "line": ["1 Old Road"], "postalCode": "ZZ99 9ZZ", "period": {"start": "2001-01-01"}},
        {"use": "temp", "line": ["Clinic"]},
        {"use": "home", "line": ["Before"], "period": {"end": "2001-01-01"}},
    ],
    "telecom": [{"system": "phone", "use": "mobile", "value": "07700 900001"}, {"system": "other", "value": "x"}],
    "extension": [
        {
            "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSCommunication",
            "extension": [
                {"url": "language", "valueCodeableConcept": {"coding": [{"code": "pl", "display": "Polish"}]}},
                {"url": "interpreterRequired", "valueBoolean": True},
            ],
        }
    ],
}


def asking(name: str, **asked: Any) -> Callable[..., Awaitable[Heard]]:
    async def ask(riverside: Riverside, **more: Any) -> Heard:
        return await riverside.ask(name, **asked, **more)

    return ask


def identifier(system: str, value: str) -> list[tuple[str, str]]:
    return [("identifier", f"{system}|{value}")]


RESPONSES: dict[str, tuple[str, Callable[..., Awaitable[Heard]], int]] = {
    "metadata": ("read_metadata", asking("read_metadata"), 200),
    "patient found": ("find_patient", asking("find_patient", query=identifier(Id.NHS_NUMBER, ALICE)), 200),
    "bare patient found": ("find_patient", asking("find_patient", query=identifier(Id.NHS_NUMBER, BOB)), 200),
    "nobody found": ("find_patient", asking("find_patient", query=identifier(Id.NHS_NUMBER, "9990010153")), 200),
    "patient": ("read_patient", asking("read_patient", id="patient-alice"), 200),
    "registered": ("register_patient", register, 200),
    "registered from PDS": ("register_patient", register_from_pds, 200),
    "practitioner found": ("find_practitioner", asking("find_practitioner", query=identifier(Id.SDS_USER, "555044007703")), 200),
    "practitioner": ("read_practitioner", asking("read_practitioner", id="pr-nurse"), 200),
    "organisation found": ("find_organisation", asking("find_organisation", query=identifier(Id.ODS, "T90051")), 200),
    "organisation": ("read_organisation", asking("read_organisation", id="org-T90051"), 200),
    "location": ("read_location", asking("read_location", id="loc-main"), 200),
    "bare location": ("read_location", asking("read_location", id="loc-bare"), 200),
    "slots": ("search_slots", search, 200),
    "no slots": ("search_slots", asking("search_slots", query=search_query("2027-01-01", "2027-01-02")), 200),
    "booked": ("create_appointment", book, 201),
    "listed": ("list_appointments", list_all, 200),
    "appointment": ("read_appointment", read_one, 200),
    "amended": ("amend_appointment", amend, 200),
    "cancelled": ("cancel_appointment", cancel, 200),
    "refused": ("read_location", asking("read_location", id="nowhere"), 404),
    "slot refused": ("search_slots", asking("search_slots"), 400),
}  # fmt: skip


@pytest.mark.parametrize("kind", RESPONSES)
async def test_a_response_keeps_to_fhir_and_to_its_profile(riverside: Riverside, kind: str) -> None:
    _, ask, status = RESPONSES[kind]
    heard = await ask(riverside)
    assert (heard.status, faults(heard.json)) == (status, [])


@pytest.mark.parametrize("kind", RESPONSES)
async def test_a_response_says_the_same_in_xml(kind: str) -> None:
    _, ask, status = RESPONSES[kind]
    in_json = await ask(Riverside())
    in_xml = await ask(Riverside(), headers={"Accept": "application/fhir+xml"})
    assert (in_xml.status, in_xml.headers["content-type"]) == (status, "application/fhir+xml;charset=utf-8")
    model = get_fhir_model_class(in_json.json["resourceType"])
    assert model.model_validate_xml(in_xml.body) == model.model_validate(in_json.json)


def test_every_interaction_has_a_response_here() -> None:
    names = {row.name for row in INTERACTIONS if row.service is Service.GP_CONNECT}
    assert names == {name for name, _, _ in RESPONSES.values()}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": "busy"}, "Slot.status: 'busy' is not allowed"),
        ({"start": "2026-03-25T09:00:00Z"}, "Slot.start: '2026-03-25T09:00:00Z' is not allowed"),
        ({"comment": "x"}, "Slot.comment: 1 found, 0..0 allowed"),
        ({"extension": []}, f"Slot.extension[{Extension.DELIVERY_CHANNEL}]: 0 found, 1..1 allowed"),
        ({"serviceType": [{"text": " x"}]}, "Slot.serviceType.0.text: empty, null or padded"),
    ],
)
async def test_the_judge_finds_fault_where_there_is_one(riverside: Riverside, change: Body, told: str) -> None:
    slot = (await riverside.search()).of_type("Slot")[0]
    assert told in faults(slot | change)
