"""What GP Connect 1.2.7's profiles and use cases say of each element that a provider sends: a row each.

A path runs from the resource; `[x]` keeps the members whose url, system or use ends with x.
Cardinalities hold for each parent. `only` lists the values allowed, or code and display of a coding.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from booking_core.spec.errors import PROVIDER_ERRORS
from booking_core.spec.identifiers import CodeSystem, Extension, Id, Profile
from booking_core.spec.languages import LANGUAGES
from booking_core.spec.valuesets import (
    DELIVERY_CHANNELS,
    ORGANISATION_TYPES,
    PRACTITIONER_ROLES,
    REGISTRATION_TYPES,
    VERIFICATION_STATUSES,
)

MANY = 10_000
LOCAL_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[01]:00"


@dataclass(frozen=True, slots=True)
class Rule:
    """One element of one resource type: how often, and which values."""

    path: str
    least: int
    most: int
    only: Collection[str] | None = None
    pattern: str = ""


def coded(path: str, system: str, codes: Collection[str]) -> tuple[Rule, ...]:
    """A concept of exactly one coding from a list."""
    return (
        Rule(f"{path}.coding", 1, 1),
        Rule(f"{path}.coding.system", 1, 1, (system,)),
        Rule(f"{path}.coding.code", 1, 1, codes),
        Rule(f"{path}.coding.display", 1, 1),
        Rule(f"{path}.coding.version", 0, 0),
    )


def forbidden(*paths: str) -> tuple[Rule, ...]:
    return tuple(Rule(path, 0, 0) for path in paths)


def claims(profile: str) -> tuple[Rule, ...]:
    """What every resource has: an id, a version and one profile; and no narrative."""
    return (
        Rule("id", 1, 1, pattern=r"[A-Za-z0-9.-]{1,64}"),
        Rule("meta.versionId", 1, 1),
        Rule("meta.profile", 1, 1, (profile,)),
        *forbidden("text", "implicitRules", "language"),
    )


def identified(path: str, system: str, least: int, most: int) -> tuple[Rule, ...]:
    return (
        Rule(f"{path}[{system}]", least, most),
        Rule(f"{path}.system", 1, 1),
        Rule(f"{path}.value", 1, 1),
        *forbidden(f"{path}.use", f"{path}.type", f"{path}.period", f"{path}.assigner"),
    )


_ROLE = f"extension[{Extension.PRACTITIONER_ROLE}]"
_CHANNEL = f"extension[{Extension.DELIVERY_CHANNEL}]"
_REASON = f"extension[{Extension.CANCELLATION_REASON}]"
_BOOKER = f"extension[{Extension.BOOKING_ORGANISATION}]"
_REGISTRATION = f"extension[{Extension.REGISTRATION_DETAILS}]"
_LANGUAGE = f"extension[{Extension.NHS_COMMUNICATION}]"
_VERIFICATION = f"identifier.extension[{Extension.VERIFICATION}]"

RULES: dict[str, tuple[Rule, ...]] = {
    "Slot": (
        *claims(Profile.SLOT),
        Rule(_CHANNEL, 1, 1),
        Rule(f"{_CHANNEL}.valueCode", 1, 1, DELIVERY_CHANNELS),
        Rule("extension.url", 1, 1, (Extension.DELIVERY_CHANNEL,)),
        Rule("serviceType", 1, 1),
        Rule("serviceType.text", 1, 1),
        Rule("schedule.reference", 1, 1, pattern="Schedule/.+"),
        Rule("status", 1, 1, ("free",)),
        Rule("start", 1, 1, pattern=LOCAL_TIME),
        Rule("end", 1, 1, pattern=LOCAL_TIME),
        *forbidden("serviceCategory", "appointmentType", "specialty", "comment"),
    ),
    "Schedule": (
        *claims(Profile.SCHEDULE),
        Rule(_ROLE, 1, 1),
        *coded(f"{_ROLE}.valueCodeableConcept", CodeSystem.JOB_ROLE, PRACTITIONER_ROLES),
        Rule("extension.url", 1, 1, (Extension.PRACTITIONER_ROLE,)),
        Rule("serviceCategory.text", 1, 1),
        Rule("actor", 1, MANY),
        Rule("actor.reference", 1, 1, pattern="(Location|Practitioner)/.+"),
        Rule("planningHorizon.start", 1, 1, pattern=LOCAL_TIME),
        Rule("planningHorizon.end", 1, 1, pattern=LOCAL_TIME),
        *forbidden("active", "serviceType", "specialty", "comment"),
    ),
    "Appointment": (
        *claims(Profile.APPOINTMENT),
        Rule("contained", 1, 1),
        Rule("contained.meta.profile", 1, 1, (Profile.ORGANIZATION,)),
        Rule(f"contained.identifier[{Id.ODS}]", 1, 1),
        Rule("contained.name", 1, 1),
        Rule("contained.telecom", 1, MANY),
        Rule("contained.type.coding.code", 1, 1, ORGANISATION_TYPES),
        Rule(_BOOKER, 1, 1),
        Rule(f"{_BOOKER}.valueReference.reference", 1, 1, pattern="#.+"),
        Rule(_ROLE, 1, 1),
        *coded(f"{_ROLE}.valueCodeableConcept", CodeSystem.JOB_ROLE, PRACTITIONER_ROLES),
        Rule(_CHANNEL, 1, 1),
        Rule(f"{_CHANNEL}.valueCode", 1, 1, DELIVERY_CHANNELS),
        Rule(_REASON, 0, 1),
        Rule(f"{_REASON}.valueString", 1, 1),
        *identified("identifier", Id.APPOINTMENT, 0, MANY),
        Rule("status", 1, 1, ("booked", "cancelled")),
        Rule("serviceCategory.text", 1, 1),
        Rule("serviceType", 1, 1),
        Rule("serviceType.text", 1, 1),
        Rule("description", 1, 1, pattern="(?s).{1,100}"),
        Rule("comment", 0, 1, pattern="(?s).{1,500}"),
        Rule("start", 1, 1, pattern=LOCAL_TIME),
        Rule("end", 1, 1, pattern=LOCAL_TIME),
        Rule("created", 1, 1, pattern=LOCAL_TIME),
        Rule("slot", 1, MANY),
        Rule("slot.reference", 1, 1, pattern="Slot/.+"),
        Rule("participant", 2, 3),
        Rule("participant.status", 1, 1, ("accepted",)),
        Rule("participant.actor.reference", 1, 1, pattern="(Patient|Location|Practitioner)/.+"),
        *forbidden("appointmentType", "indication", "supportingInformation", "incomingReferral", "requestedPeriod"),
        *forbidden("reason", "specialty"),
    ),
    "Patient": (
        *claims(Profile.PATIENT),
        *identified("identifier", Id.NHS_NUMBER, 1, 1),
        Rule("identifier", 1, 1),
        Rule(_VERIFICATION, 1, 1),
        *coded(f"{_VERIFICATION}.valueCodeableConcept", CodeSystem.VERIFICATION, VERIFICATION_STATUSES),
        Rule("active", 1, 1, ("True",)),
        Rule("name[official]", 1, 1),
        Rule("name.use", 1, 1),
        Rule("name.family", 1, 1),
        Rule("gender", 1, 1, ("male", "female", "other", "unknown")),
        Rule("birthDate", 1, 1, pattern=r"\d{4}-\d\d-\d\d"),
        Rule("telecom.system", 1, 1),
        Rule("telecom.value", 1, 1),
        Rule("telecom.use", 1, 1),
        Rule("address.use", 1, 1),
        Rule("address.state", 0, 0),
        Rule(_REGISTRATION, 1, 1),
        Rule(f"{_REGISTRATION}.extension[registrationPeriod]", 0, 1),
        Rule(f"{_REGISTRATION}.extension[registrationType]", 1, 1),
        Rule(f"{_REGISTRATION}.extension[registrationStatus]", 0, 0),
        Rule(f"{_REGISTRATION}.extension[preferredBranchSurgery]", 0, 1),
        *coded(
            f"{_REGISTRATION}.extension[registrationType].valueCodeableConcept",
            CodeSystem.REGISTRATION_TYPE,
            REGISTRATION_TYPES,
        ),
        Rule(f"{_LANGUAGE}.extension[language]", 1, 1),
        *coded(f"{_LANGUAGE}.extension[language].valueCodeableConcept", CodeSystem.HUMAN_LANGUAGE, LANGUAGES),
        Rule("extension.url", 1, 1, (Extension.REGISTRATION_DETAILS, Extension.NHS_COMMUNICATION)),
        Rule("managingOrganization.reference", 1, 1, pattern="Organization/.+"),
        *forbidden("maritalStatus", "multipleBirthBoolean", "multipleBirthInteger", "photo", "animal"),
        *forbidden("communication", "link"),
    ),
    "Practitioner": (
        *claims(Profile.PRACTITIONER),
        *identified("identifier", Id.SDS_USER, 1, 1),
        Rule("identifier.system", 1, 1, (Id.SDS_USER, Id.SDS_ROLE_PROFILE)),
        Rule("name", 1, 1),
        Rule("name.family", 1, 1),
        *forbidden("telecom", "address", "birthDate", "photo", "qualification", "communication"),
    ),
    "Organization": (
        *claims(Profile.ORGANIZATION),
        *identified("identifier", Id.ODS, 1, 1),
        Rule("name", 1, 1),
        *forbidden("contact", "endpoint", "extension", "address.state"),
    ),
    "Location": (
        *claims(Profile.LOCATION),
        *identified("identifier", Id.ODS_SITE, 0, 1),
        Rule("name", 1, 1),
        Rule("managingOrganization.reference", 1, 1, pattern="Organization/.+"),
        *forbidden("mode", "endpoint", "address.state"),
    ),
    "Bundle": (
        Rule("type", 1, 1, ("searchset",)),
        Rule("meta.profile", 0, 1, (Profile.SEARCHSET,)),
        Rule("entry.resource", 1, 1),
        *forbidden("total", "link", "signature", "entry.fullUrl", "entry.search", "entry.request", "entry.response"),
    ),
    "OperationOutcome": (
        Rule("meta.profile", 1, 1, (Profile.OUTCOME,)),
        Rule("issue", 1, 1),
        Rule("issue.severity", 1, 1, ("error",)),
        Rule("issue.code", 1, 1),
        *coded("issue.details", CodeSystem.SPINE_STU3, {row.wire_code for row in PROVIDER_ERRORS}),
        Rule("issue.diagnostics", 1, 1),
        *forbidden("id", "text"),
    ),
    "CapabilityStatement": (
        Rule("version", 1, 1, ("1.2.7",)),
        Rule("fhirVersion", 1, 1, ("3.0.1",)),
        Rule("software.name", 1, 1),
        Rule("software.version", 1, 1),
        Rule("acceptUnknown", 1, 1, ("both",)),
        Rule("kind", 1, 1, ("capability",)),
        Rule("rest", 1, 1),
        Rule("rest.mode", 1, 1, ("server",)),
        Rule("profile", 15, 15),
    ),
}

DISPLAYS = {
    CodeSystem.JOB_ROLE: PRACTITIONER_ROLES,
    CodeSystem.REGISTRATION_TYPE: REGISTRATION_TYPES,
    CodeSystem.VERIFICATION: VERIFICATION_STATUSES,
    CodeSystem.HUMAN_LANGUAGE: LANGUAGES,
    CodeSystem.ORGANISATION_TYPE: ORGANISATION_TYPES,
    CodeSystem.SPINE_STU3: {row.wire_code: row.display for row in PROVIDER_ERRORS},
}
"""The displays that go with the codes of a system."""
