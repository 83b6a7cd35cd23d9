"""Chance for one population: all that is drawn for a person comes from here, in one order."""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar

from harness.population.pools import Pools
from mock_pds.person import Address, Person, Telecom

Option = TypeVar("Option")
OLDEST = 95
"""Years; only features make people older."""

ADULT = 16
TELEPHONES = 2
"""Years that the oldest telephone is old."""

_DAYS_A_YEAR = 365.2425


def iso(ordinal: int) -> str:
    """A day as `yyyy-mm-dd`."""
    return date.fromordinal(ordinal).isoformat()


class Draws:
    """Draws words, days and places. `people` are those drawn so far; days are ordinals, `today` with them."""

    def __init__(
        self, rng: random.Random, pools: Pools, *, today: date, practices: Sequence[str], numbers: Iterator[str]
    ) -> None:
        self.random = rng.random
        self.pools = pools
        self.today = today.toordinal()
        self.practices = tuple(practices)
        self.people: list[Person] = []
        self.adult_since = iso(self.years_ago(ADULT))
        self._numbers = numbers
        self._oldest = self.years_ago(OLDEST)
        self._mobiles = [self._telephone(number, "mobile") for number in pools.mobiles]
        self._landlines = [self._telephone(number, "home") for number in pools.landlines]

    def _telephone(self, number: str, use: str) -> Telecom:
        return Telecom(number, "phone", use, start=iso(self.between(self.years_ago(TELEPHONES), self.today)))

    def nhs_number(self) -> str:
        """A number that nobody has."""
        return next(self._numbers)

    def pick(self, options: Sequence[Option]) -> Option:
        """One of several."""
        return options[int(self.random() * len(options))]

    def below(self, limit: int) -> int:
        """From 0 to one less than `limit`."""
        return int(self.random() * limit)

    def digits(self, count: int) -> str:
        """A key of so many digits, zeros in front with them."""
        return str(int(self.random() * 10**count)).zfill(count)

    def years_ago(self, years: float) -> int:
        """About so long ago."""
        return self.today - round(years * _DAYS_A_YEAR)

    def birth(self) -> int:
        """A day of birth, yesterday at the latest."""
        return self.between(self._oldest, self.today - 1)

    def between(self, since: int, until: int) -> int:
        """A day in a span, both ends in it."""
        return since + int(self.random() * (until - since + 1))

    def mobile(self) -> Telecom:
        """A mobile telephone, ready made: it may be older than the child whom a parent answers for."""
        return self.pick(self._mobiles)

    def landline(self) -> Telecom:
        """A telephone at home, ready made as well."""
        return self.pick(self._landlines)

    def email(self, name: str, since: str) -> Telecom:
        """A mailbox of that name, in which nothing ever arrives."""
        domain = "example.org" if self.random() < 0.5 else "example.com"
        return Telecom(f"{name}{int(self.random() * 1000)}@{domain}".lower(), "email", "home", start=since)

    def street(self) -> str:
        """Number and street."""
        return f"{1 + self.below(240)} {self.pick(self.pools.streets)}"

    def lines(self) -> tuple[str, ...]:
        """Premises, street, locality and town."""
        pools = self.pools
        return self.pick(pools.premises), self.street(), self.pick(pools.towns), self.pick(pools.towns)

    def address(self, use: str, text: str | None = None, *, start: int, end: int | None = None) -> Address:
        """An address beside the one at home."""
        ends = None if end is None else iso(end)
        return Address(self.lines(), self.pick(self.pools.postcodes), use, text, iso(start), ends)
