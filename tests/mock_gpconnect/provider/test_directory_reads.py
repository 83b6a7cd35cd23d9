"""Organisations, practitioners and locations, found and read."""

import pytest

from booking_core.spec.identifiers import Id
from tests.mock_gpconnect.provider.riverside import Heard, Riverside


async def find(riverside: Riverside, name: str, system: str, value: str) -> Heard:
    return await riverside.ask(name, query=[("identifier", f"{system}|{value}")])


@pytest.mark.parametrize(
    ("code", "names"),
    [("T90051", ["Riverside Surgery"]), ("T90099", ["Hillside Surgery"]), ("t90051", []), ("X", [])],
)
async def test_an_organisation_is_found_by_its_exact_code(riverside: Riverside, code: str, names: list[str]) -> None:
    heard = await find(riverside, "find_organisation", Id.ODS, code)
    assert (heard.status, [each["name"] for each in heard.entries]) == (200, names)


@pytest.mark.parametrize(("user_id", "roles"), [("555044007702", 0), ("555044007701", 1), ("555044007703", 2)])
async def test_a_practitioner_is_found_by_user_id_and_shows_every_role_id(
    riverside: Riverside, user_id: str, roles: int
) -> None:
    (found,) = (await find(riverside, "find_practitioner", Id.SDS_USER, user_id)).entries
    systems = [each["system"] for each in found["identifier"]]
    assert systems == [Id.SDS_USER, *[Id.SDS_ROLE_PROFILE] * roles]


async def test_nobody_has_an_unknown_user_id(riverside: Riverside) -> None:
    assert (await find(riverside, "find_practitioner", Id.SDS_USER, "1")).json == {
        "resourceType": "Bundle",
        "type": "searchset",
    }


async def test_a_practitioner_is_not_found_by_role_id(riverside: Riverside) -> None:
    heard = await find(riverside, "find_practitioner", Id.SDS_ROLE_PROFILE, "555044007791")
    assert heard.refusal == (400, "INVALID_IDENTIFIER_SYSTEM", "value")


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("read_organisation", "org-T90051"),
        ("read_practitioner", "pr-nurse"),
        ("read_location", "loc-branch"),
        ("read_patient", "patient-alice"),
    ],
)
async def test_a_read_names_its_version_and_spares_who_has_it(riverside: Riverside, name: str, id: str) -> None:
    heard = await riverside.ask(name, id=id)
    assert heard.headers["etag"] == f'W/"{heard.json["meta"]["versionId"]}"'
    again = await riverside.ask(name, id=id, headers={"If-None-Match": heard.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


async def test_a_location_has_one_address_and_names_its_practice(riverside: Riverside) -> None:
    branch = (await riverside.ask("read_location", id="loc-branch")).json
    assert branch["address"] == {"line": ["22 Mill Lane"], "city": "Westhaven", "postalCode": "ZZ99 9AB"}
    assert branch["managingOrganization"] == {"reference": "Organization/org-T90051"}


async def test_a_location_without_an_address_is_shown_without_one(riverside: Riverside) -> None:
    assert "address" not in (await riverside.ask("read_location", id="loc-bare")).json
