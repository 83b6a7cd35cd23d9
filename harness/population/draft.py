"""A person in the making: flat and open to change, so that a feature is an assignment and costs as little."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from harness.population.draws import Draws, iso
from mock_pds.person import Address, Name, Person, Telecom

TITLES = {"female": ("Mrs", "Ms", "Mrs", "Ms", "Mrs", "Dr", "Rev", "Lady"), "male": ("Mr",) * 6 + ("Dr", "Rev", "Sir")}
TITLES_OF_CHILDREN = {"female": ("Ms",), "male": ("Mr",)}
VERSIONS = 12
_WAYS = (("mobile", "email"), ("mobile", "landline"), ("landline", "email"), ("mobile", "landline", "email"))
"""How most people can be reached: always in two ways at least."""


@dataclass(slots=True)
class Draft:
    """What a Person will hold. `since` is when the person came to live where they live; `more` is all that is rare."""

    nhs_number: str
    gender: str | None
    born: str | None
    since: str
    family: str
    given: tuple[str, ...]
    title: str
    version: int
    lines: tuple[str, ...]
    postcode: str
    telecom: tuple[Telecom, ...]
    practice: str | None
    paf: str | None = None
    uprn: str | None = None
    names_before: tuple[Name, ...] = ()
    names_after: tuple[Name, ...] = ()
    other_addresses: tuple[Address, ...] = ()
    spelling: Callable[[str], str] | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def person(self) -> Person:
        """The finished record."""
        return Person(
            self.nhs_number,
            self._names(),
            self.gender,
            self.born,
            self.version,
            addresses=self._addresses(),
            telecom=self.telecom,
            practice=self.practice,
            practice_since=self.since if self.practice else None,
            **self.more,
        )

    def _names(self) -> tuple[Name, ...]:
        usual = Name(self.family, self.given, "usual", (self.title,) if self.title else (), start=self.born)
        names = (*self.names_before, usual, *self.names_after)
        return names if self.spelling is None else tuple(_spelt(name, self.spelling) for name in names)

    def _addresses(self) -> tuple[Address, ...]:
        if not self.lines:
            return self.other_addresses
        home = Address(self.lines, self.postcode, start=self.since, paf=self.paf, uprn=self.uprn)
        return (home, *self.other_addresses)


def _spelt(name: Name, spelling: Callable[[str], str]) -> Name:
    given = tuple(map(spelling, name.given))
    return Name(spelling(name.family), given, name.use, name.prefix, name.suffix, name.start, name.end)


def ordinary(draws: Draws, *, gender: str | None = None, born: int | None = None) -> Draft:
    """Somebody with nothing special about them."""
    gender = gender or draws.pick(("female", "male"))
    day = draws.birth() if born is None else born
    birth_date, since = iso(day), iso(draws.between(day, draws.today))
    family, first = draws.pick(draws.pools.families), draws.pick(draws.pools.given[gender])
    titles = TITLES if birth_date < draws.adult_since else TITLES_OF_CHILDREN
    return Draft(
        draws.nhs_number(),
        gender,
        birth_date,
        since,
        family,
        (first,),
        draws.pick(titles[gender]),
        1 + draws.below(VERSIONS),
        draws.lines(),
        draws.pick(draws.pools.postcodes),
        tuple([WAYS[way](draws, f"{first}.{family}", since) for way in draws.pick(_WAYS)]),
        draws.pick(draws.practices),
    )


def mobile(draws: Draws, _: str, since: str) -> Telecom:
    """A mobile telephone."""
    return Telecom(draws.pick(draws.pools.mobiles), "phone", "mobile", start=since)


def landline(draws: Draws, _: str, since: str) -> Telecom:
    """A telephone at home."""
    return Telecom(draws.pick(draws.pools.landlines), "phone", "home", start=since)


def email(draws: Draws, name: str, since: str) -> Telecom:
    """A mailbox of that name, in which nothing ever arrives."""
    domain = "example.org" if draws.random() < 0.5 else "example.com"
    return Telecom(f"{name}{draws.below(1000)}@{domain}".lower(), "email", "home", start=since)


WAYS = {"mobile": mobile, "landline": landline, "email": email}
"""Ways to reach somebody, by name."""
