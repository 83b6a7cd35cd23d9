"""The verification rule against PDS, and the cross-check with a provider's copy."""

from datetime import date

import pytest

from booking_core.identity import differences, verifies
from booking_core.pds import Demographics


def person(family: str = "O'Rourke", given: str = "Nadia", born: date | None = date(1974, 2, 19)) -> Demographics:
    return Demographics("9990010013", family, (given,) if given else (), "female", born)


@pytest.mark.parametrize(
    ("claimed", "verified"),
    [
        (person(), True),
        (person(family="Smith", given="Zoe"), True),  # the birth date alone is enough
        (person(born=date(1974, 2, 20)), True),
        (person(born=date(1984, 2, 19)), True),
        (person(born=date(1984, 2, 20)), False),
        (person(born=date(1974, 2, 20), family="O'Reilly"), True),  # the first three letters agree
        (person(born=date(1974, 2, 20), family="OReilly"), False),
        (person(born=date(1974, 2, 20), given="Zoe"), False),
        (person(born=date(1974, 2, 20), given=""), False),
        (person(born=None), False),
        (person(born=date(1974, 2, 20), family="  o'ROURKE "), True),
    ],
)
def test_two_date_parts_three_letters_and_an_initial_are_enough(claimed: Demographics, verified: bool) -> None:
    assert verifies(claimed, person()) is verified


def test_a_first_name_that_nobody_has_agrees_with_nothing() -> None:
    assert not verifies(person(given="", born=date(1974, 2, 20)), person(given=""))


def test_a_short_family_name_is_compared_whole() -> None:
    near = date(1974, 2, 20)
    assert verifies(person(family="Ng", born=near), person(family="Ng"))
    assert not verifies(person(family="Ng", born=near), person(family="Ngo"))


def test_the_cross_check_names_each_part_that_differs() -> None:
    theirs = Demographics("9990010013", "Begum", ("Nadine",), "male", date(1974, 2, 18))
    assert differences(person(), theirs) == ("family name", "given name", "gender", "birth date")


def test_case_blanks_and_further_given_names_do_not_count() -> None:
    theirs = Demographics("9990010013", " O'ROURKE", ("nadia", "Jane"), "female", date(1974, 2, 19))
    assert differences(person(), theirs) == ()
