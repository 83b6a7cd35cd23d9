from collections.abc import Callable
from dataclasses import replace

import pytest

from mock_pds.people import Address, History, Name, Person, Telecom
from tests.mock_pds.maximal import MAXIMAL
from tests.mock_pds.world import ALICE, World

Build = Callable[..., World]
ALICES, BORN = ["9991234500"], "1984-11-05"
MAGS = "9991234535"


@pytest.mark.parametrize(
    "params",
    [
        {"family": "SMITH"},
        {"family": "Sm*"},
        {"family": "sm*t*"},
        {"given": "ALICE"},
        {"given": "al*"},
        {"gender": "female"},
        {"address_postalcode": "zz999zz"},
        {"address_postcode": "ZZ99 9ZZ"},
        {"address_postalcode": "ZZ*"},
        {"general_practitioner": "z91001"},
        {"phone": "07700 900461"},
    ],
    ids=str,
)
async def test_what_agrees_is_found(world: World, params: dict[str, str]) -> None:
    assert await world.found(**{"family": "smith", "birthdate": BORN} | params) == ALICES


@pytest.mark.parametrize(
    "params",
    [
        {"family": "smyth"},
        {"family": "alice"},
        {"given": "alic"},
        {"given": "jane"},
        {"given": "alice jane"},
        {"gender": "male"},
        {"address_postalcode": "ZZ99 9ZY"},
        {"general_practitioner": "Z9100"},
        {"phone": "07700900461"},
        {"email": "07700 900461"},
        {"birthdate": "1984-11-06"},
        {"death_date": "ge1900-01-01"},
    ],
    ids=str,
)
async def test_one_thing_that_does_not_agree_is_enough_not_to_be_found(world: World, params: dict[str, str]) -> None:
    assert await world.found(**{"family": "smith", "birthdate": BORN} | params) == []


async def test_each_given_name_is_a_parameter_and_their_order_counts(world: World) -> None:
    in_order = [("given", "alice"), ("given", "jane")]

    assert await world.found(*in_order, family="smith", birthdate=BORN) == ALICES
    assert await world.found(*reversed(in_order), family="smith", birthdate=BORN) == []
    assert await world.found(*in_order, ("given", "x"), family="smith", birthdate=BORN) == []


async def test_a_compound_first_name_keeps_its_space_in_one_value(build: Build) -> None:
    world = build(MAXIMAL)

    assert await world.found(family="o'rourke-élan", given="mary jane", birthdate=BORN) == [MAGS]
    assert await world.found(("given", "mary"), ("given", "jane"), family="o'rourke-élan", birthdate=BORN) == []


async def test_family_and_given_names_have_to_be_of_the_same_name(build: Build) -> None:
    world = build(replace(ALICE, names=(Name("Smith", ("Alice",)), Name("Jones", ("Ally",), "nickname"))))

    assert await world.found(family="jones", given="ally", birthdate=BORN) == ALICES
    assert await world.found(family="jones", given="alice", birthdate=BORN) == []


@pytest.mark.parametrize(("use", "found"), [("temp", ALICES), ("nickname", ALICES), ("old", []), ("maiden", [])])
async def test_only_names_in_use_are_searched(build: Build, use: str, found: list[str]) -> None:
    world = build(replace(ALICE, names=(Name("Smith", ("Alice",)), Name("Jones", ("Alice",), use))))

    assert await world.found(family="jones", birthdate=BORN) == found


@pytest.mark.parametrize(
    ("born", "found"),
    [
        (["eq1984-11-05"], ALICES),
        (["ge1984-11-05"], ALICES),
        (["le1984-11-05"], ALICES),
        (["ge1984-11-06"], []),
        (["le1984-11-04"], []),
        (["ge1984-01-01", "le1984-12-31"], ALICES),
        (["ge1990-01-01", "le1980-01-01"], []),
        (["1984-11-05", "1984-11-06"], []),
    ],
)
async def test_a_date_of_birth_can_be_a_range(world: World, born: list[str], found: list[str]) -> None:
    assert await world.found(*(("birthdate", value) for value in born), family="smith") == found


@pytest.mark.parametrize(
    ("held", "found"),
    [("1984", []), ("1984-11", ALICES), ("1984-10", []), (None, [])],
)
async def test_a_legacy_date_fits_a_range_that_holds_all_of_it(
    build: Build, held: str | None, found: list[str]
) -> None:
    world = build(replace(ALICE, birth_date=held))

    assert await world.found(("birthdate", "ge1984-11-01"), ("birthdate", "le1984-11-30"), family="smith") == found


