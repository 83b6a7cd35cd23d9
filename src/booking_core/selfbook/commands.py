"""Commands that a link gives: each stands in the ledger before anything is sent, and is found out about there."""

from collections.abc import Mapping
from datetime import timedelta

from booking_core.appointments import carry_out_cancel, look_cancelled, send_cancel
from booking_core.booking import Ending, Look, carry_out, close, look_for, not_carried_out, settle, still_in_doubt
from booking_core.ledger import Attempt
from booking_core.reactions import Stop
from booking_core.selfbook.invitations import Invitation
from booking_core.selfbook.office import Office

DESCRIPTION = "Self-Book appointment"

MOVED = "Moved to another time"
"""Why the old appointment of a link that was moved is cancelled."""

_LOOKS: Mapping[str, Look] = {"book": look_for, "cancel": look_cancelled}


async def book(office: Office, invitation: Invitation) -> Ending:
    """Books the chosen slots; raises Overtaken where a restart took this attempt for left behind."""
    attempt = attempt_to_book(office, invitation)
    await office.ledger.open(attempt)
    try:
        encounter = await office.meet(invitation)
    except Stop as stop:
        return await close(office.ledger, attempt, Ending("unavailable", stop=stop))
    return await carry_out(encounter, invitation.patient, invitation.chosen, office.ledger, attempt, DESCRIPTION)


async def cancel(office: Office, invitation: Invitation, attempt: Attempt, reason: str, cutoff: timedelta) -> Ending:
    """Gives back what the link has booked, no later than `cutoff` before it begins; raises Overtaken as `book` does."""
    await office.ledger.open(attempt)
    try:
        encounter = await office.meet(invitation)
    except Stop as stop:
        return await close(office.ledger, attempt, Ending("unavailable", stop=stop))
    return await carry_out_cancel(encounter, office.ledger, attempt, reason, cutoff)


async def find_out(office: Office, invitation: Invitation, attempt: Attempt) -> Ending:
    """How an attempt ended that nobody waits for any more, and writes it down. Sends no command."""
    if attempt.sent is None:
        return await close(office.ledger, attempt, not_carried_out(attempt))
    try:
        encounter = await office.meet(invitation)
    except Stop as stop:
        return await close(office.ledger, attempt, still_in_doubt(stop.detail))
    ending = await settle(encounter, attempt, still_in_doubt("still no answer"), _LOOKS[attempt.command])
    return await close(office.ledger, attempt, ending)


async def see_through(office: Office, invitation: Invitation, attempt: Attempt) -> tuple[Attempt, Ending]:
    """The cancellation of an old appointment, which must go: what is known not to be carried out is sent again.

    The ledger is still to be told how it ended: before it is, whoever waits for that must know.
    """
    try:
        encounter = await office.meet(invitation)
    except Stop as stop:
        return attempt, still_in_doubt(stop.detail)
    ending = await settle(encounter, attempt, still_in_doubt("still no answer"), look_cancelled)
    if ending.outcome == "unavailable":
        return await send_cancel(encounter, office.ledger, attempt, MOVED, timedelta())
    return attempt, ending


def attempt_to_book(office: Office, invitation: Invitation) -> Attempt:
    """The ledger's entry for the slots that the link has chosen."""
    chosen = invitation.chosen
    return Attempt(
        attempt_id=invitation.attempt_id,
        invitation_id=invitation.invitation_id,
        booker_ods=invitation.sender.organisation_ods,
        receiver_ods=invitation.receiver_ods,
        nhs_number=invitation.patient.person.nhs_number,
        slot_ids=tuple(offer.slot_id for offer in chosen),
        start=chosen[0].start,
        opened=office.consumer.wire.now(),
    )


def attempt_to_cancel(office: Office, invitation: Invitation, attempt_id: str) -> Attempt:
    """The ledger's entry for giving back what the link has booked."""
    held = invitation.held
    return Attempt(
        attempt_id=attempt_id,
        invitation_id=invitation.invitation_id,
        booker_ods=invitation.sender.organisation_ods,
        receiver_ods=invitation.receiver_ods,
        nhs_number=invitation.patient.person.nhs_number,
        slot_ids=tuple(offer.slot_id for offer in held),
        start=held[0].start,
        opened=office.consumer.wire.now(),
        appointment_id=invitation.appointment_id,
        command="cancel",
    )
