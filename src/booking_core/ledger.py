"""What was attempted and how it ended: written before a booking is sent, and after it is known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to `book` or `cancel`. `outcome` is empty while it is open; `in_doubt` is not an end.

    `sent` is noted just before the command goes out: what has no `sent` cannot have been carried out.
    """

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
    sent: datetime | None = None

    @property
    def is_settled(self) -> bool:
        """Whether it is known how it ended. One that a crash left open is as unknown as one in doubt."""
        return self.outcome not in ("", "in_doubt")


class Overtaken(Exception):
    """Somebody else wrote to this attempt first: a restarted process settles what it takes for left behind."""


class Ledger(Protocol):
    """Where attempts are kept, in memory or in PostgreSQL. Of two who write to one attempt, the second is told."""

    async def open(self, attempt: Attempt) -> None:
        """Before anything is sent; raises Overtaken where its id is taken."""

    async def note(self, attempt: Attempt, **found: Any) -> Attempt:
        """Adds what became known; raises Overtaken unless it stands as `attempt` says, KeyError if never opened."""

    async def attempts(self, invitation_id: str) -> Sequence[Attempt]:
        """All attempts of one invitation, oldest first."""

    async def unsettled(self) -> Sequence[Attempt]:
        """All attempts whose end is not known, oldest first: what a restart looks at."""


def noted(stands: Attempt, was: Attempt, found: dict[str, Any]) -> Attempt:
    """An attempt with what became known; raises Overtaken where it no longer stands as it was."""
    if stands != was:
        raise Overtaken(f"attempt {was.attempt_id} is {stands.outcome or 'open'} by now")
    return replace(was, **found)


class MemoryLedger:
    """Attempts for as long as the process lives. No method waits, so none comes between another's look and write."""

    def __init__(self) -> None:
        self._attempts: dict[str, Attempt] = {}

    async def open(self, attempt: Attempt) -> None:
        """Before anything is sent; raises Overtaken where its id is taken."""
        if attempt.attempt_id in self._attempts:
            raise Overtaken(f"attempt {attempt.attempt_id} is open already")
        self._attempts[attempt.attempt_id] = attempt

    async def note(self, attempt: Attempt, **found: Any) -> Attempt:
        """Adds what became known; raises Overtaken, or KeyError."""
        after = noted(self._attempts[attempt.attempt_id], attempt, found)
        self._attempts[attempt.attempt_id] = after
        return after

    async def attempts(self, invitation_id: str) -> Sequence[Attempt]:
        """All attempts of one invitation, oldest first."""
        return [one for one in self._attempts.values() if one.invitation_id == invitation_id]

    async def unsettled(self) -> Sequence[Attempt]:
        """All attempts whose end is not known, oldest first."""
        return [one for one in self._attempts.values() if not one.is_settled]

    def all(self) -> Sequence[Attempt]:
        """Every attempt, oldest first."""
        return tuple(self._attempts.values())
