"""The rule by which a number counts as verified."""

import pytest

from mock_gpconnect.provider.verification import Details, agree, details_of

HELD = Details("1984-11-05", "O'Rourke", "Mary")


@pytest.mark.parametrize(
    ("claimed", "verified"),
    [
        (Details("1984-11-05", "Quite", "Other"), True),
        (Details("1984-11-06", "O'Rourke", "Mary"), True),
        (Details("1984-12-05", "O'Rourke", "Mary"), True),
        (Details("1985-11-05", "O'Rourke", "Mary"), True),
        (Details("1984-11-06", "O'Mara", "Maude"), False),
        (Details("1984-11-06", "o'reilly", "maude"), True),
        (Details("1984-11-06", "Rourke", "Mary"), False),
        (Details("1984-11-06", "O'Rourke", "Siobhan"), False),
        (Details("1985-12-05", "O'Rourke", "Mary"), False),
        (Details("1985-12-06", "O'Rourke", "Mary"), False),
        (Details("1984-11-06", "O'Rourke", ""), False),
        (Details("1984-11-06", "", "Mary"), False),
    ],
    ids=["same date", "another day", "another month", "another year", "two letters", "three letters", "another name",
         "another initial", "two parts differ", "all parts differ", "no given name", "no family name"],
)  # fmt: skip
def test_a_date_or_most_of_it_with_both_names_verifies(claimed: Details, verified: bool) -> None:
    assert agree(claimed, HELD) == verified


def test_a_name_shorter_than_three_letters_is_compared_whole() -> None:
    assert agree(Details("1984-11-06", "Ng", "Mary"), Details("1984-11-05", "Ng", "Mary"))
    assert not agree(Details("1984-11-06", "Ng", "Mary"), Details("1984-11-05", "Ngo", "Mary"))


def test_the_usual_name_of_the_national_record_counts_wherever_it_stands() -> None:
    record = {
        "birthDate": "1984-11-05",
        "name": [
            {"use": "nickname", "family": "Élan", "given": ["Mags"]},
            {"use": "usual", "family": "O'Rourke", "given": ["Mary", "Jane"]},
        ],
    }
    assert details_of(record) == HELD


@pytest.mark.parametrize("record", [{}, {"name": []}, {"name": [{}]}])
def test_a_record_that_says_nothing_agrees_with_nobody(record: dict[str, object]) -> None:
    assert not agree(HELD, details_of(record))
