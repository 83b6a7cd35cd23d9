"""Finding patients, and verifying those who never were."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from booking_core.spec.identifiers import Extension, Id
from mock_gpconnect.provider.patients import LocalPatient
from mock_gpconnect.suppliers.profile import Profile
from tests.mock_gpconnect.provider.messages import ALICE, BOB, DEAD, GONE, HIDDEN, NEVER_TRACED, STRANGER, registration
from tests.mock_gpconnect.provider.riverside import NOW, Heard, Riverside


async def find(riverside: Riverside, number: str, *more: tuple[str, str]) -> Heard:
    return await riverside.ask("find_patient", query=[("identifier", f"{Id.NHS_NUMBER}|{number}"), *more])


def ids(heard: Heard) -> list[str]:
    return [each["id"] for each in heard.entries]


@pytest.mark.parametrize("number", [ALICE, BOB])
async def test_an_active_patient_is_found_also_one_who_dissents(riverside: Riverside, number: str) -> None:
    assert len((await find(riverside, number)).entries) == 1


@pytest.mark.parametrize("number", [STRANGER, GONE, DEAD, HIDDEN, "9999999999"])
async def test_who_is_unknown_or_may_not_be_shown_is_an_empty_bundle(riverside: Riverside, number: str) -> None:
    heard = await find(riverside, number)
    assert (heard.status, heard.json) == (200, {"resourceType": "Bundle", "type": "searchset"})
    assert riverside.traces == []


async def test_a_patient_who_was_never_traced_is_verified_now_and_once(riverside: Riverside) -> None:
    assert ids(await find(riverside, NEVER_TRACED)) == ["patient-ida"]
    assert ids(await find(riverside, NEVER_TRACED)) == ["patient-ida"]
    assert riverside.traces == [NEVER_TRACED]


async def test_two_who_look_at_once_verify_the_record_once(riverside: Riverside) -> None:
    riverside.trace_takes = 0.01
    await asyncio.gather(find(riverside, NEVER_TRACED), find(riverside, NEVER_TRACED))
    assert riverside.practice.patients.of_number(NEVER_TRACED)[0].version == 2


@pytest.mark.parametrize("outcome", ["not_found", "superseded", "invalidated", "unavailable"])
async def test_a_patient_who_cannot_be_verified_stays_unknown(riverside: Riverside, outcome: str) -> None:
    riverside.on_pds(NEVER_TRACED, "Frost", ("Ida",), "1950-07-07", outcome=outcome)
    assert (await find(riverside, NEVER_TRACED)).entries == []
    riverside.on_pds(NEVER_TRACED, "Frost", ("Ida",), "1950-07-07")
    assert ids(await find(riverside, NEVER_TRACED)) == ["patient-ida"]


async def test_older_software_finds_nobody_and_then_refuses_to_register_the_same_person() -> None:
    riverside = Riverside(Profile.model_validate({"name": "old", "patients": {"verifies_untraced": False}}))
    body = registration(
        NEVER_TRACED, name=[{"use": "official", "family": "Frost", "given": ["Ida"]}], birthDate="1950-07-07"
    )
    assert (await find(riverside, NEVER_TRACED)).entries == []
    assert (await riverside.ask("register_patient", body=body)).refusal == (409, "DUPLICATE_REJECTED", "duplicate")


async def test_a_temporary_registration_is_found_until_it_lapses(riverside: Riverside) -> None:
    riverside.practice.patients.add(
        LocalPatient(
            STRANGER, "Achebe", ("Tobias",), "male", NOW.date(), registration="T", registered_until=NOW + timedelta(days=1)
        )
    )  # fmt: skip
    assert len((await find(riverside, STRANGER)).entries) == 1
    riverside.clock.forward(days=1)
    assert (await find(riverside, STRANGER)).entries == []


@pytest.mark.parametrize(("both", "found"), [(False, 1), (True, 2)])
async def test_a_supplier_can_find_two_records_of_one_number(both: bool, found: int) -> None:
    riverside = Riverside(Profile.model_validate({"name": "x", "patients": {"returns_duplicates": both}}))
    twin = riverside.practice.patients.of_number(ALICE)[0]
    riverside.practice.patients.add(replace(twin, id="patient-alice-again"))
    assert len((await find(riverside, ALICE)).entries) == found


async def test_other_parameters_are_ignored(riverside: Riverside) -> None:
    assert ids(await find(riverside, ALICE, ("_count", "1"), ("_sort", "name"), ("family", "x"))) == ["patient-alice"]


async def test_a_patient_shows_everything_that_is_held(riverside: Riverside) -> None:
    alice = (await find(riverside, ALICE)).entries[0]
    assert alice["name"] == [{"use": "official", "family": "Begum", "given": ["Nadia"], "prefix": ["Mrs"]}]
    assert [each["use"] for each in alice["telecom"]] == ["home", "mobile", "home"]
    assert alice["address"][0]["postalCode"] == "ZZ99 9ZZ"
    assert alice["generalPractitioner"] == [{"reference": "Practitioner/pr-llewellyn"}]
    assert alice["managingOrganization"] == {"reference": "Organization/org-T90051"}
    assert alice["extension"][0]["url"] == Extension.REGISTRATION_DETAILS
    assert alice["extension"][0]["extension"][-1] == {
        "url": "preferredBranchSurgery",
        "valueReference": {"reference": "Location/loc-branch"},
    }
    assert alice["identifier"][0]["extension"][0]["url"] == Extension.VERIFICATION


async def test_a_patient_found_reads_the_same_under_its_id(riverside: Riverside) -> None:
    found = (await find(riverside, ALICE)).entries[0]
    heard = await riverside.ask("read_patient", id=found["id"])
    assert (heard.json, heard.headers["etag"]) == (found, 'W/"1"')
