"""Where a link leads: to booking, to what it booked, or nowhere."""

from booking_core.reactions import Stop
from booking_core.selfbook import user_errors
from booking_core.selfbook.invitations import KEPT, OPEN, Invitation, key_of
from booking_core.selfbook.office import Office, Screen


async def living(office: Office, token: str) -> Invitation | None:
    """The invitation of a link that leads somewhere; an overdue one is moved to expired."""
    invitation = await office.invitations.get(key_of(token))
    if invitation is None:
        return None
    if invitation.state in KEPT:
        return invitation if office.pilot.settings.cancelling.enabled else None
    if invitation.state not in OPEN:
        return None
    if invitation.state != "in_doubt" and office.consumer.wire.now() >= invitation.expires:
        await office.invitations.move(invitation.key, "expired")
        return None
    return invitation


async def dead(office: Office, token: str) -> Screen:
    """The screen of a link that leads nowhere, whatever the reason."""
    invitation = await office.invitations.get(key_of(token))
    cause = f"the link is {invitation.state}" if invitation else "the link is unknown"
    if invitation:
        return office.to_patient(Stop.because("B7" if invitation.state == "confirming" else "B2", cause), invitation)
    return Screen("B2", user_errors.BY_ID["B2"].to_patient, "", cause=cause)
