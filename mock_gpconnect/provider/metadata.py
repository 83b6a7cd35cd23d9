"""The CapabilityStatement: what this provider says that it can do."""

from __future__ import annotations

from typing import Any

from booking_core.spec.headers import FHIR_JSON, FHIR_XML
from mock_gpconnect.provider.answers import Answer
from mock_gpconnect.provider.exchange import Exchange
from mock_gpconnect.suppliers.profile import Profile

_STRUCTURE = "https://fhir.nhs.uk/STU3/StructureDefinition/"
_OPERATION = "https://fhir.nhs.uk/STU3/OperationDefinition/"
_RELEASED = "2020-05-05"
_FORMATS = {"json": FHIR_JSON, "xml": FHIR_XML}

_PROFILES = (
    "CareConnect-GPC-Patient-1",
    "CareConnect-GPC-Organization-1",
    "CareConnect-GPC-Practitioner-1",
    "CareConnect-GPC-PractitionerRole-1",
    "CareConnect-GPC-Location-1",
    "GPConnect-OperationOutcome-1",
    "GPConnect-Appointment-1",
    "GPConnect-Schedule-1",
    "GPConnect-Slot-1",
    "CareConnect-GPC-AllergyIntolerance-1",
    "CareConnect-GPC-Medication-1",
    "CareConnect-GPC-MedicationStatement-1",
    "CareConnect-GPC-MedicationRequest-1",
    "CareConnect-GPC-List-1",
    "GPConnect-StructuredRecord-Bundle-1",
)

_OPERATIONS = {
    "gpc.registerpatient": "GPConnect-RegisterPatient-Operation-1",
    "gpc.getstructuredrecord": "GPConnect-GetStructuredRecord-Operation-1/_history/1.12",
}
"""The second is listed although it is another capability's: the national suite looks for it here."""

_READ_AND_SEARCH = ("read", "search-type")
_RESOURCES: tuple[tuple[str, tuple[str, ...], dict[str, str], dict[str, Any]], ...] = (
    ("Patient", _READ_AND_SEARCH, {"identifier": "token"}, {}),
    ("Organization", _READ_AND_SEARCH, {"identifier": "token"}, {}),
    ("Practitioner", _READ_AND_SEARCH, {"identifier": "token"}, {}),
    ("Location", ("read",), {}, {}),
    ("Appointment", ("read", "create", "update", "search-type"), {"identifier": "token"}, {"updateCreate": False}),
    (
        "Slot",
        ("search-type",),
        {"start": "date", "end": "date", "status": "token", "searchFilter": "token"},
        {
            "searchInclude": [
                "Slot:schedule",
                "Schedule:actor:Practitioner",
                "Schedule:actor:Location",
                "Location:managingOrganization",
            ]
        },
    ),
)
"""Resource type, interactions, search parameters by type, and what else is said of it."""


async def read_metadata(exchange: Exchange) -> Answer:
    """The practice's CapabilityStatement."""
    return Answer(resource=capability_statement(exchange.practice.profile))


def capability_statement(profile: Profile) -> dict[str, Any]:
    """The CapabilityStatement of a supplier's system."""
    return {
        "resourceType": "CapabilityStatement",
        "version": profile.spec_version,
        "name": "GP Connect",
        "status": "active",
        "date": _RELEASED,
        "publisher": profile.publisher.publisher,
        "contact": [{"name": profile.publisher.publisher}],
        "description": f"A simulated GP practice that offers GP Connect API version {profile.spec_version}",
        "copyright": "Synthetic: no real practice or system",
        "kind": "capability",
        "software": {"name": profile.publisher.software_name, "version": profile.publisher.software_version},
        "fhirVersion": "3.0.1",
        "acceptUnknown": "both",
        "format": [_FORMATS[name] for name in profile.publisher.formats],
        "profile": [{"reference": _STRUCTURE + name} for name in _PROFILES],
        "rest": [
            {
                "mode": "server",
                "security": {"cors": True},
                "resource": [_resource(*row) for row in _RESOURCES],
                "operation": [
                    {"name": name, "definition": {"reference": _OPERATION + path}} for name, path in _OPERATIONS.items()
                ],
            }
        ],
    }


def _resource(
    name: str, interactions: tuple[str, ...], parameters: dict[str, str], more: dict[str, Any]
) -> dict[str, Any]:
    listed = [{"name": parameter, "type": kind} for parameter, kind in parameters.items()]
    return {
        "type": name,
        "interaction": [{"code": code} for code in interactions],
        **more,
        **({"searchParam": listed} if listed else {}),
    }
