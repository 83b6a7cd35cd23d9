"""Answers to slot searches, kept whole: the same search of an unchanged book need not be put together again.

Nothing here expires. The key holds what was found and not what was asked: which slots of which version of
the book. Embargo, booking window and begun slots decide what is found, so a moment later it is another key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

MOST_BYTES = 32 * 2**20
"""For all practices of a world together."""

_LARGEST = 4
"""An answer may take this part of the whole; a larger one is made anew and sent in pieces."""


class KeptAnswers:
    """The answers last asked for, up to so many bytes; 0 keeps none."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.bytes = 0
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, key: Hashable) -> bytes | None:
        """The answer that was kept under this key."""
        body = self._kept.get(key)
        if body is not None:
            self._kept.move_to_end(key)
        return body

    def has_room_for(self, size: int) -> bool:
        """Whether an answer of so many bytes is kept at all."""
        return size * _LARGEST <= self._most

    def keep(self, key: Hashable, body: bytes) -> None:
        """Keep an answer; those that were not asked for longest make room."""
        if not self.has_room_for(len(body)):
            return
        self.bytes += len(body) - len(self._kept.pop(key, b""))
        self._kept[key] = body
        while self.bytes > self._most:
            self.bytes -= len(self._kept.popitem(last=False)[1])
