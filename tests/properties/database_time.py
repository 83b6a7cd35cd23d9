"""Simulated time beside a real database: it stands still while the database works, and jumps when all only wait.

So a busy machine cannot make a silent provider of a slow one, and a pause of half a minute costs nothing.
"""

import asyncio
import math
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
Events = list[tuple[selectors.SelectorKey, int]]

ANSWERS_WITHIN_S = 60
"""Of the wall clock. A database that is silent for so long is broken, and the test with it."""


class _JumpingSelector(selectors.DefaultSelector):
    """Waits for sockets that somebody waits for; where there are none, time jumps to the next timer."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Events:
        """Only the loop's own waker is always registered: whatever is beside it is a question to the database."""
        if timeout == 0:
            return super().select(0)
        if len(self.get_map()) > 1:
            if events := super().select(ANSWERS_WITHIN_S):
                return events
            raise TimeoutError("the database does not answer")
        if timeout is None:
            raise RuntimeError("nothing is left to wait for")
        self.now += timeout
        return []


class _JumpingLoop(asyncio.SelectorEventLoop):
    """Counts from 0; its resolution grows with its time, or a timer could be due and yet never run."""

    _clock_resolution: float

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Simulated seconds."""
        self._clock_resolution = math.ulp(self._jumping.now) * 4
        return self._jumping.now


def run_beside_database(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Runs `main` from time 0."""
    with asyncio.Runner(loop_factory=_JumpingLoop) as runner:
        return runner.run(main())
