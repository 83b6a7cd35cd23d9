"""The appointment book in memory: one process, and no `await` between a check and what it allows."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from mock_gpconnect.book.free_slots import FreeIndex
from mock_gpconnect.book.protocol import (
    KEEP,
    Access,
    Admits,
    Appointment,
    FreeSlots,
    Keep,
    Schedule,
    Slot,
    SlotTaken,
    Stale,
    Window,
)

_DESK = "desk"
"""Who holds a slot that a receptionist blocked; no appointment has this id."""

_in_time = attrgetter("starts", "id")

_Thing = TypeVar("_Thing", Schedule, Slot)


class MemoryBook:
    """An AppointmentBook of dicts and sorted lists.

    Its methods are coroutines that never wait, so each runs as one step: a claim is all or
    nothing under any interleaving.
    """

    def __init__(self, schedules: Iterable[Schedule], slots: Iterable[Slot]) -> None:
        self._schedules = {schedule.id: schedule for schedule in schedules}
        self._slots = {slot.id: slot for slot in slots}
        self._appointments: dict[str, Appointment] = {}
        self._of_patient: dict[str, list[str]] = {}
        self._holders: dict[str, str] = {}
        self._booked: Counter[tuple[str, str | None]] = Counter()
        self._index = FreeIndex(self._slots.values())
        self._starts: list[datetime] = []  # sorted when it is first asked for

    async def free_slots(self, window: Window, admits: Admits) -> FreeSlots:
        """The free slots wholly inside the window whose options the asker is admitted to."""
        return self._index.search(window, admits)

    async def count_between(self, starts: datetime, ends: datetime) -> int:
        """How many slots start in that time, free or not, whoever may see them."""
        if len(self._starts) != len(self._slots):
            self._starts = sorted(slot.starts for slot in self._slots.values())
        return bisect_left(self._starts, ends) - bisect_left(self._starts, starts)

    async def slots(self, slot_ids: Collection[str]) -> Sequence[Slot]:
        """Those of the slots that exist, in order of time."""
        return sorted((self._slots[each] for each in slot_ids if each in self._slots), key=_in_time)

    async def schedules(self, schedule_ids: Collection[str]) -> Sequence[Schedule]:
        """Those of the schedules that exist, in the order asked."""
        return [self._schedules[each] for each in schedule_ids if each in self._schedules]

    async def is_free(self, slot_id: str) -> bool:
        """Whether the slot exists and nobody has taken it."""
        return slot_id in self._slots and slot_id not in self._holders

    async def booked_in(self, schedule_id: str, booker_ods: str | None = None) -> int:
        """How many slots of the schedule are booked over GP Connect, by anyone or by one organisation."""
        return self._booked[schedule_id, booker_ods]

    async def claim(self, appointment: Appointment) -> None:
        """Take all of its slots or none; raises SlotTaken."""
        self._take(appointment.slot_ids, appointment.id)
        self._count(appointment, len(appointment.slot_ids))
        self._appointments[appointment.id] = appointment
        self._of_patient.setdefault(appointment.patient_id, []).append(appointment.id)

    async def change(self, appointment: Appointment, *, was: int) -> None:
        """Replace version `was`; cancelling frees the slots. Raises Stale."""
        stored = self._appointments[appointment.id]
        if stored.version != was:
            raise Stale(stored.version)
        if appointment.status == "cancelled" and stored.status != "cancelled":
            self._give_back(stored.slot_ids, stored.id)
            self._count(stored, -len(stored.slot_ids))
        self._appointments[appointment.id] = appointment

    async def appointment(self, appointment_id: str) -> Appointment | None:
        """One appointment by its id."""
        return self._appointments.get(appointment_id)

    async def appointments_of(self, patient_id: str) -> Sequence[Appointment]:
        """All of the patient's appointments, in order of start."""
        return sorted((self._appointments[each] for each in self._of_patient.get(patient_id, ())), key=_in_time)

    async def appointments_between(self, starts: datetime, ends: datetime) -> Sequence[Appointment]:
        """Every appointment that is under way in that time, cancelled ones too, in order of start."""
        return sorted((a for a in self._appointments.values() if a.starts < ends and a.ends > starts), key=_in_time)

    async def slots_of(self, session: str | None = None) -> Sequence[Slot]:
        """Every slot, or every slot of one session, in order of time."""
        return sorted(
            (s for s in self._slots.values() if session in (None, self._schedules[s.schedule_id].session)), key=_in_time
        )

    async def block(self, slot_ids: Collection[str]) -> None:
        """A receptionist takes the slots, all or none; raises SlotTaken."""
        self._take(slot_ids, _DESK)

    async def unblock(self, slot_ids: Collection[str]) -> None:
        """The receptionist gives back what was blocked; appointments keep theirs."""
        self._give_back(slot_ids, _DESK)

    async def reconfigure(
        self,
        session: str | None,
        *,
        bookable: bool | Keep = KEEP,
        only_ods: Collection[str] | Keep | None = KEEP,
        only_types: Collection[str] | Keep | None = KEEP,
        role: str | Keep | None = KEEP,
        channel: str | Keep | None = KEEP,
        limit: int | Keep | None = KEEP,
        practitioner_id: str | Keep | None = KEEP,
        location_id: str | Keep = KEEP,
    ) -> None:
        """Change the options of a session (None: of all); the next search sees it."""
        options = _given(
            bookable=bookable, only_ods=_as_set(only_ods), only_types=_as_set(only_types),
            role=role, channel=channel, limit=limit,
        )  # fmt: skip
        held = _given(practitioner_id=practitioner_id, location_id=location_id)
        for schedule in list(self._schedules.values()):
            if session in (None, schedule.session):
                self._schedules[schedule.id] = _changed(schedule, options, held)
        for slot in list(self._slots.values()):
            if session in (None, self._schedules[slot.schedule_id].session):
                self._slots[slot.id] = _changed(slot, options, {})
        self._index = FreeIndex(slot for slot in self._slots.values() if slot.id not in self._holders)

    def _take(self, slot_ids: Collection[str], holder: str) -> None:
        wanted = {each: self._slots[each] for each in slot_ids}
        for each in wanted:
            if each in self._holders:
                raise SlotTaken(each)
        for each, slot in wanted.items():
            self._index.remove(slot)
            self._holders[each] = holder

    def _give_back(self, slot_ids: Collection[str], holder: str) -> None:
        for each in slot_ids:
            if self._holders.get(each) == holder:
                del self._holders[each]
                self._index.add(self._slots[each])

    def _count(self, appointment: Appointment, slots: int) -> None:
        if appointment.booker is not None:
            self._booked[appointment.schedule_id, None] += slots
            self._booked[appointment.schedule_id, appointment.booker_ods or ""] += slots


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not KEEP}


def _as_set(codes: Collection[str] | Keep | None) -> frozenset[str] | Keep | None:
    return codes if codes is None or isinstance(codes, Keep) else frozenset(codes)


def _changed(thing: _Thing, options: dict[str, Any], held: dict[str, Any]) -> _Thing:
    access: Access = replace(thing.access, **options)
    return replace(thing, access=access, version=thing.version + 1, **held)
