"""Temporary registration: what it keeps, what it adds, how it ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from booking_core.spec.identifiers import CodeSystem, Extension, Id
from mock_gpconnect.suppliers.profile import load_profile
from mock_gpconnect.xml import read_xml, write_xml
from tests.mock_gpconnect.provider.messages import GONE, NEVER_TRACED, STRANGER, Body, registration, verified
from tests.mock_gpconnect.provider.riverside import Heard, Riverside


async def register(riverside: Riverside, body: Body | None = None, **changes: Any) -> Body:
    heard = await riverside.ask("register_patient", body=body or registration(**changes))
    assert heard.status == 200, heard.body
    assert len(heard.entries) == 1
    return heard.entries[0]


def details(patient: Body) -> dict[str, Any]:
    extension = next(each for each in patient["extension"] if each["url"] == Extension.REGISTRATION_DETAILS)
    return {part["url"]: part for part in extension["extension"]}


async def find(riverside: Riverside, number: str) -> Heard:
    return await riverside.ask("find_patient", query=[("identifier", f"{Id.NHS_NUMBER}|{number}")])


async def test_a_registration_is_temporary_begins_now_and_has_an_end(riverside: Riverside) -> None:
    parts = details(await register(riverside))
    assert parts["registrationType"]["valueCodeableConcept"]["coding"] == [
        {"system": CodeSystem.REGISTRATION_TYPE, "code": "T", "display": "Temporary"}
    ]
    assert parts["registrationPeriod"]["valuePeriod"] == {
        "start": "2026-03-24T09:00:00+00:00",
        "end": "2026-06-22T10:00:00+01:00",
    }
    assert "registrationStatus" not in parts


@pytest.mark.parametrize(("supplier", "days"), [("strict", 90), ("emis", 15), ("systmone", 15)])
async def test_a_registration_lapses_and_can_be_renewed(supplier: str, days: int) -> None:
    riverside = Riverside(load_profile(supplier))
    first = await register(riverside)
    riverside.clock.forward(days=days, minutes=-1)
    assert len((await find(riverside, STRANGER)).entries) == 1
    riverside.clock.forward(minutes=1)
    assert (await find(riverside, STRANGER)).entries == []
    again = await register(riverside)
    assert (again["id"], again["meta"]["versionId"]) == (first["id"], "2")


async def test_a_patient_who_left_becomes_temporary_under_the_old_id(riverside: Riverside) -> None:
    own = {"name": [{"use": "official", "family": "Gray", "given": ["Tom"]}], "birthDate": "1990-01-02"}
    again = await register(riverside, registration(GONE, **own))
    assert again["id"] == "patient-gone"
    assert details(again)["registrationType"]["valueCodeableConcept"]["coding"][0]["code"] == "T"
    assert [each["id"] for each in (await find(riverside, GONE)).entries] == ["patient-gone"]


@pytest.mark.parametrize(
    "changes",
    [
        {"gender": None},
        {"meta": None},
        {"id": "ignored"},
        {"identifier": [{"extension": verified(), "system": Id.NHS_NUMBER, "value": STRANGER}]},
        {
            "identifier": [
                {"system": Id.NHS_NUMBER, "value": STRANGER},
                {"system": "https://example.org/Id/local", "value": "7"},
            ]
        },
        {"address": [{"line": ["9 Quarry Close"]}]},
        {"name": [{"use": "official", "family": "Achebe", "given": ["T"], "period": {"start": "2001-01-01"}}]},
    ],
    ids=[
        "no gender",
        "no meta",
        "an id",
        "verification status",
        "second identifier",
        "address without use",
        "a period",
    ],
)
async def test_what_may_be_left_out_or_added_is_accepted(riverside: Riverside, changes: Body) -> None:
    assert (await register(riverside, **changes))["identifier"][0]["value"] == STRANGER


async def test_an_expired_official_name_beside_the_one_in_force_is_accepted(riverside: Riverside) -> None:
    names = [
        {"use": "official", "family": "Before", "given": ["T"], "period": {"end": "2020-01-01"}},
        {"use": "official", "family": "Achebe", "given": ["Tobias"]},
        {"use": "nickname", "family": "Achebe", "given": ["Toby"]},
        {"family": "Achebe", "given": ["T"]},
    ]
    patient = await register(riverside, name=names)
    assert [(each["use"], each["given"]) for each in patient["name"]] == [
        ("official", ["Tobias"]),
        ("nickname", ["Toby"]),
    ]


async def test_temporary_contact_details_end_with_the_registration(riverside: Riverside) -> None:
    patient = await register(
        riverside,
        telecom=[
            {"system": "phone", "value": "1", "use": "home"},
            {"system": "phone", "value": "2", "use": "temp"},
            {"system": "email", "value": "a@example.org"},
        ],
        address=[{"use": "home", "line": ["1"]}, {"use": "temp", "line": ["2"]}],
    )
    end = {"end": "2026-06-22T10:00:00+01:00"}
    assert [(each["use"], each.get("period")) for each in patient["telecom"]] == [
        ("home", None),
        ("temp", end),
        ("home", None),
    ]
    assert [(each["use"], each.get("period")) for each in patient["address"]] == [("home", None), ("temp", end)]


async def test_what_was_not_sent_comes_from_the_national_record(riverside: Riverside) -> None:
    riverside.on_pds(
        STRANGER, "Achebe", ("Tobias",), "1988-09-30", gender="male",
        address=[{"use": "home", "line": ["", "1 Old Road"], "postalCode": "ZZ99 9ZZ"}, {"use": "temp", "line": ["Clinic"]}],
        telecom=[{"system": "phone", "use": "mobile", "value": "07700 900001"}, {"system": "other", "value": "x"}],
    )  # fmt: skip
    patient = await register(riverside, gender=None)
    assert patient["gender"] == "male"
    assert patient["address"] == [{"use": "home", "line": ["1 Old Road"], "postalCode": "ZZ99 9ZZ"}]
    assert patient["telecom"] == [{"use": "mobile", "system": "phone", "value": "07700 900001"}]


async def test_the_language_that_was_sent_comes_back_with_its_display(riverside: Riverside) -> None:
    language = {"url": "language", "valueCodeableConcept": {"coding": [{"code": "bn"}]}}
    sent = {
        "url": Extension.NHS_COMMUNICATION,
        "extension": [language, {"url": "interpreterRequired", "valueBoolean": True}],
    }
    patient = await register(riverside, extension=[sent])
    spoken, interpreter = patient["extension"][1]["extension"]
    assert spoken["valueCodeableConcept"]["coding"] == [
        {"system": CodeSystem.HUMAN_LANGUAGE, "code": "bn", "display": "Bengali"}
    ]
    assert interpreter == {"url": "interpreterRequired", "valueBoolean": True}


async def test_most_of_a_birth_date_with_both_names_registers_under_the_details_given(riverside: Riverside) -> None:
    patient = await register(riverside, birthDate="1988-09-03")
    assert patient["birthDate"] == "1988-09-03"


async def test_a_renewal_shows_only_what_is_sent_or_national_now(riverside: Riverside) -> None:
    await register(riverside, telecom=[{"system": "phone", "value": "1", "use": "home"}])
    riverside.clock.forward(days=100)
    assert "telecom" not in await register(riverside)


async def test_a_registration_in_xml_is_the_same_registration(riverside: Riverside) -> None:
    heard = await riverside.ask(
        "register_patient", body=write_xml(registration()), headers={"Content-Type": "application/fhir+xml"}
    )
    assert read_xml(heard.body)["entry"][0]["resource"]["birthDate"] == "1988-09-30"


async def test_of_two_registrations_at_once_one_wins(riverside: Riverside) -> None:
    riverside.trace_takes = 0.01
    heard = await asyncio.gather(*(riverside.ask("register_patient", body=registration()) for _ in range(5)))
    assert sorted(each.status for each in heard) == [200, 409, 409, 409, 409]
    assert len(riverside.practice.patients.of_number(STRANGER)) == 1


async def test_an_untraced_local_record_is_compared_with_the_trace_that_was_made_already(riverside: Riverside) -> None:
    body = registration(
        NEVER_TRACED, name=[{"use": "official", "family": "Frost", "given": ["Ida"]}], birthDate="1950-07-07"
    )
    await riverside.ask("register_patient", body=body)
    assert riverside.traces == [NEVER_TRACED]
