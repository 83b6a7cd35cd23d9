import os
import random
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import faker.generator
import pytest

from harness.chance import Chance
from harness.population.cast import SMALLEST
from harness.population.people import Population
from harness.rows import synthetic_number
from mock_pds.people import People
from mock_pds.person import Person
from tests.harness.population.conftest import PRACTICES, TODAY, draw

ROOT = Path(__file__).parents[3]


def without_numbers(person: Person) -> Person:
    """The person but for all NHS numbers in the record."""
    relatives = tuple(replace(relative, nhs_number=None) for relative in person.relatives)
    return replace(person, nhs_number="", superseded_by=None, relatives=relatives)


def test_one_seed_gives_the_same_people(smallest: Population) -> None:
    assert draw() == smallest


def test_another_seed_gives_others(smallest: Population) -> None:
    assert draw(seed="8:population").people != smallest.people


def test_the_nth_person_is_the_same_however_many_there_are(smallest: Population, large: Population) -> None:
    fewer = draw(700)

    assert smallest.people == large.people[:SMALLEST]
    assert fewer.people == large.people[:700]
    assert fewer.disagreements == {number: large.disagreements[number] for number in fewer.disagreements}


def test_taken_numbers_change_nothing_but_numbers() -> None:
    before = draw(1000)
    taken = {person.nhs_number for person in before.people[::3]}

    after = draw(1000, taken=taken)

    assert taken.isdisjoint(person.nhs_number for person in after.people)
    assert list(map(without_numbers, after.people)) == list(map(without_numbers, before.people))


def test_other_streams_are_left_alone() -> None:
    def rest() -> tuple[object, ...]:
        return random.getstate(), faker.generator.random.getstate()

    chance, before = Chance(7), rest()

    draw(SMALLEST)

    assert rest() == before
    assert chance.stream("numbers").random() == Chance(7).stream("numbers").random()


def test_the_order_of_sets_has_no_say(smallest: Population) -> None:
    script = "from tests.harness.population.conftest import draw; import zlib; print(zlib.crc32(repr(draw()).encode()))"
    environment = os.environ | {"PYTHONHASHSEED": "4", "PYTHONPATH": os.pathsep.join(("src", "."))}

    printed = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, check=True, text=True
    )

    assert int(printed.stdout) == zlib.crc32(repr(smallest).encode())


def test_every_number_is_synthetic_and_names_one_person(large: Population) -> None:
    numbers = [person.nhs_number for person in large.people]

    assert [synthetic_number(number) for number in numbers] == numbers
    assert len(People(large.people)) == len(set(numbers))


def test_some_valid_numbers_are_nobodys(large: Population) -> None:
    assert len(set(large.unknown)) == 3
    assert set(large.unknown).isdisjoint(person.nhs_number for person in large.people)
    assert [synthetic_number(number) for number in large.unknown] == [*large.unknown]


def test_people_are_registered_at_the_practices_of_the_world(large: Population) -> None:
    registered = [person.practice for person in large.people]

    assert all(registered.count(ods) > len(registered) / 4 for ods in PRACTICES)


def test_ages_follow_the_worlds_clock() -> None:
    born = draw(today=date(2040, 1, 1)).showing["born_today"]

    (baby,) = [person for person in draw(today=date(2040, 1, 1)).people if person.nhs_number in born]
    assert baby.birth_date == "2040-01-01"


@pytest.mark.parametrize("today", [date(2028, 2, 29), date(2026, 1, 1), date(2026, 12, 31)])
def test_any_day_can_be_today(today: date) -> None:
    population = draw(400, today=today)

    assert all((person.birth_date or "") <= today.isoformat() for person in population.people)


def test_a_practice_changes_in_the_next_version(smallest: Population) -> None:
    (number,) = smallest.showing["practice_changes"]
    (now,) = [person for person in smallest.people if person.nhs_number == number]

    later = smallest.later[number]

    assert smallest.later.keys() == {number}
    assert (later.version, later.practice_since) == (now.version + 1, TODAY.isoformat())
    assert later.practice in PRACTICES and later.practice != now.practice
    assert replace(later, version=now.version, practice=now.practice, practice_since=now.practice_since) == now


def test_who_has_only_one_practice_to_go_to_moves_away() -> None:
    population = draw(practices=("T90051",))

    assert [person.practice for person in population.later.values()] == ["Y99001"]
    assert {one.at for one in population.disagreements.values()} == {"T90051"}


@pytest.mark.parametrize(("count", "practices"), [(SMALLEST - 1, PRACTICES), (SMALLEST, ())])
def test_less_than_it_takes_is_refused(count: int, practices: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="it takes 160 people to show every feature, and a practice to register them"):
        draw(count, practices=practices)


@pytest.mark.parametrize("name", ["relative_by_reference", "relative_by_both"])
def test_a_relative_who_is_named_by_number_is_in_the_population(large: Population, name: str) -> None:
    by_number = {person.nhs_number: person for person in large.people}
    relatives = [by_number[number].relatives[0].nhs_number for number in large.showing[name]]

    assert all(number in by_number and by_number[number].confidentiality == "U" for number in relatives if number)
    assert all(relatives)
