"""Invitations: one link, one patient, one booking; a state machine without illegal moves."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

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
    "in_doubt": frozenset({"confirming", "booked", "verified"}),
    "booked": frozenset(),
    "expired": frozenset(),
    "locked": frozenset(),
    "revoked": frozenset(),
    "failed_send": frozenset(),
}
"""State -> the states that may follow it."""

OPEN = frozenset({"sent", "opened", "verified", "in_doubt"})
"""States in which the link leads somewhere."""


class IllegalMove(Exception):
    """A bug of ours: the table of moves does not have this one."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What was promised to one patient. `sender` is replayed in every later call.

    The link's token is not here: only its hash is kept, as `key`.
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


def key_of(token: str) -> str:
    """How a token is stored: a stolen store opens no link."""
    return hashlib.sha256(token.encode()).hexdigest()


class MemoryInvitations:
    """Invitations for as long as the process lives. No method awaits: a move is atomic."""

    def __init__(self) -> None:
        self._by_key: dict[str, Invitation] = {}

    def add(self, invitation: Invitation) -> None:
        """Keeps a new invitation under its key."""
        self._by_key[invitation.key] = invitation

    def get(self, token: str) -> Invitation | None:
        """The invitation behind a link, if there is one."""
        return self._by_key.get(key_of(token))

    def show(self, invitation: Invitation, offers: Mapping[str, Offer]) -> None:
        """Remembers what the patient was last shown: only that can be chosen."""
        self._by_key[invitation.key] = replace(self._by_key[invitation.key], shown=offers)

    def move(self, invitation: Invitation, state: str, **changes: Any) -> Invitation:
        """To `state`, from the state that it has now; raises IllegalMove."""
        current = self._by_key[invitation.key]
        if state not in MOVES[current.state]:
            raise IllegalMove(f"{current.state} -> {state}")
        self._by_key[invitation.key] = moved = replace(current, state=state, **changes)
        return moved
