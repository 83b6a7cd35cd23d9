"""One function for each question that a provider can be asked; each gives a Call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import orjson

from booking_core.consumer import Product, Sender
from booking_core.gpconnect.token import audit_token
from booking_core.gpconnect.values import Offer
from booking_core.pds import Demographics
from booking_core.sds import Route
from booking_core.spec import headers
from booking_core.spec.budgets import COMMENT_LENGTH, DESCRIPTION_LENGTH
from booking_core.spec.identifiers import CodeSystem, Extension, Id, Profile
from booking_core.spec.interactions import BY_NAME
from booking_core.spec.valuesets import ORGANISATION_TYPES, VERIFICATION_STATUSES
from booking_core.uk_time import on_the_wire
from booking_core.wire.calls import Call

_BOOKER = "booking-organisation"


@dataclass(frozen=True, slots=True)
class Line:
    """A consumer's line to one provider for one encounter: who asks, whom, and through which proxy."""

    ssp: str
    route: Route
    sender: Sender
    product: Product

    def call(
        self, name: str, *, now: datetime, trace_id: str, logical_id: str = "",
        params: tuple[tuple[str, str], ...] = (), resource: Mapping[str, Any] | None = None,
    ) -> Call:  # fmt: skip
        """The request with fresh token and trace id; the service root is repeated byte for byte."""
        interaction = BY_NAME[name]
        own_headers = {
            headers.TRACE_ID: trace_id,
            headers.FROM: self.sender.asid,
            headers.TO: self.route.asid,
            headers.INTERACTION_ID: interaction.id,
            "Authorization": f"Bearer {self._token(interaction.scope, now)}",
            "Accept": headers.FHIR_JSON,
        }
        if resource is not None:
            own_headers["Content-Type"] = headers.FHIR_JSON
        url = f"{self.ssp}/{self.route.service_root}{interaction.path.replace('{id}', logical_id)}"
        body = b"" if resource is None else orjson.dumps(resource)
        return Call(interaction, interaction.method, url, own_headers, params, body, trace_id)

    def _token(self, scope: str, now: datetime) -> str:
        return audit_token(self.sender, self.product, self.route.service_root, scope, now)


def search_slots(line: Line, start: datetime, end: datetime, *, now: datetime, trace_id: str) -> Call:
    """Free slots wholly inside the window; always with the booker's code and type as filters."""
    params = (
        ("start", f"ge{on_the_wire(start)}"),
        ("end", f"le{on_the_wire(end)}"),
        ("status", "free"),
        ("_include", "Slot:schedule"),
        ("_include:recurse", "Schedule:actor:Practitioner"),
        ("_include:recurse", "Schedule:actor:Location"),
        ("_include:recurse", "Location:managingOrganization"),
        ("searchFilter", f"{CodeSystem.ORGANISATION_TYPE}|{line.sender.organisation_type}"),
        ("searchFilter", f"{Id.ODS}|{line.sender.organisation_ods}"),
    )
    return line.call("search_slots", now=now, trace_id=trace_id, params=params)


def find_patient(line: Line, nhs_number: str, *, now: datetime, trace_id: str) -> Call:
    """The receiver's own record of a person; none is an empty bundle."""
    params = (("identifier", f"{Id.NHS_NUMBER}|{nhs_number}"),)
    return line.call("find_patient", now=now, trace_id=trace_id, params=params)


def register_patient(line: Line, person: Demographics, mobile: str, *, now: datetime, trace_id: str) -> Call:
    """A temporary registration: PDS's `usual` name becomes GP Connect's `official` one."""
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "meta": {"profile": [Profile.PATIENT]},
        "identifier": [_verified(person.nhs_number)],
        "name": [{"use": "official", "family": person.family, "given": list(person.given)}],
        "birthDate": person.birth_date.isoformat() if person.birth_date else None,
    }
    if person.gender:
        patient["gender"] = person.gender
    if mobile:
        patient["telecom"] = [{"system": "phone", "value": mobile, "use": "mobile"}]
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "registerPatient", "resource": patient}]}
    return line.call("register_patient", now=now, trace_id=trace_id, resource=parameters)


