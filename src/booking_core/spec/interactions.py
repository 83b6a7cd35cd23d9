"""Everything that one system may ask another, a row each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

PREFIX = "urn:nhs:names:services:gpconnect:fhir:"


class Kind(StrEnum):
    """Whether asking twice is harmless; it also selects the time budget."""

    QUERY = "query"
    COMMAND = "command"


class Service(StrEnum):
    """Who answers."""

    GP_CONNECT = "gpconnect"
    PDS = "pds"
    SDS = "sds"
    TOKEN = "token"  # noqa: S105 - a service's name, not a secret


class Capability(StrEnum):
    """What a practice switches on and off as one."""

    FOUNDATIONS = "Foundations"
    APPOINTMENTS = "Appointment Management"
    NATIONAL = "national service"


@dataclass(frozen=True, slots=True)
class Interaction:
    """One question: `path` is below the service's base, `{id}` stands for one logical id.

    `id` is the interaction ID of the Spine and `scope` the JWT's `requested_scope`; both are
    empty for services that are not reached through the Spine Secure Proxy.
    """

    name: str
    id: str
    method: str
    path: str
    kind: Kind
    scope: str = ""
    service: Service = Service.GP_CONNECT
    capability: Capability = Capability.FOUNDATIONS


_ORGANIZATION, _PATIENT, _PATIENT_WRITE = "organization/*.read", "patient/*.read", "patient/*.write"


_FOUNDATIONS, _APPOINTMENTS = Capability.FOUNDATIONS, Capability.APPOINTMENTS


def _query(name: str, suffix: str, path: str, scope: str, capability: Capability = _FOUNDATIONS) -> Interaction:
    return Interaction(name, PREFIX + suffix, "GET", path, Kind.QUERY, scope, capability=capability)


def _command(name: str, suffix: str, method: str, path: str, capability: Capability = _APPOINTMENTS) -> Interaction:
    return Interaction(name, PREFIX + suffix, method, path, Kind.COMMAND, _PATIENT_WRITE, capability=capability)


def _national(name: str, service: Service, method: str, path: str, kind: Kind = Kind.QUERY) -> Interaction:
    return Interaction(name, "", method, path, kind, service=service, capability=Capability.NATIONAL)


INTERACTIONS: tuple[Interaction, ...] = (
    _query("read_metadata", "rest:read:metadata-1", "/metadata", _ORGANIZATION),
    _query("find_patient", "rest:search:patient-1", "/Patient", _PATIENT),
    _query("read_patient", "rest:read:patient-1", "/Patient/{id}", _PATIENT),
    _command(
        "register_patient", "operation:gpc.registerpatient-1", "POST", "/Patient/$gpc.registerpatient", _FOUNDATIONS
    ),
    _query("find_practitioner", "rest:search:practitioner-1", "/Practitioner", _ORGANIZATION),
    _query("read_practitioner", "rest:read:practitioner-1", "/Practitioner/{id}", _ORGANIZATION),
    _query("find_organisation", "rest:search:organization-1", "/Organization", _ORGANIZATION),
    _query("read_organisation", "rest:read:organization-1", "/Organization/{id}", _ORGANIZATION),
    _query("read_location", "rest:read:location-1", "/Location/{id}", _ORGANIZATION),
    _query("search_slots", "rest:search:slot-1", "/Slot", _ORGANIZATION, _APPOINTMENTS),
    _command("create_appointment", "rest:create:appointment-1", "POST", "/Appointment"),
    _query(
        "list_appointments", "rest:search:patient_appointments-1", "/Patient/{id}/Appointment", _PATIENT, _APPOINTMENTS
    ),
    _query("read_appointment", "rest:read:appointment-1", "/Appointment/{id}", _PATIENT, _APPOINTMENTS),
    _command("amend_appointment", "rest:update:appointment-1", "PUT", "/Appointment/{id}"),
    _command("cancel_appointment", "rest:cancel:appointment-1", "PUT", "/Appointment/{id}"),
    _national("issue_token", Service.TOKEN, "POST", "/token"),
    _national("pds_retrieve", Service.PDS, "GET", "/Patient/{id}"),
    _national("pds_search", Service.PDS, "GET", "/Patient"),
    _national("pds_update", Service.PDS, "PATCH", "/Patient/{id}", Kind.COMMAND),
    _national("pds_related", Service.PDS, "GET", "/Patient/{id}/RelatedPerson"),
    _national("sds_endpoint", Service.SDS, "GET", "/Endpoint"),
    _national("sds_device", Service.SDS, "GET", "/Device"),
)

BY_NAME: Mapping[str, Interaction] = {row.name: row for row in INTERACTIONS}
BY_ID: Mapping[str, Interaction] = {row.id: row for row in INTERACTIONS if row.id}
