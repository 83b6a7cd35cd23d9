"""Real time, at its own pace or hurried: for worlds that are served on sockets."""

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _HurriedSelector(selectors.DefaultSelector):
    """Waits a `factor`th of what it is asked to wait."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self._factor = factor

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout and timeout / self._factor)


class AcceleratedLoop(asyncio.SelectorEventLoop):
    """A socket loop whose seconds pass `factor` times faster, counted from its start."""

    def __init__(self, factor: float) -> None:
        super().__init__(_HurriedSelector(factor))
        self._factor, self._began = factor, time.monotonic()
        self._clock_resolution: float = time.get_clock_info("monotonic").resolution * factor

    def time(self) -> float:
        """Seconds of this loop's own since it began."""
        return (time.monotonic() - self._began) * self._factor


def _plain_loop() -> asyncio.AbstractEventLoop:
    """Factor 1: uvloop where there is one (twice as fast), counting from 0 like all our loops."""
    try:
        import uvloop
    except ImportError:  # not on Windows
        return AcceleratedLoop(1)

    class PlainLoop(uvloop.Loop):
        def __init__(self) -> None:
            super().__init__()
            self._began = time.monotonic()

        def time(self) -> float:
            return time.monotonic() - self._began

    return PlainLoop()


def run_accelerated(main: Callable[[], Coroutine[Any, Any, T]], *, factor: float = 1) -> T:
    """Run `main` with sockets, its time passing `factor` times as fast as the wall clock's."""
    if not factor > 0:
        raise ValueError(f"a clock runs forward: factor {factor} is not above 0")
    with asyncio.Runner(loop_factory=_plain_loop if factor == 1 else lambda: AcceleratedLoop(factor)) as runner:
        return runner.run(main())
