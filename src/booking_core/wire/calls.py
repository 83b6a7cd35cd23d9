"""Requests and replies as plain values: building and reading them needs no network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from booking_core.spec.errors import ErrorRow
from booking_core.spec.interactions import Interaction


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request. `trace_id` is the id by which both ends log it."""

    interaction: Interaction
    method: str
    url: str
    headers: Mapping[str, str]
    params: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP response; header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Unanswered(Exception):
    """No usable HTTP answer came; `row` is of layer `wire`."""

    def __init__(self, row: ErrorRow) -> None:
        super().__init__(row.display)
        self.row = row


class Transport(Protocol):
    """What sends a call: asyncio here, gevent in a load test, a list of replies in a unit test."""

    async def send(self, call: Call, *, deadline_s: float) -> Reply:
        """The reply, within the deadline; raises Unanswered."""
