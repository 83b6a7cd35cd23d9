"""After a restart: whatever was under way is settled by reading, none lost and none doubled."""

from booking_core.appointments import settle_cancel
from booking_core.booking import Ending, close
from booking_core.booking import settle as settle_booking
from booking_core.ledger import Attempt
from booking_core.reactions import Stop
from booking_core.selfbook.cancelling import settle_cancelled
from booking_core.selfbook.invitations import Invitation
from booking_core.selfbook.office import Office, Screen
from booking_core.selfbook.patient import give_back, settle, take_up

_BOOK = ("book", "confirming", "in_doubt", settle)
_CANCEL = ("cancel", "cancelling", "cancel_in_doubt", settle_cancelled)
_COMMANDS = {"confirming": _BOOK, "in_doubt": _BOOK, "cancelling": _CANCEL, "cancel_in_doubt": _CANCEL}
"""State -> its command, the states of that while under way and in doubt, and what settles it."""


async def settle_all(office: Office) -> tuple[Screen, ...]:
    """Settles every link and every attempt without a known end; the screens are what patients would see now."""
    screens = [await _settle(office, invitation) for invitation in await office.invitations.under_way()]
    for attempt in await office.ledger.unsettled():
        await _settle_aside(office, attempt)
    return tuple(screens)


async def _settle(office: Office, invitation: Invitation) -> Screen:
    """A crash may have come before the command was noted, before its end was, or after."""
    command, under_way, in_doubt, settler = _COMMANDS[invitation.state]
    attempts = [one for one in await office.ledger.attempts(invitation.invitation_id) if one.command == command]
    last = attempts[-1] if attempts else None
    if last and not last.is_settled:
        if invitation.state != in_doubt:
            invitation = await office.invitations.move(invitation.key, in_doubt)
        return await settler(office, invitation)
    if invitation.state == in_doubt:
        invitation = await office.invitations.move(invitation.key, under_way)
    if last and _is_news(invitation, last):
        return await take_up(office, invitation, last)
    return await give_back(office, invitation)


def _is_news(invitation: Invitation, attempt: Attempt) -> bool:
    """Whether the ledger knows an end that the invitation does not."""
    if attempt.command == "cancel":
        return attempt.outcome == "cancelled"
    return attempt.outcome == "booked" and attempt.appointment_id != invitation.appointment_id


async def _settle_aside(office: Office, attempt: Attempt) -> None:
    """What no link waits for: the old appointment of one that was moved, a crash before anything was sent."""
    invitation = await office.invitations.by_id(attempt.invitation_id)
    if invitation is None:
        return
    doubt = Ending("in_doubt", stop=Stop.because("B5", "still no answer", "in_doubt"))
    look = settle_cancel if attempt.command == "cancel" else settle_booking
    try:
        ending = await look(await office.meet(invitation), attempt, doubt)
    except Stop as stop:
        ending = Ending("in_doubt", stop=stop)
    await close(office.ledger, attempt, ending)
