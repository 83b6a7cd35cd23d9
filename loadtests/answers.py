"""What came of a call, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from booking_core.wire.calls import Reply
from loadtests.timing import ServerTiming, read_timing


@dataclass(frozen=True, slots=True)
class Answer:
    """When a call went out and its answer was read to its end. Without a reply `wire` names what happened."""

    sent: float
    ended: float
    reply: Reply | None = None
    wire: str = ""

    @property
    def fault(self) -> str:
        """Empty for a success, else a class of error."""
        if self.reply is None:
            return f"wire: {self.wire}"
        return "" if 200 <= self.reply.status < 300 else f"HTTP {self.reply.status}"

    @property
    def told(self) -> ServerTiming:
        """Where provider and proxy say that the time went."""
        return read_timing(self.reply.headers.get("server-timing", "") if self.reply else "")

    @property
    def length(self) -> int:
        """Bytes of the body."""
        return len(self.reply.body) if self.reply else 0
