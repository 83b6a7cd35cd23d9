"""Single slips in a record, each a function from the record that is right to one that is not."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from mock_gpconnect.provider.addresses import Address
from mock_gpconnect.provider.patients import LocalPatient

Change = Callable[[LocalPatient, random.Random], LocalPatient]
MARRIED = ("Thwaite", "Quayle", "Pemberton", "Larkin", "Osborne")
GIVEN = ("Robin", "Alex", "Jo", "Sam")
STREETS = ("Old Road", "Station Lane", "Harbour Street", "Mill Bank")
_UNDIVIDED = str.maketrans("ØøŁłĐđ", "OoLlDd")
"""Letters whose stroke Unicode does not take for a mark."""


def nothing(record: LocalPatient, _: random.Random) -> LocalPatient:
    """No slip."""
    return record


def together(*changes: Change) -> Change:
    """Several slips in one record."""

    def change(record: LocalPatient, rng: random.Random) -> LocalPatient:
        for one in changes:
            record = one(record, rng)
        return record

    return change


def other_day(record: LocalPatient, rng: random.Random) -> LocalPatient:
    """An earlier day of the same month, so that it exists and is not to come; of the first, the second."""
    day = record.birth_date.day
    return replace(record, birth_date=record.birth_date.replace(day=rng.randrange(1, day) if day > 1 else 2))


def other_year(record: LocalPatient, rng: random.Random) -> LocalPatient:
    """Up to nine years too old; of a 29 February, four or eight."""
    born = record.birth_date
    years = rng.choice((4, 8)) if is_leap_day(record) else rng.randrange(1, 10)
    return replace(record, birth_date=born.replace(year=born.year - years))


def day_for_month(record: LocalPatient, _: random.Random) -> LocalPatient:
    """Day and month changed about, as across the Atlantic."""
    born = record.birth_date
    return replace(record, birth_date=born.replace(month=born.day, day=born.month))


def other_third_letter(record: LocalPatient, _: random.Random) -> LocalPatient:
    """Another third letter in the family name."""
    family = record.family
    letter = "y" if family[2].casefold() != "y" else "i"
    return replace(record, family=f"{family[:2]}{letter}{family[3:]}")


def other_initial(record: LocalPatient, _: random.Random) -> LocalPatient:
    """Known under a first name with another initial."""
    initial = record.given[0][0].casefold()
    given = next(name for name in GIVEN if name[0].casefold() != initial)
    return replace(record, given=(given, *record.given[1:]))


def no_apostrophe(record: LocalPatient, _: random.Random) -> LocalPatient:
    """A family name from a system that takes letters only."""
    return replace(record, family=record.family.replace("'", ""))


def no_diacritics(record: LocalPatient, _: random.Random) -> LocalPatient:
    """A family name from a system that takes unmarked letters only."""
    return replace(record, family=unmarked(record.family))


def unmarked(text: str) -> str:
    """Letters without their marks and strokes."""
    apart = unicodedata.normalize("NFD", text.translate(_UNDIVIDED))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def married_name(record: LocalPatient, rng: random.Random) -> LocalPatient:
    """A family name that the other system has not heard of."""
    return replace(record, family=rng.choice([name for name in MARRIED if name != record.family]))


def wrong_gender(record: LocalPatient, _: random.Random) -> LocalPatient:
    """The wrong button."""
    return replace(record, gender="male" if record.gender == "female" else "female")


def stale_address(record: LocalPatient, rng: random.Random) -> LocalPatient:
    """Where they lived before."""
    return replace(record, address=Address((f"{rng.randrange(1, 99)} {rng.choice(STREETS)}",), postcode="ZZ99 9AA"))


def never_traced(record: LocalPatient, _: random.Random) -> LocalPatient:
    """A number that was typed in and never looked up."""
    return replace(record, verified=False)


def is_leap_day(record: LocalPatient) -> bool:
    """Whether the birthday comes in leap years only."""
    return (record.birth_date.month, record.birth_date.day) == (2, 29)
