"""The people as the PDS mock shows and finds them."""

import pytest

from harness.population.people import Population
from mock_pds.people import People
from mock_pds.person import Person
from mock_pds.query import read
from mock_pds.refusals import Refused
from mock_pds.related import related_people
from mock_pds.resources import found, patient
from mock_pds.search import search
from mock_pds.visibility import visible
from tests.harness.population.conftest import TODAY
from tests.mock_pds.r4b import problems


@pytest.fixture(scope="module")
def people(large: Population) -> People:
    return People(large.people)


def shown(person: Person) -> list[str]:
    """What is wrong with all that PDS can show of a person."""
    whole = patient(person)
    resources = [
        whole,
        found(person),
        visible(whole, person.confidentiality, very_restricted_keeps=("resourceType", "id", "identifier", "meta")),
        *related_people(person),
    ]
    return [problem for resource in resources for problem in problems(resource)]


def numbers(people: People, *params: tuple[str, str], most: int = 50) -> list[str]:
    return [match.person.nhs_number for match in search(people, read(params, most=most))]


def by_name_and_birth(people: People, person: Person) -> list[str]:
    name = person.usual_name
    assert name is not None and person.birth_date is not None
    return numbers(people, ("family", name.family), ("birthdate", person.birth_date))


def test_the_cast_is_strict_fhir(smallest: Population) -> None:
    assert [problem for person in smallest.people for problem in shown(person)] == []


def test_people_who_show_several_things_are_strict_fhir(large: Population) -> None:
    assert [problem for person in large.people[1000::90] for problem in shown(person)] == []


def test_everyone_with_a_living_number_and_a_whole_birth_date_is_found(large: Population, people: People) -> None:
    findable = [
        person
        for person in large.people
        if len(person.birth_date or "") == len("yyyy-mm-dd") and not (person.superseded_by or person.invalidated)
    ]

    assert len(findable) > 9950
    assert [one for one in findable if one.nhs_number not in by_name_and_birth(people, one)] == []


@pytest.mark.parametrize("name", ["superseded_once", "superseded_twice"])
def test_only_the_survivor_of_a_merger_is_found(large: Population, people: People, name: str) -> None:
    survivor, *merged = large.showing[name]
    person = people.surviving(merged[-1])
    assert person is not None

    found = by_name_and_birth(people, person)

    assert survivor in found
    assert set(merged).isdisjoint(found)


def test_an_invalidated_record_is_not_found(large: Population, people: People) -> None:
    (number,) = large.showing["invalidated"]
    person = people.get(number)
    assert person is not None

    assert number not in by_name_and_birth(people, person)


def test_a_birth_date_that_is_not_there_finds_nobody(smallest: Population) -> None:
    people = People(smallest.people)
    (number,) = smallest.showing["birth_date_absent"]
    person = people.get(number)
    assert person is not None and person.usual_name is not None

    found = numbers(people, ("family", person.usual_name.family), ("birthdate", "ge1900-01-01"))

    assert number not in found


def test_a_crowd_is_too_many_for_a_worker(people: People) -> None:
    with pytest.raises(Refused, match="too_many_matches"):
        numbers(people, ("family", "ash*"), ("birthdate", f"le{TODAY}"))


def test_twins_are_too_many_for_an_application(large: Population, people: People) -> None:
    person = people.get(large.showing["twins"][0])
    assert person is not None and person.birth_date and person.gender
    asked = [("family", person.names[0].family), ("birthdate", person.birth_date), ("gender", person.gender)]

    assert set(numbers(people, *asked)) >= set(large.showing["twins"][:2])
    with pytest.raises(Refused, match="too_many_matches"):
        numbers(people, *asked, most=1)


def test_father_and_son_are_told_apart_by_birth_only(large: Population, people: People) -> None:
    father, son = (people.get(number) for number in large.showing["father_and_son"])
    assert father is not None and son is not None

    both = numbers(
        people,
        ("family", father.names[0].family),
        ("given", father.names[0].given[0]),
        ("address-postalcode", father.addresses[0].postcode or ""),
        ("birthdate", f"le{TODAY}"),
    )

    assert {father.nhs_number, son.nhs_number} <= set(both)
    assert son.nhs_number not in by_name_and_birth(people, father)


def test_nobody_learns_where_a_restricted_person_lives(large: Population, people: People) -> None:
    number = large.showing["restricted"][0]
    person = people.get(number)
    assert person is not None and person.birth_date

    with_postcode = numbers(
        people,
        ("family", person.names[0].family),
        ("birthdate", person.birth_date),
        ("address-postalcode", person.addresses[0].postcode or ""),
    )

    assert number in by_name_and_birth(people, person)
    assert number not in with_postcode


def test_a_former_name_finds_the_person_when_history_is_asked_for(large: Population, people: People) -> None:
    number = large.showing["maiden_name"][0]
    person = people.get(number)
    assert person is not None and person.birth_date
    asked = [("family", person.names[-1].family), ("birthdate", person.birth_date)]

    assert number in numbers(people, *asked, ("_history", "true"))
    assert number not in numbers(people, *asked)


def test_a_number_that_is_nobodys_has_no_record(large: Population, people: People) -> None:
    assert [people.get(number) for number in large.unknown] == [None] * 3
