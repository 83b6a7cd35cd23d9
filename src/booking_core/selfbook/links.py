"""Where a link leads: to booking, to what it booked, or nowhere; and the slots that it offers."""

from collections.abc import Mapping

from booking_core.reactions import Stop
from booking_core.search import search
from booking_core.selfbook import user_errors
from booking_core.selfbook.invitations import KEPT, OPEN, Invitation, key_of
from booking_core.selfbook.office import Office, Screen
from booking_core.selfbook.texts import SCREENS

_TOLD: Mapping[str, str] = {
    "confirming": "B7",
    "in_doubt": "B5",
    "cancelling": "B9",
    "cancel_in_doubt": "B9",
    "sent": "S3",
    "opened": "S3",
    "verified": "S3",
}
"""State -> what somebody reads whose tap came to nothing; for any other state the link is used up, B2."""


async def living(office: Office, token: str) -> Invitation | None:
    """The invitation of a link that leads somewhere; an overdue one is moved to expired."""
    invitation = await office.invitations.get(key_of(token))
    if invitation is None or invitation.wrong_dates >= office.pilot.settings.wrong_dates_lock:
        return None
    if invitation.state in KEPT:
        return invitation if office.pilot.settings.cancelling.enabled else None
    if invitation.state not in OPEN:
        return None
    if invitation.state != "in_doubt" and office.consumer.wire.now() >= invitation.expires:
        await office.invitations.move(invitation, "expired")
        return None
    return invitation


async def dead(office: Office, token: str) -> Screen:
    """The screen of a link that leads nowhere now, whatever the reason."""
    invitation = await office.invitations.get(key_of(token))
    cause = f"the link is {invitation.state}" if invitation else "the link is unknown"
    if invitation:
        return office.to_patient(Stop.because(_TOLD.get(invitation.state, "B2"), cause), invitation)
    return Screen("B2", user_errors.BY_ID["B2"].to_patient, "", cause=cause)


async def choose(office: Office, invitation: Invitation) -> Screen:
    """The slots to choose from, all from a search made now."""
    receiver = office.name(invitation.receiver_ods)
    try:
        offers = await search(await office.meet(invitation), invitation.wanted, office.pilot.settings.horizon_days)
        if not offers:
            raise Stop.because("E3", "every search was answered and left no slot")
    except Stop as stop:
        return office.to_patient(stop, invitation)
    await office.invitations.show(invitation.key, {offer.slot_id: offer for offer in offers})
    return Screen("choose", SCREENS["choose"].format(receiver=receiver), receiver, offers)


async def choose_again(office: Office, invitation: Invitation, stop: Stop) -> Screen:
    """The slots that are left now, under the reason why the last choice came to nothing."""
    told, again = office.to_patient(stop, invitation), await choose(office, invitation)
    return Screen(told.outcome, told.text, told.site, again.slots, told.cause)
