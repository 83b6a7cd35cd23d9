"""Cancelling and moving an appointment that a link made; off unless the pilot switches it on."""

from datetime import timedelta

from booking_core.appointments import Cancellation, cancel, settle_cancel
from booking_core.booking import Ending, close
from booking_core.reactions import Stop
from booking_core.selfbook import messages
from booking_core.selfbook.invitations import IllegalMove, Invitation, key_of
from booking_core.selfbook.links import dead
from booking_core.selfbook.office import Office, Screen


async def cancel_appointment(office: Office, token: str, reason: str) -> Screen:
    """The patient gives a reason; the slot is free again at once and the link is at its end."""
    invitation = await _mover(office, token, "cancelling")
    if isinstance(invitation, Screen):
        return invitation
    ending = await _cancel(office, invitation, reason)
    return await cancelled(office, invitation, ending)


async def start_moving(office: Office, token: str) -> Screen | Invitation:
    """The patient wants another time: the old one is kept until the new one is booked."""
    if not office.pilot.settings.cancelling.may_rebook:
        return await dead(office, token)
    return await _mover(office, token, "moving")


async def cancel_old(office: Office, old: Invitation, done: Screen) -> Screen:
    """After the new appointment is booked: the old one goes. If it will not, the patient is told to call."""
    ending = await _cancel(office, old, "Moved to another time")
    if ending.outcome == "cancelled":
        return done
    await office.write(old, "The earlier appointment could not be cancelled: please cancel it by hand")
    told = office.to_patient(Stop.because("B8", ending.stop.detail if ending.stop else ""), old)
    return Screen(told.outcome, f"{done.text} {told.text}", done.site, cause=told.cause)


async def settle_cancelled(office: Office, invitation: Invitation) -> Screen:
    """A cancellation that had no answer: the appointment is read before anything is sent again."""
    invitation = await office.invitations.move(invitation.key, "cancelling")
    attempts = await office.ledger.attempts(invitation.invitation_id)
    attempt = [one for one in attempts if one.command == "cancel"][-1]
    doubt = Ending("in_doubt", stop=Stop.because("B5", "still no answer", "in_doubt"))
    try:
        ending = await settle_cancel(await office.meet(invitation), attempt, doubt)
    except Stop as stop:
        ending = Ending("in_doubt", stop=stop)
    await close(office.ledger, attempt, ending)
    return await cancelled(office, invitation, ending)


async def _cancel(office: Office, invitation: Invitation, reason: str) -> Ending:
    cutoff = timedelta(minutes=office.pilot.settings.cancelling.cutoff_minutes)
    wanted = Cancellation(invitation.appointment_id, invitation.held, reason, cutoff)
    try:
        encounter = await office.meet(invitation)
    except Stop as stop:
        return Ending("unavailable", stop=stop)
    return await cancel(encounter, invitation.patient, wanted, office.ledger, invitation.invitation_id)


async def cancelled(office: Office, invitation: Invitation, ending: Ending) -> Screen:
    """What the end of a cancellation means for the link, and what the patient reads."""
    if ending.outcome == "cancelled":
        invitation = await office.invitations.move(invitation.key, "cancelled")
        receiver = office.name(invitation.receiver_ods)
        text = messages.cancellation_text(invitation.held[0], receiver)
        await messages.try_to_send(office.sms, invitation.patient.mobile, text)
        await office.write(invitation, f"Appointment at {receiver} cancelled by the patient")
        return Screen("cancelled", text, receiver)
    state = "cancel_in_doubt" if ending.outcome == "in_doubt" else "booked"
    invitation = await office.invitations.move(invitation.key, state)
    return office.to_patient(ending.stop or Stop.because("S3", "no reason was given", "unavailable"), invitation)


async def _mover(office: Office, token: str, state: str) -> Invitation | Screen:
    if not office.pilot.settings.cancelling.enabled:
        return await dead(office, token)
    try:
        return await office.invitations.move(key_of(token), state)
    except (IllegalMove, KeyError):
        return await dead(office, token)
