"""The index finds the same people as looking at everybody would, at a cost that hardly grows with their number."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_pds.fuzzy_match import FUZZY
from mock_pds.people import Address, History, Name, People, Person
from mock_pds.plain_match import PLAIN
from mock_pds.query import read
from mock_pds.scoring import score
from mock_pds.search import search
from tests.mock_pds.bench_search import bytes_beside_the_record, ratios
from tests.mock_pds.population import people

FAMILIES = ("Smith", "smithe", "O'Rourke", "Élan", "van der Sar", "Ng", "D'")
GIVEN = ("Mary Jane", "Marya", "Jo", "Élodie", "O'")
BORN = ("1984-11-05", "1984-11-06", "1984-11", "1990-01-01")
PATTERNS = ("smith", "sm*", "smi*e", "o'*", "o'r*", "él*", "van*", "van d*", "ng", "ng*", "mary*", "jo*")

names = st.builds(
    Name,
    family=st.sampled_from(FAMILIES),
    given=st.lists(st.sampled_from(GIVEN), max_size=2).map(tuple),
    use=st.sampled_from(("usual", "nickname", "maiden")),
)
records = st.builds(
    Person,
    nhs_number=st.just(""),
    names=st.lists(names, max_size=2).map(tuple),
    birth_date=st.sampled_from(BORN),
    addresses=st.lists(st.builds(Address, postcode=st.sampled_from(("LS1 6AE", "LS2 1AA"))), max_size=1).map(tuple),
    history=st.none() | st.builds(History, names=st.tuples(names)),
)
plain_searches = st.fixed_dictionaries(
    {
        "family": st.sampled_from(PATTERNS),
        "birthdate": st.sampled_from(("1984-11-05", "ge1984-01-01", "le1984-11-30")),
        "_history": st.sampled_from(("true", "false")),
    },
    optional={"given": st.sampled_from(PATTERNS), "address-postalcode": st.sampled_from(("ls16ae", "ls*"))},
)


def numbered(drawn: list[Person]) -> list[Person]:
    return [Person(f"{place:010}", *_rest(person)) for place, person in enumerate(drawn)]


def _rest(person: Person) -> list[object]:
    return [getattr(person, field) for field in Person.__slots__[1:]]


@given(st.lists(records, max_size=8), plain_searches)
def test_the_index_loses_nobody_whom_a_plain_search_should_find(drawn: list[Person], asked: dict[str, str]) -> None:
    everybody, query = numbered(drawn), read(list(asked.items()))

    found = {match.person.nhs_number for match in search(People(everybody), query)}

    assert found == {person.nhs_number for person in everybody if score(query, person, PLAIN) is not None}


@given(st.lists(records, max_size=8), st.sampled_from(FAMILIES), st.sampled_from(GIVEN))
def test_a_fuzzy_search_finds_nobody_whom_looking_at_everybody_would_not(
    drawn: list[Person], family: str, first: str
) -> None:
    asked = [("_fuzzy-match", "true"), ("family", family), ("given", first), ("birthdate", "1984-11-05")]
    everybody, query = numbered(drawn), read(asked)

    found = {match.person.nhs_number for match in search(People(everybody), query)}

    assert found <= {person.nhs_number for person in everybody if score(query, person, FUZZY) is not None}


def test_the_store_takes_less_than_a_kilobyte_a_person_beside_the_record() -> None:
    assert bytes_beside_the_record(5_000) < 1_000


@pytest.fixture(scope="module")
def growth() -> dict[str, float]:
    """Kind of search -> how many times its time a search takes among thirty times as many people."""
    small, large = People(people(2_000)), People(people(60_000))
    return {kind: ratio for kind, _, ratio in ratios(small, large)}


@pytest.mark.parametrize("kind", ["exact", "wildcards", "wild_family", "whole_year", "fuzzy"])
def test_a_search_among_thirty_times_as_many_people_takes_at_most_three_times_as_long(
    growth: dict[str, float], kind: str
) -> None:
    assert growth[kind] < 3


def test_the_measured_population_is_the_same_in_each_run() -> None:
    random.seed(99)

    assert list(people(3)) == list(people(5))[:3]
