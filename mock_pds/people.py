"""The store of demographic records."""

from collections.abc import Callable, Iterable, Iterator

from booking_core.spec.valuesets import CONFIDENTIALITY
from mock_pds.index import Index, first_day
from mock_pds.person import (
    Address,
    BirthPlace,
    Communication,
    Contact,
    History,
    Name,
    Nominations,
    Person,
    Registration,
    Relative,
    Removal,
    Telecom,
)

__all__ = [
    "Address",
    "BirthPlace",
    "Communication",
    "Contact",
    "History",
    "Name",
    "Nominations",
    "People",
    "Person",
    "Registration",
    "Relative",
    "Removal",
    "Telecom",
]


class People:
    """Everyone whom PDS knows: found by NHS number, or through an index that the first search builds.

    `on_change` is told the number of every record that is set, for whoever keeps a copy.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self._people: list[Person] = []
        self._rows: dict[str, int] = {}
        self._index: Index | None = None
        self.on_change: Callable[[str], None] = lambda _number: None
        for person in people:
            if person.nhs_number in self._rows:
                raise ValueError(f"two records for NHS number {person.nhs_number}: a number names one person")
            self.put(person)

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)

    def get(self, nhs_number: str) -> Person | None:
        """The record under this very number, merged away or not."""
        row = self._rows.get(nhs_number)
        return None if row is None else self._people[row]

    def surviving(self, nhs_number: str) -> Person | None:
        """The record that answers for this number: the last of a chain of mergers."""
        seen: set[str] = set()
        person = self.get(nhs_number)
        while person is not None and person.superseded_by is not None and person.nhs_number not in seen:
            seen.add(person.nhs_number)
            person = self.get(person.superseded_by)
        return person

    def put(self, person: Person) -> None:
        """Set the record under its number, in place of the one that stood there."""
        _check(person)
        row = self._rows.get(person.nhs_number)
        if row is None:
            row = self._rows[person.nhs_number] = len(self._people)
            self._people.append(person)
        elif self._index is not None:
            self._index.remove(row, self._people[row])
        self._people[row] = person
        if self._index is not None:
            self._index.add(row, person)
        self.on_change(person.nhs_number)

    @property
    def index(self) -> Index:
        """Words to rows."""
        if self._index is None:
            self._index = Index(enumerate(self._people))
        return self._index

    def at(self, rows: Iterable[int]) -> Iterator[Person]:
        """The records at some rows of the index."""
        return (self._people[row] for row in rows)


def _check(person: Person) -> None:
    """A record that could not be shown or indexed stops the world that holds it, not its first request."""
    if person.confidentiality not in CONFIDENTIALITY:
        known = ", ".join(CONFIDENTIALITY)
        raise ValueError(f"{person.nhs_number}: confidentiality is {person.confidentiality!r}; it can be {known}")
    for what, text in (("birth date", person.birth_date), ("date of death", person.deceased)):
        try:
            first_day((text or "2000")[: len("yyyy-mm-dd")])
        except ValueError as wrong:
            raise ValueError(f"{person.nhs_number}: {what} is {text!r}; it is yyyy-mm-dd, yyyy-mm or yyyy") from wrong
