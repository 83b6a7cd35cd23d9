"""The log that a provider keeps of every request, answered or refused; it cannot be switched off."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mock_gpconnect.provider.token import read_claims
from mock_gpconnect.refusals import Refused

KEPT = 10_000
"""Entries kept: a long soak must not grow the process without end. Assumed."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One request: who asked what, about whom, and how it ended. `authorization` is the header as it came."""

    sequence: int
    at: datetime
    interaction: str
    trace_id: str
    sender: str
    method: str
    path: str
    status: int
    error_code: str
    touched: tuple[str, ...]
    authorization: str

    @property
    def claims(self) -> Mapping[str, Any]:
        """What the token says, also one that was refused; nothing where it is unreadable."""
        try:
            return read_claims(self.authorization)
        except Refused:
            return {}

    @property
    def user(self) -> tuple[str, str]:
        """Id and name of the user that the token declares; empty where it says nothing readable."""
        user = ("requesting_practitioner", "name", 0)
        claims = self.claims
        given = _at(claims, *user, "given", 0)
        return _at(claims, "sub"), f"{given} {_at(claims, *user, 'family')}".strip()

    @property
    def organisation(self) -> str:
        """ODS code of the organisation that the token declares."""
        return _at(self.claims, "requesting_organization", "identifier", 0, "value")

    @property
    def device(self) -> str:
        """The device that the token declares."""
        return _at(self.claims, "requesting_device", "identifier", 0, "value")


def _at(claims: object, *path: str | int) -> str:
    """What stands at a path; nothing is known of the shape of a refused token."""
    for step in path:
        try:
            claims = claims[step]  # type: ignore[index]  # what it is, nobody knows
        except (TypeError, LookupError):
            return ""
    return claims if isinstance(claims, str) else ""


class AuditLog:
    """The last entries, in order; read it, never write to it, from outside."""

    def __init__(self, kept: int = KEPT) -> None:
        self._entries: deque[AuditEntry] = deque(maxlen=kept)
        self._next = 1

    def __iter__(self) -> Iterator[AuditEntry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def write(self, **facts: Any) -> None:
        """Keep an entry under the next number; the oldest goes when the log is full."""
        self._entries.append(AuditEntry(sequence=self._next, **facts))
        self._next += 1
