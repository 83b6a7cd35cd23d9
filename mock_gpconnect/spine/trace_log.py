"""What the proxy remembers of the messages that passed: the newest few thousand, no payloads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

Now = Callable[[], datetime]


LONGEST_WORD = 200
"""What a header may be in the log; a caller may send anything."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One exchange: `status` is what the consumer was told; 499 when it had gone, 0 when the answer broke off."""

    at: datetime
    trace_id: str
    sender: str
    receiver: str
    interaction: str
    status: int


class TraceLog:
    """The proxy's log, given to it by whoever wants to read it."""

    def __init__(self, now: Now, *, places: int = 10_000) -> None:
        self._now = now
        self._traces: deque[Trace] = deque(maxlen=places)

    def add(self, trace_id: str, sender: str, receiver: str, interaction: str, status: int) -> None:
        """Record an exchange that is over."""
        words = (trace_id[:LONGEST_WORD], sender[:LONGEST_WORD], receiver[:LONGEST_WORD], interaction[:LONGEST_WORD])
        self._traces.append(Trace(self._now(), *words, status))

    def __iter__(self) -> Iterator[Trace]:
        return iter(tuple(self._traces))

    def __len__(self) -> int:
        return len(self._traces)
