"""What a day came to: counts and times that can be added up, network by network."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

QUANTILES = (0.5, 0.95, 0.99)
OUTSIDE = "national services"
"""Stands for a supplier where PDS, SDS or the token service answered."""


@dataclass(slots=True)
class Tally:
    """Counts by key. Times are whole milliseconds, each with how often it was seen.

    `events` by (supplier, hour of the day, word); `waits` by (supplier, interaction) as the consumer saw them,
    `queues` by supplier, of searches only; `statuses` by (supplier, interaction, HTTP status); `sizes` are
    practices, patients, slots, and networks.
    """

    events: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    waits: dict[tuple[str, str], Counter[int]] = field(default_factory=dict)
    queues: dict[str, Counter[int]] = field(default_factory=dict)
    statuses: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    sizes: Counter[str] = field(default_factory=Counter)

    def add(self, other: Self) -> None:
        """Takes another's in."""
        self.events.update(other.events)
        self.statuses.update(other.statuses)
        self.sizes.update(other.sizes)
        for name, waits in other.waits.items():
            self.waits.setdefault(name, Counter()).update(waits)
        for supplier, queues in other.queues.items():
            self.queues.setdefault(supplier, Counter()).update(queues)

    def happened(self, word: str, supplier: str | None = None, hour: int | None = None) -> int:
        """How often, at one supplier's practices or in one hour, or at all."""
        return sum(
            count
            for (at, when, what), count in self.events.items()
            if what == word and supplier in (None, at) and hour in (None, when)
        )


def quantile(seen: Counter[int], share: float) -> int:
    """The time that so large a share did not exceed, in ms; 0 where nothing was seen."""
    wanted, sofar = share * seen.total(), 0
    for value in sorted(seen):
        sofar += seen[value]
        if sofar >= wanted:
            return value
    return 0


def together(tallies: Iterable[Tally]) -> Tally:
    """All of them as one; the order does not matter."""
    whole = Tally()
    for each in tallies:
        whole.add(each)
    return whole
