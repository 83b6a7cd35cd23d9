import random
from itertools import islice

import pytest
from nhs_number.validate import is_valid

from harness.population.nhs_numbers import nhs_numbers
from harness.rows import synthetic_number


def numbers(count: int, seed: int = 7, **other: object) -> list[str]:
    return list(islice(nhs_numbers(random.Random(seed), **other), count))  # type: ignore[arg-type]


def test_numbers_are_valid_and_of_the_test_range() -> None:
    drawn = numbers(2000)

    assert [synthetic_number(number) for number in drawn] == drawn


def test_no_number_comes_twice_and_the_whole_range_is_used() -> None:
    drawn: list[str] = []
    with pytest.raises(ValueError, match="the test range 999 000 0000 to 999 999 9998 is used up"):
        drawn.extend(iter(nhs_numbers(random.Random(7))))  # extend keeps what came before the end

    assert len(set(drawn)) == len(drawn) == pytest.approx(909_000, rel=0.001)
    assert "9999999999" not in drawn
    assert not any(number.startswith("99912345") for number in drawn)


def test_a_seed_gives_one_sequence() -> None:
    assert numbers(100) == numbers(100) != numbers(100, seed=8)


def test_a_taken_number_is_left_out_and_the_others_stay() -> None:
    drawn = numbers(10)

    assert numbers(8, taken=[drawn[0], drawn[5]]) == [*drawn[1:5], *drawn[6:]]


def test_a_stream_is_drawn_from_before_the_first_number_is_asked_for() -> None:
    rng = random.Random(7)

    nhs_numbers(rng)

    assert rng.random() != random.Random(7).random()


def test_the_checksum_is_the_librarys() -> None:
    assert all(map(is_valid, numbers(500)))
