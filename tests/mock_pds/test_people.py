from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_pds.index import Days, Index, first_day, last_day
from mock_pds.people import Address, Name, People, Person

ALICE = Person("9991234500", (Name("Smith", ("Alice",)),), birth_date="1984-11-05")
EVER = Days(1, 3_000_000)


def test_a_number_names_one_person() -> None:
    with pytest.raises(ValueError, match="9991234500: a number names one person"):
        People([ALICE, ALICE])


@pytest.mark.parametrize("born", ["soon", "1984-13-01", "1984-00", "05/11/1984"])
def test_a_record_that_could_not_be_searched_stops_its_world(born: str) -> None:
    with pytest.raises(ValueError, match=f"birth date is '{born}'; it is yyyy-mm-dd, yyyy-mm or yyyy"):
        People([Person("9991234500", birth_date=born)])


def test_a_record_that_could_not_be_shown_stops_its_world() -> None:
    with pytest.raises(ValueError, match="confidentiality is 'S'; it can be U, R, V"):
        People([Person("9991234500", confidentiality="S")])


def test_people_come_in_the_order_they_were_entered() -> None:
    others = [Person("9991234519"), Person("9991234527")]

    people = People([ALICE, *others])

    assert list(people) == [ALICE, *others]
    assert len(people) == 3


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1984-11-05", "1984-11-05", "1984-11-05"),
        ("1984-02", "1984-02-01", "1984-02-29"),
        ("1984-12", "1984-12-01", "1984-12-31"),
        ("1984", "1984-01-01", "1984-12-31"),
    ],
)
def test_a_partial_date_means_any_of_its_days(text: str, first: str, last: str) -> None:
    assert (first_day(text), last_day(text)) == (first_day(first), first_day(last))


names = st.builds(Name, family=st.sampled_from(["Smith", "Smythe", "Jones"]), given=st.just(("Alice",)))
people = st.builds(
    Person,
    nhs_number=st.just("9991234500"),
    names=st.tuples(names),
    birth_date=st.sampled_from([None, "1984", "1984-11-05", "1990-01-01"]),
    addresses=st.tuples(st.builds(Address, postcode=st.sampled_from([None, "ZZ99 9ZZ", "LS1 6AE"]))),
)


@given(st.lists(people, min_size=1, max_size=6))
def test_an_index_that_follows_changes_is_the_index_of_the_last_state(versions: list[Person]) -> None:
    followed = Index([(0, versions[0])])
    for before, after in pairwise(versions):
        followed.remove(0, before)
        followed.add(0, after)

    fresh = Index([(0, versions[-1])])
    for term in (("family", "smith"), ("family", "smythe"), ("postcode", "ls16ae"), ("sound", "s530")):
        assert list(followed.bearing(term, EVER).rows()) == list(fresh.bearing(term, EVER).rows())
    assert list(followed.born(EVER).rows()) == list(fresh.born(EVER).rows())


def test_the_usual_name_is_known_by_its_use_and_not_by_its_place() -> None:
    nickname, usual = Name("Smith", ("Ali",), "nickname"), Name("Smith", ("Alice",))

    assert Person("9991234500", (nickname, usual)).usual_name == usual
    assert Person("9991234500", (nickname,)).usual_name is None
