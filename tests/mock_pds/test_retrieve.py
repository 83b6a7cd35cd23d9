from collections.abc import Callable
from dataclasses import replace

import pytest

from mock_pds.people import Person
from mock_pds.settings import Settings
from tests.mock_pds.maximal import MAXIMAL
from tests.mock_pds.world import ALICE, PRIVILEGED, World, coding, diagnostics

Build = Callable[..., World]
LOCATION = {"address", "telecom", "contact", "generalPractitioner"}
RESTRICTED = replace(MAXIMAL, nhs_number="9991234519", confidentiality="R")
VERY_RESTRICTED = replace(MAXIMAL, nhs_number="9991234586", confidentiality="V")
OLD, SURVIVOR = Person("9991234543", superseded_by="9991234551"), replace(ALICE, nhs_number="9991234551", version=3)


async def test_a_record_comes_with_its_version_as_an_etag(world: World) -> None:
    answer = await world.pds("/Patient/9991234500")

    assert answer.status_code == 200
    assert answer.headers["etag"] == 'W/"7"'
    assert answer.headers["content-type"] == "application/fhir+json"
    assert answer.json()["id"] == answer.json()["identifier"][0]["value"] == "9991234500"


@pytest.mark.parametrize(
    "number",
    ["123", "9991234501", "999123450", "99912345000", "999 123 4500", "999-123-450", "٩٩٩١٢٣٤٥٠٠", "abcdefghij", "%00"],
)
async def test_what_is_no_nhs_number_is_a_wrong_id(world: World, number: str) -> None:
    answer = await world.pds(f"/Patient/{number}")

    assert answer.status_code == 400
    assert coding(answer)["code"] == "INVALID_RESOURCE_ID"
    assert diagnostics(answer) is None


@pytest.mark.parametrize("number", ["9999999999", "9991234594", "0123456789"])
async def test_a_valid_number_that_nobody_has_is_not_found_for_information(world: World, number: str) -> None:
    answer = await world.pds(f"/Patient/{number}")

    assert answer.status_code == 404
    assert answer.json()["issue"][0]["severity"] == "information"


async def test_a_merged_number_brings_the_surviving_record_and_no_word_of_it(build: Build) -> None:
    answer = await build(OLD, SURVIVOR).pds("/Patient/9991234543")

    assert answer.status_code == 200
    assert answer.json()["id"] == answer.json()["identifier"][0]["value"] == "9991234551"
    assert answer.headers["etag"] == 'W/"3"'
    assert "9991234543" not in answer.text


async def test_a_chain_of_mergers_leads_to_its_end(build: Build) -> None:
    first = Person("9991234535", superseded_by="9991234543")

    answer = await build(first, OLD, SURVIVOR).pds("/Patient/9991234535")

    assert answer.json()["id"] == "9991234551"


async def test_an_invalidated_number_that_was_merged_counts_as_merged(build: Build) -> None:
    answer = await build(replace(OLD, invalidated=True), SURVIVOR).pds("/Patient/9991234543")

    assert answer.json()["id"] == "9991234551"


@pytest.mark.parametrize("after", ["9991234594", "9991234543"], ids=["nobody", "itself"])
async def test_a_merger_into_nowhere_never_breaks_the_service(build: Build, after: str) -> None:
    answer = await build(replace(OLD, superseded_by=after)).pds("/Patient/9991234543")

    assert answer.status_code in (200, 404)


async def test_a_restricted_record_says_who_and_not_where(build: Build) -> None:
    shown = (await build(RESTRICTED).pds("/Patient/9991234519")).json()

    assert not LOCATION & shown.keys()
    assert {"name", "gender", "birthDate", "multipleBirthInteger", "deceasedDateTime"} <= shown.keys()
    assert shown["meta"]["security"][0] == {
        "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
        "code": "R",
        "display": "restricted",
    }
    kept = {extension["url"].rpartition("-")[2] for extension in shown["extension"]}
    assert not kept & {"NominatedPharmacy", "PreferredDispenserOrganization", "MedicalApplianceSupplier", "birthPlace"}
    assert "DeathNotificationStatus" in kept


