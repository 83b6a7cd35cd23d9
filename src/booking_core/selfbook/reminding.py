"""Reminders of appointments at receivers that have the product remind: a due list, worked round after round."""

import asyncio
from datetime import datetime, timedelta

from booking_core.gpconnect.replies import booked_of
from booking_core.reactions import Stop
from booking_core.selfbook import messages
from booking_core.selfbook.invitations import IllegalMove, Invitation
from booking_core.selfbook.office import Office

ROUND_S = 60
"""How often the due list is looked at; assumed."""

AGAIN_AFTER = timedelta(minutes=15)
"""When a receiver is asked again that could not be asked; assumed."""


def remind_at(office: Office, receiver_ods: str, start: datetime) -> datetime | None:
    """When the patient is to be reminded of an appointment booked now; None where we do not, or it is too near."""
    receiver = office.pilot.organisations.get(receiver_ods)
    at = start - timedelta(hours=office.pilot.settings.reminder_hours)
    return at if receiver and receiver.reminders == "product" and at > office.consumer.wire.now() else None


async def remind_for_ever(office: Office) -> None:
    """What a deployed product has running beside everything else; several processes may.

    It ends with the exception of a store or gateway that is down. Start it again then: the due list is
    in the store, and whose text failed is crossed off, so nobody stops the others twice.
    """
    while True:
        await remind_due(office)
        await asyncio.sleep(ROUND_S)


async def remind_due(office: Office) -> int:
    """Texts whoever is due, and counts the texts.

    An entry is crossed off before its text goes out: a crash between the two costs a reminder, while
    the other order, or two processes, would remind somebody twice.
    """
    due = await office.invitations.to_remind(office.consumer.wire.now())
    return sum([await _remind(office, invitation) for invitation in due])


async def _remind(office: Office, invitation: Invitation) -> bool:
    try:
        stands, at = await _stands(office, invitation), None
    except Stop:
        stands, at = False, office.consumer.wire.now() + AGAIN_AFTER
    try:
        await office.invitations.move(invitation, invitation.state, remind_at=at)
    except IllegalMove:  # the patient or another process was quicker: the next round looks again
        return False
    receiver = office.name(invitation.receiver_ods)
    text = messages.reminder_text(
        invitation.held[0], receiver, invitation.sender.organisation_name, office.pilot.settings
    )
    return stands and await messages.try_to_send(office.sms, invitation.patient.mobile, text)


async def _stands(office: Office, invitation: Invitation) -> bool:
    """Whether the receiver still expects the patient: its own staff may have cancelled. Raises Stop."""
    if invitation.held[0].start <= office.consumer.wire.now():
        return False
    try:
        encounter = await office.meet(invitation)
        held = await encounter.read_appointment(invitation.appointment_id)
    except Stop as stop:
        if stop.reaction.outcome == "not_found":
            return False
        raise
    return booked_of(held).status == "booked"
