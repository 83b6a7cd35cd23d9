"""The consumer's way out with a stopwatch: who answered, how long it took, and how much of that was a queue."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from booking_core.spec.headers import TO
from booking_core.wire.calls import Call, Reply, Transport, Unanswered
from harness.national.tally import OUTSIDE, Tally

_QUEUE = re.compile(r"queue;dur=([0-9.]+)")
NO_ANSWER = 0
"""Stands for the status of an answer that never came."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A transport over another one. `suppliers` are found by the ASID that is asked; `hour` is the world's now."""

    inner: Transport
    tally: Tally
    suppliers: Mapping[str, str]
    hour: Callable[[], int]

    async def send(self, call: Call, *, deadline_s: float) -> Reply:
        """As the inner one's; raises Unanswered."""
        at, name = self.suppliers.get(call.headers.get(TO, ""), OUTSIDE), call.interaction.name
        clock = asyncio.get_running_loop().time
        began, status = clock(), NO_ANSWER
        self.tally.events[at, self.hour(), name] += 1
        try:
            reply = await self.inner.send(call, deadline_s=deadline_s)
        except Unanswered as nothing:
            self.tally.events[at, self.hour(), nothing.row.code] += 1
            raise
        else:
            status = reply.status
            if name == "search_slots" and (queued := _QUEUE.search(reply.headers.get("server-timing", ""))):
                self.tally.queues.setdefault(at, Counter())[round(float(queued[1]))] += 1
            return reply
        finally:
            self.tally.waits.setdefault((at, name), Counter())[round((clock() - began) * 1e3)] += 1
            self.tally.statuses[at, name, status] += 1
