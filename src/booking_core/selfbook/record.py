"""Entries in the patient's record at the sending practice. The receiver's record is not ours to write."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """One line in the record of `nhs_number` at `ods`."""

    ods: str
    nhs_number: str
    at: datetime
    text: str


class RecordSystem(Protocol):
    """The sending practice's clinical system."""

    async def write(self, entry: Entry) -> None:
        """Saves one entry."""
