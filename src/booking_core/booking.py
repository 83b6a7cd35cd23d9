"""Booking for one patient: trace, find or register, cross-check, create; and settling what is in doubt."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from booking_core import pds
from booking_core.consumer import Consumer
from booking_core.encounter import Encounter
from booking_core.gpconnect.values import Booked, Offer
from booking_core.identity import differences, verifies
from booking_core.ledger import Attempt, Ledger, Overtaken
from booking_core.pds import Demographics
from booking_core.reactions import Stop
from booking_core.uk_time import local_date

SETTLE_AFTER_S = (0, 5, 30)
"""When the receiver's book is read again after a booking without an answer; assumed."""

DOUBT = timedelta(seconds=120)
"""A command that no read finds so long after it was sent was not carried out; assumed."""

DONE: Mapping[str, str] = {"book": "booked", "cancel": "cancelled"}
"""Command -> the outcome, and the appointment's status, once it is carried out."""


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """The patient as the booker's clinical system holds them."""

    person: Demographics
    mobile: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended: `booked` or `cancelled`, with the appointment; otherwise `stop` tells why.

    `slot_taken`, `not_found`, `refused` and `unavailable` mean that nothing was done; `in_doubt` that
    nobody knows.
    """

    outcome: str
    booked: Booked | None = None
    stop: Stop | None = None


async def trace(consumer: Consumer, record: PatientRecord) -> Demographics:
    """The person on PDS, verified against the booker's record; raises Stop E4.

    All the ways in which a number does not lead to a bookable person read alike, so that nobody
    learns from the answer that a record is restricted.
    """
    traced = await pds.retrieve(consumer, record.person.nhs_number)
    usable = traced.unrestricted and not traced.deceased and traced.person.nhs_number == traced.asked_for
    if not (usable and verifies(record.person, traced.person)):
        raise Stop.because("E4", "the booker's record does not lead to one bookable person on PDS")
    return traced.person


async def find_patient(encounter: Encounter, record: PatientRecord) -> str | None:
    """The receiver's logical id of the patient, None when unknown there; raises Stop E4 on disagreement."""
    return _cross_checked(await encounter.find_patient(record.person.nhs_number), record)


async def find_or_register(encounter: Encounter, record: PatientRecord, person: Demographics) -> str:
    """The receiver's logical id of the patient, from a temporary registration if need be."""
    known = await find_patient(encounter, record)
    return known or await _register(encounter, record, person)


async def _register(encounter: Encounter, record: PatientRecord, person: Demographics) -> str:
    try:
        made = _cross_checked(await encounter.register_patient(person, record.mobile), record)
    except Stop as stop:
        known_there = stop.row is not None and stop.row.key == ("provider", "DUPLICATE_REJECTED")
        if stop.reaction.outcome != "in_doubt" and not known_there:
            raise
        made = await find_patient(encounter, record)  # ours was carried out, or another journey's was: look
        if made is None and known_there:
            raise
        if made is None:
            raise Stop.because("S3", "the registration had no answer and left no record", "unavailable") from stop
    if made is None:
        raise Stop.because("S4", "the registration gave no patient back", "unavailable")
    return made


def _cross_checked(found: tuple[tuple[str, Demographics], ...], record: PatientRecord) -> str | None:
    if len(found) > 1:
        raise Stop.because("E4", "the receiver holds two records of one NHS number")
    for logical_id, theirs in found:
        if differs := differences(record.person, theirs):
            raise Stop.because("E4", f"the receiver's record disagrees on {', '.join(differs)}")
        return logical_id
    return None


async def book(
    encounter: Encounter, record: PatientRecord, offers: tuple[Offer, ...], ledger: Ledger, *,
    invitation_id: str, description: str,
) -> Ending:  # fmt: skip
    """One attempt from trace to settled outcome; what is still in doubt afterwards stays so in the ledger.

    `offers` are one slot, or several that follow each other in one session. `invitation_id` is yours:
    the ledger finds attempts by it. The receiver's staff read the `description`, of at most 100
    letters. Raises Overtaken where another process has settled this attempt meanwhile.
    """
    attempt = new_attempt(encounter, record, offers, invitation_id)
    await ledger.open(attempt)
    return await carry_out(encounter, record, offers, ledger, attempt, description)


async def carry_out(
    encounter: Encounter, record: PatientRecord, offers: tuple[Offer, ...], ledger: Ledger, attempt: Attempt,
    description: str,
) -> Ending:  # fmt: skip
    """What `book` does with an attempt that stands in the ledger; raises Overtaken if that is no longer so."""
    try:
        person = await trace(encounter.consumer, record)
        patient_id = await find_or_register(encounter, record, person)
        attempt = await ledger.note(attempt, patient_id=patient_id, sent=encounter.consumer.wire.now())
        ending = Ending("booked", await encounter.create_appointment(offers, patient_id, description))
    except Stop as stop:
        ending = Ending(stop.reaction.outcome, stop=stop)
    if ending.outcome == "in_doubt":
        ending = await settle(encounter, attempt, ending)
    return await close(ledger, attempt, ending)


