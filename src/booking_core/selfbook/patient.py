"""The patient's side: open the link, choose, confirm."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from booking_core.gpconnect.values import Offer
from booking_core.ledger import Overtaken
from booking_core.reactions import Stop
from booking_core.selfbook.cancelling import start_moving, too_late
from booking_core.selfbook.commands import book
from booking_core.selfbook.endings import booked_screen, booking_ended
from booking_core.selfbook.invitations import UNDER_WAY, IllegalMove, Invitation, key_of
from booking_core.selfbook.links import choose, choose_again, dead, living
from booking_core.selfbook.office import Office, Screen
from booking_core.selfbook.settling import settle

_CHOOSING = frozenset({"verified", "moving"})
"""States in which slots are on somebody's screen."""

_TABS = 5
"""So often the way in is tried while other tabs of the same link are quicker."""


async def open_link(office: Office, token: str, birth_date: date) -> Screen:
    """The way in: a living link and the right date of birth lead to a fresh search, or to what was booked.

    Where the last command had no answer, the receiver's book is read before anything else is done.
    """
    for _ in range(_TABS):
        try:
            return await _open(office, token, birth_date)
        except (IllegalMove, Overtaken):
            continue
    return await dead(office, token)


async def _open(office: Office, token: str, birth_date: date) -> Screen:
    invitation = await living(office, token)
    if invitation is None:
        return await dead(office, token)
    if invitation.state == "sent":
        invitation = await office.invitations.move(invitation, "opened")
    if birth_date != invitation.patient.person.birth_date:
        return await _wrong_date(office, invitation)
    if invitation.state in UNDER_WAY:
        return await settle(office, invitation)
    if invitation.appointment_id:
        return booked_screen(office, invitation)
    return await choose(office, await office.invitations.move(invitation, "verified"))


async def confirm(office: Office, token: str, slot_ids: tuple[str, ...]) -> Screen:
    """Books slots that were shown; of two confirmations of one link, the second finds it taken up."""
    try:
        taken = await _take_up(office, token, slot_ids)
        return taken if isinstance(taken, Screen) else await booking_ended(office, taken, await book(office, taken))
    except (IllegalMove, Overtaken):
        return await _too_slow(office, token)


async def _take_up(office: Office, token: str, slot_ids: Sequence[str]) -> Screen | Invitation:
    """The link, nobody else's from here on; a reminder that is noted meanwhile, or a look, is no obstacle."""
    for _ in range(_TABS):
        with suppress(IllegalMove):
            return await _try_to_take_up(office, token, slot_ids)
    raise IllegalMove("somebody else was quicker each time")


async def _try_to_take_up(office: Office, token: str, slot_ids: Sequence[str]) -> Screen | Invitation:
    invitation = await living(office, token)
    if invitation is None or invitation.state not in _CHOOSING or not slot_ids:
        return await dead(office, token)
    if late := await too_late(office, invitation):
        return late
    if not set(slot_ids) <= set(invitation.shown):
        return await choose_again(office, invitation, Stop.because("B1", "no slot of the last list", "slot_taken"))
    return await office.invitations.move(
        invitation, "confirming", attempt_id=office.consumer.wire.new_id(), chosen=_chosen(invitation, slot_ids)
    )


def _chosen(invitation: Invitation, slot_ids: Sequence[str]) -> tuple[Offer, ...]:
    return tuple(sorted((invitation.shown[slot_id] for slot_id in dict.fromkeys(slot_ids)), key=lambda one: one.start))


async def _too_slow(office: Office, token: str) -> Screen:
    """Another tab or process was quicker; who may still choose does so from a fresh list."""
    invitation = await office.invitations.get(key_of(token))
    if invitation and invitation.state in _CHOOSING:
        return await choose(office, invitation)
    return await dead(office, token)


async def rebook(office: Office, token: str) -> Screen:
    """Another time for what is booked: the old appointment stays until the new one is made."""
    moving = await start_moving(office, token)
    return moving if isinstance(moving, Screen) else await choose(office, moving)


async def _wrong_date(office: Office, invitation: Invitation) -> Screen:
    """A link in doubt is never locked: what it may have booked must still be found."""
    wrong = invitation.wrong_dates + 1
    locked = wrong >= office.pilot.settings.wrong_dates_lock
    state = "locked" if locked and invitation.state not in UNDER_WAY else invitation.state
    invitation = await office.invitations.move(invitation, state, wrong_dates=wrong)
    return office.to_patient(Stop.because("B2" if locked else "B3", f"{wrong} wrong dates of birth"), invitation)
