"""What a consumer sends: tokens, bookings, registrations, searches; correct unless told otherwise."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from booking_core.spec.identifiers import CodeSystem, Extension, Id, Profile
from mock_gpconnect.book.local_time import wire_time
from mock_gpconnect.book.protocol import Slot

ODS = "T90051"
ASID = "918999990051"
ROOT = f"https://provider.example/{ODS}/STU3/1/gpconnect"
HUB = "T90052"

ALICE, BOB, NEVER_TRACED, GONE, DEAD, HIDDEN = (
    "9990010013", "9990010021", "9990010048", "9990010056", "9990010064", "9990010072",
)  # fmt: skip
STRANGER, ELSEWHERE = "9990010153", "9990010161"

Body = dict[str, Any]


def search_query(start: str, end: str) -> list[tuple[str, str]]:
    return [("start", f"ge{start}"), ("end", f"le{end}"), ("status", "free"), ("_include", "Slot:schedule")]


def unsigned(claims: Mapping[str, Any], header: Any = None) -> str:
    return f"{b64(header or {'alg': 'none', 'typ': 'JWT'})}.{b64(claims)}."


def b64(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


def token_claims(scope: str, at: datetime) -> Body:
    issued = int(at.timestamp())
    return {
        "iss": "https://consumer.example/", "sub": "clerk-1", "aud": ROOT, "iat": issued, "exp": issued + 300,
        "reason_for_request": "directcare", "requested_scope": scope,
        "requesting_device": device(), "requesting_organization": organisation(), "requesting_practitioner": user(),
    }  # fmt: skip


def device(**changes: Any) -> Body:
    identifier = [{"system": "https://consumer.example/Id/device", "value": "DESK-1"}]
    return {"resourceType": "Device", "identifier": identifier, "model": "Booker", "version": "1"} | changes


def organisation(**changes: Any) -> Body:
    identifier = [{"system": Id.ODS, "value": HUB}]
    return {"resourceType": "Organization", "name": "Hillside Hub", "identifier": identifier} | changes


def user(**changes: Any) -> Body:
    return {
        "resourceType": "Practitioner", "id": "clerk-1",
        "identifier": [{"system": Id.SDS_USER, "value": "555044001122"}, {"system": Id.SDS_ROLE_PROFILE, "value": "UNK"}],
        "name": [{"family": "Okafor", "given": ["Ruth"], "prefix": ["Ms"]}],
    } | changes  # fmt: skip


def booker(**changes: Any) -> Body:
    return {
        "resourceType": "Organization", "id": "1", "meta": {"profile": [Profile.ORGANIZATION]},
        "identifier": [{"system": Id.ODS, "value": HUB}], "name": "Hillside Hub",
        "telecom": [{"system": "phone", "value": "01632 960052", "use": "temp"}],
    } | changes  # fmt: skip


def booking(slots: Sequence[Slot], location: str, patient: str) -> Body:
    return {
        "resourceType": "Appointment", "meta": {"profile": [Profile.APPOINTMENT]}, "contained": [booker()],
        "extension": [{"url": Extension.BOOKING_ORGANISATION, "valueReference": {"reference": "#1"}}],
        "status": "booked", "description": "Ear pain", "created": "2026-03-24T09:00:00.123Z",
        "start": wire_time(slots[0].starts), "end": wire_time(slots[-1].ends),
        "slot": [{"reference": f"Slot/{slot.id}"} for slot in slots],
        "participant": [
            {"actor": {"reference": f"Patient/{patient}"}, "status": "accepted"},
            {"actor": {"reference": f"Location/{location}"}, "status": "accepted"},
        ],
    }  # fmt: skip


def registration(number: str = STRANGER, **changes: Any) -> Body:
    patient = {
        "resourceType": "Patient", "meta": {"profile": [Profile.PATIENT]},
        "identifier": [{"system": Id.NHS_NUMBER, "value": number}],
        "name": [{"use": "official", "family": "Achebe", "given": ["Tobias", "Lee"]}],
        "gender": "male", "birthDate": "1988-09-30",
    } | changes  # fmt: skip
    kept = {name: value for name, value in patient.items() if value is not None}
    return {"resourceType": "Parameters", "parameter": [{"name": "registerPatient", "resource": kept}]}


def verified() -> list[Body]:
    concept = {"coding": [{"system": CodeSystem.VERIFICATION, "code": "01", "display": "Number present and verified"}]}
    return [{"url": Extension.VERIFICATION, "valueCodeableConcept": concept}]
