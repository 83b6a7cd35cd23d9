"""A person in the making: flat and open to change, so that a feature is an assignment and costs as little."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.population.draws import Draws, iso
from mock_pds.person import Address, Name, Person, Telecom

TITLES = {"female": ("Mrs", "Ms", "Mrs", "Ms", "Mrs", "Dr", "Rev", "Lady"), "male": ("Mr",) * 6 + ("Dr", "Rev", "Sir")}
TITLES_OF_CHILDREN = {"female": ("Ms",), "male": ("Mr",)}
VERSIONS = 12

Way = Callable[[Draws, str, str], Telecom]
WAYS: Mapping[str, Way] = {
    "mobile": lambda draws, _, __: draws.mobile(),
    "landline": lambda draws, _, __: draws.landline(),
    "email": Draws.email,
}
"""Ways to reach somebody, each made from a name and a day."""

_MOBILE, _LANDLINE, _EMAIL = WAYS.values()
_MOST = ((_MOBILE, _EMAIL), (_MOBILE, _LANDLINE), (_LANDLINE, _EMAIL), (_MOBILE, _LANDLINE, _EMAIL))
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
        return (*self.names_before, usual, *self.names_after)

    def _addresses(self) -> tuple[Address, ...]:
        if not self.lines:
            return self.other_addresses
        home = Address(self.lines, self.postcode, start=self.since, paf=self.paf, uprn=self.uprn)
        return (home, *self.other_addresses)


def ordinary(draws: Draws, *, gender: str | None = None, born: int | None = None) -> Draft:
    """Somebody with nothing special about them."""
    gender = gender or draws.pick(("female", "male"))
    day = draws.birth() if born is None else born
    birth_date, since = iso(day), iso(draws.between(day, draws.today))
    family, first = draws.pick(draws.pools.families), draws.pick(draws.pools.given[gender])
    mailbox = f"{first}.{family}"
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
        tuple([way(draws, mailbox, since) for way in draws.pick(_MOST)]),
        draws.pick(draws.practices),
    )
