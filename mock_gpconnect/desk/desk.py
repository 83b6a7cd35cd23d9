"""What the pages and the control API of one practice work on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from mock_gpconnect.book.local_time import local_date
from mock_gpconnect.desk.staff import Staff
from mock_gpconnect.provider.practice import Practice

Now = Callable[[], datetime]
NewId = Callable[[], str]

WORDS: Mapping[str, str] = {
    "session": "session",
    "sessions": "sessions",
    "holder": "session holder",
    "organisations": "organisations",
    "book": "appointment book",
}
"""What things are called here; a supplier's own words replace them."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One practice's desk.

    `directory_names` gives the names of organisations by ODS code. `where` gives the screen of the
    clinical system on which something is changed, by reason; `words` the system's own words.
    """

    practice: Practice
    staff: Staff
    now: Now
    new_id: NewId
    directory_names: Mapping[str, str]
    base_url: str
    where: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day that it is in Britain."""
        return local_date(self.now())

    def name_of(self, ods: str) -> str:
        """An organisation's name, or its code where the name is not known."""
        return self.directory_names.get(ods) or ods

    def holder_name(self, practitioner_id: str | None) -> str:
        """Who holds a session."""
        found = self.practice.practitioner(practitioner_id) if practitioner_id else None
        if found is None:
            return "Nobody named"
        return " ".join(part for part in (found.prefix, *found.given, found.family) if part)

    def location_name(self, location_id: str) -> str:
        """Where a session takes place."""
        found = self.practice.location(location_id)
        return found.name if found else location_id

    def word(self, name: str) -> str:
        """What something is called in this clinical system."""
        return self.words.get(name) or WORDS[name]
