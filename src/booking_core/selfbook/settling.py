"""After a restart: whatever was under way is settled by reading, none lost and none doubled."""

from collections.abc import Mapping

from booking_core.booking import close, ending_of, latest
from booking_core.ledger import Attempt, Overtaken
from booking_core.selfbook.commands import attempt_to_book, attempt_to_cancel, find_out, see_through
from booking_core.selfbook.endings import ENDED, old_one_gone
from booking_core.selfbook.invitations import IllegalMove, Invitation
from booking_core.selfbook.office import Office, Screen

_RESUMED: Mapping[str, str] = {"in_doubt": "confirming", "cancel_in_doubt": "cancelling"}
"""State of doubt -> the state in which somebody looks after it."""


async def settle_all(office: Office) -> tuple[Screen, ...]:
    """Settles every link and every attempt without a known end; the screens are what patients would see now.

    Whoever is still at work on one, in another process, is told by the ledger that it was taken over.
    """
    screens = [await _settled(office, invitation) for invitation in await office.invitations.under_way()]
    for attempt in await office.ledger.unsettled():
        await _settle_aside(office, attempt)
    return tuple(screen for screen in screens if screen)


async def settle(office: Office, invitation: Invitation) -> Screen:
    """How the last command of a link ended, and what that means; raises IllegalMove where somebody is at it."""
    if resumed := _RESUMED.get(invitation.state):
        invitation = await office.invitations.move(invitation, resumed)
    attempt = await _last_attempt(office, invitation)
    ending = ending_of(attempt) if attempt.is_settled else await find_out(office, invitation, attempt)
    return await ENDED[attempt.command](office, invitation, ending)


async def _settled(office: Office, invitation: Invitation) -> Screen | None:
    try:
        return await settle(office, invitation)
    except (IllegalMove, Overtaken):  # another process is at it, or has settled it by now
        return None


async def _last_attempt(office: Office, invitation: Invitation) -> Attempt:
    """As the ledger has it. A crash may have come before: opened here, it can be opened by nobody else."""
    if invitation.state == "confirming":
        attempt = attempt_to_book(office, invitation)
    else:
        attempt = attempt_to_cancel(office, invitation, invitation.attempt_id)
    try:
        await office.ledger.open(attempt)
    except Overtaken:
        return await latest(office.ledger, attempt)
    return attempt


async def _settle_aside(office: Office, attempt: Attempt) -> None:
    """What no link waits for: the old appointment of one that was moved."""
    invitation = await office.invitations.by_id(attempt.invitation_id)
    if invitation is None or invitation.attempt_id == attempt.attempt_id or attempt.command != "cancel":
        return
    try:
        attempt, ending = await see_through(office, invitation, attempt)
    except Overtaken:  # another process is at it
        return
    if ending.outcome == "cancelled":
        await old_one_gone(office, invitation, attempt.start)  # before the ledger: a crash tells twice, not never
    await close(office.ledger, attempt, ending)
