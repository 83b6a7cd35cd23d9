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
    "created": frozenset({"sent", "failed_send", "revoked"}),
    "sent": frozenset({"opened", "expired", "revoked"}),
    "opened": frozenset({"opened", "verified", "locked", "expired", "revoked"}),
    "verified": frozenset({"opened", "confirming", "expired", "revoked"}),
    "confirming": frozenset({"verified", "booked", "in_doubt"}),
    "in_doubt": frozenset({"confirming"}),
    "booked": frozenset({"booked", "cancelling", "moving", "locked"}),
    "moving": frozenset({"booked", "confirming"}),
    "cancelling": frozenset({"booked", "cancelled", "cancel_in_doubt"}),
    "cancel_in_doubt": frozenset({"cancelling"}),
    "cancelled": frozenset(),
    "expired": frozenset(),
    "locked": frozenset(),
    "revoked": frozenset(),
    "failed_send": frozenset(),
}
"""State -> the states that may follow it. `moving`: booked, and another time is being chosen."""

OPEN = frozenset({"sent", "opened", "verified", "in_doubt"})
"""States in which a link leads to booking."""

UNDER_WAY = frozenset({"confirming", "in_doubt", "cancelling", "cancel_in_doubt"})
"""States in which a command was sent, or was about to be."""

KEPT = frozenset({"booked", "moving", "cancel_in_doubt"})
"""States in which a link leads to the appointment that it made."""


class IllegalMove(Exception):
    """The invitation is no longer where its mover thought: another tab, or a bug of ours."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What was promised to one patient. `sender` is replayed in every later call.

    The link's token is not here: only its hash is kept, as `key`. `appointment_id` and `held` are
    the appointment that the link made, and its slots.
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


def key_of(token: str) -> str:
    """How a token is stored: a stolen store opens no link."""
    return hashlib.sha256(token.encode()).hexdigest()


class Invitations(Protocol):
    """Where invitations are kept."""

    async def add(self, invitation: Invitation) -> None:
        """Keeps a new invitation under its key."""

    async def get(self, key: str) -> Invitation | None:
        """The invitation with this key, if there is one."""

    async def by_id(self, invitation_id: str) -> Invitation | None:
        """The invitation with this id, if there is one."""

    async def under_way(self) -> Sequence[Invitation]:
        """Those in a state of UNDER_WAY, by id: what a restart looks at."""

    async def move(self, key: str, state: str, **changes: Any) -> Invitation:
        """To `state` from where it is now, atomically; raises IllegalMove."""

    async def show(self, key: str, offers: Mapping[str, Offer]) -> None:
        """Remembers what the patient was last shown: only that can be chosen."""


def moved(current: Invitation, state: str, changes: Mapping[str, Any]) -> Invitation:
    """The invitation after a move of the table; raises IllegalMove for any other."""
    if state not in MOVES[current.state]:
        raise IllegalMove(f"{current.state} -> {state}")
    return replace(current, state=state, **changes)


class MemoryInvitations:
    """Invitations for as long as the process lives. No method waits, so a move is atomic."""

    def __init__(self) -> None:
        self._by_key: dict[str, Invitation] = {}

    async def add(self, invitation: Invitation) -> None:
        """Keeps a new invitation under its key."""
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

    async def move(self, key: str, state: str, **changes: Any) -> Invitation:
        """To `state` from where it is now; raises IllegalMove."""
        self._by_key[key] = after = moved(self._by_key[key], state, changes)
        return after

    async def show(self, key: str, offers: Mapping[str, Offer]) -> None:
        """Remembers what the patient was last shown."""
        self._by_key[key] = replace(self._by_key[key], shown=offers)
