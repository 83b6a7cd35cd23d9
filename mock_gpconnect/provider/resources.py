"""The resources of a practice's directory and rota, element by element."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from booking_core.spec.identifiers import CodeSystem, Extension, Id, Profile
from booking_core.spec.job_roles import JOB_ROLES
from mock_gpconnect.book.local_time import wire_time
from mock_gpconnect.book.protocol import Schedule
from mock_gpconnect.provider.addresses import phone
from mock_gpconnect.provider.practice import Location, Organisation, Practitioner
from mock_gpconnect.refusals import Refused
from mock_gpconnect.suppliers.switches import Diary


def meta(version: object, profile: str) -> dict[str, Any]:
    """Version and the one profile of a resource."""
    return {"versionId": str(version), "profile": [profile]}


def coding(system: str, code: str, display: str) -> dict[str, Any]:
    """A CodeableConcept of one coding."""
    return {"coding": [{"system": system, "code": code, "display": display}]}


def filled(resource: Mapping[str, Any], *required: str) -> dict[str, Any]:
    """The resource without its empty elements; a stored record that lacks a required one fails the whole request."""
    kept = {name: value for name, value in resource.items() if value not in ("", None, [], {})}
    if lacking := [name for name in required if name not in kept]:
        raise Refused(
            "record_incomplete",
            diagnostics=f"{resource['resourceType']}/{resource['id']} is stored without {', '.join(lacking)}",
        )
    return kept


def organisation_resource(organisation: Organisation) -> dict[str, Any]:
    """The Organization of a practice or another organisation."""
    address = organisation.address
    return filled(
        {
            "resourceType": "Organization",
            "id": organisation.id,
            "meta": meta(organisation.version, Profile.ORGANIZATION),
            "identifier": [{"system": Id.ODS, "value": organisation.ods}] if organisation.ods else [],
            "name": organisation.name,
            "telecom": [phone(organisation.phone)] if organisation.phone else [],
            "address": [address.as_fhir("work")] if address else [],
        },
        "identifier",
        "name",
    )


def location_resource(location: Location, organisation_id: str) -> dict[str, Any]:
    """The Location of a surgery; its address is one object, not a list."""
    return filled(
        {
            "resourceType": "Location",
            "id": location.id,
            "meta": meta(location.version, Profile.LOCATION),
            "identifier": [{"system": Id.ODS_SITE, "value": location.site_code}] if location.site_code else [],
            "status": "active",
            "name": location.name,
            "telecom": [phone(location.phone)] if location.phone else [],
            "address": location.address.as_fhir() if location.address else {},
            "managingOrganization": {"reference": f"Organization/{organisation_id}"},
        },
        "name",
    )


def practitioner_resource(practitioner: Practitioner) -> dict[str, Any]:
    """The Practitioner who holds a session."""
    name = filled_name(practitioner.family, practitioner.given, practitioner.prefix)
    identifiers = [{"system": Id.SDS_USER, "value": practitioner.user_id}] if practitioner.user_id else []
    identifiers += [{"system": Id.SDS_ROLE_PROFILE, "value": role} for role in practitioner.role_ids]
    return filled(
        {
            "resourceType": "Practitioner",
            "id": practitioner.id,
            "meta": meta(practitioner.version, Profile.PRACTITIONER),
            "identifier": identifiers if practitioner.user_id else [],
            "name": [name] if practitioner.family else [],
            "gender": practitioner.gender,
        },
        "identifier",
        "name",
    )


def filled_name(family: str, given: tuple[str, ...], prefix: str, use: str = "") -> dict[str, Any]:
    """A HumanName of what is known."""
    parts = {"use": use, "family": family, "given": list(given), "prefix": [prefix] if prefix else []}
    return {name: value for name, value in parts.items() if value}


def role_extension(role: str) -> dict[str, Any]:
    """The session holder's role."""
    return {
        "url": Extension.PRACTITIONER_ROLE,
        "valueCodeableConcept": coding(CodeSystem.JOB_ROLE, role, JOB_ROLES.get(role, role)),
    }


def session_name(schedule: Schedule, diary: Diary) -> str:
    """The name of a session as this supplier shows it."""
    return schedule.session[: diary.session_name_length] if diary.session_name else ""


def schedule_resource(schedule: Schedule, *, diary: Diary) -> dict[str, Any]:
    """The Schedule of one session on one day."""
    name = session_name(schedule, diary)
    actors = [f"Location/{schedule.location_id}"] if schedule.location_id else []
    actors += [f"Practitioner/{schedule.practitioner_id}"] if schedule.practitioner_id and diary.practitioner else []
    return filled(
        {
            "resourceType": "Schedule",
            "id": schedule.id,
            "meta": meta(schedule.version, Profile.SCHEDULE),
            "extension": [role_extension(schedule.access.role)] if schedule.access.role else [],
            "serviceCategory": {"text": name} if name else {},
            "actor": [{"reference": actor} for actor in actors] if schedule.location_id else [],
            "planningHorizon": {"start": wire_time(schedule.starts), "end": wire_time(schedule.ends)},
        },
        "actor",
    )
