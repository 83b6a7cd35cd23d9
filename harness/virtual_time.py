"""Simulated time: an event loop that jumps to its next timer instead of waiting for it."""

import asyncio
import heapq
import itertools
import math
import sys
import threading
import weakref
from collections.abc import Callable, Coroutine, Generator
from contextlib import suppress
from contextvars import Context
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn, TypeVar, TypeVarTuple

from harness.closed_loop import OUTSIDE_CALLS, OUTSIDE_EVENTS, NotVirtual, own_threads, pending_text

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
Now = Callable[[], datetime]

MICROSECOND_DIGITS = 6
"""The loop ticks as finely as datetime does: 0.1 + 0.2 and 0.3 are one instant."""

TURNS_AT_ONE_INSTANT = 1_000_000
"""So many turns without time moving are a task that spins, not one that works."""

CLEARING_ROUNDS = 10


class Stuck(RuntimeError):
    """The run can never end: nothing is left that could wake the tasks that wait."""


class TimeCeiling(RuntimeError):
    """Simulated time went past its ceiling: something periodic hides that all else is stuck."""


class _Timer(asyncio.TimerHandle):
    """A timer with a turn number: a heap alone does not keep the order of equal instants."""

    __slots__ = ("turn",)
    turn: int
    _scheduled: bool

    def __lt__(self, other: object) -> bool:
        if isinstance(other, _Timer):
            return (self.when(), self.turn) < (other.when(), other.turn)
        return NotImplemented


class VirtualLoop(asyncio.BaseEventLoop):
    """Counts time from 0 and lets it pass only when nothing is left to do at this instant."""

    _scheduled: list[_Timer]
    _clock_resolution: float

    def __init__(self, ceiling_s: float) -> None:
        super().__init__()
        self.ceiling_s = ceiling_s
        self._now = 0.0
        self._turns_here = 0
        self._timer_turns = itertools.count()
        self._task_numbers = itertools.count(1)
        self._in_order: weakref.WeakKeyDictionary[asyncio.Task[Any], None] = weakref.WeakKeyDictionary()
        self._home, self._threads_before, self._called_by = threading.get_ident(), threading.active_count(), ""
        self.refused: list[NotVirtual] = []
        self._selector = self
        self._clock_resolution = math.ulp(0.0)

    def time(self) -> float:
        """Simulated seconds since the run began."""
        return self._now

    def select(self, timeout: float | None) -> list[Any]:
        """Stand in for a selector: where it would wait, time jumps; there are never any events."""
        if timeout != 0:
            self._refuse_threads()
            self._jump()
        self._turns_here += 1
        if self._turns_here > TURNS_AT_ONE_INSTANT:
            self._turns_here = 0
            raise Stuck(f"a task spins and lets no time pass{self._where()}")
        return []

    def _refuse_threads(self) -> None:
        if self._called_by or (threading.active_count() > self._threads_before and own_threads(self)):
            raise self.refusal("a thread", self._called_by or own_threads(self)[0])

    def refusal(self, what: str, call: str) -> NotVirtual:
        """The error for what leads out of simulated time; remembered, for an app may make a 500 of it."""
        self.refused.append(NotVirtual.of(what, call))
        return self.refused[-1]

    def _jump(self) -> None:
        if not self._scheduled:
            raise Stuck(f"nothing is left to wait for{self._where()}")
        when = self._scheduled[0].when()
        if not when <= self.ceiling_s:
            ceiling = timedelta(seconds=self.ceiling_s)
            raise TimeCeiling(f"the next timer is beyond the ceiling of {ceiling}{self._where()}")
        self._now, self._turns_here = when, 0
        # asyncio runs what is due before time() + resolution: this makes that "due by now", at any size of float
        self._clock_resolution = math.ulp(when)

    def _where(self) -> str:
        return f", {timedelta(seconds=self._now)} into the run; pending: {pending_text(self.unfinished())}"

    def unfinished(self) -> list[asyncio.Task[Any]]:
        """Tasks that have not ended, oldest first (asyncio keeps a set: its order is no order)."""
        return [task for task in self._in_order if not task.done()]

    def create_task(
        self,
        coro: Generator[Any, None, T] | Coroutine[Any, Any, T],
        *,
        name: object = None,
        context: Context | None = None,
    ) -> asyncio.Task[T]:
        """Create a task, numbered within this run and not, as asyncio does, within the process."""
        task = super().create_task(coro, name=name or f"task {next(self._task_numbers)}", context=context)
        self._in_order[task] = None
        return task

    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Set a timer; those of one instant run in the order in which they were set."""
        if self.is_closed():
            raise RuntimeError("Event loop is closed")
        timer = _Timer(round(when, MICROSECOND_DIGITS), callback, args, self, context)
        timer.turn = next(self._timer_turns)
        timer._scheduled = True
        heapq.heappush(self._scheduled, timer)
        return timer

    def call_soon_threadsafe(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """asyncio itself comes here to close generators; another thread's call is noted, and ends the run."""
        if threading.get_ident() == self._home:
            return self.call_soon(callback, *args, context=context)
        self._called_by = threading.current_thread().name
        return asyncio.Handle(callback, args, self, context)

    def _process_events(self, event_list: list[Any]) -> None:
        """There are no events: no sockets."""


