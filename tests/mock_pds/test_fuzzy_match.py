from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mock_pds.people import Address, History, Name, Person, Telecom
from mock_pds.words import plain, soundex
from tests.mock_pds.world import World

Build = Callable[..., World]
JAK = Person(
    "9991234500",
    (Name("Amanda", ("Jak", "Justin")),),
    gender="male",
    birth_date="1984-11-05",
    addresses=(Address(("1 Fell View",), "DN15 8JY"),),
    telecom=(Telecom("01632 960587"), Telecom("jak@example.org", "email")),
    practice="Z91001",
)
PAULINE = replace(JAK, nhs_number="9991234519", names=(Name("attisón", ("Pauline", "Mary")),), gender="female")
JOSEPH = replace(JAK, nhs_number="9991234527", names=(Name("Smith", ("Joseph",)),))


@pytest.fixture
def world(build: Build) -> World:
    return build(JAK, PAULINE, JOSEPH)


async def fuzzy(world: World, **named: Any) -> list[str]:
    return await world.found(**{"_fuzzy_match": "true", "birthdate": "1984-11-05"} | named)


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"family": "Smythe", "given": "Joseph"}, "9991234527"),
        ({"family": "jak", "given": "amanda"}, "9991234500"),
        ({"family": "Smith", "given": "Joe"}, "9991234527"),
        ({"family": "amanda", "given": "Jak J"}, "9991234500"),
        ({"family": "amanda", "given": "Justen"}, "9991234500"),
        ({"family": "Attison", "given": "Pauline Marie J"}, "9991234519"),
        ({"family": "ATTSÖN", "given": "PÀULINÉ"}, "9991234519"),
        ({"family": "Smiht", "given": "Joseph"}, "9991234527"),
        ({"family": "Smith", "given": "Josepf", "general_practitioner": "WRONG1"}, "9991234527"),
        ({"family": "Smith", "given": "Joseph", "phone": "01632 960578"}, "9991234527"),
        ({"family": "Smith", "given": "Joseph", "death_date": "2020-01-01"}, "9991234527"),
        ({"family": "Smith", "gender": "male", "address_postalcode": "DN18 8JY"}, "9991234527"),
        ({"given": "Joseph", "gender": "male", "address_postalcode": "DN15258JY"}, "9991234527"),
        ({"given": "Joe", "gender": "male", "address_postcode": "dn158jy"}, "9991234527"),
    ],
    ids=str,
)
async def test_what_it_forgives(world: World, asked: dict[str, str], number: str) -> None:
    assert number in await fuzzy(world, **asked)


@pytest.mark.parametrize(
    "asked",
    [
        {"family": "Smith", "given": "Joseph", "birthdate": "1984-11-06"},
        {"family": "Smith", "given": "Joseph", "email": "jok@example.org"},
        {"family": "Smith", "gender": "female", "address_postalcode": "DN15 8JY"},
        {"family": "Smith", "gender": "male", "address_postalcode": "ZZ99 7CZ"},
        {"family": "Smith", "gender": "male", "address_postalcode": "LS1 6AE"},
        {"family": "Smith", "given": "Winifred"},
        {"family": "Ashdown", "given": "Joseph"},
    ],
    ids=str,
)
async def test_what_it_does_not_forgive(world: World, asked: dict[str, str]) -> None:
    assert await fuzzy(world, **asked) == []


async def test_what_once_was_counts_without_being_asked_for(build: Build) -> None:
    once = History(names=(Name("Quayle", ("Joseph",)),), genders=("female",), birth_dates=("1948-11-05",))
    world = build(replace(JOSEPH, history=once))

    assert await fuzzy(world, family="quayle", given="joseph") == ["9991234527"]
    assert await fuzzy(world, family="smith", gender="female", address_postalcode="DN15 8JY") == ["9991234527"]
    assert await fuzzy(world, family="smith", given="joseph", birthdate="1948-11-05") == []


async def test_a_former_gender_is_not_what_the_entry_shows(build: Build) -> None:
    world = build(replace(JOSEPH, history=History(genders=("female",))))

    answer = await world.search(
        _fuzzy_match="true",
        family="smith",
        gender="female",
        address_postalcode="DN15 8JY",
        birthdate="1984-11-05",
    )

    assert answer.json()["entry"][0]["resource"]["gender"] == "male"


async def score(world: World, **named: str) -> float:
    asked = {"_fuzzy_match": "true", "family": "smith", "given": "joseph", "birthdate": "1984-11-05"} | named
    return float((await world.search(**asked)).json()["entry"][0]["search"]["score"])


async def test_the_more_is_known_the_higher_the_score(world: World) -> None:
    nothing = await score(world)
    phone = await score(world, phone="01632 960587")
    both = await score(world, phone="01632 960587", email="jak@example.org")

    assert 0.8 < nothing < phone < both <= 1


async def test_a_worse_likeness_scores_less(world: World) -> None:
    assert await score(world, given="joe") < await score(world)
    assert await score(world, family="smythe") < await score(world)
    assert await score(world, general_practitioner="WRONG1") < await score(world)


@pytest.mark.parametrize(
    ("word", "code"),
    [("smith", "s530"), ("smythe", "s530"), ("robert", "r163"), ("rupert", "r163"), ("ashcraft", "a261"), ("", "")],
)
def test_words_that_sound_alike_have_one_code(word: str, code: str) -> None:
    assert soundex(word) == code


def test_a_plain_word_has_no_marks() -> None:
    assert plain("O'Rourke-Élan ſ") == "orourkeelan s"
