"""Invitations: one link, one patient, one booking; a state machine without illegal moves."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from booking_core.booking import PatientRecord
from booking_core.consumer import Sender
from booking_core.gpconnect.values import Offer
from booking_core.search import Wanted

MOVES: Mapping[str, frozenset[str]] = {
    "created": frozenset({"sent", "revoked"}),
    "sent": frozenset({"opened", "failed_send", "expired", "revoked"}),
    "opened": frozenset({"opened", "verified", "locked", "expired", "revoked"}),
    "verified": frozenset({"verified", "confirming", "locked", "expired", "revoked"}),
    "confirming": frozenset({"verified", "booked", "moving", "in_doubt"}),
    "in_doubt": frozenset({"in_doubt", "confirming"}),
    "booked": frozenset({"booked", "cancelling", "moving", "locked"}),
    "moving": frozenset({"moving", "booked", "confirming", "cancelling", "locked"}),
    "cancelling": frozenset({"booked", "cancelled", "cancel_in_doubt"}),
    "cancel_in_doubt": frozenset({"cancel_in_doubt", "cancelling"}),
    "cancelled": frozenset(),
    "expired": frozenset(),
    "locked": frozenset({"locked"}),
    "revoked": frozenset(),
    "failed_send": frozenset(),
}
"""State -> the states that may follow it; a wrong date of birth leaves a state where it is.

`moving`: booked, and another time is being chosen.
"""

OPEN = frozenset({"sent", "opened", "verified", "in_doubt"})
"""States in which a link leads to booking."""

UNDER_WAY = frozenset({"confirming", "in_doubt", "cancelling", "cancel_in_doubt"})
"""States in which a command was sent, or was about to be."""

KEPT = frozenset({"booked", "moving", "cancel_in_doubt"})
"""States in which a link leads to the appointment that it made."""


HELD = frozenset({"booked", "moving", "locked"})
"""States in which an appointment may stand that nobody is at work on."""


class IllegalMove(Exception):
    """The invitation is no longer where its mover thought: another tab, another process, or a bug of ours."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What was promised to one patient. `sender` is replayed in every later call.

    The link's token is not here: only its hash is kept, as `key`. `appointment_id` and `held` are
    the appointment that the link made, and its slots; `attempt_id` and `chosen` are the command
    that is under way, or was last, and the slots to be booked by it. `turn` counts the moves. `remind_at`
    is when to remind the patient of `held`; None when that is done, or not ours to do.
    """

    key: str
    invitation_id: str
    sender: Sender
    receiver_ods: str
    patient: PatientRecord
    wanted: Wanted
    expires: datetime
    state: str = "created"
    wrong_dates: int = 0
    shown: Mapping[str, Offer] = field(default_factory=dict)
    appointment_id: str = ""
    held: tuple[Offer, ...] = ()
    attempt_id: str = ""
    chosen: tuple[Offer, ...] = ()
    turn: int = 0
    remind_at: datetime | None = None


def key_of(token: str) -> str:
    """How a token is stored: a stolen store opens no link."""
    return hashlib.sha256(token.encode()).hexdigest()


class Invitations(Protocol):
    """Where invitations are kept."""

    async def add(self, invitation: Invitation) -> None:
        """Keeps a new invitation under its key; raises ValueError where key or id is taken."""

    async def get(self, key: str) -> Invitation | None:
        """The invitation with this key, if there is one."""

    async def by_id(self, invitation_id: str) -> Invitation | None:
        """The invitation with this id, if there is one."""

    async def under_way(self) -> Sequence[Invitation]:
        """Those in a state of UNDER_WAY, by id: what a restart looks at."""

    async def to_remind(self, now: datetime) -> Sequence[Invitation]:
        """Those in a state of HELD whose reminder is due by `now`, the earliest first."""

    async def move(self, was: Invitation, state: str, **changes: Any) -> Invitation:
        """To `state`, atomically; raises IllegalMove, also where it was moved since it was read, or KeyError."""

    async def show(self, key: str, offers: Mapping[str, Offer]) -> None:
        """Remembers what the patient was last shown: only that can be chosen. Raises KeyError."""


def moved(current: Invitation, was: Invitation, state: str, changes: Mapping[str, Any]) -> Invitation:
    """The invitation after a move of the table; raises IllegalMove for any other, and for one that comes late."""
    if current.turn != was.turn:
        raise IllegalMove(f"{was.state} -> {state}, but it is {current.state} by now")
    if state not in MOVES[current.state]:
        raise IllegalMove(f"{current.state} -> {state}")
    return replace(current, state=state, turn=current.turn + 1, **changes)


class MemoryInvitations:
    """Invitations for as long as the process lives. No method waits, so a move is atomic."""

    def __init__(self) -> None:
        self._by_key: dict[str, Invitation] = {}

    async def add(self, invitation: Invitation) -> None:
        """Keeps a new invitation under its key."""
        if invitation.key in self._by_key or await self.by_id(invitation.invitation_id):
            raise ValueError(f"there is an invitation {invitation.invitation_id} already")
        self._by_key[invitation.key] = invitation

    async def get(self, key: str) -> Invitation | None:
        """The invitation with this key, if there is one."""
        return self._by_key.get(key)

    async def by_id(self, invitation_id: str) -> Invitation | None:
        """The invitation with this id, if there is one."""
        return next((one for one in self._by_key.values() if one.invitation_id == invitation_id), None)

    async def under_way(self) -> Sequence[Invitation]:
        """Those in a state of UNDER_WAY, by id."""
        found = [one for one in self._by_key.values() if one.state in UNDER_WAY]
        return sorted(found, key=lambda one: one.invitation_id)

    async def to_remind(self, now: datetime) -> Sequence[Invitation]:
        """Those whose reminder is due, the earliest first."""
        due = [
            (one.remind_at, one.invitation_id, one)
            for one in self._by_key.values()
            if one.state in HELD and one.remind_at and one.remind_at <= now
        ]
        return [one for _, _, one in sorted(due, key=lambda entry: entry[:2])]

    async def move(self, was: Invitation, state: str, **changes: Any) -> Invitation:
        """To `state`; raises IllegalMove."""
        self._by_key[was.key] = after = moved(self._by_key[was.key], was, state, changes)
        return after

    async def show(self, key: str, offers: Mapping[str, Offer]) -> None:
        """Remembers what the patient was last shown."""
        self._by_key[key] = replace(self._by_key[key], shown=offers)
