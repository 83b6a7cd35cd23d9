"""Somebody else's consumer under test: whatever it raises is its own mistake, and fails the step."""

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any, cast

from harness.driver import Driver
from harness.scenario.stage import NotKept, Unmet


def guarded(consumer: object) -> Driver:
    """The same consumer, with an exception or a missing act told as an unmet expectation."""
    return cast(Driver, _Guard(consumer))


class _Guard:
    def __init__(self, consumer: object) -> None:
        self._consumer = consumer

    def __getattr__(self, name: str) -> Callable[..., Any]:
        act = getattr(self._consumer, name, None)
        if act is None:
            raise Unmet(f"a consumer with the act {name}", type(self._consumer).__name__)

        async def awaited(answer: Awaitable[Any]) -> Any:
            try:
                return await answer
            except Exception as raised:
                raise _told(name, raised) from raised

        def called(*arguments: Any) -> Any:
            try:
                answer = act(*arguments)
            except Exception as raised:
                raise _told(name, raised) from raised
            return awaited(answer) if isawaitable(answer) else answer  # a decorated act is often a plain function

        return called


def _told(act: str, raised: Exception) -> Exception:
    if isinstance(raised, Unmet | NotKept):
        return raised
    return Unmet(f"an answer to {act}", f"{type(raised).__name__}: {raised}")
