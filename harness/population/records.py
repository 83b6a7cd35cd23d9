"""A person as a clinical system holds them: at a practice, and as the start of an invitation."""

from datetime import date

from booking_core.booking import PatientRecord
from booking_core.pds import Demographics
from mock_gpconnect.provider.addresses import Address
from mock_gpconnect.provider.patients import LocalPatient
from mock_pds.index import first_day
from mock_pds.person import Person


def is_recordable(person: Person) -> bool:
    """Whether a clinical system can hold the person at all: not without a name or a date of birth."""
    return person.usual_name is not None and person.birth_date is not None


def local_record(person: Person) -> LocalPatient:
    """The record of a practice that agrees with the national one in everything.

    It has no room for a date of birth that is half known and no word for no gender: it holds the first
    day that the date may mean, and `unknown`.
    """
    name = person.usual_name
    if name is None or person.birth_date is None:
        raise ValueError(f"{person.nhs_number} has no name or no date of birth: no clinical system holds such a person")
    reached = {each.use if each.system == "phone" else each.system: each.value for each in person.telecom}
    return LocalPatient(
        person.nhs_number,
        name.family,
        name.given,
        person.gender or "unknown",
        date.fromordinal(first_day(person.birth_date)),
        prefix=" ".join(name.prefix),
        status="deceased" if person.deceased else "active",
        sensitive=person.confidentiality != "U",
        address=_home(person),
        phone=reached.get("home", ""),
        mobile=reached.get("mobile", ""),
        email=reached.get("email", ""),
    )


def _home(person: Person) -> Address | None:
    home = next((address for address in person.addresses if address.use == "home"), None)
    return Address(tuple(filter(None, home.lines)), postcode=home.postcode or "") if home else None


def booker_record(local: LocalPatient) -> PatientRecord:
    """A practice's record as the start of an invitation."""
    person = Demographics(local.nhs_number, local.family, local.given, local.gender, local.birth_date)
    return PatientRecord(person, local.mobile)
