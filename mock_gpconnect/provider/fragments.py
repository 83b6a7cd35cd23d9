"""Ready JSON of what every search repeats: schedules, locations, practitioners, organisations."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from mock_gpconnect.book.fragments import entry

_MOST = 100_000
"""Fragments kept; when there are more, all are made anew."""

Thing = TypeVar("Thing", bound=Hashable)


class Fragments:
    """Bundle entries by the frozen record that they show: a changed record is another key."""

    def __init__(self) -> None:
        self._made: dict[Hashable, bytes] = {}

    def of(self, thing: Thing, build: Callable[[Thing], dict[str, Any]]) -> bytes:
        """The thing's entry, built on first use."""
        if thing not in self._made:
            if len(self._made) >= _MOST:
                self._made.clear()
            self._made[thing] = entry(build(thing))
        return self._made[thing]
