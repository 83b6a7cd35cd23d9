from collections import Counter
from typing import Any

import pytest

from harness.population.groups import CROWD, GROUPS, Group
from harness.population.people import Population
from mock_pds.people import People
from mock_pds.person import Person


def members(population: Population, name: str) -> list[Person]:
    people = People(population.people)
    return [person for number in population.showing[name] if (person := people.get(number))]


def key(person: Person) -> tuple[Any, ...]:
    name = person.usual_name
    return name and name.family, person.birth_date, person.addresses, person.gender


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_the_smallest_population_has_every_group(smallest: Population, group: Group) -> None:
    assert len(smallest.showing[group.name]) == group.floor * group.size


def test_twins_share_all_but_number_and_given_name(large: Population) -> None:
    twins = members(large, "twins")
    pairs = Counter(map(key, twins))

    assert set(pairs.values()) == {2}
    assert len(pairs) / len(large.people) == pytest.approx(0.005, abs=0.0028)
    assert all(one.usual_name != other.usual_name for one, other in zip(twins[::2], twins[1::2], strict=True))
    assert [twin.multiple_birth for twin in twins[:2]] == [1, 2]


def test_four_share_a_family_name_and_a_birth_date_and_no_more(smallest: Population) -> None:
    four = members(smallest, "four_alike")

    assert len({(person.names[0].family, person.birth_date) for person in four}) == 1
    assert len({(person.names[0].given, person.addresses) for person in four}) == 4


def test_a_crowd_is_one_more_than_a_search_shows(smallest: Population) -> None:
    crowd = members(smallest, "crowd")

    assert len(crowd) == CROWD == 51
    assert all(person.names[0].family.startswith("Ash") for person in crowd)


def test_father_and_son_have_one_name_and_one_address(smallest: Population) -> None:
    father, son = members(smallest, "father_and_son")

    assert (father.names[0].family, father.names[0].given) == (son.names[0].family, son.names[0].given)
    assert (father.addresses[0].lines, father.addresses[0].postcode) == (
        son.addresses[0].lines,
        son.addresses[0].postcode,
    )
    assert int((son.birth_date or "")[:4]) - int((father.birth_date or "")[:4]) in (24, 25, 26)


@pytest.mark.parametrize(("name", "mergers"), [("superseded_once", 1), ("superseded_twice", 2)])
def test_a_chain_of_mergers_leads_to_its_first_record(smallest: Population, name: str, mergers: int) -> None:
    people = People(smallest.people)
    survivor, *merged = smallest.showing[name]

    assert len(merged) == mergers
    assert people.surviving(merged[-1]) == people.get(survivor)
    assert [person.superseded_by for person in members(smallest, name)] == [None, survivor, *merged][: mergers + 1]
