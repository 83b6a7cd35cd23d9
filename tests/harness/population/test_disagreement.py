from datetime import UTC, datetime

import pytest

from harness.population.disagreement import is_verifiable
from harness.population.kinds import BY_NAME, KINDS
from harness.population.people import Population
from mock_gpconnect.provider.find_patient import details_of_local
from mock_gpconnect.provider.verification import agree, details_of
from mock_pds.people import People
from mock_pds.resources import patient
from tests.harness.population.conftest import PRACTICES, TODAY

NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)


def test_every_kind_is_in_the_smallest_population(smallest: Population) -> None:
    kinds = [one.kind for one in smallest.disagreements.values()]

    assert sorted(kinds) == sorted(BY_NAME.keys() - {"same"})


def test_a_twentieth_of_a_large_population_disagrees(large: Population) -> None:
    assert len(large.disagreements) / len(large.people) == pytest.approx(0.05, abs=0.009)


def test_each_record_verifies_as_its_kind_says(large: Population) -> None:
    people = People(large.people)
    verified = {
        number: agree(details_of_local(one.record), details_of(patient(held)))
        for number, one in large.disagreements.items()
        if (held := people.get(number))
    }

    assert verified == {number: BY_NAME[one.kind].verifies for number, one in large.disagreements.items()}


def test_nothing_else_about_them_stands_in_the_way(large: Population) -> None:
    differing = [person for person in large.people if person.nhs_number in large.disagreements]

    assert all(map(is_verifiable, differing))


def test_half_of_the_records_are_where_the_person_is_registered(large: Population) -> None:
    registered = {one.nhs_number: one.practice for one in large.people}
    at_home = [number for number, one in large.disagreements.items() if one.at == registered[number]]

    assert len(at_home) / len(large.disagreements) == pytest.approx(0.5, abs=0.1)
    assert {one.at for one in large.disagreements.values()} == set(PRACTICES)


def test_others_are_temporary_residents_today(large: Population) -> None:
    registered = {one.nhs_number: one.practice for one in large.people}
    visiting = [one.record for number, one in large.disagreements.items() if one.at != registered[number]]

    assert {record.registration for record in visiting} == {"T"}
    assert all(record.is_active(NOON) and record.registered_until for record in visiting)


def test_nobody_is_born_after_today_by_mistake(large: Population) -> None:
    assert all(one.record.birth_date <= TODAY for one in large.disagreements.values())


def test_same_is_no_disagreement(large: Population) -> None:
    assert "same" not in {one.kind for one in large.disagreements.values()}
    assert len(KINDS) == len(BY_NAME)


@pytest.mark.parametrize(
    "name", ["mononym", "restricted", "deceased_formally", "gender_absent", "minimal", "birth_date_absent"]
)
def test_who_cannot_be_verified_anyway_is_left_out(smallest: Population, name: str) -> None:
    people = [person for person in smallest.people if person.nhs_number in smallest.showing[name]]

    assert people and not any(map(is_verifiable, people))
