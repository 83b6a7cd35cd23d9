"""Booking for one patient: trace, find or register, cross-check, create; and settling what is in doubt."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from booking_core import pds
from booking_core.consumer import Consumer
from booking_core.encounter import Encounter
from booking_core.gpconnect.values import Booked, Offer
from booking_core.identity import differences, verifies
from booking_core.ledger import Attempt, Ledger
from booking_core.pds import Demographics
from booking_core.reactions import Stop
from booking_core.uk_time import local_date

SETTLE_AFTER_S = (0, 5, 30)
"""When the receiver's book is read again after a booking without an answer; assumed."""

DOUBT = timedelta(seconds=120)
"""An attempt that no read has found after this long did not happen; assumed."""


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """The patient as the booker's clinical system holds them."""

    person: Demographics
    mobile: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended. `stop` tells why, unless it is booked."""

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
        if stop.reaction.outcome != "in_doubt":
            raise
        made = await find_patient(encounter, record)  # it may have been carried out: look before asking again
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
    """One attempt from trace to settled outcome; what is still in doubt afterwards stays so in the ledger."""
    attempt = await open_attempt(encounter, record, offers, ledger, invitation_id)
    try:
        person = await trace(encounter.consumer, record)
        patient_id = await find_or_register(encounter, record, person)
        attempt = await ledger.note(attempt.attempt_id, patient_id=patient_id)
        booked = await encounter.create_appointment(offers, patient_id, description)
        ending = Ending("booked", booked)
    except Stop as stop:
        ending = Ending(stop.reaction.outcome, stop=stop)
    if ending.outcome == "in_doubt":
        await ledger.note(attempt.attempt_id, outcome="in_doubt")
        ending = await settle(encounter, attempt, ending)
    await close(ledger, attempt, ending)
    return ending


async def settle(encounter: Encounter, attempt: Attempt, doubt: Ending) -> Ending:
    """Reads the receiver's book until our appointment is found; sends nothing again.

    Not found is no proof while the receiver may still be at work: after DOUBT it is.
    """
    for pause_s in SETTLE_AFTER_S:
        await asyncio.sleep(pause_s)
        try:
            found = await look_for(encounter, attempt)
        except Stop:
            continue  # the read had no answer either
        if found:
            return Ending("booked", found)
        if encounter.consumer.wire.now() - attempt.opened > DOUBT:
            return Ending("unavailable", stop=Stop.because("S3", "the booking was not carried out", "unavailable"))
    return doubt


async def look_for(encounter: Encounter, attempt: Attempt) -> Booked | None:
    """Our appointment in the receiver's book: same slots, booked by our organisation; None if it is not there."""
    today = local_date(encounter.consumer.wire.now())
    for patient_id in await _patient_ids(encounter, attempt):
        for one in await encounter.list_appointments(patient_id, today, max(today, local_date(attempt.start))):
            if (one.slot_ids, one.booked_by, one.status) == (attempt.slot_ids, attempt.booker_ods, "booked"):
                return one
    return None


async def _patient_ids(encounter: Encounter, attempt: Attempt) -> tuple[str, ...]:
    """The attempt's own, or whom the receiver holds under the number where a crash came before it was noted."""
    if attempt.patient_id:
        return (attempt.patient_id,)
    return tuple(logical_id for logical_id, _ in await encounter.find_patient(attempt.nhs_number))


async def settle_attempt(encounter: Encounter, attempt: Attempt, ledger: Ledger) -> Ending:
    """Settles an attempt that an earlier session left in doubt, and writes how it ended."""
    doubt = Ending("in_doubt", stop=Stop.because("B5", "still no answer", "in_doubt"))
    ending = await settle(encounter, attempt, doubt)
    await close(ledger, attempt, ending)
    return ending


async def open_attempt(
    encounter: Encounter, record: PatientRecord, offers: tuple[Offer, ...], ledger: Ledger, invitation_id: str,
    *, command: str = "book", appointment_id: str = "",
) -> Attempt:  # fmt: skip
    """The ledger's entry, written before anything is sent."""
    wire, line = encounter.consumer.wire, encounter.line
    attempt = Attempt(
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
    await ledger.open(attempt)
    return attempt


async def close(ledger: Ledger, attempt: Attempt, ending: Ending) -> None:
    """The ledger's entry, completed."""
    appointment_id = ending.booked.appointment_id if ending.booked else attempt.appointment_id
    await ledger.note(attempt.attempt_id, outcome=ending.outcome, appointment_id=appointment_id)
