"""What a run saw, in HdrHistograms: recorded in every process, merged where they come together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hdrh.histogram import HdrHistogram

from loadtests.answers import Answer

LONGEST_US = 3_600_000_000
DIGITS = 3
_DIGITS_OF_A_SLICE = 2

KINDS = ("intended", "service", "closed", "mock", "network")
"""Times whose quantiles count: `intended` from when a request should have gone out, `service` from when it did."""

SPLIT = ("modelled", "queue", "proxy", "mock", "network", "generator")
"""Where the time of an answer goes; of these the means add up."""

RETRIED = "retried:"
"""Begins the class of an error after which the core asked again by itself."""

SLOT_TAKEN = "B1"
"""Begins the class of an error that is no failure: a slot has gone to somebody else."""

SLICES = 10
"""A run's time is told in so many parts."""


def histogram(digits: int = DIGITS) -> Any:
    """Microseconds up to an hour."""
    return HdrHistogram(1, LONGEST_US, digits)


@dataclass(slots=True)
class Measured:
    """Everything seen of one kind of request at one target. `slices` holds intended times by part of the run."""

    times: dict[str, Any] = field(default_factory=dict)
    slices: dict[str, Any] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    facts: dict[str, float] = field(default_factory=dict)

    def record(self, kind: str, seconds: float) -> None:
        """One time; below a microsecond is a microsecond."""
        _histogram_in(self.times, kind, DIGITS).record_value(_micros(seconds))

    def take(self, answer: Answer, intended: float, part: int) -> None:
        """One success of the open phase, that should have gone out at `intended`."""
        service, told = answer.ended - answer.sent, answer.told
        spent = {**told.seconds, "network": service - told.told_s, "generator": answer.sent - intended}
        self.record("intended", answer.ended - intended)
        self.record("service", service)
        for kind in SPLIT:
            self.sums[kind] = self.sums.get(kind, 0.0) + spent.get(kind, 0.0)
            if kind in KINDS:
                self.record(kind, spent.get(kind, 0.0))
        if part < SLICES:
            _histogram_in(self.slices, str(part), _DIGITS_OF_A_SLICE).record_value(_micros(answer.ended - intended))

    def add(self, other: Mapping[str, Any]) -> None:
        """Take in what another process has sent."""
        for mine, digits in (("times", DIGITS), ("slices", _DIGITS_OF_A_SLICE)):
            for name, encoded in other[mine].items():
                _histogram_in(getattr(self, mine), name, digits).add(HdrHistogram.decode(encoded))
        self.sums = {kind: self.sums.get(kind, 0.0) + other["sums"].get(kind, 0.0) for kind in SPLIT}
        self.errors.update(other["errors"])
        self.facts.update(other["facts"])

    def encoded(self) -> dict[str, Any]:
        """As plain values."""
        times, slices = (
            {name: each.encode().decode("ascii") for name, each in kept.items()} for kept in (self.times, self.slices)
        )
        return {
            "times": times,
            "slices": slices,
            "sums": self.sums,
            "errors": dict(self.errors),
            "facts": self.facts,
        }

    def seen(self, kind: str) -> Any:
        """The times of a kind; an empty histogram where there are none."""
        return self.times.get(kind) or histogram()

    @property
    def answered(self) -> int:
        """Requests of the open phase that were answered well."""
        return int(self.seen("intended").get_total_count())


def _histogram_in(kept: dict[str, Any], name: str, digits: int) -> Any:
    """Made when it is first needed: each takes a fifth of a megabyte."""
    if name not in kept:
        kept[name] = histogram(digits)
    return kept[name]


def _micros(seconds: float) -> int:
    return min(max(round(seconds * 1e6), 1), LONGEST_US)


@dataclass(slots=True)
class Measures:
    """All requests by name, what became of journeys, and how busy each process was: share of a core, at its busiest."""

    of: dict[str, Measured] = field(default_factory=dict)
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Measured:
        return self.of.setdefault(name, Measured())

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def became(self, target: str, outcome: str) -> None:
        """One journey at a target has come to this."""
        self.outcomes.setdefault(target, Counter())[outcome] += 1

    def add(self, other: Mapping[str, Any]) -> None:
        """Take in what another process has sent."""
        for name, encoded in other["of"].items():
            self[name].add(encoded)
        for target, counted in other["outcomes"].items():
            self.outcomes.setdefault(target, Counter()).update(counted)
        for process, share in other["cpu"].items():
            self.cpu[process] = max(share, self.cpu.get(process, 0.0))

    def taken(self) -> dict[str, Any]:
        """As plain values, and nothing left here: what is sent on is not sent twice."""
        encoded = self.encoded()
        self.of.clear()
        self.outcomes.clear()
        return encoded

    def clear(self) -> None:
        """As if nothing had been seen."""
        self.of.clear()
        self.outcomes.clear()
        self.cpu.clear()

    def encoded(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "of": {name: each.encoded() for name, each in self.of.items()},
            "outcomes": {target: dict(counted) for target, counted in self.outcomes.items()},
            "cpu": dict(self.cpu),
        }
