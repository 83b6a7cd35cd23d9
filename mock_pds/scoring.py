"""How well a record answers a search: a weighted mean of how well each thing asked for agrees.

The real measure is closed. What holds here as there: a better agreement scores higher, and 1 means that all
that was asked for is what the record says today.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mock_pds.index import Days, first_day, last_day
from mock_pds.person import History, Person
from mock_pds.query import Query

PLACES = 4
NOTHING = History()


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be asked for, what it counts for, and its agreement with a record.

    `agrees` gives a likeness from 0 to 1, or None when the record is ruled out.
    """

    weight: float
    asked: Callable[[Query], bool]
    agrees: Callable[[Query, Person], float | None]


def score(query: Query, person: Person, fields: Sequence[Field]) -> float | None:
    """0 to 1, or None for a record that the search does not find."""
    total = weights = 0.0
    for field in fields:
        if field.asked(query):
            likeness = field.agrees(query, person)
            if likeness is None:
                return None
            total += field.weight * likeness
            weights += field.weight
    return round(total / weights, PLACES) if weights else None


def past(person: Person) -> History:
    """What was true of a person once."""
    return person.history or NOTHING


def within(text: str | None, days: Days) -> bool:
    """Whether a date, or the date of a date-time, lies in a span, whichever day a partial one may mean."""
    if text is None:
        return False
    when = text[: len("yyyy-mm-dd")]
    return days.since <= first_day(when) and last_day(when) <= days.until


def born(query: Query, person: Person) -> float | None:
    """The date of birth: no search of any kind forgives a wrong one."""
    return 1.0 if within(person.birth_date, query.born) else None
