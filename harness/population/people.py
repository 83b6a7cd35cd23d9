"""A population: first the cast, who show everything at least once, then people drawn at the shares of the tables."""

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from harness.population.care import COST_CENTRES
from harness.population.cast import SMALLEST, everybody
from harness.population.disagreement import Disagreement, disagreements
from harness.population.draws import Draws, iso
from harness.population.nhs_numbers import nhs_numbers
from harness.population.pools import draw_pools
from harness.population.records import is_recordable, local_record
from mock_gpconnect.provider.patients import LocalPatient
from mock_pds.person import Person

UNKNOWN = 3
_VOLUNTEERS = ("short_family_name", "apostrophe", "diacritics", "crowd")
"""Who of the cast disagrees as well: those whose names it takes, and a crowd in which it does not matter."""

Showing = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Population:
    """People, and where to find what among them.

    `showing` leads from a feature or a group to the NHS numbers of those who show it; `unknown` are valid
    numbers that nobody has; `later` holds the next version of those whose practice changes; `disagreements`
    are records at a practice that differ from the national one, by NHS number.
    """

    people: Sequence[Person] = ()
    showing: Showing = field(default_factory=dict)
    unknown: Sequence[str] = ()
    later: Mapping[str, Person] = field(default_factory=dict)
    disagreements: Mapping[str, Disagreement] = field(default_factory=dict)

    def records_at(self, ods: str) -> Iterator[LocalPatient]:
        """What one practice holds: its own patients and its temporary residents, right and wrong."""
        for person in self.people:
            other = self.disagreements.get(person.nhs_number)
            if other is not None and other.at == ods:
                yield other.record
            elif person.practice == ods and is_recordable(person):
                yield local_record(person)


def population(
    count: int, *, rng: random.Random, today: date, practices: Sequence[str], taken: Collection[str] = ()
) -> Population:
    """So many people, registered at `practices`; SMALLEST at least, for everything is in every population.

    One stream and one day give the same people, and the nth is the same however many are asked for. Only NHS
    numbers depend on `taken`. The last may be one twin, when the count ends between two.
    """
    if count < SMALLEST or not practices:
        raise ValueError(
            f"a population of {count} at {len(practices)} practices: "
            f"it takes {SMALLEST} people to show every feature, and a practice to register them"
        )
    numbers = nhs_numbers(_branch(rng), taken=taken)
    unknown = tuple(islice(numbers, UNKNOWN))
    draws = Draws(_branch(rng), draw_pools(_branch(rng)), today=today, practices=practices, numbers=numbers)
    showing = _draw(count, draws)
    volunteers = {number for name in _VOLUNTEERS for number in showing[name]}
    cast = [person for person in draws.people[:SMALLEST] if person.nhs_number in volunteers]
    differing = disagreements(cast, draws.people[SMALLEST:], practices, today, _branch(rng))
    return Population(tuple(draws.people), showing, unknown, _later(draws, showing), differing)


def _branch(rng: random.Random) -> random.Random:
    """A stream of its own, so that drawing more here does not change what is drawn there."""
    return random.Random(rng.getrandbits(64))  # noqa: S311 - to be repeated, not to be secret


def _draw(count: int, draws: Draws) -> Showing:
    """Draws the people, and notes who shows what."""
    showing: defaultdict[str, list[str]] = defaultdict(list)
    for person, names in islice(everybody(draws), count):
        draws.people.append(person)
        for name in names:
            showing[name].append(person.nhs_number)
    return dict(showing)


def _later(draws: Draws, showing: Showing) -> Mapping[str, Person]:
    """The records that follow when people register with another practice today."""
    movers = [person for person in draws.people if person.nhs_number in showing["practice_changes"]]
    return {person.nhs_number: _moved(person, draws) for person in movers}


def _moved(person: Person, draws: Draws) -> Person:
    other = next((ods for ods in draws.practices if ods != person.practice), COST_CENTRES[0])
    return replace(person, version=person.version + 1, practice=other, practice_since=iso(draws.today))
