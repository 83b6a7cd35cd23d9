"""One person, several records: what PDS and each organisation hold, with the disagreements of the file."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from booking_core.booking import PatientRecord
from booking_core.pds import Demographics
from harness.rows import PatientRow, PersonDetails, RecordRow
from harness.worlds import Names
from mock_gpconnect.provider.addresses import Address as LocalAddress
from mock_gpconnect.provider.patients import LocalPatient
from mock_pds.people import Address, Name, Person, Telecom

_TEMPORARY_DAYS = 90
_STATES: Mapping[str, Mapping[str, Any]] = {
    "ordinary": {},
    "restricted": {"confidentiality": "R"},
    "very_restricted": {"confidentiality": "V"},
    "deceased": {"deceased": "2026-01-05", "death_notice": "2"},
    "invalidated": {"invalidated": True},
}
"""State of the file -> how the PDS record differs from an ordinary one."""


def details(row: PatientRow, differs: PersonDetails) -> tuple[str, tuple[str, ...], str, date]:
    """Family, given, gender and birth date as one system holds them."""
    return (
        differs.family or row.family,
        differs.given or row.given,
        differs.gender or row.gender,
        differs.born or row.born,
    )


def own_record(row: PatientRow) -> PatientRecord:
    """The patient in their own practice's system: what an invitation starts from."""
    number = row.mistyped_number or row.nhs_number
    return PatientRecord(Demographics(number, row.family, row.given, row.gender, row.born), row.mobile)


def pds_people(rows: tuple[PatientRow, ...], names: Names, new_number: Callable[[], str]) -> Iterator[Person]:
    """The national records; a superseded number has its survivor beside it."""
    for row in rows:
        if row.pds.state == "absent":
            continue
        if row.pds.state == "superseded":
            survivor = new_number()
            yield _person(row, names, survivor, {})
            yield _person(row, names, row.nhs_number, {"superseded_by": survivor})
        else:
            yield _person(row, names, row.nhs_number, _STATES[row.pds.state])


def _person(row: PatientRow, names: Names, nhs_number: str, state: Mapping[str, Any]) -> Person:
    family, given, gender, born = details(row, row.pds.differs)
    return Person(
        nhs_number,
        (Name(family, given, prefix=(row.prefix,) if row.prefix else ()),),
        gender=gender,
        birth_date=born.isoformat(),
        addresses=(Address(row.address, row.postcode),) if row.address else (),
        telecom=(Telecom(row.mobile, use="mobile"),) if row.mobile else (),
        practice=names.ods(row.practice),
        **state,
    )


def local_patients(
    rows: tuple[PatientRow, ...], names: Names, ods: str, now: datetime, places: Mapping[str, str]
) -> Iterator[LocalPatient]:
    """The records of one organisation: its own patients, and copies of others'. `places`: alias to location id."""
    for row in rows:
        if names.ods(row.practice) == ods:
            yield _local(row, PersonDetails(), row.record, places, now)
        for copy in row.known_at:
            if names.ods(copy.at) == ods:
                yield _local(row, copy.differs, copy, places, now)


def _registration(kind: str, now: datetime) -> dict[str, Any]:
    if kind == "regular":
        return {}
    days = timedelta(days=_TEMPORARY_DAYS)
    return {"registration": "T", "registered_from": now - days / 2, "registered_until": now + days / 2}


def _local(
    row: PatientRow, differs: PersonDetails, record: RecordRow, places: Mapping[str, str], now: datetime
) -> LocalPatient:
    family, given, gender, born = details(row, differs)
    address = LocalAddress(lines=row.address, postcode=row.postcode) if row.address else None
    return LocalPatient(
        row.nhs_number,
        family,
        given,
        gender,
        born,
        prefix=row.prefix,
        mobile=row.mobile,
        address=address,
        verified=record.traced,
        status=record.status,
        sensitive=record.sensitive,
        dissents=record.dissents,
        preferred_location_id=places.get(record.preferred_location, ""),
        **_registration(record.registration, now),
    )
