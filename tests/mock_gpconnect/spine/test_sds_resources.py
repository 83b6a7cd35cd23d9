import itertools
from dataclasses import replace
from typing import Any

import pytest
from fhir.resources.R4B.device import Device
from fhir.resources.R4B.endpoint import Endpoint

from booking_core.spec.identifiers import Extension, Id
from mock_gpconnect.spine.directory import Registration
from mock_gpconnect.spine.sds_resources import MhsRecord, device, endpoints, searchset

MADE = Registration(
    "T90051", "990000000051", "T90051-9000051", "T9Y", frozenset({"urn:b", "urn:a"}), "https://gp.test:8443/T90051/x"
)


def described(**changed: Any) -> list[dict[str, Any]]:
    numbers = itertools.count(1)
    return endpoints(MhsRecord(replace(MADE, **changed), "urn:a"), lambda: f"id-{next(numbers)}")


def test_a_device_is_what_the_directory_knows_of_a_system() -> None:
    assert device(MADE, "ID-1") == {
        "resourceType": "Device",
        "id": "ID-1",
        "identifier": [
            {"system": "https://fhir.nhs.uk/Id/nhsSpineASID", "value": "990000000051"},
            {"system": "https://fhir.nhs.uk/Id/nhsMhsPartyKey", "value": "T90051-9000051"},
        ],
        "extension": [
            {
                "url": "https://fhir.nhs.uk/StructureDefinition/Extension-SDS-ManufacturingOrganisation",
                "valueReference": {
                    "identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "T9Y"}
                },
            },
            {
                "url": "https://fhir.nhs.uk/StructureDefinition/Extension-SDS-NhsServiceInteractionId",
                "valueReference": {
                    "identifier": {"system": "https://fhir.nhs.uk/Id/nhsServiceInteractionId", "value": "urn:a"}
                },
            },
            {
                "url": "https://fhir.nhs.uk/StructureDefinition/Extension-SDS-NhsServiceInteractionId",
                "valueReference": {
                    "identifier": {"system": "https://fhir.nhs.uk/Id/nhsServiceInteractionId", "value": "urn:b"}
                },
            },
        ],
        "owner": {"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "T90051"}},
    }


def test_a_device_leaves_out_what_is_empty() -> None:
    made = device(replace(MADE, party_key="", manufacturer=""), "ID-1")

    assert [identifier["system"] for identifier in made["identifier"]] == [Id.ASID]
    assert {extension["url"] for extension in made["extension"]} == {Extension.SDS_INTERACTION}


def test_an_endpoint_is_one_interaction_at_one_address() -> None:
    cpa_id = MADE.cpa_id("urn:a")

    assert described() == [
        {
            "resourceType": "Endpoint",
            "id": "ID-1",
            "status": "active",
            "connectionType": {
                "system": "http://terminology.hl7.org/CodeSystem/endpoint-connection-type",
                "code": "hl7-fhir-msg",
                "display": "HL7 FHIR Messaging",
            },
            "payloadType": [
                {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/endpoint-payload-type",
                            "code": "any",
                            "display": "Any",
                        }
                    ]
                }
            ],
            "address": "https://gp.test:8443/T90051/x",
            "managingOrganization": {
                "identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "T90051"}
            },
            "identifier": [
                {"system": "https://fhir.nhs.uk/Id/nhsMhsFQDN", "value": "gp.test"},
                {"system": "https://fhir.nhs.uk/Id/nhsMhsPartyKey", "value": "T90051-9000051"},
                {"system": "https://fhir.nhs.uk/Id/nhsMhsCPAId", "value": cpa_id},
                {"system": "https://fhir.nhs.uk/Id/nhsMHSId", "value": cpa_id},
            ],
            "extension": [
                {
                    "url": "https://fhir.nhs.uk/StructureDefinition/Extension-SDS-NhsServiceInteractionId",
                    "valueReference": {
                        "identifier": {"system": "https://fhir.nhs.uk/Id/nhsServiceInteractionId", "value": "urn:a"}
                    },
                }
            ],
        }
    ]


def test_an_endpoint_never_shows_the_asid() -> None:
    assert "990000000051" not in str(described())


def test_each_address_is_an_endpoint_of_its_own() -> None:
    found = described(further_addresses=("https://second.test/T90051/x",))

    assert [endpoint["address"] for endpoint in found] == [MADE.address, "https://second.test/T90051/x"]
    assert [endpoint["id"] for endpoint in found] == ["ID-1", "ID-2"]


def test_a_record_without_address_is_an_endpoint_without_one() -> None:
    (found,) = described(address=None, message_handling=True)

    assert "address" not in found
    assert found["identifier"][0]["system"] == Id.PARTY_KEY


def test_reliability_comes_first_in_the_directorys_order_with_what_there_is() -> None:
    (found,) = described(reliability=(("nhsMHSActor", "urn:oasis:actor"), ("nhsMHSRetries", 2)))

    assert found["extension"][0] == {
        "url": "https://fhir.nhs.uk/StructureDefinition/Extension-SDS-ReliabilityConfiguration",
        "extension": [
            {"url": "nhsMHSRetries", "valueInteger": 2},
            {"url": "nhsMHSActor", "valueString": "urn:oasis:actor"},
        ],
    }


@pytest.mark.parametrize("changed", [{}, {"reliability": (("nhsMHSRetryInterval", "PT1M"), ("nhsMHSRetries", 2))}])
def test_an_endpoint_is_valid_fhir(changed: dict[str, Any]) -> None:
    assert [Endpoint.model_validate(found, strict=True) for found in described(**changed)]


def test_an_endpoint_without_address_breaks_fhir_in_that_alone() -> None:
    (found,) = described(address=None, message_handling=True)

    assert Endpoint.model_validate(found | {"address": "https://gp.test/"}, strict=True)


def test_a_device_is_valid_fhir() -> None:
    assert Device.model_validate(device(MADE, "ID-1"), strict=True)


def test_nothing_found_is_a_bundle_with_an_empty_entry() -> None:
    assert searchset([], base="https://api.test/Device", self_url="https://api.test/Device?x", bundle_id="B") == {
        "resourceType": "Bundle",
        "id": "B",
        "type": "searchset",
        "total": 0,
        "link": [{"relation": "self", "url": "https://api.test/Device?x"}],
        "entry": [],
    }
