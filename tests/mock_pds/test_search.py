from collections.abc import Callable
from dataclasses import replace

import pytest

from mock_pds.people import Name, Person
from mock_pds.settings import Settings
from tests.mock_pds.world import ALICE, PRIVILEGED, World, coding

Build = Callable[..., World]
BORN = "1984-11-05"
RESTRICTED = replace(ALICE, nhs_number="9991234519", confidentiality="R")
VERY_RESTRICTED = replace(ALICE, nhs_number="9991234586", confidentiality="V")


def crowd(count: int) -> list[Person]:
    """So many people of one name and birth date; their numbers need not check here."""
    return [Person(f"999{number:07}", (Name("Smith", ("Alice",)),), birth_date=BORN) for number in range(count)]


async def test_an_answer_is_a_searchset_of_what_was_found(world: World) -> None:
    answer = await world.search(family="smith", birthdate=BORN)

    (entry,) = answer.json()["entry"]
    assert answer.json().keys() == {"resourceType", "type", "timestamp", "total", "entry"}
    assert answer.json()["timestamp"] == "2026-03-27T09:00:00+00:00"
    assert entry.keys() == {"fullUrl", "search", "resource"}
    assert entry["search"].keys() == {"score"}
    assert entry["fullUrl"] == "https://api.test/personal-demographics/FHIR/R4/Patient/9991234500"
    assert "etag" not in answer.headers


async def test_nobody_found_is_an_answer_without_entries(world: World) -> None:
    answer = await world.search(family="nobody", birthdate=BORN)

    assert answer.status_code == 200
    assert answer.json()["total"] == 0
    assert "entry" not in answer.json()


@pytest.mark.parametrize(("most", "people", "too_many"), [("2", 2, False), ("2", 3, True), ("1", 2, True)])
async def test_more_than_asked_for_are_too_many(build: Build, most: str, people: int, too_many: bool) -> None:
    answer = await build(*crowd(people)).search(("_max-results", most), family="smith", birthdate=BORN)

    assert answer.status_code == 200
    assert (answer.json()["resourceType"] == "OperationOutcome") == too_many


@pytest.mark.parametrize(("people", "kind"), [(50, "Bundle"), (51, "OperationOutcome")])
async def test_a_worker_is_shown_fifty_and_no_more(build: Build, people: int, kind: str) -> None:
    answer = await build(*crowd(people)).search(family="smith", birthdate=BORN)

    assert answer.json()["resourceType"] == kind


async def test_an_application_finds_one_person_or_hears_that_there_are_more(build: Build) -> None:
    alone, twins = build(*crowd(1)), build(*crowd(2))

    one = await alone.search(token=alone.app_token(), family="smith", birthdate=BORN)
    more = await twins.search(token=twins.app_token(), family="smith", birthdate=BORN)

    assert one.json()["total"] == 1
    assert coding(more)["code"] == "TOO_MANY_MATCHES"


async def test_a_restricted_person_is_found_without_a_place(build: Build) -> None:
    answer = await build(RESTRICTED).search(family="smith", birthdate=BORN)

    (entry,) = answer.json()["entry"]
    assert not {"address", "telecom", "generalPractitioner"} & entry["resource"].keys()


@pytest.mark.parametrize(
    "place",
    [
        {"address_postalcode": "ZZ99 9ZZ"},
        {"address_postcode": "ZZ*"},
        {"general_practitioner": "Z91001"},
        {"_fuzzy_match": "true", "given": "alice", "general_practitioner": "Z91001"},
    ],
    ids=str,
)
async def test_nobody_can_learn_by_trial_where_a_restricted_person_is(build: Build, place: dict[str, str]) -> None:
    world = build(RESTRICTED, VERY_RESTRICTED, ALICE)

    assert await world.found(family="smith", birthdate=BORN, **place) == ["9991234500"]


@pytest.mark.parametrize(("found_at_all", "found"), [(True, ["9991234586"]), (False, [])])
async def test_whether_very_restricted_people_are_found_can_be_set(
    build: Build, found_at_all: bool, found: list[str]
) -> None:
    world = build(VERY_RESTRICTED, settings=Settings(very_restricted_are_found=found_at_all))

    assert await world.found(family="smith", birthdate=BORN) == found


async def test_the_privileged_mode_is_told_no_place_by_a_search(build: Build) -> None:
    world = build(ALICE, clients=(PRIVILEGED,))

    answer = await world.search(token=world.app_token(PRIVILEGED), family="smith", birthdate=BORN)

    assert not {"address", "telecom", "generalPractitioner"} & answer.json()["entry"][0]["resource"].keys()


async def test_a_merged_number_is_never_found_and_its_survivor_is(build: Build) -> None:
    old = replace(ALICE, nhs_number="9991234543", superseded_by="9991234500")

    assert await build(old, ALICE).found(family="smith", birthdate=BORN) == ["9991234500"]


async def test_an_invalidated_number_is_never_found(build: Build) -> None:
    assert await build(replace(ALICE, invalidated=True)).found(family="smith", birthdate=BORN) == []


async def test_the_trace_that_is_recommended_to_applications_finds_its_patient(world: World) -> None:
    found = await world.found(
        token=world.app_token(),
        given="ali*",
        family="smith",
        address_postalcode="zz*",
        birthdate="eq1984-11-05",
        _history="true",
    )

    assert found == ["9991234500"]


async def test_a_search_sees_what_an_update_changed(world: World) -> None:
    assert await world.found(family="smith", birthdate=BORN) == ["9991234500"]
    named = {"op": "replace", "path": "/name/0/id", "value": "1D88B3E2"}

    await world.patch("9991234500", named, {"op": "replace", "path": "/name/0/family", "value": "Jones"})

    assert await world.found(family="jones", birthdate=BORN) == ["9991234500"]
    assert await world.found(family="smith", birthdate=BORN) == []
    assert await world.found(family="smith", birthdate=BORN, _history="true") == ["9991234500"]


@pytest.mark.parametrize(
    "name", ["family", "given", "gender", "birthdate", "email", "phone", "address-postalcode", "_history", "odd"]
)
@pytest.mark.parametrize("hostile", ["\x00", "{0}", "%", "'\"<>", "ﷺ" * 35, "a" * 33 + "**", "\ud7ff"])
async def test_no_value_breaks_a_search(world: World, hostile: str, name: str) -> None:
    good = [(known, value) for known, value in (("family", "smith"), ("birthdate", BORN)) if known != name]

    answer = await world.search((name, hostile), *good)

    assert answer.status_code in (200, 400)
    assert answer.json()["resourceType"] in ("Bundle", "OperationOutcome")


async def test_no_name_of_a_parameter_breaks_a_search(world: World) -> None:
    answer = await world.search(("{0}'\x00", "x"))

    assert coding(answer)["code"] == "ADDITIONAL_PROPERTIES"
