"""What can go wrong in Foundations, row by row: status, code and issue type."""

from __future__ import annotations

from typing import Any

import pytest

from booking_core.spec.identifiers import Extension, Id
from tests.mock_gpconnect.provider.edits import (
    BAD_REQUEST,
    DUPLICATE,
    FAILED,
    INVALID_DEMOGRAPHICS,
    INVALID_NUMBER,
    INVALID_PARAMETER,
    INVALID_RESOURCE,
    INVALID_SYSTEM,
    Refusal,
)
from tests.mock_gpconnect.provider.messages import (
    ALICE,
    BOB,
    DEAD,
    ELSEWHERE,
    GONE,
    HIDDEN,
    NEVER_TRACED,
    STRANGER,
    Body,
    registration,
)
from tests.mock_gpconnect.provider.riverside import Riverside

SYSTEMS = {"find_patient": Id.NHS_NUMBER, "find_organisation": Id.ODS, "find_practitioner": Id.SDS_USER}
GOOD = {"find_patient": ALICE, "find_organisation": "T90051", "find_practitioner": "555044007701"}


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ([], BAD_REQUEST),
        ([("Identifier", "{system}|{value}")], BAD_REQUEST),
        ([("identifier", "{system}|{value}"), ("identifier", "{system}|{value}")], BAD_REQUEST),
        ([("identifier", "{system}|{value}"), ("identifier", "{system}|other")], BAD_REQUEST),
        ([("identifier", "{value}")], INVALID_PARAMETER),
        ([("identifier", "|{value}")], INVALID_PARAMETER),
        ([("identifier", "{system}|")], INVALID_PARAMETER),
        ([("identifier", "")], INVALID_PARAMETER),
        ([("identifier", "https://example.org/Id/shoe-size|{value}")], INVALID_SYSTEM),
    ],
    ids=[
        "absent",
        "mis-cased",
        "twice",
        "two values",
        "no system",
        "blank system",
        "blank value",
        "blank",
        "other system",
    ],
)
async def test_a_search_needs_one_whole_identifier(
    riverside: Riverside, name: str, query: list[tuple[str, str]], expected: Refusal
) -> None:
    filled = [(key, value.format(system=SYSTEMS[name], value=GOOD[name])) for key, value in query]
    heard = await riverside.ask(name, query=filled)
    assert heard.refusal == expected
    assert "identifier" in heard.issue["diagnostics"]


@pytest.mark.parametrize("number", ["34555##4", "hello", "999999999", "90000000090", "9990010014", "999001001３"])
async def test_a_search_for_what_is_no_nhs_number_says_so(riverside: Riverside, number: str) -> None:
    heard = await riverside.ask("find_patient", query=[("identifier", f"{Id.NHS_NUMBER}|{number}")])
    assert heard.refusal == INVALID_NUMBER


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("read_patient", "PATIENT_NOT_FOUND"),
        ("read_organisation", "ORGANISATION_NOT_FOUND"),
        ("read_practitioner", "PRACTITIONER_NOT_FOUND"),
        ("read_location", "NO_RECORD_FOUND"),
    ],
)
@pytest.mark.parametrize(
    "id", ["", "null", "1.2-3", "a" * 46, "a" * 58, "a" * 65, "%40%24", "%C3%A9", "a%2Fb"],
)  # fmt: skip
async def test_reading_what_does_not_exist_is_not_found(riverside: Riverside, name: str, code: str, id: str) -> None:
    assert (await riverside.ask(name, id=id)).refusal == (404, code, "not-found")


@pytest.mark.parametrize("id", ["patient-gone", "patient-dead", "patient-hidden", "patient-ida"])
async def test_a_patient_who_may_not_be_shown_does_not_exist(riverside: Riverside, id: str) -> None:
    assert (await riverside.ask("read_patient", id=id)).refusal == (404, "PATIENT_NOT_FOUND", "not-found")


def official(**changes: Any) -> Body:
    name = {"use": "official", "family": "Achebe", "given": ["Tobias"]} | changes
    return {key: value for key, value in name.items() if value is not None}


def phone(use: str | None = "home", system: str | None = "phone") -> Body:
    point = {"system": system, "value": "01632 960777", "use": use}
    return {key: value for key, value in point.items() if value is not None}


def language(code: str = "fr") -> Body:
    part = {"url": "language", "valueCodeableConcept": {"coding": [{"code": code, "display": "French"}]}}
    return {"url": Extension.NHS_COMMUNICATION, "extension": [part]}


