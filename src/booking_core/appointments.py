"""Cancelling what was booked: read, send back edited in place, and settle by reading again."""

from dataclasses import dataclass
from datetime import timedelta

from booking_core.booking import Ending, PatientRecord, close, new_attempt, settle
from booking_core.encounter import Encounter
from booking_core.gpconnect.replies import Resource, booked_of
from booking_core.gpconnect.values import Booked, Offer
from booking_core.ledger import Attempt, Ledger
from booking_core.reactions import Stop


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What is to be cancelled and why; no later than `cutoff` before it begins. `offers` are what was booked."""

    appointment_id: str
    offers: tuple[Offer, ...]
    reason: str
    cutoff: timedelta


async def cancel(
    encounter: Encounter, record: PatientRecord, wanted: Cancellation, ledger: Ledger, *, invitation_id: str
) -> Ending:
    """`cancelled`, or why not; without an answer it is settled by reading, never by asking again.

    `invitation_id` is what `book` was given, or anything by which you find the attempt in the ledger.
    """
    attempt = new_attempt(
        encounter, record, wanted.offers, invitation_id, command="cancel", appointment_id=wanted.appointment_id
    )
    await ledger.open(attempt)
    return await carry_out_cancel(encounter, ledger, attempt, wanted.reason, wanted.cutoff)


async def carry_out_cancel(
    encounter: Encounter, ledger: Ledger, attempt: Attempt, reason: str, cutoff: timedelta
) -> Ending:
    """What `cancel` does with an attempt that stands in the ledger; raises Overtaken if that is no longer so."""
    return await close(ledger, *await send_cancel(encounter, ledger, attempt, reason, cutoff))


async def send_cancel(
    encounter: Encounter, ledger: Ledger, attempt: Attempt, reason: str, cutoff: timedelta
) -> tuple[Attempt, Ending]:
    """How it ended, which the ledger is still to be told, and the attempt as it stands there; raises Overtaken."""
    try:
        held = await encounter.read_appointment(attempt.appointment_id)
        if booked := _cancelled(held):
            return attempt, Ending("cancelled", booked)  # by somebody else
        _in_time(encounter, booked_of(held), cutoff)
        attempt = await ledger.note(attempt, sent=encounter.consumer.wire.now())
        ending = Ending("cancelled", await encounter.cancel_appointment(held, reason))
    except Stop as stop:
        ending = Ending(stop.reaction.outcome, stop=stop)
    if ending.outcome == "in_doubt":
        ending = await settle(encounter, attempt, ending, look_cancelled)
    elif ending.stop and attempt.sent:
        ending = await _second_look(encounter, attempt, ending)
    return attempt, ending


def _in_time(encounter: Encounter, booked: Booked, cutoff: timedelta) -> None:
    if booked.start - cutoff <= encounter.consumer.wire.now():
        raise Stop.because("B6", "too late to cancel")


async def look_cancelled(encounter: Encounter, attempt: Attempt) -> Booked | None:
    """The appointment of an attempt, if it is cancelled by now."""
    return _cancelled(await encounter.read_appointment(attempt.appointment_id))


def _cancelled(held: Resource) -> Booked | None:
    booked = booked_of(held)
    return booked if booked.status == "cancelled" else None


async def _second_look(encounter: Encounter, attempt: Attempt, refused: Ending) -> Ending:
    """Refused, perhaps because somebody else cancelled between our reading and our asking: that is as good."""
    try:
        booked = await look_cancelled(encounter, attempt)
    except Stop:
        return refused
    return Ending("cancelled", booked) if booked else refused