def _refusal(call: str, what: str) -> Callable[..., NoReturn]:
    def refuse(self: VirtualLoop, *args: object, **kwargs: object) -> NoReturn:
        raise self.refusal(what, call)

    return refuse


for _call, _what in OUTSIDE_CALLS.items():
    setattr(VirtualLoop, _call, _refusal(_call, _what))


def _refuse_the_outside(event: str, args: object) -> None:
    """Python's audit hook: sees what passes the loop by, such as a blocking connect in an endpoint."""
    what = OUTSIDE_EVENTS.get(event)
    if what and isinstance(loop := asyncio._get_running_loop(), VirtualLoop):
        raise loop.refusal(what, event)


sys.addaudithook(_refuse_the_outside)


def run_virtual(main: Callable[[], Coroutine[Any, Any, T]], *, ceiling_s: float = 90 * 86400) -> T:
    """Run `main` in simulated time from 0 and leave no task behind, however it ends.

    Raises NotVirtual also when what asked for a socket or a thread lived with the refusal.
    """
    if asyncio._get_running_loop() is not None:
        raise RuntimeError("simulated time cannot run inside a running event loop")
    loop = VirtualLoop(ceiling_s)
    try:
        result = loop.run_until_complete(main())
        if loop.refused:
            raise loop.refused[0]
        return result
    finally:
        try:
            _clear(loop)
        finally:
            loop.close()


def _clear(loop: VirtualLoop) -> None:
    """Cancel what is left until it is gone; cleaning up may itself take (simulated) time."""
    loop.ceiling_s = loop.time() + 86400
    for _ in range(CLEARING_ROUNDS):
        if left := loop.unfinished():
            _cancel(loop, left)
    loop.run_until_complete(loop.shutdown_asyncgens())
    if left := loop.unfinished():
        raise Stuck(f"some tasks will not be cancelled: {pending_text(left)}")


def _cancel(loop: VirtualLoop, tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    with suppress(Stuck, TimeCeiling):
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    for task in tasks:
        if task.done() and not task.cancelled() and (error := task.exception()):
            loop.call_exception_handler({"message": "a task failed while it was cancelled", "exception": error})


def clock(start: datetime) -> Now:
    """The time of day on any loop of ours: `start` plus what the running loop has counted."""
    if start.tzinfo is None:
        raise ValueError(f"a clock starts at an aware time, not at {start.isoformat()} without a zone")
    begin = start.astimezone(UTC)
    return lambda: begin + timedelta(seconds=asyncio.get_running_loop().time())
