"""Who disagrees: the people of a population whose record at some practice is not the national one."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain

from harness.population.kinds import KINDS, Kind
from harness.population.records import local_record
from mock_gpconnect.provider.patients import LocalPatient
from mock_pds.person import Person

SHARE = 0.05
AT_HOME = 0.5
"""How many of these records stand at the person's own practice, the others where they are temporary residents."""

TEMPORARY = timedelta(days=45)
"""How long ago a temporary registration began, and how long it still lasts."""

DIFFERING = tuple(kind for kind in KINDS if kind.name != "same")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A record that differs from the national one; `at` is the ODS code of the practice that holds it."""

    kind: str
    at: str
    record: LocalPatient


def disagreements(
    first: Iterable[Person], rest: Iterable[Person], practices: Sequence[str], today: date, rng: random.Random
) -> Mapping[str, Disagreement]:
    """Each kind once among `first`, then one that suits for a share of the `rest`; by NHS number."""
    chosen = chain(_once_each(first), _at_random(rest, rng))  # one by one: who comes later changes nobody's record
    return {
        person.nhs_number: _placed(kind.name, kind.change(record, rng), person.practice, practices, today, rng)
        for person, record, kind in chosen
    }


def is_verifiable(person: Person) -> bool:
    """Whether nothing but a disagreement can keep a practice from verifying the person."""
    name = person.usual_name
    return (
        name is not None
        and bool(name.given)
        and person.birth_date is not None
        and person.gender in ("female", "male")
        and person.confidentiality == "U"
        and not (person.deceased or person.superseded_by or person.invalidated)
    )


Chosen = tuple[Person, LocalPatient, Kind]


def _once_each(people: Iterable[Person]) -> Iterator[Chosen]:
    waiting = [(person, local_record(person)) for person in people if is_verifiable(person)]
    for kind in DIFFERING:
        person, record = next(one for one in waiting if kind.suits(one[1]))
        waiting.remove((person, record))
        yield person, record, kind


def _at_random(people: Iterable[Person], rng: random.Random) -> Iterator[Chosen]:
    for person in people:
        if rng.random() < SHARE and is_verifiable(person):
            record = local_record(person)
            yield person, record, rng.choice([kind for kind in DIFFERING if kind.suits(record)])


def _placed(
    kind: str, record: LocalPatient, home: str | None, practices: Sequence[str], today: date, rng: random.Random
) -> Disagreement:
    """The record at a practice that is in the world."""
    others = [ods for ods in practices if ods != home]
    if home is not None and home in practices and (not others or rng.random() < AT_HOME):
        return Disagreement(kind, home, record)
    begun = datetime.combine(today, time(), UTC) - TEMPORARY
    resident = replace(record, registration="T", registered_from=begun, registered_until=begun + 2 * TEMPORARY)
    return Disagreement(kind, rng.choice(others), resident)
