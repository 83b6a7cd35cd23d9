"""How a book's values stand in a database, and how they come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import orjson
from pydantic import TypeAdapter

from mock_gpconnect.book.protocol import Access, Appointment, Slot

MOST_BYTES = 256 * 2**20
"""For all books of a process together."""

BESIDE_FRAGMENT = 500
"""About so many bytes a slot takes in memory beside its fragment."""

Seen = tuple[Slot, bytes]

_ACCESS, _APPOINTMENT = TypeAdapter(Access), TypeAdapter(Appointment)


def access_text(access: Access) -> str:
    """The same text for equal options, whatever the order of their sets."""
    return orjson.dumps(access, default=sorted).decode()


def access_from(text: str) -> Access:
    """Options as they were written."""
    return _ACCESS.validate_json(text)


def appointment_text(appointment: Appointment) -> str:
    """The whole appointment."""
    return _APPOINTMENT.dump_json(appointment).decode()


def appointment_from(text: str) -> Appointment:
    """An appointment as it was written."""
    return _APPOINTMENT.validate_json(text)


class SeenSlots:
    """Slots that this process has read, each with its fragment, by number: what a number stands for never changes.

    When they take more than so many bytes, all are read anew.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._bytes = most_bytes, 0
        self._seen: dict[int, Seen] = {}

    def of(self, numbers: Iterable[int]) -> list[Seen] | None:
        """The slots of these numbers; None where one of them was never seen."""
        seen = self._seen
        try:
            return [seen[number] for number in numbers]
        except KeyError:
            return None

    def keep(self, found: Mapping[int, Seen]) -> None:
        """Remember these."""
        size = sum(len(fragment) for _, fragment in found.values()) + BESIDE_FRAGMENT * len(found)
        if self._bytes + size > self._most:
            self._seen, self._bytes = {}, 0
        self._seen |= found
        self._bytes += size