async def test_a_restricted_record_without_other_extensions_has_none_at_all(build: Build) -> None:
    person = Person("9991234519", confidentiality="R", birth_place=RESTRICTED.birth_place)

    assert "extension" not in (await build(person).pds("/Patient/9991234519")).json()


async def test_the_privileged_mode_sees_a_restricted_record_whole(build: Build) -> None:
    world = build(RESTRICTED, clients=(PRIVILEGED,))

    shown = (await world.pds("/Patient/9991234519", token=world.app_token(PRIVILEGED))).json()

    assert shown.keys() >= LOCATION


async def test_a_very_restricted_record_is_a_number_even_to_the_privileged_mode(build: Build) -> None:
    world = build(VERY_RESTRICTED, clients=(PRIVILEGED,))

    shown = (await world.pds("/Patient/9991234586", token=world.app_token(PRIVILEGED))).json()

    assert shown.keys() == {"resourceType", "id", "identifier", "meta"}
    assert shown["meta"]["security"][0]["code"] == "V"


async def test_what_a_very_restricted_record_keeps_can_be_set(build: Build) -> None:
    keeps = Settings().very_restricted_keeps | {"gender"}
    world = build(VERY_RESTRICTED, settings=Settings(very_restricted_keeps=keeps))

    assert (await world.pds("/Patient/9991234586")).json()["gender"] == "female"


async def test_a_deceased_person_has_an_ordinary_record_with_a_date_and_a_notice(build: Build) -> None:
    shown = (await build(MAXIMAL).pds("/Patient/9991234535")).json()

    assert shown["deceasedDateTime"] == "2025-02-11T00:00:00+00:00"
    assert "deceasedBoolean" not in shown
    assert any(extension["url"].endswith("DeathNotificationStatus") for extension in shown["extension"])


async def test_a_removed_death_notice_leaves_a_living_person(build: Build) -> None:
    person = replace(ALICE, death_notice="U", death_noticed="2025-02-14T09:30:00+00:00")

    shown = (await build(person).pds("/Patient/9991234500")).json()

    assert "deceasedDateTime" not in shown
    assert any(extension["url"].endswith("DeathNotificationStatus") for extension in shown["extension"])


async def test_related_people_name_their_own_record_or_nothing(build: Build) -> None:
    answer = await build(MAXIMAL).pds("/Patient/9991234535/RelatedPerson")

    by_number, by_details = (entry["resource"] for entry in answer.json()["entry"])
    assert by_number["patient"]["identifier"]["value"] == "9991234519"
    assert by_details["patient"] == {}
    assert by_details["name"][0]["family"] == "Nygård"
    assert "etag" not in answer.headers


async def test_a_related_persons_address_is_below_the_patients(build: Build) -> None:
    (first, _) = (await build(MAXIMAL).pds("/Patient/9991234535/RelatedPerson")).json()["entry"]

    assert first["fullUrl"].endswith(f"/Patient/9991234535/RelatedPerson/{first['resource']['id']}")
    assert "search" not in first


@pytest.mark.parametrize("person", [replace(RESTRICTED, nhs_number="9991234500"), ALICE], ids=["restricted", "alone"])
async def test_no_related_people_are_an_empty_answer_and_no_error(build: Build, person: Person) -> None:
    answer = await build(person).pds("/Patient/9991234500/RelatedPerson")

    assert answer.status_code == 200
    assert answer.json()["total"] == 0
    assert "entry" not in answer.json()


@pytest.mark.parametrize(("number", "status"), [("9991234594", 404), ("9991234501", 400)])
async def test_related_people_of_nobody_are_refused(world: World, number: str, status: int) -> None:
    assert (await world.pds(f"/Patient/{number}/RelatedPerson")).status_code == status
