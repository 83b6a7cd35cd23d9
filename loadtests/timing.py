"""Reading `Server-Timing`, in which a mock that takes its modelled time says where it went."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_METRIC = re.compile(r"([A-Za-z_-]+)\s*;\s*dur=([0-9.]+)")
_COUNTS = re.compile(r"(\d+) (scanned|returned|sessions)")


@dataclass(frozen=True, slots=True)
class ServerTiming:
    """Seconds by name, and the counts of slots and sessions."""

    seconds: Mapping[str, float]
    counts: Mapping[str, int]

    @property
    def told_s(self) -> float:
        """What the server accounts for. `mock` is within `modelled` where there is such a time."""
        modelled, mock = self.seconds.get("modelled", 0.0), self.seconds.get("mock", 0.0)
        return self.seconds.get("proxy", 0.0) + self.seconds.get("queue", 0.0) + max(modelled, mock)


def read_timing(header: str) -> ServerTiming:
    """What the header says; whatever cannot be read is passed over."""
    seconds = {name: float(value) / 1e3 for name, value in _METRIC.findall(header) if value.count(".") < 2}
    return ServerTiming(seconds, {word: int(count) for count, word in _COUNTS.findall(header)})
