"""A Person as the FHIR R4 Patient that PDS shows: whole, or as an entry of a search."""

import zlib
from dataclasses import replace
from typing import Any

from booking_core.spec.identifiers import CodeSystem, Id
from booking_core.spec.valuesets import CONFIDENTIALITY
from mock_pds.extensions import (
    DEATH_NOTIFICATION,
    Json,
    address_key,
    extensions,
    pruned,
    textphone,
    verification,
)
from mock_pds.person import OPEN_USES, Address, Contact, Name, Person, Registration, Telecom

KEEPS_BLANK_LINES = "return-empty-address-lines"
NO_ATTRIBUTES: frozenset[str] = frozenset()

_EMERGENCY = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0131", "code": "C", "display": "Emergency Contact"}]
}


def object_id(nhs_number: str, kind: str, place: int) -> str:
    """A steady id, eight hex digits, for an entry whose record has none."""
    return f"{zlib.crc32(f'{nhs_number}/{kind}/{place}'.encode()):08X}"


def patient(person: Person, attributes: frozenset[str] = NO_ATTRIBUTES) -> Json:
    """The whole record, nothing withheld; what a caller may see of it is `visibility`'s affair."""
    number = person.nhs_number
    return {
        "resourceType": "Patient",
        "id": number,
        "identifier": [{"system": Id.NHS_NUMBER, "value": number, "extension": [verification()]}],
        "meta": _meta(person),
    } | pruned(
        name=[name(each, each.id or object_id(number, "name", i)) for i, each in enumerate(person.names)],
        gender=person.gender,
        birthDate=person.birth_date,
        multipleBirthInteger=person.multiple_birth,
        deceasedDateTime=person.deceased,
        address=[
            address(each, each.id or object_id(number, "address", i), attributes)
            for i, each in enumerate(person.addresses)
        ],
        telecom=[telecom(each, each.id or object_id(number, "telecom", i)) for i, each in enumerate(person.telecom)],
        contact=[_contact(each, each.id or object_id(number, "contact", i)) for i, each in enumerate(person.contacts)],
        generalPractitioner=_practice(person),
        managingOrganization=person.managing and _organisation(person.managing),
        extension=extensions(person, attributes),
    )


def found(person: Person) -> Json:
    """The record as a search shows it: names in use, the home address, no extension but a death notice."""
    shown = replace(
        person,
        names=tuple(_with_ids(person, "name", person.names, OPEN_USES)),
        addresses=tuple(_with_ids(person, "address", person.addresses, ("home",))),
        managing=None,
    )
    resource = patient(shown)
    kept = [extension for extension in resource.pop("extension", ()) if extension["url"] == DEATH_NOTIFICATION]
    return resource | pruned(extension=kept)


def _with_ids(person: Person, kind: str, entries: tuple[Any, ...], uses: tuple[str, ...]) -> list[Any]:
    """The entries of some uses, each with the id that the whole record shows for it."""
    return [
        replace(entry, id=entry.id or object_id(person.nhs_number, kind, place))
        for place, entry in enumerate(entries)
        if entry.use in uses
    ]


def _meta(person: Person) -> Json:
    code = person.confidentiality
    security = {"system": CodeSystem.CONFIDENTIALITY, "code": code, "display": CONFIDENTIALITY[code]}
    return {"versionId": str(person.version), "security": [security]}


def _period(entry: Name | Address | Telecom | Contact | Registration) -> Json:
    return pruned(start=entry.start, end=entry.end)


def name(entry: Name, entry_id: str | None = None) -> Json:
    """A HumanName."""
    return pruned(
        id=entry_id,
        use=entry.use,
        period=_period(entry),
        given=list(entry.given),
        family=entry.family or None,
        prefix=[prefix.removesuffix(".") for prefix in entry.prefix],
        suffix=list(entry.suffix),
    )


def address(entry: Address, entry_id: str | None = None, attributes: frozenset[str] = NO_ATTRIBUTES) -> Json:
    """An Address; blank lines are dropped, so that the place of a line says nothing about its meaning."""
    keys = [address_key(kind, key) for kind, key in (("PAF", entry.paf), ("UPRN", entry.uprn)) if key]
    lines: Json = {"line": [line for line in entry.lines if line.strip()]}
    if KEEPS_BLANK_LINES in attributes and len(lines["line"]) < len(entry.lines):
        lines = _lines_with_gaps(entry.lines)
    return pruned(
        id=entry_id,
        period=_period(entry),
        use=entry.use,
        text=entry.text,
        postalCode=entry.postcode,
        extension=keys,
        **lines,
    )


def _lines_with_gaps(lines: tuple[str, ...]) -> Json:
    """Every line in its place: null where one is blank, explained in the parallel array."""
    absent = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
    }
    return {
        "line": [line if line.strip() else None for line in lines],
        "_line": [None if line.strip() else absent for line in lines],
    }


def telecom(entry: Telecom, entry_id: str | None = None) -> Json:
    """A ContactPoint; the value is free text and stays as it was stored."""
    return pruned(
        id=entry_id,
        period=_period(entry),
        system="other" if entry.textphone else entry.system,
        use=entry.use,
        value=entry.value,
        extension=[textphone()] if entry.textphone else None,
    )


def _contact(entry: Contact, entry_id: str) -> Json:
    return pruned(
        id=entry_id,
        period=_period(entry),
        relationship=[_EMERGENCY],
        telecom=[{"system": system, "value": value} for system, value in entry.telecom],
    )


def _organisation(hold: Registration) -> Json:
    return {"type": "Organization", "identifier": pruned(system=Id.ODS, value=hold.ods, period=_period(hold))}


def _practice(person: Person) -> list[Json]:
    """At most one, and the practice, never a clinician."""
    if person.practice is None:
        return []
    hold = Registration(person.practice, start=person.practice_since)
    entry_id = person.practice_entry_id or object_id(person.nhs_number, "generalPractitioner", 0)
    return [{"id": entry_id} | _organisation(hold)]