NUMBER = {"system": Id.NHS_NUMBER, "value": STRANGER}
HOME = {"use": "home", "line": ["9 Quarry Close"]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"identifier": None}, INVALID_NUMBER),
        ({"identifier": [{"system": "https://example.org/Id/x", "value": "1"}]}, INVALID_NUMBER),
        ({"identifier": [NUMBER | {"value": "34555##4"}]}, INVALID_NUMBER),
        ({"identifier": [NUMBER | {"value": "9000000008"}]}, INVALID_NUMBER),
        ({"identifier": [{"system": Id.NHS_NUMBER}]}, INVALID_NUMBER),
        ({"identifier": [NUMBER, {"value": "1"}]}, BAD_REQUEST),
        ({"identifier": [NUMBER, {"system": "https://example.org/Id/x"}]}, BAD_REQUEST),
        ({"identifier": [NUMBER, NUMBER]}, BAD_REQUEST),
        ({"telecom": [phone(system=None)]}, BAD_REQUEST),
        ({"telecom": [phone(system="fax")]}, BAD_REQUEST),
        ({"telecom": [phone(use=None)]}, BAD_REQUEST),
        ({"telecom": [phone(use="old")]}, BAD_REQUEST),
        ({"telecom": [{"system": "phone", "use": "home"}]}, BAD_REQUEST),
        ({"telecom": [phone("home"), phone("home")]}, BAD_REQUEST),
        ({"telecom": [phone("temp"), phone("temp")]}, BAD_REQUEST),
        ({"telecom": [phone("home", "email"), phone("work", "email")]}, BAD_REQUEST),
        ({"name": None}, BAD_REQUEST),
        ({"name": [official(use="usual")]}, BAD_REQUEST),
        ({"name": [official(family=None)]}, BAD_REQUEST),
        ({"name": [official(given=None)]}, BAD_REQUEST),
        ({"name": [official(), official()]}, BAD_REQUEST),
        ({"name": [official(period={"end": "2020-01-01"})]}, BAD_REQUEST),
        ({"birthDate": None}, BAD_REQUEST),
        ({"birthDate": "1988-09"}, BAD_REQUEST),
        ({"active": True}, INVALID_RESOURCE),
        ({"multipleBirthBoolean": True}, INVALID_RESOURCE),
        ({"generalPractitioner": [{"reference": "Practitioner/pr-nurse"}]}, INVALID_RESOURCE),
        ({"contact": [{"relationship": [{"text": "Son"}]}]}, INVALID_RESOURCE),
        ({"managingOrganization": {"reference": "Organization/org-T90051"}}, INVALID_RESOURCE),
        ({"maritalStatus": {"text": "M"}}, INVALID_RESOURCE),
        ({"animal": {"species": {"text": "Cat"}}}, INVALID_RESOURCE),
        ({"communication": [{"language": {"text": "fr"}}]}, INVALID_RESOURCE),
        ({"photo": [{"title": "me"}]}, INVALID_RESOURCE),
        ({"deceasedBoolean": False}, INVALID_RESOURCE),
        ({"link": [{"other": {"reference": "Patient/1"}, "type": "seealso"}]}, INVALID_RESOURCE),
        ({"extension": [{"url": Extension.REGISTRATION_DETAILS}]}, INVALID_RESOURCE),
        ({"extension": [{"url": "https://example.org/ethnicity", "valueString": "x"}]}, INVALID_RESOURCE),
        ({"extension": [language(), language("en")]}, INVALID_RESOURCE),
        ({"extension": [{"url": Extension.NHS_COMMUNICATION}]}, INVALID_RESOURCE),
        ({"address": [HOME | {"use": "work"}]}, INVALID_RESOURCE),
        ({"address": [HOME | {"use": "old"}]}, INVALID_RESOURCE),
        ({"address": [HOME, HOME]}, INVALID_RESOURCE),
        ({"address": [HOME, {"line": ["9 Quarry Close"]}]}, INVALID_RESOURCE),
        ({"address": [HOME | {"state": "Kent"}]}, INVALID_RESOURCE),
        ({"gender": "woman"}, INVALID_RESOURCE),
        ({"colour": "red"}, INVALID_RESOURCE),
        ({"resourceType": "Practitioner", "birthDate": "1988-09-30"}, INVALID_RESOURCE),
        ({"name": [official(family="A\u0000B")]}, INVALID_RESOURCE),
    ],
    ids=lambda value: str(value)[:70],
)
async def test_each_fault_of_a_registration_has_its_answer(
    riverside: Riverside, changes: dict[str, Any], expected: Refusal
) -> None:
    heard = await riverside.ask("register_patient", body=registration(**changes))
    assert heard.refusal == expected
    assert heard.issue["diagnostics"].startswith(("Patient", "Parameters"))
    assert riverside.traces == []


