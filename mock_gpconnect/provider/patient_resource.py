"""The Patient resource of a local record."""

from __future__ import annotations

from typing import Any

from booking_core.spec.identifiers import CodeSystem, Extension, Id, Profile
from booking_core.spec.valuesets import REGISTRATION_TYPES, VERIFICATION_STATUSES
from mock_gpconnect.book.local_time import wire_time
from mock_gpconnect.provider.patients import LocalPatient
from mock_gpconnect.provider.resources import coding, filled, filled_name, meta

_VERIFIED = "01"


def patient_resource(patient: LocalPatient, organisation_id: str) -> dict[str, Any]:
    """The Patient as Foundations returns it."""
    given = patient.elements
    return filled(
        {
            "resourceType": "Patient",
            "id": patient.id,
            "meta": meta(patient.version, Profile.PATIENT),
            "extension": [_registration(patient), *given.get("extension", ())],
            "identifier": [_nhs_number(patient.nhs_number)],
            "active": True,
            "name": [_official_name(patient), *given.get("name", ())] if patient.family else [],
            "telecom": given.get("telecom") or _telecom(patient),
            "gender": patient.gender,
            "birthDate": patient.birth_date.isoformat(),
            "address": given.get("address") or _address(patient),
            "generalPractitioner": _practitioner(patient),
            "managingOrganization": {"reference": f"Organization/{organisation_id}"},
        },
        "name",
        "gender",
    )


def _official_name(patient: LocalPatient) -> dict[str, Any]:
    return filled_name(patient.family, patient.given, patient.prefix, use="official")


def _nhs_number(value: str) -> dict[str, Any]:
    status = coding(CodeSystem.VERIFICATION, _VERIFIED, VERIFICATION_STATUSES[_VERIFIED])
    return {
        "extension": [{"url": Extension.VERIFICATION, "valueCodeableConcept": status}],
        "system": Id.NHS_NUMBER,
        "value": value,
    }


def _registration(patient: LocalPatient) -> dict[str, Any]:
    parts = [_period(patient), _registration_type(patient.registration), _branch(patient)]
    return {"url": Extension.REGISTRATION_DETAILS, "extension": [part for part in parts if part]}


def _period(patient: LocalPatient) -> dict[str, Any] | None:
    ends = {"start": patient.registered_from, "end": patient.registered_until}
    period = {name: wire_time(moment) for name, moment in ends.items() if moment}
    return {"url": "registrationPeriod", "valuePeriod": period} if period else None


def _registration_type(code: str) -> dict[str, Any]:
    concept = coding(CodeSystem.REGISTRATION_TYPE, code, REGISTRATION_TYPES[code])
    return {"url": "registrationType", "valueCodeableConcept": concept}


def _branch(patient: LocalPatient) -> dict[str, Any] | None:
    if not patient.preferred_location_id:
        return None
    reference = {"reference": f"Location/{patient.preferred_location_id}"}
    return {"url": "preferredBranchSurgery", "valueReference": reference}


def _telecom(patient: LocalPatient) -> list[dict[str, str]]:
    points = (("phone", patient.phone, "home"), ("phone", patient.mobile, "mobile"), ("email", patient.email, "home"))
    return [{"system": system, "value": value, "use": use} for system, value, use in points if value]


def _address(patient: LocalPatient) -> list[dict[str, Any]]:
    return [patient.address.as_fhir("home")] if patient.address else []


def _practitioner(patient: LocalPatient) -> list[dict[str, str]]:
    return [{"reference": f"Practitioner/{patient.practitioner_id}"}] if patient.practitioner_id else []
