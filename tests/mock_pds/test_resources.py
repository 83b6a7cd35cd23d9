from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mock_pds.people import Address, Name, Person, Removal
from mock_pds.resources import found, patient
from tests.mock_pds.maximal import MAXIMAL
from tests.mock_pds.r4b import problems
from tests.mock_pds.world import ALICE, World

Build = Callable[..., World]
MINIMAL = Person("9000000033")
RESTRICTED = replace(MAXIMAL, nhs_number="9991234519", confidentiality="R")
VERY_RESTRICTED = replace(MAXIMAL, nhs_number="9991234586", confidentiality="V")
LEGACY = Person("9991234527", (Name("ASHDOWN", ("Winifred",)),), birth_date="1931", deceased="2025-02")


@pytest.mark.parametrize("person", [MAXIMAL, MINIMAL, RESTRICTED, VERY_RESTRICTED, LEGACY], ids=lambda p: p.nhs_number)
async def test_a_retrieved_record_is_strict_fhir(build: Build, person: Person) -> None:
    world = build(person)

    answer = await world.pds(f"/Patient/{person.nhs_number}")

    assert answer.status_code == 200
    assert problems(answer.json()) == []


async def test_a_search_result_is_strict_fhir(build: Build) -> None:
    world = build(MAXIMAL, RESTRICTED, VERY_RESTRICTED)

    answer = await world.search(family="o'rourke-élan", birthdate="1984-11-05")

    assert answer.json()["total"] == 3
    assert problems(answer.json()) == []


async def test_an_empty_search_result_is_strict_fhir(world: World) -> None:
    assert problems((await world.search(family="nobody", birthdate="1984-11-05")).json()) == []


async def test_related_people_are_strict_fhir(build: Build) -> None:
    answer = await build(MAXIMAL).pds("/Patient/9991234535/RelatedPerson")

    assert answer.json()["total"] == 2
    assert problems(answer.json()) == []


async def test_a_refusal_is_strict_fhir(world: World) -> None:
    assert problems((await world.pds("/Patient/9991234594")).json()) == []


async def test_one_issue_code_is_none_of_fhirs_as_on_the_real_service(world: World) -> None:
    answer = await world.search(("_max-results", "2"), token=world.app_token(), family="smith", birthdate="1984-11-05")

    (problem,) = problems(answer.json())
    assert problem.startswith("/issue/code: 'token' is none of")


async def test_records_stay_strict_fhir_after_an_update(build: Build) -> None:
    world = build(MAXIMAL)

    answer = await world.patch(
        "9991234535", {"op": "add", "path": "/telecom/-", "value": {"system": "phone", "use": "work", "value": "1"}}
    )

    assert answer.status_code == 200
    assert problems(answer.json()) == []


def test_the_smallest_record_is_a_number_and_what_goes_with_it() -> None:
    assert patient(MINIMAL).keys() == {"resourceType", "id", "identifier", "meta"}


@pytest.mark.parametrize("never", ["active", "text", "maritalStatus", "photo", "link", "communication"])
def test_what_pds_never_sends_is_not_sent(never: str) -> None:
    assert never not in patient(MAXIMAL)


def nothing_empty(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(map(nothing_empty, value.values()))
    if isinstance(value, list):
        return bool(value) and all(map(nothing_empty, value))
    return value is not None


@pytest.mark.parametrize("person", [MAXIMAL, MINIMAL, LEGACY], ids=lambda p: p.nhs_number)
def test_nothing_is_sent_empty(person: Person) -> None:
    assert nothing_empty(patient(person))


def test_the_version_is_text_in_the_body() -> None:
    assert patient(ALICE)["meta"]["versionId"] == "7"


def test_blank_lines_are_dropped_so_that_a_lines_place_says_nothing() -> None:
    assert patient(MAXIMAL)["address"][0]["line"] == ["Flat 3", "18 Larkspur Way", "Ambleford"]


def test_an_application_can_be_registered_to_be_sent_blank_lines() -> None:
    address = patient(MAXIMAL, frozenset({"return-empty-address-lines"}))["address"][0]

    assert address["line"] == ["Flat 3", None, "18 Larkspur Way", "Ambleford", None]
    assert [line is None for line in address["_line"]] == [True, False, True, True, False]


def test_leading_zeros_of_address_keys_are_kept() -> None:
    keys = patient(MAXIMAL)["address"][0]["extension"]

    assert [key["extension"][1]["valueString"] for key in keys] == ["00417763", "010093300012"]


def test_a_full_stop_after_a_title_is_dropped() -> None:
    assert patient(ALICE)["name"][0]["prefix"] == ["Ms"]


def test_a_textphone_is_an_other_with_an_extension() -> None:
    textphone = patient(MAXIMAL)["telecom"][2]

    assert textphone["system"] == "other"
    assert textphone["extension"][0]["valueCoding"]["code"] == "textphone"


def test_the_practice_is_a_code_without_a_reference_or_a_display() -> None:
    (practice,) = patient(MAXIMAL)["generalPractitioner"]

    assert practice.keys() == {"id", "type", "identifier"}
    assert practice["identifier"]["value"] == "Z91001"


@pytest.mark.parametrize("code", ["AFN", "SDN", "LDN"])
def test_a_confidential_reason_for_removal_is_shown_as_another(code: str) -> None:
    person = replace(MAXIMAL, removal=Removal(code, "Armed Forces"))

    def reason(*attributes: str) -> str:
        (removal,) = [
            e for e in patient(person, frozenset(attributes))["extension"] if e["url"].endswith("Registration")
        ]
        return str(removal["extension"][0]["valueCodeableConcept"]["coding"][0]["code"])

    assert reason() == "ORR"
    assert reason("return-confidential-reason-for-removal") == code


def test_an_entry_keeps_its_id_from_answer_to_answer_and_from_retrieval_to_search() -> None:
    whole, entry = patient(MAXIMAL), found(MAXIMAL)

    assert whole["address"][0]["id"] == entry["address"][0]["id"]
    assert [name["id"] for name in whole["name"][:2]] == [name["id"] for name in entry["name"]]
    assert patient(MAXIMAL) == whole


def test_a_search_shows_less_than_a_retrieval() -> None:
    entry = found(MAXIMAL)

    assert [name["use"] for name in entry["name"]] == ["nickname", "usual"]
    assert [address["use"] for address in entry["address"]] == ["home"]
    assert "managingOrganization" not in entry
    assert [extension["url"].rpartition("-")[2] for extension in entry["extension"]] == ["DeathNotificationStatus"]


def test_a_search_shows_no_address_when_there_is_none_at_home() -> None:
    person = replace(ALICE, addresses=(Address(("1 Away",), "ZZ99 1AA", "temp", "Second Home"),))

    assert "address" not in found(person)