async def test_a_date_of_death_can_be_asked_for(build: Build) -> None:
    world = build(replace(ALICE, deceased="2025-02-11T00:00:00+00:00"))

    assert await world.found(family="smith", birthdate=BORN, death_date="ge2025-01-01") == ALICES
    assert await world.found(family="smith", birthdate=BORN, death_date="2025-02-12") == []


async def test_any_address_is_searched_though_only_the_home_is_shown(build: Build) -> None:
    world = build(replace(ALICE, addresses=(*ALICE.addresses, Address(("1 Away",), "ZZ99 1AA", "temp", "Second Home"))))

    answer = await world.search(family="smith", birthdate=BORN, address_postalcode="ZZ991AA")

    assert "ZZ99 1AA" not in answer.text
    assert answer.json()["total"] == 1


@pytest.mark.parametrize(
    "once",
    [
        {"family": "quayle"},
        {"family": "o'rourke-élan", "email": "old@example.org"},
        {"family": "o'rourke-élan", "address_postalcode": "ZZ99 1AA"},
        {"family": "thwaite", "given": "mary jane"},
    ],
    ids=str,
)
async def test_history_finds_what_once_was_and_shows_what_is(build: Build, once: dict[str, str]) -> None:
    world = build(MAXIMAL)

    assert await world.found(**once, birthdate=BORN) == []
    answer = await world.search(**once, birthdate=BORN, _history="true")
    assert answer.json()["total"] == 1
    assert "Quayle" not in answer.text
    assert "old@example.org" not in answer.text


async def test_no_history_forgives_a_former_date_of_birth(build: Build) -> None:
    world = build(MAXIMAL)

    assert await world.found(family="o'rourke-élan", birthdate="1948-11-05", _history="true") == []


async def score(world: World, *params: tuple[str, str], **named: str) -> float:
    answer = await world.search(*params, **{"family": "smith", "birthdate": BORN} | named)
    return float(answer.json()["entry"][0]["search"]["score"])


@pytest.mark.parametrize(
    "equal", [{}, {"given": "Alice"}, {"gender": "female", "general_practitioner": "Z91001"}, {"phone": "07700 900461"}]
)
async def test_a_score_of_one_means_that_all_that_was_asked_for_is_equal(world: World, equal: dict[str, str]) -> None:
    assert await score(world, **equal) == 1


async def test_a_wildcard_scores_less_and_more_when_more_else_is_equal(world: World) -> None:
    wild = await score(world, family="sm*")
    wild_and_more = await score(world, family="sm*", general_practitioner="Z91001")
    wild_postcode = await score(world, address_postalcode="ZZ*")

    assert wild < wild_and_more < wild_postcode < 1


async def test_a_score_has_four_places_at_most(world: World) -> None:
    scored = await score(world, family="sm*", address_postalcode="ZZ*", gender="female")

    assert scored == round(scored, 4)


@pytest.mark.parametrize(("family", "found"), [("smith", ALICES), ("smit*", [])])
async def test_an_exact_match_is_one_that_scores_one(world: World, family: str, found: list[str]) -> None:
    assert await world.found(family=family, birthdate=BORN, _exact_match="true") == found


async def test_the_best_come_first_and_equals_in_order_of_their_numbers(build: Build) -> None:
    jane = Person("9991234519", (Name("Smithe", ("Jane",)),), birth_date=BORN)
    twins = [replace(ALICE, nhs_number=number) for number in ("9991234535", "9991234500", "9991234527")]
    former = replace(jane, nhs_number="9991234594", names=(Name("Jones"), Name("Smith", use="old")))
    world = build(former, *twins)

    found = await world.found(family="smith", birthdate=BORN, _history="true")

    assert found == ["9991234500", "9991234527", "9991234535", "9991234594"]


async def test_an_email_is_compared_whole_and_without_case(build: Build) -> None:
    world = build(replace(ALICE, telecom=(Telecom("Alice@Example.org", "email"),)))

    assert await world.found(family="smith", birthdate=BORN, email="alice@example.ORG") == ALICES
    assert await world.found(family="smith", birthdate=BORN, email="alice@example.or") == []


async def test_a_record_in_the_history_of_another_name_is_still_one_result(build: Build) -> None:
    world = build(replace(ALICE, history=History(names=(Name("Smith", ("Alice",)),))))

    assert await world.found(family="smith", birthdate=BORN, _history="true") == ALICES