Look = Callable[[Encounter, Attempt], Awaitable[Booked | None]]


async def look_for(encounter: Encounter, attempt: Attempt) -> Booked | None:
    """Our appointment in the receiver's book: same slots, booked by our organisation; None if it is not there."""
    today = local_date(encounter.consumer.wire.now())
    for patient_id in await _patient_ids(encounter, attempt):
        for one in await encounter.list_appointments(patient_id, today, max(today, local_date(attempt.start))):
            ours = frozenset(one.slot_ids) == frozenset(attempt.slot_ids) and one.booked_by == attempt.booker_ods
            if ours and one.status == DONE[attempt.command]:
                return one
    return None


async def _patient_ids(encounter: Encounter, attempt: Attempt) -> tuple[str, ...]:
    """The attempt's own, or whom the receiver holds under the number where that was not noted."""
    if attempt.patient_id:
        return (attempt.patient_id,)
    return tuple(logical_id for logical_id, _ in await encounter.find_patient(attempt.nhs_number))


async def settle(encounter: Encounter, attempt: Attempt, doubt: Ending, look: Look = look_for) -> Ending:
    """Reads the receiver's book until what was commanded is found; sends nothing again.

    Not found is no proof while the receiver may still be at work: DOUBT after the sending it is, and
    so it is once the day is over, from when on no reading shows the appointment.
    """
    if attempt.sent is None:
        return not_carried_out(attempt)
    for pause_s in SETTLE_AFTER_S:
        await asyncio.sleep(pause_s)
        asked_at = encounter.consumer.wire.now()
        if local_date(asked_at) > local_date(attempt.start):
            return not_carried_out(attempt)
        try:
            found = await look(encounter, attempt)
        except Stop:
            continue  # the read had no answer either
        if found:
            return Ending(DONE[attempt.command], found)
        if asked_at - attempt.sent > DOUBT:
            return not_carried_out(attempt)
    return doubt


def not_carried_out(attempt: Attempt) -> Ending:
    """The receiver did nothing, or was never asked: it may be tried again."""
    what = {"book": "booking", "cancel": "cancellation"}[attempt.command]
    return Ending("unavailable", stop=Stop.because("S3", f"the {what} was not carried out", "unavailable"))


async def settle_attempt(encounter: Encounter, attempt: Attempt, ledger: Ledger) -> Ending:
    """Settles an attempt that an earlier session left in doubt, and writes how it ended.

    It reads and sends nothing again. `in_doubt` once more means: try later.
    """
    return await close(ledger, attempt, await settle(encounter, attempt, still_in_doubt("still no answer")))


def still_in_doubt(why: str) -> Ending:
    """Nobody knows yet."""
    return Ending("in_doubt", stop=Stop.because("B5", why, "in_doubt"))


def new_attempt(
    encounter: Encounter, record: PatientRecord, offers: Sequence[Offer], invitation_id: str,
    *, command: str = "book", appointment_id: str = "",
) -> Attempt:  # fmt: skip
    """The ledger's entry for what is about to be tried."""
    wire, line = encounter.consumer.wire, encounter.line
    return Attempt(
        attempt_id=wire.new_id(),
        invitation_id=invitation_id,
        booker_ods=line.sender.organisation_ods,
        receiver_ods=line.route.ods,
        nhs_number=record.person.nhs_number,
        slot_ids=tuple(offer.slot_id for offer in offers),
        start=offers[0].start,
        opened=wire.now(),
        command=command,
        appointment_id=appointment_id,
    )


async def close(ledger: Ledger, attempt: Attempt, ending: Ending) -> Ending:
    """The ledger's entry, completed. Where somebody else completed it first, theirs is how it ended."""
    appointment_id = ending.booked.appointment_id if ending.booked else attempt.appointment_id
    try:
        await ledger.note(attempt, outcome=ending.outcome, appointment_id=appointment_id)
    except Overtaken:
        stands = await latest(ledger, attempt)
        if stands.is_settled:
            return ending_of(stands)
        if stands.sent != attempt.sent:
            return still_in_doubt("another process is sending it")
        return await close(ledger, stands, ending)
    return ending


async def latest(ledger: Ledger, attempt: Attempt) -> Attempt:
    """The attempt as it stands in the ledger now; as given where it was never opened."""
    known = await ledger.attempts(attempt.invitation_id)
    return next((one for one in known if one.attempt_id == attempt.attempt_id), attempt)


def ending_of(attempt: Attempt) -> Ending:
    """What the ledger says of an attempt that is settled: less than the receiver's own answer."""
    if attempt.outcome != DONE[attempt.command]:
        return Ending(attempt.outcome, stop=Stop.because("S3", "it ended without success", "unavailable"))
    booked = Booked(
        attempt.appointment_id, "", attempt.outcome, attempt.start, attempt.slot_ids, attempt.booker_ods
    )  # fmt: skip
    return Ending(attempt.outcome, booked)
