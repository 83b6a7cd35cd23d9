"""Many plain people, made fast, for measuring: not a population that anything but the size of is like a real one."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from mock_pds.people import Address, Name, Person

_FIRST_DAY = date(1930, 1, 1)
_DAYS = 90 * 365
_VOWELS, _CONSONANTS = "aeiou", "bcdfghklmnprstvw"


def _words(count: int, rng: random.Random) -> list[str]:
    return [
        "".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(rng.randint(2, 4))).title()
        for _ in range(count)
    ]


def people(count: int) -> Iterator[Person]:
    """So many people; the first of them are the same in any count. Their numbers need not check."""
    rng = random.Random(7)
    families, given = _words(20_000, rng), _words(2_000, rng)
    for number in range(count):
        born = _FIRST_DAY + timedelta(rng.randrange(_DAYS))
        postcode = f"LS{rng.randint(1, 29)} {rng.randint(1, 9)}{rng.choice('ABDEFGH')}{rng.choice('ABDEFGH')}"
        yield Person(
            f"9{number:09}",
            (Name(families[int(rng.betavariate(1, 3) * 20_000)], (rng.choice(given), rng.choice(given))),),
            gender=rng.choice(("female", "male")),
            birth_date=born.isoformat(),
            addresses=(Address((f"{rng.randint(1, 99)} High Street", "", "", "Leeds"), postcode),),
            practice=f"B{rng.randint(10000, 10500)}",
        )
