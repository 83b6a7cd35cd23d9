"""Sessions as a practice writes them down, turned into schedules and slots."""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mock_gpconnect.book.local_time import day_after, local_moment
from mock_gpconnect.book.protocol import Access, Schedule, Slot


@dataclass(frozen=True, slots=True)
class Session:
    """One row of the practice's rota: who sits where on which days (0 = Monday), cut into slots.

    Times are those of the clock on the wall; a session that ends at or before its start ends on
    the next day. `gap` is the pause after each slot, which keeps two from being booked as one.
    """

    name: str
    days: frozenset[int]
    starts: time
    ends: time
    every: int
    slot_type: str
    channel: str | None
    role: str | None
    practitioner_id: str | None
    location_id: str
    bookable: bool = True
    only_ods: frozenset[str] | None = None
    only_types: frozenset[str] | None = None
    limit: int | None = None
    gap: int = 0
    on_bank_holidays: bool = False

    @property
    def access(self) -> Access:
        """The options that decide who sees the slots."""
        return Access(self.bookable, self.role, self.channel, self.only_ods, self.only_types, self.limit)

    def hours(self, day: date) -> tuple[datetime, datetime]:
        """When it begins and ends on `day`, as instants."""
        last_day = day if self.ends > self.starts else day_after(day)
        return local_moment(day, self.starts), local_moment(last_day, self.ends)

    def cuts(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Its slots on `day`, in real time: an hour that the clocks skip has none, one that they repeat has both."""
        at, ends = self.hours(day)
        length, pause = timedelta(minutes=self.every), timedelta(minutes=self.gap)
        while at + length <= ends:
            yield at, at + length
            at += length + pause


def expand(
    sessions: Iterable[Session], first_day: date, days: int, *, new_id: Callable[[], str],
    bank_holidays: Container[date] = (),
) -> tuple[list[Schedule], list[Slot]]:  # fmt: skip
    """The schedules and slots of `days` days from `first_day` on; most sessions rest on bank holidays."""
    schedules: list[Schedule] = []
    slots: list[Slot] = []
    rota = [(session, session.access) for session in sessions]
    for day in (first_day + timedelta(days=ahead) for ahead in range(days)):
        for session, access in rota:
            if day.weekday() in session.days and (session.on_bank_holidays or day not in bank_holidays):
                schedule = _schedule(session, access, day, new_id())
                schedules.append(schedule)
                slots.extend(
                    Slot(new_id(), schedule.id, starts, ends, session.slot_type, access)
                    for starts, ends in session.cuts(day)
                )
    return schedules, slots


def _schedule(session: Session, access: Access, day: date, schedule_id: str) -> Schedule:
    starts, ends = session.hours(day)
    return Schedule(schedule_id, session.name, session.location_id, session.practitioner_id, access, starts, ends)
