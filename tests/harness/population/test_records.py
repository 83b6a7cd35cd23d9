from dataclasses import replace
from datetime import date

import pytest

from harness.population.people import Population
from harness.population.records import booker_record, is_recordable, local_record
from mock_gpconnect.provider.addresses import Address as LocalAddress
from mock_gpconnect.provider.patients import PatientIndex
from mock_pds.person import Address, Name, Person, Telecom
from tests.harness.population.conftest import PRACTICES

ANN = Person(
    "9991234500",
    (Name("Lark", ("Annie",), "nickname"), Name("Lark", ("Ann", "May"), prefix=("Dr",))),
    "female",
    "1980-02-29",
    addresses=(Address(("Away",), "ZZ99 9AB", "temp"), Address(("", "3 Mill Road", "Aford"), "ZZ99 9AA")),
    telecom=(Telecom("07700 900001", use="mobile"), Telecom("01632 960001"), Telecom("ann@example.org", "email")),
)


def test_a_practices_record_agrees_with_the_national_one() -> None:
    record = local_record(ANN)

    assert (record.family, record.given, record.prefix) == ("Lark", ("Ann", "May"), "Dr")
    assert (record.gender, record.birth_date, record.nhs_number) == ("female", date(1980, 2, 29), "9991234500")
    assert record.address == LocalAddress(("3 Mill Road", "Aford"), postcode="ZZ99 9AA")
    assert (record.mobile, record.phone, record.email) == ("07700 900001", "01632 960001", "ann@example.org")
    assert (record.status, record.sensitive, record.verified) == ("active", False, True)


def test_it_marks_the_dead_and_the_restricted() -> None:
    assert local_record(replace(ANN, deceased="2025-02")).status == "deceased"
    assert local_record(replace(ANN, confidentiality="R")).sensitive


def test_what_the_national_record_leaves_open_is_filled_in() -> None:
    record = local_record(replace(ANN, birth_date="1931-05", gender=None, addresses=(), telecom=()))

    assert (record.birth_date, record.gender, record.address, record.mobile) == (date(1931, 5, 1), "unknown", None, "")


@pytest.mark.parametrize("person", [replace(ANN, names=()), replace(ANN, birth_date=None)], ids=["no name", "no date"])
def test_who_has_no_name_or_no_birth_date_is_in_no_clinical_system(person: Person) -> None:
    assert not is_recordable(person)
    with pytest.raises(ValueError, match="9991234500 has no name or no date of birth"):
        local_record(person)


def test_a_practices_record_is_what_an_invitation_starts_from() -> None:
    record = booker_record(local_record(ANN))

    assert (record.person.nhs_number, record.person.family, record.person.given) == (
        "9991234500",
        "Lark",
        ("Ann", "May"),
    )
    assert (record.person.birth_date, record.mobile) == (date(1980, 2, 29), "07700 900001")


@pytest.mark.parametrize("ods", PRACTICES)
def test_a_practice_holds_its_patients_and_its_temporary_residents(large: Population, ods: str) -> None:
    registered = [person.nhs_number for person in large.people if person.practice == ods and is_recordable(person)]
    visiting = [number for number, one in large.disagreements.items() if one.at == ods and number not in registered]

    records = list(large.records_at(ods))

    assert sorted(record.nhs_number for record in records) == sorted(registered + visiting)
    assert {record.nhs_number for record in records if record.registration == "T"} == set(visiting)
    assert len(PatientIndex(records, new_id=iter(map(str, range(10_000))).__next__)) == len(records)
