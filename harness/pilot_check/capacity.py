"""How many slots each booker sees day by day, and where expected demand is more than that."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from booking_core.uk_time import local_date
from harness.pilot_check.shelves import Sight
from harness.pilot_check.subject import Edge, Subject

WEEK = 7


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a receiver: what its bookers together are expected to want, and the most that one of them sees.

    `bookable` of these slots are left to them by the limits that the receiver has set.
    """

    first: date
    slots: int
    bookable: int
    wanted: float

    @property
    def short(self) -> bool:
        """Whether links would be sent into emptiness: nothing there, or less than is wanted."""
        return self.bookable == 0 or self.bookable < self.wanted


@dataclass(frozen=True, slots=True)
class Capacity:
    """One receiver over the horizon: slots that each booker sees on each day, and the weeks."""

    receiver: str
    days: Mapping[str, Counter[date]]
    weeks: tuple[Week, ...]

    @property
    def dates(self) -> tuple[date, ...]:
        """Every day on which somebody sees a slot."""
        return tuple(sorted({day for seen in self.days.values() for day in seen}))

    @property
    def limited(self) -> bool:
        """Whether a limit leaves less than is seen."""
        return any(week.bookable < week.slots for week in self.weeks)

    @property
    def short(self) -> tuple[Week, ...]:
        """Weeks that are too thin."""
        return tuple(week for week in self.weeks if week.short)


def capacities(subject: Subject) -> tuple[Capacity, ...]:
    """A view for each receiver, in the order of its first link."""
    into: dict[str, list[Edge]] = {}
    for edge in subject.edges:
        into.setdefault(edge.receiver.ods, []).append(edge)
    return tuple(_capacity(subject, receiver, edges) for receiver, edges in into.items())


def _capacity(subject: Subject, receiver: str, edges: list[Edge]) -> Capacity:
    sights = {edge.booker.ods: subject.sight(edge) for edge in edges}
    window = subject.world.practices[receiver].booking_window
    ahead = min(subject.rows.settings.horizon_days, window.days if window else subject.rows.settings.horizon_days)
    weeks = tuple(_weeks(subject, [*sights.values()], edges, ahead))
    return Capacity(receiver, {ods: sight.days for ods, sight in sights.items()}, weeks)


def _weeks(subject: Subject, sights: Sequence[Sight], edges: list[Edge], until: int) -> Iterator[Week]:
    """The whole weeks that are open already. Bookers look at the same slots: they share what the best placed sees."""
    launch, wanted = local_date(subject.now), sum(_wanted(subject, edge) for edge in edges)
    limits = subject.world.practices[edges[0].receiver.ods].profile.limits
    shares = len(edges) if limits.slot_limit_counts == "organisation" else 1
    for ahead in range(0, until // WEEK * WEEK, WEEK):
        week = [launch + timedelta(days=ahead + day) for day in range(WEEK)]
        seen = max(sum(sight.days[day] for day in week) for sight in sights)
        bookable = max(sum(sight.bookable[day] for day in week) for sight in sights) * shares
        yield Week(week[0], seen, min(seen, bookable), wanted)


def _wanted(subject: Subject, edge: Edge) -> float:
    """Requests a week that one link brings: the booker's, shared evenly over all its links."""
    links = sum(other.booker is edge.booker for other in subject.edges)
    return edge.booker.list_size / 1000 * subject.rows.requests_per_1000_per_week / links
