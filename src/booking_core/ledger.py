"""What was attempted and how it ended: written before a booking is sent, and after it is known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to `book` or `cancel`. `outcome` is empty while it is open; `in_doubt` is not an end."""

    attempt_id: str
    invitation_id: str
    booker_ods: str
    receiver_ods: str
    nhs_number: str
    slot_ids: tuple[str, ...]
    start: datetime
    opened: datetime
    patient_id: str = ""
    outcome: str = ""
    appointment_id: str = ""
    command: str = "book"

    @property
    def is_settled(self) -> bool:
        """Whether it is known how it ended. One that a crash left open is as unknown as one in doubt."""
        return self.outcome not in ("", "in_doubt")


class Ledger(Protocol):
    """Where attempts are kept."""

    async def open(self, attempt: Attempt) -> None:
        """Before anything is sent."""

    async def note(self, attempt_id: str, **found: str) -> Attempt:
        """Adds what became known: `patient_id`, `outcome`, `appointment_id`."""

    async def attempts(self, invitation_id: str) -> Sequence[Attempt]:
        """All attempts of one invitation, oldest first."""

    async def unsettled(self) -> Sequence[Attempt]:
        """All attempts whose end is not known, oldest first: what a restart looks at."""


class MemoryLedger:
    """Attempts for as long as the process lives."""

    def __init__(self) -> None:
        self._attempts: dict[str, Attempt] = {}

    async def open(self, attempt: Attempt) -> None:
        """Before anything is sent."""
        self._attempts[attempt.attempt_id] = attempt

    async def note(self, attempt_id: str, **found: str) -> Attempt:
        """Adds what became known."""
        self._attempts[attempt_id] = replace(self._attempts[attempt_id], **found)  # type: ignore[arg-type]  # text fields only
        return self._attempts[attempt_id]

    async def attempts(self, invitation_id: str) -> Sequence[Attempt]:
        """All attempts of one invitation, oldest first."""
        return [one for one in self._attempts.values() if one.invitation_id == invitation_id]

    async def unsettled(self) -> Sequence[Attempt]:
        """All attempts whose end is not known, oldest first."""
        return [one for one in self._attempts.values() if not one.is_settled]

    def all(self) -> Sequence[Attempt]:
        """Every attempt, oldest first."""
        return tuple(self._attempts.values())
