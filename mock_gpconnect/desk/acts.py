"""What a receptionist does in the appointment book. The book decides races: of two who want a slot, one gets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mock_gpconnect.book.protocol import Appointment, SlotTaken, Stale
from mock_gpconnect.desk.declined import Declined
from mock_gpconnect.desk.desk import Desk
from mock_gpconnect.desk.diary import line_of
from mock_gpconnect.desk.inputs import Cancellation, LocalBooking
from mock_gpconnect.provider.patients import LocalPatient


def patients_like(desk: Desk, wanted: str) -> tuple[LocalPatient, ...]:
    """The patients with this id, NHS number or family name, the active ones first."""
    patients, digits = desk.practice.patients, wanted.replace(" ", "")
    if by_id := patients.get(wanted):
        return (by_id,)
    family = wanted.strip().casefold()
    found = patients.of_number(digits) or tuple(each for each in patients if each.family.casefold() == family)
    return tuple(sorted(found, key=lambda each: not each.is_active(desk.now())))


async def book(desk: Desk, slot_id: str, wanted: LocalBooking) -> Appointment:
    """A booking by the practice itself, for one of its patients."""
    patient = _patient(desk, wanted.patient)
    slot = (await line_of(desk, slot_id)).slot
    appointment = Appointment(
        id=desk.new_id(),
        patient_id=patient.id,
        schedule_id=slot.schedule_id,
        slot_ids=(slot.id,),
        starts=slot.starts,
        ends=slot.ends,
        description=wanted.description,
        created=desk.now(),
        comment=wanted.comment or None,
    )
    try:
        await desk.practice.book.claim(appointment)
    except SlotTaken:
        raise Declined("slot_taken") from None
    return appointment


def _patient(desk: Desk, wanted: str) -> LocalPatient:
    found = patients_like(desk, wanted)
    active = [each for each in found if each.is_active(desk.now())]
    if len(active) == 1:
        return active[0]
    if active:
        raise Declined("patients_many", count=len(active))
    if found:
        raise Declined("patient_inactive", patient=found[0].family)
    raise Declined("patient_unknown", patient=wanted)


async def block(desk: Desk, slot_ids: Sequence[str]) -> None:
    """Keeps the slots for the practice, all or none."""
    for each in slot_ids:
        await line_of(desk, each)
    try:
        await desk.practice.book.block(slot_ids)
    except SlotTaken:
        raise Declined("slot_taken") from None


async def unblock(desk: Desk, slot_ids: Sequence[str]) -> None:
    """Gives blocked slots back; declines as a whole where one is not blocked."""
    for each in slot_ids:
        if (await line_of(desk, each)).state != "blocked":
            raise Declined("not_blocked")
    await desk.practice.book.unblock(slot_ids)


async def cancel(desk: Desk, appointment_id: str, wanted: Cancellation) -> Appointment:
    """Cancels an appointment, whoever booked it; its slots are free again."""
    stored = await stored_appointment(desk, appointment_id)
    if stored.status == "cancelled":
        raise Declined("appointment_cancelled")
    version = stored.version if wanted.was is None else wanted.was
    cancelled = replace(stored, status="cancelled", cancellation_reason=wanted.reason, version=stored.version + 1)
    try:
        await desk.practice.book.change(cancelled, was=version)
    except Stale:
        raise Declined("appointment_changed") from None
    return cancelled


async def stored_appointment(desk: Desk, appointment_id: str) -> Appointment:
    """An appointment of this book."""
    stored = await desk.practice.book.appointment(appointment_id)
    if stored is None:
        raise Declined("appointment_unknown", appointment=appointment_id)
    return stored
