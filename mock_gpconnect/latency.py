"""Modelled latency: how long the clinical system that is mocked would have taken.

    T = (base + k * scanned + m * returned + s * sessions) * noise / (1 - busyness), and a queue before it

`base` is the search's own, or that of another query or a command. The noise is lognormal with median 1,
made from p50 and p99, and the whole is capped: an uncapped tail would make time-outs that nobody has seen.
What the proxy adds belongs to the proxy.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import NormalDist

from booking_core.spec.interactions import Interaction, Kind
from mock_gpconnect.suppliers.switches import Latency

BUSIEST = 0.95
"""Above this a clinical system would not be slow but down."""

_Z99 = NormalDist().inv_cdf(0.99)


@dataclass(frozen=True, slots=True)
class Work:
    """What a request made the clinical system do: slots looked at, slots and sessions shown."""

    scanned: int = 0
    returned: int = 0
    sessions: int = 0


def median_ms(settings: Latency, interaction: Interaction | None, work: Work) -> float:
    """The middle of what an idle system takes for an interaction; one that it does not know is a query."""
    if interaction is not None and interaction.name == "search_slots":
        return search_ms(settings, work)
    command = interaction is not None and interaction.kind is Kind.COMMAND
    return settings.command_ms if command else settings.query_ms


def search_ms(settings: Latency, work: Work) -> float:
    """The middle of what a slot search takes."""
    slots = settings.per_scanned_ms * work.scanned + settings.per_returned_ms * work.returned
    return settings.base_ms + slots + settings.per_session_ms * work.sessions


def drawn_ms(settings: Latency, median: float, busyness: float, rng: random.Random) -> float:
    """One draw: lognormal about the median, stretched by how busy the system is, capped."""
    sigma = math.log(settings.p99_over_p50) / _Z99
    noise = math.exp(sigma * rng.gauss(0.0, 1.0))
    return min(median * noise / (1 - min(max(busyness, 0.0), BUSIEST)), settings.cap_ms)


@dataclass(slots=True)
class Spent:
    """Where one answer's milliseconds went; shown in `Server-Timing`."""

    queued_ms: float = 0.0
    modelled_ms: float = 0.0
    mock_ms: float = 0.0
    work: Work = field(default_factory=Work)

    def header(self) -> str:
        """The value of a `Server-Timing` header. `slots` is no time: its description holds the counts."""
        return (
            f"queue;dur={self.queued_ms:.3f}, modelled;dur={self.modelled_ms:.3f}, mock;dur={self.mock_ms:.3f}, "
            f'slots;desc="{self.work.scanned} scanned {self.work.returned} returned {self.work.sessions} sessions"'
        )


class SlowSystem:
    """One organisation's clinical system: so many requests at once, the others wait in the order they came."""

    def __init__(self, settings: Latency, rng: random.Random) -> None:
        self.settings, self._rng = settings, rng
        self._places = asyncio.Semaphore(settings.at_once) if settings.at_once else None

    @asynccontextmanager
    async def place(self) -> AsyncIterator[Spent]:
        """Wait for a place and keep it while the work is done and its time is spent."""
        spent, loop = Spent(), asyncio.get_running_loop()
        if self._places is None:
            yield spent
            return
        came = loop.time()
        async with self._places:
            spent.queued_ms = (loop.time() - came) * 1e3
            yield spent

    async def spend(self, spent: Spent, interaction: Interaction | None, work: Work, *, busyness: float) -> None:
        """Take the time that the real system would take; what the mock took itself already counts."""
        spent.work = work
        spent.modelled_ms = drawn_ms(self.settings, median_ms(self.settings, interaction, work), busyness, self._rng)
        await asyncio.sleep(max(spent.modelled_ms - spent.mock_ms, 0.0) / 1e3)
