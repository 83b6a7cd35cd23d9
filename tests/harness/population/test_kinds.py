import random
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date

import pytest

from booking_core.identity import verifies
from booking_core.pds import Demographics
from harness.population.kinds import BY_NAME, KINDS, Kind, disagree
from harness.population.records import booker_record, local_record
from mock_gpconnect.provider.find_patient import details_of_local
from mock_gpconnect.provider.patients import LocalPatient
from mock_gpconnect.provider.verification import agree, details_of
from mock_pds.person import Address, Name, Person, Telecom
from mock_pds.resources import patient

SMITH = Person(
    "9991234500",
    (Name("Smith", ("Alice",)),),
    "female",
    "1984-11-05",
    addresses=(Address(("1 Mill Road",), "ZZ99 9AA"),),
    telecom=(Telecom("07700 900001", use="mobile"),),
)
SPECIAL = {
    "short_family": "Ng",
    "apostrophe_kept": "O'Rourke",
    "apostrophe_dropped": "O'Rourke",
    "diacritic_kept": "Müller",
    "diacritic_dropped": "ÖZIL",
}
DIFFERS = {
    "short_family": {"birth_date"},
    "apostrophe_kept": {"birth_date"},
    "apostrophe_dropped": {"birth_date", "family"},
    "diacritic_kept": {"birth_date"},
    "diacritic_dropped": {"birth_date", "family"},
    "same": set(),
    "birth_day_typo": {"birth_date"},
    "birth_year_typo": {"birth_date"},
    "birth_date_two_parts": {"birth_date"},
    "day_and_month_swapped": {"birth_date"},
    "third_letter": {"birth_date", "family"},
    "other_initial": {"birth_date", "given"},
    "married_name": {"family"},
    "wrong_gender": {"gender"},
    "stale_address": {"address"},
    "never_traced": {"verified"},
}
PARTS: dict[str, Callable[[date], object]] = {
    "birth_day_typo": lambda day: (day.year, day.month),
    "birth_year_typo": lambda day: (day.month, day.day),
    "birth_date_two_parts": lambda day: day.month,
    "day_and_month_swapped": lambda day: (day.year, {day.month, day.day}),
}
"""What of the birth date stays as it was."""


def person_for(kind: str, **changes: object) -> Person:
    return replace(SMITH, names=(Name(SPECIAL.get(kind, "Smith"), ("Alice",)),), **changes)  # type: ignore[arg-type]


def on_pds(person: Person) -> Demographics:
    name = person.names[0]
    return Demographics(person.nhs_number, name.family, name.given, "", date.fromisoformat(person.birth_date or ""))


@pytest.fixture(params=range(5))
def rng(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_verifies_as_it_says(kind: Kind, rng: random.Random) -> None:
    person = person_for(kind.name)

    record = disagree(person, kind.name, rng)

    assert agree(details_of_local(record), details_of(patient(person))) == kind.verifies
    assert verifies(booker_record(record).person, on_pds(person)) == kind.verifies


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_differs_in_what_it_says_and_in_nothing_else(kind: Kind, rng: random.Random) -> None:
    person = person_for(kind.name)
    right, wrong = local_record(person), disagree(person, kind.name, rng)

    differing = {f.name for f in fields(LocalPatient) if getattr(right, f.name) != getattr(wrong, f.name)}
    assert differing == DIFFERS[kind.name]


@pytest.mark.parametrize("kind", PARTS)
def test_a_wrong_birth_date_keeps_its_other_parts(kind: str, rng: random.Random) -> None:
    part = PARTS[kind]

    assert part(disagree(SMITH, kind, rng).birth_date) == part(date(1984, 11, 5))


@pytest.mark.parametrize("born", ["2024-02-29", "2026-01-01", "2026-03-31", "1916-02-28"])
@pytest.mark.parametrize("kind", ["birth_day_typo", "birth_year_typo", "birth_date_two_parts"])
def test_any_birth_date_can_be_mistyped(kind: str, born: str, rng: random.Random) -> None:
    wrong = disagree(person_for(kind, birth_date=born), kind, rng).birth_date

    assert wrong != date.fromisoformat(born)
    assert wrong <= max(date.fromisoformat(born), date(2026, 1, 2))


@pytest.mark.parametrize(
    ("kind", "family"),
    [
        ("short_family", "Lee"),
        ("apostrophe_kept", "Dell'Orto"),
        ("diacritic_dropped", "Dvořák"),
        ("third_letter", "Ng"),
    ],
)
def test_a_kind_that_does_not_suit_is_refused(kind: str, family: str) -> None:
    person = replace(SMITH, names=(Name(family, ("Alice",)),))

    with pytest.raises(ValueError, match=f"9991234500, born 1984-11-05, cannot show '{kind}'"):
        disagree(person, kind, random.Random(7))


def test_day_and_month_are_swapped_only_where_that_is_another_day_not_to_come() -> None:
    assert not BY_NAME["day_and_month_swapped"].suits(local_record(replace(SMITH, birth_date="1984-05-11")))
    assert disagree(SMITH, "day_and_month_swapped", random.Random(7)).birth_date == date(1984, 5, 11)


def test_the_other_third_letter_is_another_one_for_every_name() -> None:
    wrong = disagree(replace(SMITH, names=(Name("Boyd", ("Alice",)),)), "third_letter", random.Random(7))

    assert wrong.family == "Boid"


@pytest.mark.parametrize("given", ["Robin", "Alex"])
def test_the_other_first_name_has_another_initial(given: str) -> None:
    wrong = disagree(replace(SMITH, names=(Name("Smith", (given, "May")),)), "other_initial", random.Random(7))

    assert wrong.given[0][0] != given[0]
    assert wrong.given[1:] == ("May",)


@pytest.mark.parametrize(("family", "plain"), [("Øverby", "Overby"), ("ŁUKASIK", "LUKASIK"), ("Růžička", "Ruzicka")])
def test_strokes_are_dropped_like_other_marks(family: str, plain: str) -> None:
    assert (
        disagree(replace(SMITH, names=(Name(family, ("Alice",)),)), "diacritic_dropped", random.Random(7)).family
        == plain
    )
