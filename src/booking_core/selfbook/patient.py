"""The patient's side: open the link, choose, confirm; and find again what had no answer."""

from datetime import date

from booking_core import booking
from booking_core.booking import Ending
from booking_core.gpconnect.values import Offer
from booking_core.ledger import Attempt
from booking_core.reactions import Stop
from booking_core.search import search
from booking_core.selfbook import messages
from booking_core.selfbook.cancelling import cancel_old, cancelled, settle_cancelled, start_moving
from booking_core.selfbook.invitations import KEPT, IllegalMove, Invitation
from booking_core.selfbook.links import dead, living
from booking_core.selfbook.office import Office, Screen
from booking_core.uk_time import spoken

DESCRIPTION = "Self-Book appointment"


async def open_link(office: Office, token: str, birth_date: date) -> Screen:
    """The way in: a living link and the right date of birth lead to a fresh search, or to what was booked."""
    try:
        return await _open(office, token, birth_date)
    except IllegalMove:  # another tab was quicker
        return await dead(office, token)


async def _open(office: Office, token: str, birth_date: date) -> Screen:
    invitation = await living(office, token)
    if invitation is None:
        return await dead(office, token)
    if invitation.state == "in_doubt":
        return await settle(office, invitation)
    if invitation.state == "cancel_in_doubt":
        return await settle_cancelled(office, invitation)
    if invitation.state not in KEPT:
        invitation = await office.invitations.move(invitation.key, "opened")
    if birth_date != invitation.patient.person.birth_date:
        return await _wrong_date(office, invitation)
    if invitation.state in KEPT:
        return _kept(office, invitation)
    return await choose(office, await office.invitations.move(invitation.key, "verified"))


async def confirm(office: Office, token: str, slot_ids: tuple[str, ...]) -> Screen:
    """Books slots that were shown; of two confirmations of one link, the second finds it taken up."""
    invitation = await living(office, token)
    if invitation is None or not slot_ids or not set(slot_ids) <= set(invitation.shown):
        return await dead(office, token)
    try:
        invitation = await office.invitations.move(invitation.key, "confirming")
    except IllegalMove:
        return await dead(office, token)
    offers = tuple(invitation.shown[slot_id] for slot_id in slot_ids)
    try:
        encounter = await office.meet(invitation)
    except Stop as stop:
        return await _ended(office, invitation, offers, Ending("unavailable", stop=stop))
    ending = await booking.book(
        encounter, invitation.patient, offers, office.ledger,
        invitation_id=invitation.invitation_id, description=DESCRIPTION,
    )  # fmt: skip
    return await _ended(office, invitation, offers, ending)


async def rebook(office: Office, token: str) -> Screen:
    """Another time for what is booked: the old appointment stays until the new one is made."""
    moving = await start_moving(office, token)
    return moving if isinstance(moving, Screen) else await choose(office, moving)


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
    return Screen("choose", f"Choose an appointment at {receiver}", receiver, offers)


async def settle(office: Office, invitation: Invitation) -> Screen:
    """A link whose booking had no answer: the receiver's book is read before anything else is done."""
    invitation = await office.invitations.move(invitation.key, "confirming")
    attempts = await office.ledger.attempts(invitation.invitation_id)
    attempt = [one for one in attempts if one.command == "book"][-1]
    offers = tuple(invitation.shown[slot_id] for slot_id in attempt.slot_ids)
    try:
        ending = await booking.settle_attempt(await office.meet(invitation), attempt, office.ledger)
    except Stop as stop:
        ending = Ending("in_doubt", stop=stop)
    return await _ended(office, invitation, offers, ending)


async def take_up(office: Office, invitation: Invitation, attempt: Attempt) -> Screen:
    """The ledger knows how it ended, the link does not yet: a crash came between the two."""
    if attempt.command == "cancel":
        return await cancelled(office, invitation, Ending("cancelled"))
    offers = tuple(invitation.shown[slot_id] for slot_id in attempt.slot_ids)
    return await _booked(office, invitation, offers, attempt.appointment_id)


async def give_back(office: Office, invitation: Invitation) -> Screen:
    """Nothing was sent, or it is known to have failed: the link is where it was before."""
    if invitation.state in ("cancelling", "cancel_in_doubt"):
        return _kept(office, await office.invitations.move(invitation.key, "booked"))
    return await choose(office, await _back(office, invitation))


def _kept(office: Office, invitation: Invitation) -> Screen:
    receiver = office.name(invitation.receiver_ods)
    text = messages.confirmation_text(invitation.held[0], receiver, _booker(invitation), office.pilot.settings)
    return Screen("booked", text, invitation.held[0].site)


async def _wrong_date(office: Office, invitation: Invitation) -> Screen:
    wrong = invitation.wrong_dates + 1
    locked = wrong >= office.pilot.settings.wrong_dates_lock
    stays = "booked" if invitation.state in KEPT else "opened"
    invitation = await office.invitations.move(invitation.key, "locked" if locked else stays, wrong_dates=wrong)
    return office.to_patient(Stop.because("B2" if locked else "B3", f"{wrong} wrong dates of birth"), invitation)


async def _ended(office: Office, invitation: Invitation, offers: tuple[Offer, ...], ending: Ending) -> Screen:
    """What an ending means for the link, and what the patient reads."""
    if ending.booked:
        return await _booked(office, invitation, offers, ending.booked.appointment_id)
    stop = ending.stop or Stop.because("S3", "no reason was given", "unavailable")
    if ending.outcome == "in_doubt":
        return office.to_patient(stop, await office.invitations.move(invitation.key, "in_doubt"))
    invitation = await _back(office, invitation)
    told = office.to_patient(stop, invitation)
    if ending.outcome != "slot_taken":
        return told
    again = await choose(office, invitation)
    return Screen(told.outcome, told.text, told.site, again.slots, told.cause)


async def _back(office: Office, invitation: Invitation) -> Invitation:
    """Where a link stands after a try that booked nothing: what it held before it still holds."""
    if not invitation.appointment_id:
        return await office.invitations.move(invitation.key, "verified")
    await office.invitations.move(invitation.key, "booked")
    return await office.invitations.move(invitation.key, "moving")


async def _booked(office: Office, invitation: Invitation, offers: tuple[Offer, ...], appointment_id: str) -> Screen:
    offer, booker, receiver = offers[0], _booker(invitation), office.name(invitation.receiver_ods)
    old = invitation
    invitation = await office.invitations.move(invitation.key, "booked", appointment_id=appointment_id, held=offers)
    text = messages.confirmation_text(offer, receiver, booker, office.pilot.settings)
    await messages.try_to_send(office.sms, invitation.patient.mobile, text)
    await office.write(invitation, f"Booked at {offer.site} ({invitation.receiver_ods}) for {spoken(offer.start)}")
    if old.appointment_id:
        return await cancel_old(office, old, Screen("booked", text, offer.site))
    return Screen("booked", text, offer.site)


def _booker(invitation: Invitation) -> str:
    return invitation.sender.organisation_name
