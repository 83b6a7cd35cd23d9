from urllib.parse import quote

import pytest

from booking_core.spec.identifiers import Id
from mock_gpconnect.refusals import Refused
from mock_gpconnect.spine.sds_query import Lookup, read_lookup

ORG = f"organization={Id.ODS}|T90051"
SLOTS = f"identifier={Id.INTERACTION}|urn:slot"
KEY = f"identifier={Id.PARTY_KEY}|T90051-1"
MAKER = f"manufacturing-organization={Id.ODS}|T9Y"

ORG_TEXT = (
    "Missing or invalid 'organization' query parameter. "
    "Should be 'organization=https://fhir.nhs.uk/Id/ods-organization-code|value'"
)
MAKER_TEXT = (
    "Missing or invalid 'manufacturing-organization' query parameter. "
    "Should be 'manufacturing-organization=https://fhir.nhs.uk/Id/ods-organization-code|value'"
)
IDENTIFIER_TEXT = (
    "Missing or invalid 'identifier' query parameter. Should be one or both of: "
    "['identifier=https://fhir.nhs.uk/Id/nhsServiceInteractionId|value', "
    "'identifier=https://fhir.nhs.uk/Id/nhsMhsPartyKey|value'"
)
INTERACTION_TEXT = (
    "Missing or invalid 'identifier' query parameter. "
    "Should be 'identifier=https://fhir.nhs.uk/Id/nhsServiceInteractionId|value'"
)
COMBINATION_TEXT = (
    "Missing or invalid query parameters. Should one of following combinations: ["
    "'organization=https://fhir.nhs.uk/Id/ods-organization-code|value"
    "&identifier=https://fhir.nhs.uk/Id/nhsServiceInteractionId|value"
    "&identifier=https://fhir.nhs.uk/Id/nhsMhsPartyKey|value'"
    "'organization=https://fhir.nhs.uk/Id/ods-organization-code|value"
    "&identifier=https://fhir.nhs.uk/Id/nhsServiceInteractionId|value'"
    "'organization=https://fhir.nhs.uk/Id/ods-organization-code|value"
    "&identifier=https://fhir.nhs.uk/Id/nhsMhsPartyKey|value'"
    "'identifier=https://fhir.nhs.uk/Id/nhsServiceInteractionId|value"
    "&identifier=https://fhir.nhs.uk/Id/nhsMhsPartyKey|value'"
    "]"
)


def read(resource: str, *parts: str) -> Lookup:
    return read_lookup(resource, "&".join(parts).encode())


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param((ORG, SLOTS), Lookup("T90051", "urn:slot"), id="organisation and interaction"),
        pytest.param((SLOTS, ORG), Lookup("T90051", "urn:slot"), id="in any order"),
        pytest.param((ORG, SLOTS, KEY, MAKER), Lookup("T90051", "urn:slot", "T90051-1", "T9Y"), id="everything"),
    ],
)
def test_a_device_is_asked_for_by_organisation_and_interaction(parts: tuple[str, ...], expected: Lookup) -> None:
    assert read("Device", *parts) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((ORG, SLOTS, KEY), Lookup("T90051", "urn:slot", "T90051-1")),
        ((ORG, SLOTS), Lookup("T90051", "urn:slot")),
        ((ORG, KEY), Lookup("T90051", "", "T90051-1")),
        ((SLOTS, KEY), Lookup("", "urn:slot", "T90051-1")),
    ],
)
def test_an_endpoint_is_asked_for_in_four_ways(parts: tuple[str, ...], expected: Lookup) -> None:
    assert read("Endpoint", *parts) == expected


@pytest.mark.parametrize("parts", [(ORG,), (SLOTS,), (KEY,), (), ("",)])
def test_an_endpoint_is_asked_for_in_no_other_way(parts: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        read("Endpoint", *parts)

    assert refused.value.facts == {"detail": COMBINATION_TEXT}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(quote("T90051 "), "T90051", id="space after"),
        pytest.param("+T90051+", "T90051", id="spaces around the value"),
        pytest.param("T90051%09", "T90051", id="tab"),
        pytest.param("T9|0051", "T9|0051", id="only the first bar counts"),
        pytest.param("T9*", "T9*", id="an asterisk is a letter like any"),
    ],
)
def test_white_space_around_a_value_is_taken_away(value: str, expected: str) -> None:
    assert read("Device", f"organization={Id.ODS}|{value}", SLOTS).organisation == expected


