"""Whether all who know of a wish know the same: the patient, the link, the ledger and the provider's book."""

import re
from collections.abc import Sequence

from booking_core.selfbook.invitations import UNDER_WAY, key_of
from booking_core.uk_time import spoken
from mock_gpconnect.book.protocol import Appointment

from .journeys import Patient
from .lives import Surroundings


async def in_the_book(patient: Patient) -> Sequence[Appointment]:
    """The patient's appointments that stand in the receiver's book."""
    practice = patient.around.world.practice("riverside")
    records = practice.patients.of_number(patient.row.nhs_number)
    held = [one for record in records for one in await practice.book.appointments_of(record.id)]
    return [one for one in held if one.status == "booked"]


async def disagreements(patient: Patient) -> list[str]:
    """What does not fit, in words; nothing is what we want.

    An old appointment that would not go after a move is left out, if the patient was told so.
    """
    around, found = patient.around, list[str]()
    left_over = await _left_over(patient)
    in_book = [one for one in await in_the_book(patient) if one.id not in left_over]
    booked = [one.id for one in in_book]
    if len(booked) > 1:
        found.append(f"{len(booked)} appointments for one wish")
    if unsettled := await around.ledger.unsettled():
        found.append(f"unsettled: {unsettled}")
    link = await around.invitations.get(key_of(patient.token))
    if link is None:
        return [*found, "the link is unknown"]
    if link.state in UNDER_WAY:
        found.append(f"the link is still {link.state}")
    held = [link.appointment_id] if link.state in ("booked", "moving") else []
    if held != booked:
        found.append(f"the link is {link.state} and holds {held}, the book {booked}")
    known = [one for one in await _in_the_ledger(around, link.invitation_id) if one not in left_over]
    if known != booked:
        found.append(f"the ledger holds {known}, the book {booked}")
    stands = [spoken(one.starts) for one in in_book]
    if (thinks := belief(patient)) not in (stands or [""]):
        found.append(f"the patient believes in {thinks or 'nothing'}, the book holds {stands}")
    return found


async def _left_over(patient: Patient) -> set[str]:
    link = await patient.around.invitations.get(key_of(patient.token))
    if link is None or "B8" not in [screen.outcome for screen in patient.screens]:
        return set()
    attempts = await patient.around.ledger.attempts(link.invitation_id)
    unwilling = {one.appointment_id for one in attempts if one.command == "cancel" and one.outcome != "cancelled"}
    return unwilling - {link.appointment_id}


async def _in_the_ledger(around: Surroundings, invitation_id: str) -> list[str]:
    """Appointments that were booked and not cancelled, by what the ledger says."""
    attempts = await around.ledger.attempts(invitation_id)
    gone = {one.appointment_id for one in attempts if one.outcome == "cancelled"}
    made = dict.fromkeys(one.appointment_id for one in attempts if one.outcome == "booked")
    return [one for one in made if one not in gone]


_TIME = r"(\w+ \d+ \w+ at [\d:]+[ap]m)"
_BOOKED, _CANCELLED = re.compile(rf"is booked for {_TIME}"), re.compile(rf"on {_TIME} is cancelled")


def belief(patient: Patient) -> str:
    """When the patient thinks to be seen, by all that texts and screens said of appointments, in order of time."""
    texts = [(one.at, one.text) for one in patient.around.phones.texts if one.mobile == patient.row.mobile]
    thinks = ""
    for _, text in sorted(texts + patient.told, key=lambda one: one[0]):
        if booked := _BOOKED.search(text):
            thinks = booked[1]
        if (cancelled := _CANCELLED.search(text)) and cancelled[1] == thinks:
            thinks = ""
    return thinks
