"""The appointment book in memory: one process, and no `await` between a check and what it allows."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from mock_gpconnect.book.changes import as_set, changed, given
from mock_gpconnect.book.free_slots import FreeIndex
from mock_gpconnect.book.protocol import (
    DESK,
    KEEP,
    Admits,
    Appointment,
    FreeSlots,
    Keep,
    Quota,
    QuotaReached,
    Schedule,
    Slot,
    SlotBatch,
    SlotTaken,
    Stale,
    Window,
)

_FEW = 1_000
"""So many changed slots are moved one by one in the index of free slots; for more it is made anew."""

_in_time = attrgetter("starts", "id")


class MemoryBook:
    """An AppointmentBook of dicts and sorted lists.

    Its methods are coroutines that never wait, so each runs as one step: a claim is all or
    nothing under any interleaving.
    """

    def __init__(self, schedules: Iterable[Schedule], slots: Iterable[Slot]) -> None:
        self._schedules = {schedule.id: schedule for schedule in schedules}
        in_order = sorted(slots, key=_in_time)
        self._slots = {slot.id: slot for slot in in_order}
        self._ids = [slot.id for slot in in_order]
        self._starts = [slot.starts for slot in in_order]
        self._appointments: dict[str, Appointment] = {}
        self._of_patient: dict[str, list[str]] = {}
        self._holders: dict[str, str] = {}
        self._booked: Counter[tuple[str, str | None]] = Counter()
        self._index = FreeIndex(in_order)
        self._batches: list[SlotBatch] | None = None

    async def free_slots(self, window: Window, admits: Admits) -> FreeSlots:
        """The free slots wholly inside the window whose options the asker is admitted to."""
        return self._index.search(window, admits)

    async def count_between(self, starts: datetime, ends: datetime) -> int:
        """How many slots start in that time, free or not, whoever may see them."""
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

    async def claim(self, appointment: Appointment, *, quota: Quota | None = None) -> None:
        """Take all of its slots or none; raises SlotTaken, or QuotaReached."""
        self._check_free(appointment.slot_ids)
        if quota and self._booked[appointment.schedule_id, quota.booker_ods] + len(appointment.slot_ids) > quota.slots:
            raise QuotaReached
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
        return [slot for slot in self._slots.values() if self._is_of(session, slot)]

    async def slots_between(self, starts: datetime, ends: datetime) -> Sequence[Slot]:
        """Every slot that starts in that time, free or not, in order of time."""
        return self._between(starts, ends)

    async def first_start(self, after: datetime) -> datetime | None:
        """When the first slot starts that starts then or later."""
        at = bisect_left(self._starts, after)
        return self._starts[at] if at < len(self._starts) else None

    async def batches(self) -> Sequence[SlotBatch]:
        """All slots, counted by schedule, type and options, in order of the schedules' start."""
        if self._batches is None:
            counts = Counter((slot.schedule_id, slot.slot_type, slot.access) for slot in self._slots.values())
            found = [SlotBatch(self._schedules[key[0]], key[1], key[2], count) for key, count in counts.items()]
            self._batches = sorted(found, key=lambda batch: _in_time(batch.schedule))
        return self._batches

    async def block(self, slot_ids: Collection[str]) -> None:
        """A receptionist takes the slots, all or none; raises SlotTaken."""
        self._take(slot_ids, DESK)

    async def unblock(self, slot_ids: Collection[str]) -> None:
        """The receptionist gives back what was blocked; appointments keep theirs."""
        self._give_back(slot_ids, DESK)

    async def reconfigure(
        self,
        session: str | None,
        *,
        between: tuple[datetime, datetime] | None = None,
        slot_ids: Collection[str] | None = None,
        bookable: bool | Keep = KEEP,
        only_ods: Collection[str] | Keep | None = KEEP,
        only_types: Collection[str] | Keep | None = KEEP,
        role: str | Keep | None = KEEP,
        channel: str | Keep | None = KEEP,
        limit: int | Keep | None = KEEP,
        embargo_until: datetime | Keep | None = KEEP,
        practitioner_id: str | Keep | None = KEEP,
        location_id: str | Keep = KEEP,
    ) -> None:
        """Change the options of a session (None: of all); the next search sees it.

        `between` narrows that to schedules and slots that start in that time, `slot_ids` to these
        slots: their schedules, with holder and location, stay as they are.
        """
        options = given(
            bookable=bookable, only_ods=as_set(only_ods), only_types=as_set(only_types),
            role=role, channel=channel, limit=limit, embargo_until=embargo_until,
        )  # fmt: skip
        held = given(practitioner_id=practitioner_id, location_id=location_id)
        slots = [slot for slot in self._which(between, slot_ids) if self._is_of(session, slot)]
        if slot_ids is None:
            for schedule in self._sitting(session, between):
                self._schedules[schedule.id] = changed(schedule, replace(schedule.access, **options), held)
        self._set_options(slots, options)

    def _is_of(self, session: str | None, slot: Slot) -> bool:
        return session in (None, self._schedules[slot.schedule_id].session)

    def _between(self, starts: datetime, ends: datetime) -> list[Slot]:
        first, last = bisect_left(self._starts, starts), bisect_left(self._starts, ends)
        return [self._slots[each] for each in self._ids[first:last]]

    def _which(self, between: tuple[datetime, datetime] | None, slot_ids: Collection[str] | None) -> Iterable[Slot]:
        found = self._slots.values() if between is None else self._between(*between)
        if slot_ids is None:
            return found
        named = [self._slots[each] for each in dict.fromkeys(slot_ids) if each in self._slots]
        return [slot for slot in named if between is None or between[0] <= slot.starts < between[1]]

    def _sitting(self, session: str | None, between: tuple[datetime, datetime] | None) -> list[Schedule]:
        return [
            each
            for each in self._schedules.values()
            if session in (None, each.session) and (between is None or between[0] <= each.starts < between[1])
        ]

    def _set_options(self, slots: list[Slot], options: dict[str, Any]) -> None:
        """Slots that had the same options share the new ones."""
        free = [slot for slot in slots if slot.id not in self._holders] if len(slots) <= _FEW else []
        for slot in free:
            self._index.remove(slot)
        old = {id(slot.access): slot.access for slot in slots}
        new = {key: replace(access, **options) for key, access in old.items()}
        for slot in slots:
            self._slots[slot.id] = changed(slot, new[id(slot.access)], {})
        for slot in free:
            self._index.add(self._slots[slot.id])
        if len(slots) > _FEW:
            self._index = FreeIndex(slot for slot in self._slots.values() if slot.id not in self._holders)
        self._index.changed()  # schedules may have, although no slot of theirs was free
        self._batches = None

    def _check_free(self, slot_ids: Collection[str]) -> None:
        for slot in [self._slots[each] for each in slot_ids]:
            if slot.id in self._holders:
                raise SlotTaken(slot.id)

    def _take(self, slot_ids: Collection[str], holder: str) -> None:
        self._check_free(slot_ids)
        for each in dict.fromkeys(slot_ids):
            self._index.remove(self._slots[each])
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
