"""Cancelling what was booked: read, send back edited in place, and settle by reading again."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from booking_core.booking import SETTLE_AFTER_S, Ending, PatientRecord, close, open_attempt
from booking_core.encounter import Encounter
from booking_core.gpconnect.replies import booked_of
from booking_core.gpconnect.values import Booked, Offer
from booking_core.ledger import Attempt, Ledger
from booking_core.reactions import Stop


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What is to be cancelled and why; no later than `cutoff` before it begins."""

    appointment_id: str
    offers: tuple[Offer, ...]
    reason: str
    cutoff: timedelta


async def cancel(
    encounter: Encounter, record: PatientRecord, wanted: Cancellation, ledger: Ledger, invitation_id: str
) -> Ending:
    """`cancelled`, or why not; without an answer it is settled by reading, never by asking again."""
    attempt = await open_attempt(
        encounter, record, wanted.offers, ledger, invitation_id,
        command="cancel", appointment_id=wanted.appointment_id,
    )  # fmt: skip
    try:
        ending = Ending("cancelled", await _cancel(encounter, wanted))
    except Stop as stop:
        ending = Ending(stop.reaction.outcome, stop=stop)
    if ending.outcome == "in_doubt":
        await ledger.note(attempt.attempt_id, outcome="in_doubt")
        ending = await settle_cancel(encounter, attempt, ending)
    await close(ledger, attempt, ending)
    return ending


async def _cancel(encounter: Encounter, wanted: Cancellation) -> Booked:
    held = await encounter.read_appointment(wanted.appointment_id)
    booked = booked_of(held)
    if booked.status == "cancelled":
        return booked  # by somebody else, or by a try of ours that had no answer
    if booked.start - wanted.cutoff <= encounter.consumer.wire.now():
        raise Stop.because("B6", "too late to cancel")
    return await encounter.cancel_appointment(held, wanted.reason)


async def settle_cancel(encounter: Encounter, attempt: Attempt, doubt: Ending) -> Ending:
    """Reads the appointment: cancelled, still booked, or no answer yet."""
    for pause_s in SETTLE_AFTER_S:
        await asyncio.sleep(pause_s)
        try:
            booked = booked_of(await encounter.read_appointment(attempt.appointment_id))
        except Stop:
            continue
        if booked.status == "cancelled":
            return Ending("cancelled", booked)
    return doubt
