"""The rules for what a record may hold, over all people of a large population."""

import re
from collections.abc import Iterator

from harness.population.people import Population
from mock_pds.contact_rules import EMAIL, EMAIL_LENGTHS
from mock_pds.person import Address, Name, Person
from mock_pds.person_rules import NAME_CHARACTERS
from tests.harness.population.conftest import TODAY

TITLES = {"Mr", "Mrs", "Ms", "Dr", "Rev", "Sir", "Lady", "Lord"}
PHONE = re.compile(
    r"(01632 ?960 ?\d{3}|(\+44|0044)1632960\d{3})( ext 4\d)?|(07700 ?900 ?|(\+44|0044)7700900|\+44 7700 900 )\d{3}"
)
FOREIGN = re.compile(r"(\+1 202 555 01|00121255501|\+33 1 99 00 |0033 6 39 98 |\+353 20 91)[\d ]+")


def names(population: Population) -> Iterator[Name]:
    for person in population.people:
        yield from person.names
        yield from (relative.name for relative in person.relatives if relative.name)


def addresses(population: Population) -> Iterator[Address]:
    for person in population.people:
        yield from person.addresses
        yield from (relative.address for relative in person.relatives if relative.address)


def dates(person: Person) -> Iterator[str]:
    """Days that cannot come before birth: all but those of telephones, which may be a parent's."""
    yield from (name.start for name in person.names if name.start)
    yield from (address.start for address in person.addresses if address.start)
    yield from (text[:10] for text in (person.practice_since, person.death_noticed) if text)


def test_names_keep_to_the_accepted_letters(large: Population) -> None:
    texts = {text for name in names(large) for text in (name.family, *name.given, *name.prefix)}

    assert {text for text in texts if not NAME_CHARACTERS.issuperset(text)} == set()


def test_names_keep_to_their_lengths(large: Population) -> None:
    found = list(names(large))

    assert all(1 <= len(name.family) <= 35 for name in found)
    assert all(len(name.given) <= 5 and all(1 <= len(given) <= 35 for given in name.given) for name in found)


def test_only_a_first_given_name_is_compound(large: Population) -> None:
    assert [name for name in names(large) if any(" " in given for given in name.given[1:])] == []


def test_titles_are_written_as_the_record_wants_them(large: Population) -> None:
    assert {prefix for name in names(large) for prefix in name.prefix} <= TITLES


def test_everyone_with_a_name_has_one_usual_name(large: Population) -> None:
    named = [[name.use for name in person.names] for person in large.people if person.names]

    assert all(uses.count("usual") == 1 for uses in named)


def test_postcodes_are_of_nowhere(large: Population) -> None:
    assert all(re.fullmatch(r"ZZ99 [39][A-Z]{2}", address.postcode or "") for address in addresses(large))


def test_addresses_have_one_to_five_lines(large: Population) -> None:
    assert all(1 <= len(address.lines) <= 5 and any(address.lines) for address in addresses(large))


def test_keys_keep_their_leading_zeros(large: Population) -> None:
    keys = [(address.paf, address.uprn) for address in addresses(large) if address.paf and address.uprn]

    assert all(len(paf) == 8 and len(uprn) == 12 and (paf + uprn).isdigit() for paf, uprn in keys)
    assert any(paf.startswith("0") for paf, _ in keys)


def test_telephones_ring_nowhere(large: Population) -> None:
    reached = [each.value for person in large.people for each in person.telecom if each.system != "email"]
    reached += [value for person in large.people for contact in person.contacts for _, value in contact.telecom]

    assert [value for value in reached if not (PHONE.fullmatch(value) or FOREIGN.fullmatch(value))] == []


def test_mail_goes_nowhere(large: Population) -> None:
    reached = [each.value for person in large.people for each in person.telecom if each.system == "email"]

    assert all(EMAIL.fullmatch(value) and len(value) in EMAIL_LENGTHS and value.isascii() for value in reached)
    assert {value.partition("@")[2] for value in reached} == {"example.com", "example.org"}


def test_nothing_begins_before_birth_or_after_today(large: Population) -> None:
    dated = [(person.birth_date or "0", day) for person in large.people for day in dates(person)]

    assert [(born, day) for born, day in dated if not born <= day <= TODAY.isoformat()] == []


def test_nobody_dies_before_birth_or_after_today(large: Population) -> None:
    dead = [(person.birth_date or "", person.deceased) for person in large.people if person.deceased]

    assert all(born[: len(died)] <= died[: len(born)] <= TODAY.isoformat() for born, died in dead)


def test_nothing_ends_before_it_begins(large: Population) -> None:
    spans = [(name.start, name.end) for person in large.people for name in person.names]
    spans += [(address.start, address.end) for person in large.people for address in person.addresses]

    assert all(start <= end for start, end in spans if start and end)