@pytest.mark.parametrize(
    ("codes", "expected"),
    [(("T90051", "T90052"), "T90052"), (("T90051", ""), "T90051"), (("T90051", "%20"), "T90051")],
)
def test_of_a_repeated_system_the_last_that_is_not_empty_wins(codes: tuple[str, ...], expected: str) -> None:
    parts = [f"organization={Id.ODS}|{code}" for code in codes]

    assert read("Device", *parts, SLOTS).organisation == expected


@pytest.mark.parametrize(
    ("resource", "parts", "detail"),
    [
        pytest.param("Device", ("_count=1", ORG), "Illegal query parameter '_count'", id="a name unknown"),
        pytest.param("Device", ("_format=", ORG), "Illegal query parameter '_format'", id="also when blank"),
        pytest.param("Device", (ORG, SLOTS, "use_cpm=x"), "Illegal query parameter 'use_cpm'", id="the other source"),
        pytest.param(
            "Device", ("Organization=x",), "Illegal query parameter 'Organization'", id="a name's case counts"
        ),
        pytest.param(
            "Endpoint", (ORG, SLOTS, MAKER), "Illegal query parameter 'manufacturing-organization'", id="maker"
        ),
        pytest.param("Device", ("organization=T90051", SLOTS), ORG_TEXT, id="organisation without system"),
        pytest.param("Device", ("organization=urn:x|T90051", SLOTS), ORG_TEXT, id="organisation of another system"),
        pytest.param("Device", (f"organization=+{Id.ODS}|T90051", SLOTS), ORG_TEXT, id="space before the system"),
        pytest.param("Device", (f"organization={Id.ODS}|", SLOTS), ORG_TEXT, id="organisation empty"),
        pytest.param("Device", (SLOTS,), ORG_TEXT, id="organisation missing"),
        pytest.param("Endpoint", (f"organization={Id.ODS}", SLOTS), ORG_TEXT, id="endpoint's organisation"),
        pytest.param("Device", (ORG, SLOTS, "manufacturing-organization=T9Y"), MAKER_TEXT, id="maker without system"),
        pytest.param("Device", (ORG, "identifier=urn:x|1"), IDENTIFIER_TEXT, id="identifier of another system"),
        pytest.param("Endpoint", (ORG, "identifier="), IDENTIFIER_TEXT, id="identifier blank"),
        pytest.param("Device", (ORG, KEY), INTERACTION_TEXT, id="device without interaction"),
        pytest.param("Device", (ORG, f"identifier={Id.INTERACTION}|"), INTERACTION_TEXT, id="interaction empty"),
        pytest.param("Device", (), ORG_TEXT, id="organisation is missed before the interaction"),
    ],
)
def test_each_fault_has_its_text(resource: str, parts: tuple[str, ...], detail: str) -> None:
    with pytest.raises(Refused) as refused:
        read(resource, *parts)

    assert refused.value.facts == {"detail": detail}


def test_faults_are_reported_in_the_order_of_arrival_before_what_is_missing() -> None:
    with pytest.raises(Refused) as refused:
        read("Device", "identifier=bad", "nonsense=1", "organization=bad")

    assert refused.value.facts == {"detail": IDENTIFIER_TEXT}


def test_all_values_of_a_name_are_looked_at_where_it_first_stands() -> None:
    with pytest.raises(Refused) as refused:
        read("Device", SLOTS, "organization=bad", "identifier=bad")

    assert refused.value.facts == {"detail": IDENTIFIER_TEXT}


@pytest.mark.parametrize("junk", [b"organization=%ff%fe", b"\xff\xfe=1", b"identifier=%00", b"=&=&;=%"])
def test_bytes_that_are_no_text_are_refused_like_any_fault(junk: bytes) -> None:
    with pytest.raises(Refused, match="sds_parameter_refused"):
        read_lookup("Device", junk)