def create_appointment(
    line: Line, offers: Sequence[Offer], patient_id: str, description: str, *, now: datetime, trace_id: str
) -> Call:
    """Books one slot, or adjacent ones, in the order of time."""
    first, last = offers[0], offers[-1]
    actors = [f"Patient/{patient_id}", f"Location/{first.location_id}"]
    if first.practitioner_id:
        actors.append(f"Practitioner/{first.practitioner_id}")
    appointment = {
        "resourceType": "Appointment",
        "meta": {"profile": [Profile.APPOINTMENT]},
        "contained": [_booking_organisation(line.sender)],
        "extension": [{"url": Extension.BOOKING_ORGANISATION, "valueReference": {"reference": f"#{_BOOKER}"}}],
        "status": "booked",
        "description": description[:DESCRIPTION_LENGTH],
        "start": on_the_wire(first.start),
        "end": on_the_wire(last.end),
        "slot": [{"reference": f"Slot/{offer.slot_id}"} for offer in offers],
        "created": on_the_wire(now),
        "participant": [{"actor": {"reference": actor}, "status": "accepted"} for actor in actors],
    }
    return line.call("create_appointment", now=now, trace_id=trace_id, resource=appointment)


def list_appointments(line: Line, patient_id: str, first: date, last: date, *, now: datetime, trace_id: str) -> Call:
    """All appointments of one patient at the receiver from `first` to `last`, both from today on."""
    params = (("start", f"ge{first.isoformat()}"), ("start", f"le{last.isoformat()}"))
    return line.call("list_appointments", now=now, trace_id=trace_id, logical_id=patient_id, params=params)


def read_appointment(line: Line, appointment_id: str, *, now: datetime, trace_id: str) -> Call:
    """One appointment as the provider holds it, with its version."""
    return line.call("read_appointment", now=now, trace_id=trace_id, logical_id=appointment_id)


def amend_appointment(line: Line, held: Mapping[str, Any], comment: str, *, now: datetime, trace_id: str) -> Call:
    """The appointment as it was read, with another comment and nothing else changed."""
    return _put(line, "amend_appointment", {**held, "comment": comment[:COMMENT_LENGTH]}, now, trace_id)


def cancel_appointment(line: Line, held: Mapping[str, Any], reason: str, *, now: datetime, trace_id: str) -> Call:
    """The appointment as it was read, cancelled for a reason and with nothing else changed."""
    extension = {"url": Extension.CANCELLATION_REASON, "valueString": reason}
    resource = {**held, "status": "cancelled", "extension": [*held.get("extension", ()), extension]}
    return _put(line, "cancel_appointment", resource, now, trace_id)


def _put(line: Line, name: str, resource: Mapping[str, Any], now: datetime, trace_id: str) -> Call:
    """Only if the provider still has the version that was read."""
    logical_id, version = str(resource["id"]), resource.get("meta", {}).get("versionId", "")
    call = line.call(name, now=now, trace_id=trace_id, logical_id=logical_id, resource=resource)
    return replace(call, headers={**call.headers, "If-Match": f'W/"{version}"'})


def _verified(nhs_number: str) -> dict[str, Any]:
    coding = {"system": CodeSystem.VERIFICATION, "code": "01", "display": VERIFICATION_STATUSES["01"]}
    extension = {"url": Extension.VERIFICATION, "valueCodeableConcept": {"coding": [coding]}}
    return {"extension": [extension], "system": Id.NHS_NUMBER, "value": nhs_number}


def _booking_organisation(sender: Sender) -> dict[str, Any]:
    """Its type equals the one that the search sent: a provider may compare them."""
    coding = {
        "system": CodeSystem.ORGANISATION_TYPE,
        "code": sender.organisation_type,
        "display": ORGANISATION_TYPES[sender.organisation_type],
    }
    return {
        "resourceType": "Organization",
        "id": _BOOKER,
        "meta": {"profile": [Profile.ORGANIZATION]},
        "identifier": [{"system": Id.ODS, "value": sender.organisation_ods}],
        "type": [{"coding": [coding]}],
        "name": sender.organisation_name,
        "telecom": [{"system": "phone", "value": sender.phone, "use": "work"}],
    }
