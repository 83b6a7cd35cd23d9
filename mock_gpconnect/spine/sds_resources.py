"""Directory records as FHIR R4: Device for an AS record, Endpoint for an address of an MHS record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from booking_core.spec.identifiers import Extension, Id
from mock_gpconnect.spine.directory import Registration

NewId = Callable[[], str]

_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
_CONNECTION_TYPE = {
    "system": _TERMINOLOGY + "endpoint-connection-type",
    "code": "hl7-fhir-msg",
    "display": "HL7 FHIR Messaging",
}
_PAYLOAD_TYPE = {"system": _TERMINOLOGY + "endpoint-payload-type", "code": "any", "display": "Any"}

_RELIABILITY_ORDER = (
    "nhsMHSSyncReplyMode",
    "nhsMHSRetryInterval",
    "nhsMHSRetries",
    "nhsMHSPersistDuration",
    "nhsMHSDuplicateElimination",
    "nhsMHSAckRequested",
    "nhsMHSActor",
)


@dataclass(frozen=True, slots=True)
class MhsRecord:
    """One interaction of one message handling server: the directory keeps a record for each."""

    registration: Registration
    interaction: str


def device(found: Registration, resource_id: str) -> dict[str, Any]:
    """The AS record: its ASID, and every interaction that the system is accredited for."""
    manufacturer = _extension(Extension.SDS_MANUFACTURER, Id.ODS, found.manufacturer)
    return {
        "resourceType": "Device",
        "id": resource_id,
        "identifier": _identifiers((Id.ASID, found.asid), (Id.PARTY_KEY, found.party_key)),
        "extension": ([manufacturer] if found.manufacturer else []) + _interactions(sorted(found.interactions)),
        "owner": {"identifier": _identifier(Id.ODS, found.ods)},
    }


def endpoints(record: MhsRecord, new_id: NewId) -> list[dict[str, Any]]:
    """One Endpoint for each address; a record that has none is told without `address`."""
    return [_endpoint(record, address, new_id().upper()) for address in record.registration.addresses or (None,)]


def _endpoint(record: MhsRecord, address: str | None, resource_id: str) -> dict[str, Any]:
    found, cpa_id = record.registration, record.registration.cpa_id(record.interaction)
    return {
        "resourceType": "Endpoint",
        "id": resource_id,
        "status": "active",
        "connectionType": _CONNECTION_TYPE,
        "payloadType": [{"coding": [_PAYLOAD_TYPE]}],
        **({"address": address} if address else {}),
        "managingOrganization": {"identifier": _identifier(Id.ODS, found.ods)},
        "identifier": _identifiers(
            (Id.MHS_FQDN, found.fqdn), (Id.PARTY_KEY, found.party_key), (Id.MHS_CPA, cpa_id), (Id.MHS_ID, cpa_id)
        ),
        "extension": _reliability(dict(found.reliability)) + _interactions([record.interaction]),
    }


def searchset(resources: Iterable[dict[str, Any]], *, base: str, self_url: str, bundle_id: str) -> dict[str, Any]:
    """The answer to a look-up; unlike PDS, an empty one has an empty `entry`."""
    entries = [
        {"fullUrl": f"{base}/{found['id']}", "resource": found, "search": {"mode": "match"}} for found in resources
    ]
    return {
        "resourceType": "Bundle",
        "id": bundle_id,
        "type": "searchset",
        "total": len(entries),
        "link": [{"relation": "self", "url": self_url}],
        "entry": entries,
    }


def _reliability(settings: Mapping[str, str | int]) -> list[dict[str, Any]]:
    parts = [_setting(name, settings[name]) for name in _RELIABILITY_ORDER if name in settings]
    return [{"url": Extension.SDS_RELIABILITY, "extension": parts}] if parts else []


def _setting(name: str, value: str | int) -> dict[str, Any]:
    return {"url": name, "valueInteger" if isinstance(value, int) else "valueString": value}


def _interactions(interactions: Iterable[str]) -> list[dict[str, Any]]:
    return [_extension(Extension.SDS_INTERACTION, Id.INTERACTION, interaction) for interaction in interactions]


def _extension(url: str, system: str, value: str) -> dict[str, Any]:
    return {"url": url, "valueReference": {"identifier": _identifier(system, value)}}


def _identifiers(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [_identifier(system, value) for system, value in pairs if value]


def _identifier(system: str, value: str) -> dict[str, str]:
    return {"system": system, "value": value}
