"""A provider from its rows: locations, practitioners, sessions cut into slots, patients."""

import random
from collections.abc import Callable, Container, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from holidays import country_holidays

from booking_core.uk_time import local_date
from harness.chance import NewId
from harness.people import local_patients
from harness.rows import LocationRow, OrganisationRow, PatientRow, PractitionerRow, SessionRow, week_days
from harness.worlds import Names
from mock_gpconnect.book.memory import MemoryBook
from mock_gpconnect.book.protocol import AppointmentBook, Schedule, Slot
from mock_gpconnect.book.sessions import Session, expand
from mock_gpconnect.provider.addresses import Address
from mock_gpconnect.provider.patients import LocalPatient, PatientIndex
from mock_gpconnect.provider.practice import Location, Practice, Practitioner, Switches
from mock_gpconnect.suppliers.profile import Profile, load_profile

MakeBook = Callable[[str, Sequence[Schedule], Sequence[Slot]], AppointmentBook]
"""Makes the appointment book of the practice with this ODS code."""

DAYS_BEYOND = 14
"""Sessions are cut into slots until this long after the horizon, so that some lie beyond it."""


def build_practice(
    row: OrganisationRow, patients: tuple[PatientRow, ...], names: Names, *,
    crowd: Iterable[LocalPatient], supplier: str | Path, asid: str, service_root: str, now: datetime, days: int,
    new_id: NewId, rng: random.Random, book: MakeBook,
) -> Practice:  # fmt: skip
    """The organisation as its clinical system holds it on the day the world begins."""
    places = {one.alias: _location(one, new_id()) for one in row.locations or (_only_location(row),)}
    ids = {alias: place.id for alias, place in places.items()}
    holders = {one.alias: _practitioner(one, new_id(), rng) for one in row.practitioners}
    main = next(iter(places.values())).id
    sessions = [_session(one, names, places, holders, main) for one in row.sessions]
    return Practice(
        ods=row.ods,
        name=row.name,
        asid=asid,
        service_root=service_root,
        profile=_profile(supplier, row.spec_version),
        locations=tuple(places.values()),
        practitioners=tuple(holders.values()),
        patients=PatientIndex(
            [*local_patients(patients, names, row.ods, now, ids), *crowd],
            new_id=new_id,
        ),
        book=book(
            row.ods,
            *expand(sessions, local_date(now), days + DAYS_BEYOND, new_id=new_id, bank_holidays=bank_holidays()),
        ),
        switches=Switches(row.gp_connect.enabled, row.gp_connect.foundations, row.gp_connect.appointments),
        phone=row.phone,
        embargo=timedelta(hours=row.embargo_hours) or None,
        booking_window=timedelta(days=row.booking_window_days) or None,
        organisation_id=new_id(),
        busyness=row.busyness,
        unsubscribed=frozenset(names.ods(name) for group in row.groups for name in group.unsubscribed),
    )


def in_memory(_ods: str, schedules: Sequence[Schedule], slots: Sequence[Slot]) -> AppointmentBook:
    """A book in this process alone."""
    return MemoryBook(schedules, slots)


def _profile(supplier: str | Path, spec_version: str | None) -> Profile:
    """The supplier's, at another release where the organisation has another one installed."""
    profile = load_profile(supplier)
    return profile.model_copy(update={"spec_version": spec_version}) if spec_version else profile


@cache
def bank_holidays() -> Container[date]:
    """The bank holidays of England, whatever the year."""
    return country_holidays("GB", subdiv="ENG")


def _only_location(row: OrganisationRow) -> LocationRow:
    """An organisation that lists no location has one that bears its name."""
    return LocationRow(alias="main", name=row.name, address=("1 High Street",), postcode="ZZ99 3VZ")


def _location(row: LocationRow, logical_id: str) -> Location:
    address = Address(lines=row.address, postcode=row.postcode) if row.address else None
    return Location(logical_id, row.name, address, site_code=row.site_code)


def _practitioner(row: PractitionerRow, logical_id: str, rng: random.Random) -> Practitioner:
    user_id = row.sds_user_id or f"5550{rng.randrange(10**8):08}"
    return Practitioner(
        logical_id, user_id, row.family, row.given, row.prefix, row.gender, role_ids=row.sds_role_profile_ids
    )


def _session(
    row: SessionRow, names: Names, places: dict[str, Location], holders: dict[str, Practitioner], main: str
) -> Session:
    return Session(
        name=row.name,
        days=week_days(row.days),
        starts=row.from_,
        ends=row.to,
        every=row.every,
        slot_type=row.slot_type,
        channel=row.channel,
        role=row.role or None,
        practitioner_id=holders[row.holder].id if row.holder else None,
        location_id=places[row.location].id if row.location else main,
        bookable=row.bookable,
        only_ods=frozenset(names.ods(name) for name in row.only_for) or None,
        only_types=frozenset(row.only_types) or None,
        limit=row.limit,
        on_bank_holidays=row.bank_holidays,
    )
