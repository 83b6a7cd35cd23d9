"""The booking core under gevent: its own code, with a way out that never waits for an event loop.

What a journey asks, and in which order, is so the product's and not a copy of it. Only slots are read more
thinly: a generator that parsed a thousand slots at a time would measure its own parsing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import gevent
import orjson
from gevent.lock import BoundedSemaphore

from booking_core.access_token import AccessToken
from booking_core.reactions import Stop
from booking_core.spec.budgets import QUERY_TRIES
from booking_core.spec.errors import BY_KEY
from booking_core.spec.interactions import Interaction, Kind
from booking_core.wire.ask import Wire
from booking_core.wire.calls import Call, Reply, Unanswered
from loadtests.measures import RETRIED
from loadtests.plan import Target
from loadtests.sending import Sending

T = TypeVar("T")

_OFFERED = 5
"""So many slots of an answer are read: one of them is chosen."""


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine of the core gives; under gevent it waits in its sends, and nowhere for a loop."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value  # type: ignore[no-any-return]
    coroutine.close()
    raise RuntimeError("the core waited for an event loop, and a load test has none")


class Timed:
    """The transport of one journey. A call is due when the answer before it is there, or a pause has ended."""

    def __init__(self, sending: Sending, target: Target, due: float) -> None:
        self._sending, self._target, self.due = sending, target, due

    async def send(self, call: Call, *, deadline_s: float) -> Reply:
        """The reply; raises Unanswered. The deadline is the plan's patience."""
        due = self.due
        answer = self._sending.ask(self._target, call)
        self.due = max(self.due, answer.ended)
        self._sending.note(self._target, call.interaction, answer, due)
        if answer.reply is None:
            raise Unanswered(BY_KEY["wire", answer.wire])
        return answer.reply

    def failed(self, interaction: Interaction, stop: Stop, *, again: bool) -> None:
        """What the core made of an answer that was no success: the class of error, and the row of the table."""
        why = f"{stop.reaction.user_error} {stop.row.code if stop.row else ''}".strip()
        self._sending.failed(self._target, interaction, f"{RETRIED} {why}" if again else why)

    def pause(self, seconds: float) -> None:
        """What comes next is due only then."""
        self.due += seconds
        gevent.sleep(max(self.due - self._sending.now(), 0))


@dataclass(frozen=True, slots=True)
class GeventWire(Wire):
    """A way out that retries as the core does, and counts each try."""

    timed: Timed | None = None

    async def ask(self, interaction: Interaction, build: Callable[[], Call], read: Callable[[Reply], T]) -> T:
        """What `read` makes of the reply; raises Stop."""

        def thin(reply: Reply) -> T:
            return read(_thinned(reply, self.rng) if interaction.name == "search_slots" else reply)

        assert self.timed is not None  # noqa: S101 - a dataclass wants a default here
        left = QUERY_TRIES if interaction.kind is Kind.QUERY else 1
        while True:
            try:
                return await self._once(interaction, build(), thin)
            except Stop as stop:
                left -= 1
                wait = self._wait(stop) if left else False
                self.timed.failed(interaction, stop, again=wait is not False)
                if wait is False:
                    raise
                self.timed.pause(float(wait))


def _thinned(reply: Reply, rng: random.Random) -> Reply:
    """The same answer with a few of its slots."""
    bundle = orjson.loads(reply.body)
    entries = bundle.get("entry", ())
    slots = [each for each in entries if each["resource"]["resourceType"] == "Slot"]
    if len(slots) <= _OFFERED:
        return reply
    others = [each for each in entries if each["resource"]["resourceType"] != "Slot"]
    return replace(reply, body=orjson.dumps({**bundle, "entry": [*rng.sample(slots, _OFFERED), *others]}))


class SharedToken(AccessToken):
    """The application's token for every journey of a process: the core's own lock belongs to an event loop."""

    def __init__(self, *application: Any) -> None:
        super().__init__(*application)
        self._one_at_a_time = BoundedSemaphore(1)

    async def current(self, wire: Wire) -> str:
        """As the core's, one journey at a time."""
        with self._one_at_a_time:
            return await super().current(wire)
