"""The appointment book of one day: who sits where, and what became of every slot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from mock_gpconnect.book.local_time import day_after, in_reach, local_date, local_moment
from mock_gpconnect.book.protocol import Appointment, Schedule, Slot
from mock_gpconnect.desk.declined import Declined
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.provider.patients import LocalPatient

State = Literal["free", "booked", "blocked"]


@dataclass(frozen=True, slots=True)
class Line:
    """One slot of the book. `appointment` and `patient` are those of a booked slot."""

    slot: Slot
    state: State
    appointment: Appointment | None = None
    patient: LocalPatient | None = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """One session on one day, with its lines in order of time."""

    schedule: Schedule
    lines: tuple[Line, ...]

    @property
    def free(self) -> int:
        """How many slots are free."""
        return sum(line.state == "free" for line in self.lines)


@dataclass(frozen=True, slots=True)
class HolderDay:
    """What one session holder, or nobody named, has on one day."""

    practitioner_id: str | None
    sittings: tuple[Sitting, ...]


@dataclass(frozen=True, slots=True)
class Booker:
    """The organisation that booked, as it said of itself; every part may be missing."""

    ods: str
    name: str
    phone: str


def day_span(day: date) -> tuple[datetime, datetime]:
    """When a day begins and ends in Britain; declines days on which no calendar can reckon."""
    if not in_reach(day):
        raise Declined("day_out_of_reach")
    return local_moment(day), local_moment(day_after(day))


async def slots_on(desk: Desk, day: date) -> list[Slot]:
    """The slots that start on a day, in order."""
    starts, ends = day_span(day)
    return list(await desk.practice.book.slots_between(starts, ends))


async def holders_on(desk: Desk, day: date) -> tuple[HolderDay, ...]:
    """The book of a day, by session holder; those with the earliest session first."""
    lines = await _lines(desk, await slots_on(desk, day))
    of_schedule: dict[str, list[Line]] = {}
    for line in lines:
        of_schedule.setdefault(line.slot.schedule_id, []).append(line)
    of_holder: dict[str | None, list[Sitting]] = {}
    for schedule in await desk.practice.book.schedules(list(of_schedule)):
        sitting = Sitting(schedule, tuple(of_schedule[schedule.id]))
        of_holder.setdefault(schedule.practitioner_id, []).append(sitting)
    return tuple(HolderDay(holder, tuple(sittings)) for holder, sittings in of_holder.items())


async def line_of(desk: Desk, slot_id: str) -> Line:
    """One slot of the book as it is now."""
    slots = await desk.practice.book.slots([slot_id])
    if not slots:
        raise Declined("slot_unknown", slot=slot_id)
    return (await _lines(desk, slots))[0]


async def cancelled_on(desk: Desk, day: date) -> Sequence[Appointment]:
    """The appointments that would have begun on a day, had they not been cancelled."""
    starts, ends = day_span(day)
    found = await desk.practice.book.appointments_between(starts, ends)
    return [each for each in found if each.status == "cancelled" and each.starts >= starts]


async def _lines(desk: Desk, slots: Sequence[Slot]) -> list[Line]:
    if not slots:
        return []
    book = desk.practice.book
    appointments = await book.appointments_between(slots[0].starts, max(slot.ends for slot in slots))
    holding = {slot_id: each for each in appointments if each.status != "cancelled" for slot_id in each.slot_ids}
    return [_line(desk, slot, holding.get(slot.id), free=await book.is_free(slot.id)) for slot in slots]


def _line(desk: Desk, slot: Slot, appointment: Appointment | None, *, free: bool) -> Line:
    if free:
        return Line(slot, "free")
    if appointment is None:
        return Line(slot, "blocked")
    return Line(slot, "booked", appointment, desk.practice.patients.get(appointment.patient_id))


def booker_of(desk: Desk, appointment: Appointment) -> Booker | None:
    """Who booked; None where the practice itself did."""
    sent = appointment.booker
    if sent is None:
        return None
    ods = appointment.booker_ods or ""
    return Booker(ods, str(sent.get("name") or desk.name_of(ods)), _phone(sent))


def _phone(organisation: Mapping[str, Any]) -> str:
    values = (each.get("value") for each in organisation.get("telecom") or () if each.get("system") == "phone")
    return str(next((value for value in values if value), ""))


async def next_day_with_slots(desk: Desk, day: date) -> date | None:
    """The first day after this one that has any session."""
    _, ends = day_span(day)
    first = await desk.practice.book.first_start(ends)
    return local_date(first) if first else None