def parameters(*names: str, resource: Any = None) -> Body:
    good = registration()["parameter"][0]["resource"]
    return {
        "resourceType": "Parameters",
        "parameter": [{"name": name, "resource": resource or good} for name in names],
    }


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (parameters() | {"resourceType": "Bundle"}, INVALID_RESOURCE),
        ({"resourceType": "Parameters"}, INVALID_RESOURCE),
        (parameters("registerPerson"), INVALID_RESOURCE),
        (parameters("registerPatient", "registerPerson"), INVALID_RESOURCE),
        (parameters("registerPatient", resource={"resourceType": "Basic", "code": {"text": "x"}}), INVALID_RESOURCE),
        (
            {"resourceType": "Parameters", "parameter": [{"name": "registerPatient", "valueString": "x"}]},
            INVALID_RESOURCE,
        ),
        (parameters("registerPatient", "registerPatient"), BAD_REQUEST),
    ],
    ids=["a bundle", "nothing in it", "another name", "one too many", "not a patient", "no resource", "twice"],
)
async def test_the_parameters_of_a_registration_hold_one_patient(
    riverside: Riverside, body: Body, expected: Refusal
) -> None:
    assert (await riverside.ask("register_patient", body=body)).refusal == expected


@pytest.mark.parametrize(
    ("outcome", "more", "expected"),
    [
        ("unavailable", {}, FAILED),
        ("not_found", {}, INVALID_DEMOGRAPHICS),
        ("superseded", {}, INVALID_NUMBER),
        ("invalidated", {}, INVALID_NUMBER),
        ("found", {"deceasedDateTime": "2025-01-01T00:00:00+00:00"}, INVALID_DEMOGRAPHICS),
        ("found", {"meta": {"security": [{"code": "R"}]}}, INVALID_DEMOGRAPHICS),
        ("found", {"meta": {"security": [{"code": "V"}]}, "name": [], "birthDate": ""}, INVALID_DEMOGRAPHICS),
        ("found", {"birthDate": "1901-01-01"}, INVALID_DEMOGRAPHICS),
    ],
)
async def test_the_national_record_can_forbid_a_registration(
    riverside: Riverside, outcome: str, more: Body, expected: Refusal
) -> None:
    riverside.on_pds(STRANGER, "Achebe", ("Tobias",), "1988-09-30", outcome=outcome, **more)
    heard = await riverside.ask("register_patient", body=registration())
    assert heard.refusal == expected
    assert len(riverside.practice.patients.of_number(STRANGER)) == 0


@pytest.mark.parametrize("outcome", ["superseded", "invalidated"])
async def test_a_withdrawn_number_outranks_somebody_elses_details(riverside: Riverside, outcome: str) -> None:
    riverside.on_pds(ELSEWHERE, "Varga", ("Ilona",), "1961-01-05", outcome=outcome)
    assert (await riverside.ask("register_patient", body=registration(ELSEWHERE))).refusal == INVALID_NUMBER


async def test_not_being_on_pds_outranks_being_registered_here(riverside: Riverside) -> None:
    del riverside.records[BOB]
    own = {"name": [official(family="Doyle", given=["Robert"])], "birthDate": "1980-05-01"}
    assert (await riverside.ask("register_patient", body=registration(BOB, **own))).refusal == INVALID_DEMOGRAPHICS


@pytest.mark.parametrize(
    ("number", "name", "born", "expected"),
    [
        (ALICE, ("Begum", "Nadia"), "1974-02-19", DUPLICATE),
        (NEVER_TRACED, ("Frost", "Ida"), "1950-07-07", DUPLICATE),
        (DEAD, ("Hale", "Una"), "1933-03-03", INVALID_DEMOGRAPHICS),
        (HIDDEN, ("Ives", "Sam"), "1985-08-08", INVALID_DEMOGRAPHICS),
    ],
)
async def test_the_practices_own_records_can_forbid_a_registration(
    riverside: Riverside, number: str, name: tuple[str, str], born: str, expected: Refusal
) -> None:
    body = registration(number, name=[official(family=name[0], given=[name[1]])], birthDate=born)
    assert (await riverside.ask("register_patient", body=body)).refusal == expected


async def test_a_local_record_that_was_never_traced_and_does_not_agree_forbids_a_registration(
    riverside: Riverside,
) -> None:
    riverside.on_pds(NEVER_TRACED, "Achebe", ("Tobias",), "1988-09-30")
    assert (await riverside.ask("register_patient", body=registration(NEVER_TRACED))).refusal == INVALID_DEMOGRAPHICS


async def test_registering_twice_is_a_duplicate(riverside: Riverside) -> None:
    assert (await riverside.ask("register_patient", body=registration())).status == 200
    assert (await riverside.ask("register_patient", body=registration())).refusal == DUPLICATE


async def test_a_patient_who_left_can_register_again(riverside: Riverside) -> None:
    body = registration(GONE, name=[official(family="Gray", given=["Tom"])], birthDate="1990-01-02")
    heard = await riverside.ask("register_patient", body=body)
    assert [each["id"] for each in heard.entries] == ["patient-gone"]
