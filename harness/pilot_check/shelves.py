"""What each booker sees at each receiver over the horizon, and why not the rest, by the receiver's own gates."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from booking_core.search import windows
from booking_core.uk_time import local_date
from mock_gpconnect.book.protocol import Access, Slot
from mock_gpconnect.provider.practice import Practice
from mock_gpconnect.provider.visibility import Asker, rules_of, why_shut, why_untimely

BEYOND = "beyond_the_horizon"
"""A slot after the last day that is searched: hidden by the pilot's setting and not by the receiver."""

BETWEEN = "between_two_searches"
"""A slot that begins in one window of the search and ends in the next: neither shows it."""

NO_SESSIONS = "no_sessions"

TIMELY = ("under_embargo", "beyond_the_booking_window", "begun", BETWEEN, BEYOND)
"""Reasons that depend on when somebody looks, and not on who."""


@dataclass(slots=True)
class Group:
    """Slots of one type, place and set of options: who is let in sees those of `days`.

    `bookable` are as many of them as the limit of each session leaves to others.
    """

    access: Access
    slot_type: str
    location: str
    days: Counter[date] = field(default_factory=Counter)
    bookable: Counter[date] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One receiver's slots, in groups."""

    practice: Practice
    now: datetime
    groups: tuple[Group, ...]

    @property
    def slot_types(self) -> tuple[str, ...]:
        """Every slot type of the book, in order."""
        return tuple(sorted({group.slot_type for group in self.groups}))

    def seen_by(self, asker: Asker, locations: Sequence[str] = (), slot_types: Sequence[str] = ()) -> "Sight":
        """What remains for one booker, through the filters of its link."""
        sight, rules = Sight(), rules_of(self.practice, self.now)
        for group in self.groups:
            shut = why_shut(group.access, asker, rules)
            if (locations and group.location not in locations) or (slot_types and group.slot_type not in slot_types):
                shut = shut or "filtered_by_the_link"
            sight.add(group, shut)
        return sight


@dataclass(slots=True)
class Sight:
    """The slots of one receiver as one booker sees them: by day and type, and how many are hidden for what."""

    days: Counter[date] = field(default_factory=Counter)
    bookable: Counter[date] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    hidden_types: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, group: Group, shut: str | None) -> None:
        """Takes a group in: all of it hidden when it is shut."""
        shown = Counter[date]() if shut else group.days
        hidden = Counter({shut: group.days.total() + group.hidden.total()}) if shut else group.hidden
        self.days += shown
        self.bookable += Counter[date]() if shut else group.bookable
        self.types[group.slot_type] += shown.total()
        self.hidden += hidden
        self.hidden_types[group.slot_type] = self.hidden_types.get(group.slot_type, Counter()) + hidden

    @property
    def total(self) -> int:
        """How many slots are seen."""
        return self.days.total()

    def cause(self, slot_type: str | None = None, among: Collection[str] = ()) -> str:
        """The commonest reason for what is not seen, within the horizon if there is anything."""
        hidden = self.hidden if slot_type is None else self.hidden_types.get(slot_type, Counter())
        reasons = sorted(reason for reason in hidden if hidden[reason] and (not among or reason in among))
        return max(reasons, key=lambda reason: (reason != BEYOND, hidden[reason]), default=NO_SESSIONS)


async def shelves_of(practices: Mapping[str, Practice], now: datetime, horizon_days: int) -> dict[str, Shelf]:
    """A shelf for each organisation, by ODS code."""
    return {ods: await _shelf(practice, now, horizon_days) for ods, practice in practices.items()}


async def _shelf(practice: Practice, now: datetime, horizon_days: int) -> Shelf:
    slots = await practice.book.slots_of()
    schedules = await practice.book.schedules([slot.schedule_id for slot in slots])
    places = {one.id: one.name for one in practice.locations}
    at = {one.id: places.get(one.location_id, "") for one in schedules}
    searched = windows(now, horizon_days)
    rules, groups = rules_of(practice, now), dict[tuple[Access, str, str], Group]()
    booked = Counter[str]()
    for slot in slots:
        key = (slot.access, slot.slot_type, at[slot.schedule_id])
        group = groups.setdefault(key, Group(*key))
        if reason := _why(slot, searched) or why_untimely(slot.starts, rules):
            group.hidden[reason] += 1
            continue
        group.days[local_date(slot.starts)] += 1
        if slot.access.limit is None or booked[slot.schedule_id] < slot.access.limit:
            group.bookable[local_date(slot.starts)] += 1
            booked[slot.schedule_id] += 1
    return Shelf(practice, now, tuple(groups.values()))


def _why(slot: Slot, searched: Sequence[tuple[datetime, datetime]]) -> str | None:
    """What keeps a slot from every window that the consumer asks for; the first begins now."""
    if slot.starts <= searched[0][0]:
        return "begun"
    if slot.ends > searched[-1][1]:
        return BEYOND
    return BETWEEN if any(slot.starts < edge < slot.ends for edge, _ in searched[1:]) else None
