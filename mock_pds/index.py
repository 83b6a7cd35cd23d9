"""From words to records without looking at everybody.

Each word that a search may know has a list of those who bear it, in order of birth. A search always has a
date of birth, so it cuts a piece out of each list, and looks through the shortest piece only. One entry is
eight bytes: the day of birth and the row of the record packed into one number.
"""

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mock_pds.person import Name, Person
from mock_pds.words import compact, folded, plain, soundex

_ROW_BITS = 32
_ROW_MASK = (1 << _ROW_BITS) - 1
_LAST = "\U0010ffff"
KINDS = ("family", "given", "postcode", "sound", "start")
START = 2
"""How many letters at the start of a name find it in spite of what follows."""

Term = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Days:
    """A span of days of birth, both ends in it, as ordinals."""

    since: int
    until: int


def first_day(text: str) -> int:
    """The first day that a date may mean, as an ordinal; a legacy date may be a year or a month."""
    return date.fromisoformat(text + "-01-01"[: 10 - len(text)] if len(text) < len("yyyy-mm-dd") else text).toordinal()


def last_day(text: str) -> int:
    """The last day that a date may mean."""
    if len(text) == len("yyyy"):
        return first_day(f"{text}-12-31")
    if len(text) == len("yyyy-mm"):
        year, month = int(text[:4]), int(text[5:])
        return first_day(f"{year + month // 12:04}-{month % 12 + 1:02}") - 1
    return first_day(text)


def tokens(name: Name) -> Iterator[str]:
    """The single words of a name, plain."""
    for part in (name.family, *name.given):
        yield from plain(part).split()


def _name_terms(name: Name) -> Iterator[Term]:
    if name.family:
        yield "family", folded(name.family)
    if name.given:
        yield "given", folded(name.given[0])
    for token in tokens(name):
        yield "sound", soundex(token)
        yield "start", token[:START]


def terms(person: Person) -> set[Term]:
    """All words under which a record can be found, former ones with them."""
    names, addresses = person.names, person.addresses
    if person.history:
        names, addresses = names + person.history.names, addresses + person.history.addresses
    postcodes = {("postcode", compact(address.postcode)) for address in addresses if address.postcode}
    return {term for name in names for term in _name_terms(name)} | postcodes


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of one list: those born within the days asked for."""

    entries: "array[int]"
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    def rows(self) -> Iterator[int]:
        """The records' rows, by date of birth."""
        return (self.entries[place] & _ROW_MASK for place in range(self.start, self.stop))


class Index:
    """Words to rows. A record without a date of birth is in no list: no search can find it."""

    def __init__(self, people: Iterable[tuple[int, Person]]) -> None:
        self._everyone: array[int] = array("Q")
        self._lists: Mapping[str, dict[str, array[int]]] = {kind: {} for kind in KINDS}
        self._sorted: dict[str, list[str]] = {}
        born = [(self._entry(row, person), person) for row, person in people if person.birth_date]
        for entry, person in sorted(born, key=lambda pair: pair[0]):
            self._everyone.append(entry)
            for kind, word in terms(person):
                self._list(kind, word).append(entry)

    def _entry(self, row: int, person: Person) -> int:
        return first_day(person.birth_date or "") << _ROW_BITS | row

    def _list(self, kind: str, word: str) -> "array[int]":
        lists = self._lists[kind]
        if word not in lists:
            lists[word] = array("Q")
            self._sorted.pop(kind, None)
        return lists[word]

    def add(self, row: int, person: Person) -> None:
        """Enter one more record."""
        if person.birth_date:
            entry = self._entry(row, person)
            insort(self._everyone, entry)
            for kind, word in terms(person):
                insort(self._list(kind, word), entry)

    def remove(self, row: int, person: Person) -> None:
        """Take a record out, as it was when it was entered."""
        if person.birth_date:
            entry = self._entry(row, person)
            for entries in (self._everyone, *(self._list(kind, word) for kind, word in terms(person))):
                del entries[bisect_left(entries, entry)]

    def born(self, days: Days) -> Piece:
        """Everyone born within `days`."""
        return _cut(self._everyone, days)

    def bearing(self, term: Term, days: Days) -> Piece:
        """Those born within `days` who bear a word."""
        kind, word = term
        return _cut(self._lists[kind].get(word, array("Q")), days)

    def beginning(self, term: Term, days: Days, at_most: int) -> list[Piece] | None:
        """The same for all words of a beginning; None when there are more than `at_most` such words."""
        kind, beginning = term
        if kind not in self._sorted:
            self._sorted[kind] = sorted(self._lists[kind])
        words = self._sorted[kind]
        start, stop = bisect_left(words, beginning), bisect_left(words, beginning + _LAST)
        if stop - start > at_most:
            return None
        return [_cut(self._lists[kind][word], days) for word in words[start:stop]]


def _cut(entries: "array[int]", days: Days) -> Piece:
    start = bisect_left(entries, days.since << _ROW_BITS)
    return Piece(entries, start, max(start, bisect_left(entries, (days.until + 1) << _ROW_BITS)))
