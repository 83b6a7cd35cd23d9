"""A figure that was measured in several rounds: its middle, and how far the rounds lay apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """Least, middle and most of the rounds."""

    low: float
    middle: float
    high: float

    def text(self, unit: str) -> str:
        """For people: the middle, and the ends where there are any."""
        ends = f" ({self.low:.2f} - {self.high:.2f})" if self.low < self.high else ""
        return f"{self.middle:.2f}{unit}{ends}"


def spread_of(values: Iterable[float]) -> Spread:
    """Of one figure a round."""
    ordered = sorted(values)
    return Spread(ordered[0], median(ordered), ordered[-1])


def ratios(over: Sequence[float], under: Sequence[float]) -> Spread:
    """Round by round: a busy minute of the machine hits both sides of one ratio alike."""
    return spread_of(one / other for one, other in zip(over, under, strict=True))


def once(value: float) -> Spread:
    """A figure that was measured once."""
    return Spread(value, value, value)
