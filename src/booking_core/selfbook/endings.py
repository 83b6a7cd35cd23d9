"""What the end of a command means for its link, and what the patient reads.

The link moves last: a crash on the way is found by a restart, which then tells everybody again.
Told twice is better than never.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from booking_core.booking import Ending, close, ending_of
from booking_core.reactions import Stop
from booking_core.selfbook import messages
from booking_core.selfbook.commands import MOVED, attempt_to_cancel, cancel, see_through
from booking_core.selfbook.invitations import IllegalMove, Invitation
from booking_core.selfbook.links import choose_again
from booking_core.selfbook.office import Office, Screen
from booking_core.selfbook.reminding import remind_at
from booking_core.selfbook.texts import RECORD
from booking_core.uk_time import spoken, spoken_day


async def booking_ended(office: Office, invitation: Invitation, ending: Ending) -> Screen:
    """Booked, still in doubt, or back where the link was before: what it held then it still holds."""
    if ending.booked:
        return await _booked(office, invitation, ending.booked.appointment_id)
    stop = ending.stop or _no_reason()
    if ending.outcome == "in_doubt":
        return await _in_doubt(office, invitation, "in_doubt", Stop.because("B5", stop.detail, "in_doubt"))
    invitation = await office.invitations.move(invitation, "moving" if invitation.appointment_id else "verified")
    if ending.outcome == "slot_taken":
        return await choose_again(office, invitation, stop)
    return office.to_patient(stop, invitation)


async def cancelling_ended(office: Office, invitation: Invitation, ending: Ending) -> Screen:
    """Cancelled, still in doubt, or booked as before."""
    if ending.outcome == "cancelled":
        return await _cancelled(office, invitation)
    stop = ending.stop or _no_reason()
    if ending.outcome == "in_doubt":
        return await _in_doubt(office, invitation, "cancel_in_doubt", Stop.because("B9", stop.detail, "in_doubt"))
    return office.to_patient(stop, await office.invitations.move(invitation, "booked"))


ENDED: Mapping[str, Callable[[Office, Invitation, Ending], Awaitable[Screen]]] = {
    "book": booking_ended,
    "cancel": cancelling_ended,
}
"""Command -> what its end means."""


def booked_screen(office: Office, invitation: Invitation) -> Screen:
    """What a link shows that holds an appointment."""
    receiver, booker = office.name(invitation.receiver_ods), invitation.sender.organisation_name
    text = messages.confirmation_text(invitation.held[0], receiver, booker, office.pilot.settings)
    return Screen("booked", text, invitation.held[0].site)


async def _booked(office: Office, old: Invitation, appointment_id: str) -> Screen:
    offer, invitation = old.chosen[0], replace(old, appointment_id=appointment_id, held=old.chosen)
    told = booked_screen(office, invitation)
    await messages.try_to_send(office.sms, invitation.patient.mobile, told.text)
    facts = {"receiver": offer.site, "ods": invitation.receiver_ods, "when": spoken(offer.start)}
    await office.write(invitation, RECORD["booked"].format_map(facts))
    if old.appointment_id:
        told = await _cancel_old(office, old, told)
    due = remind_at(office, old.receiver_ods, offer.start)
    with suppress(IllegalMove):  # another process was quicker: it is booked all the same
        await office.invitations.move(old, "booked", appointment_id=appointment_id, held=old.chosen, remind_at=due)
    return told


async def _cancelled(office: Office, invitation: Invitation) -> Screen:
    receiver = office.name(invitation.receiver_ods)
    text = messages.cancellation_text(messages.when_told(invitation.held[0], office.pilot.settings), receiver)
    await messages.try_to_send(office.sms, invitation.patient.mobile, text)
    await office.write(invitation, RECORD["cancelled"].format(receiver=receiver))
    with suppress(IllegalMove):  # as above
        await office.invitations.move(invitation, "cancelled")
    return Screen("cancelled", text, receiver)


async def _in_doubt(office: Office, invitation: Invitation, state: str, stop: Stop) -> Screen:
    return office.to_patient(stop, await office.invitations.move(invitation, state))


async def _cancel_old(office: Office, old: Invitation, done: Screen) -> Screen:
    """After the new appointment is booked: the old one goes. If it will not, the patient is told to call."""
    ending = await _cancel_once(office, old)
    if ending.outcome == "cancelled":
        return done
    await office.write(old, RECORD["left over"])
    told = office.to_patient(Stop.because("B8", ending.stop.detail if ending.stop else ""), old)
    return Screen(told.outcome, f"{done.text} {told.text}", done.site, cause=told.cause)


async def old_one_gone(office: Office, invitation: Invitation, start: datetime) -> None:
    """After all: what patient and staff were asked to do by hand need not be done."""
    receiver = office.name(invitation.receiver_ods)
    # the ledger does not know whether it was a call, of which a patient may have been told the half of a day only
    when = spoken_day(start) if office.pilot.settings.telephone_windows else spoken(start)
    await messages.try_to_send(office.sms, invitation.patient.mobile, messages.cancellation_text(when, receiver))
    await office.write(invitation, RECORD["gone after all"].format(receiver=receiver, when=spoken(start)))


async def _cancel_once(office: Office, old: Invitation) -> Ending:
    """A crash may have left a cancellation behind: that one is seen through, and no other begun."""
    for attempt in await office.ledger.attempts(old.invitation_id):
        if (attempt.command, attempt.appointment_id) != ("cancel", old.appointment_id):
            continue
        if not attempt.is_settled:
            return await close(office.ledger, *await see_through(office, old, attempt))
        if attempt.outcome == "cancelled":
            return ending_of(attempt)
    attempt = attempt_to_cancel(office, old, office.consumer.wire.new_id())
    return await cancel(office, old, attempt, MOVED, timedelta())


def _no_reason() -> Stop:
    return Stop.because("S3", "no reason was given", "unavailable")
