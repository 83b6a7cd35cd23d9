"""Cancelling and moving an appointment that a link made; off unless the pilot switches it on."""

from contextlib import suppress
from datetime import timedelta

from booking_core.ledger import Overtaken
from booking_core.reactions import Stop
from booking_core.selfbook.commands import attempt_to_cancel, cancel
from booking_core.selfbook.endings import cancelling_ended
from booking_core.selfbook.invitations import IllegalMove, Invitation, key_of
from booking_core.selfbook.links import dead
from booking_core.selfbook.office import Office, Screen

_HOLDS = frozenset({"booked", "moving"})
"""States in which an appointment can be given back or moved."""


async def cancel_appointment(office: Office, token: str, reason: str) -> Screen:
    """The patient gives a reason; the slot is free again at once and the link is at its end."""
    if not office.pilot.settings.cancelling.enabled:
        return await dead(office, token)
    attempt_id = office.consumer.wire.new_id()
    try:
        invitation = await _moved(office, token, "cancelling", attempt_id=attempt_id)
        attempt = attempt_to_cancel(office, invitation, attempt_id)
        ending = await cancel(office, invitation, attempt, reason, cutoff(office))
        return await cancelling_ended(office, invitation, ending)
    except (IllegalMove, Overtaken):
        return await dead(office, token)


async def start_moving(office: Office, token: str) -> Screen | Invitation:
    """The patient wants another time: the old one is kept until the new one is booked."""
    if not office.pilot.settings.cancelling.may_rebook:
        return await dead(office, token)
    try:
        invitation = await _moved(office, token, "moving")
        return await too_late(office, invitation) or invitation
    except IllegalMove:
        return await dead(office, token)


async def too_late(office: Office, invitation: Invitation) -> Screen | None:
    """The screen for who wants to move what can no longer be cancelled: both would stand in the book."""
    if not invitation.held or invitation.held[0].start - cutoff(office) > office.consumer.wire.now():
        return None
    return office.to_patient(Stop.because("B6", "too late to move"), invitation)


def cutoff(office: Office) -> timedelta:
    """How long before it begins an appointment can still be cancelled."""
    return timedelta(minutes=office.pilot.settings.cancelling.cutoff_minutes)


async def _moved(office: Office, token: str, state: str, **changes: str) -> Invitation:
    """Raises IllegalMove unless the link holds an appointment; a reminder that is noted meanwhile is no obstacle."""
    while True:
        invitation = await office.invitations.get(key_of(token))
        if invitation is None or invitation.state not in _HOLDS:
            raise IllegalMove(f"nothing is held: {state} is out of reach")
        with suppress(IllegalMove):
            return await office.invitations.move(invitation, state, **changes)
