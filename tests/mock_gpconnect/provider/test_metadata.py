"""The CapabilityStatement, as the national suite looks at it."""

import pytest

from mock_gpconnect.provider.metadata import capability_statement
from mock_gpconnect.suppliers.profile import Profile, load_profile

STATEMENT = capability_statement(Profile(name="strict"))
REST = STATEMENT["rest"][0]


def test_it_lists_fifteen_profiles_without_versions() -> None:
    references = [each["reference"] for each in STATEMENT["profile"]]
    assert len(set(references)) == 15
    assert not any("_history" in each for each in references)


@pytest.mark.parametrize(
    ("name", "interactions"),
    [
        ("Patient", ["read", "search-type"]),
        ("Organization", ["read", "search-type"]),
        ("Practitioner", ["read", "search-type"]),
        ("Location", ["read"]),
        ("Appointment", ["read", "create", "update", "search-type"]),
        ("Slot", ["search-type"]),
    ],
)
def test_it_says_what_each_resource_can_do(name: str, interactions: list[str]) -> None:
    (resource,) = [each for each in REST["resource"] if each["type"] == name]
    assert [each["code"] for each in resource["interaction"]] == interactions


def test_it_lists_the_structured_operation_although_that_is_another_capability() -> None:
    paths = {each["name"]: each["definition"]["reference"] for each in REST["operation"]}
    assert paths["gpc.registerpatient"].endswith("/GPConnect-RegisterPatient-Operation-1")
    assert paths["gpc.getstructuredrecord"].endswith("/_history/1.12")


def test_it_names_the_managing_organisation_among_the_includes_of_a_slot() -> None:
    (slot,) = [each for each in REST["resource"] if each["type"] == "Slot"]
    assert "Location:managingOrganization" in slot["searchInclude"]


@pytest.mark.parametrize(
    ("supplier", "publisher", "formats"),
    [
        ("strict", "Crossbook", ["application/fhir+json", "application/fhir+xml"]),
        ("emis", "EMIS Health", ["application/fhir+json", "application/fhir+xml"]),
        ("systmone", "TPP", ["application/fhir+json"]),
    ],
)
def test_it_shows_whose_system_it_is(supplier: str, publisher: str, formats: list[str]) -> None:
    statement = capability_statement(load_profile(supplier))
    assert (statement["publisher"], statement["format"]) == (publisher, formats)
