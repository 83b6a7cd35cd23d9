"""What a run saw, in HdrHistograms: recorded in every process, merged where they come together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hdrh.histogram import HdrHistogram

LONGEST_US = 3_600_000_000
DIGITS = 3

KINDS = ("intended", "service", "closed", "queue", "modelled", "mock", "proxy", "network", "generator")
"""`intended` counts from when a request should have gone out, `service` from when it did; the rest is the split."""


def histogram() -> Any:
    """Microseconds up to an hour, exact to three digits."""
    return HdrHistogram(1, LONGEST_US, DIGITS)


@dataclass(slots=True)
class Measured:
    """Everything seen of one target."""

    times: dict[str, Any] = field(default_factory=lambda: {kind: histogram() for kind in KINDS})
    errors: Counter[str] = field(default_factory=Counter)
    facts: dict[str, float] = field(default_factory=dict)

    def record(self, kind: str, seconds: float) -> None:
        """One time; below a microsecond is a microsecond."""
        self.times[kind].record_value(min(max(round(seconds * 1e6), 1), LONGEST_US))

    def add(self, other: Mapping[str, Any]) -> None:
        """Take in what another process has sent."""
        for kind, encoded in other["times"].items():
            self.times[kind].add(HdrHistogram.decode(encoded))
        self.errors.update(other["errors"])
        self.facts.update(other["facts"])

    def encoded(self) -> dict[str, Any]:
        """As plain values; empty histograms are left out."""
        times = {kind: each.encode().decode("ascii") for kind, each in self.times.items() if each.get_total_count()}
        return {"times": times, "errors": dict(self.errors), "facts": self.facts}

    @property
    def answered(self) -> int:
        """Requests of the open phase that came to an end, well or badly."""
        return int(self.times["intended"].get_total_count()) + sum(self.errors.values())


@dataclass(slots=True)
class Measures:
    """All targets by name, and how busy each generating process was (share of a core, at its busiest)."""

    of: dict[str, Measured] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Measured:
        return self.of.setdefault(name, Measured())

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def add(self, other: Mapping[str, Any]) -> None:
        """Take in what another process has sent."""
        for name, encoded in other["of"].items():
            self[name].add(encoded)
        for process, share in other["cpu"].items():
            self.cpu[process] = max(share, self.cpu.get(process, 0.0))

    def taken(self) -> dict[str, Any]:
        """As plain values, and nothing left here: what is sent on is not sent twice."""
        encoded = self.encoded()
        self.of.clear()
        return encoded

    def encoded(self) -> dict[str, Any]:
        """As plain values."""
        return {"of": {name: each.encoded() for name, each in self.of.items()}, "cpu": self.cpu}
