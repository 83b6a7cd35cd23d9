"""NHS numbers of the test range: 999 000 0000 to 999 999 9998, where no number belongs to anybody."""

import random
from collections.abc import Collection, Iterator

from nhs_number.validate import calculate_checksum

PREFIX = "999"
STEMS = 10**6
"""How many stems of nine digits the range has; one in eleven has no check digit."""

NO_CHECK_DIGIT = 10
NEVER = "9999999999"
"""Passes the sum and stands everywhere for a number that is not in the system."""

RESERVED = "99912345"
"""How the numbers begin that are kept for people written by hand."""


def nhs_numbers(rng: random.Random, *, taken: Collection[str] = ()) -> Iterator[str]:
    """Distinct valid numbers, none of them `taken`, until the range is used up: then ValueError.

    The stems follow a congruential sequence of full period, so none comes twice and none need be remembered.
    """
    multiplier = 1 + 20 * rng.randrange(1, STEMS // 20)  # one more than a multiple of 2, 4 and 5
    increment = 10 * rng.randrange(STEMS // 10) + rng.choice((1, 3, 7, 9))  # shares no factor with STEMS
    return _numbers(rng.randrange(STEMS), multiplier, increment, frozenset((NEVER, *taken)))


def _numbers(stem: int, multiplier: int, increment: int, taken: frozenset[str]) -> Iterator[str]:
    for _ in range(STEMS):
        stem = (stem * multiplier + increment) % STEMS
        digits = f"{PREFIX}{stem:06}"
        check = calculate_checksum(digits)
        number = f"{digits}{check}"
        if check != NO_CHECK_DIGIT and number not in taken and not number.startswith(RESERVED):
            yield number
    raise ValueError(f"the test range {PREFIX} 000 0000 to {PREFIX} 999 9998 is used up: {STEMS} stems were tried")
