"""The staff side: compose, check, text the link. A draft is a value: what was refused can be sent again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from booking_core import booking
from booking_core.booking import PatientRecord
from booking_core.reactions import Stop
from booking_core.search import ANYTHING, Wanted
from booking_core.selfbook import messages
from booking_core.selfbook.invitations import Invitation, key_of
from booking_core.selfbook.office import Office, Screen
from booking_core.selfbook.pilot import sender_of
from booking_core.selfbook.preflight import Check, preflight
from booking_core.selfbook.texts import RECORD, SCREENS
from booking_core.uk_time import days_later


@dataclass(frozen=True, slots=True)
class Draft:
    """An invitation as it was composed: by whom, for whom, where to, and which slots."""

    booker: str
    user: str
    receiver: str
    patient: PatientRecord
    wanted: Wanted = ANYTHING


async def invite(office: Office, draft: Draft) -> Screen:
    """Checks everything and texts the link; the screen tells staff `sent`, or what to put right."""
    draft = replace(draft, wanted=office.pilot.narrowed(draft.booker, draft.receiver, draft.wanted))
    try:
        user = await office.staff.user(draft.booker, draft.user)
        sender = sender_of(office.pilot.organisations[draft.booker], user)
        check = Check(office.pilot, office.consumer, sender, draft.receiver, draft.patient, draft.wanted)
        await preflight(check)
        if office.pilot.settings.register_at_send:
            person = await booking.trace(office.consumer, draft.patient)
            await booking.find_or_register(await check.meet(), draft.patient, person)
    except Stop as stop:
        return office.to_staff(stop, draft.booker, draft.receiver)
    token, now = office.new_token(), office.consumer.wire.now()
    expires = days_later(now, office.pilot.settings.link_expiry_days)
    invitation = Invitation(
        key_of(token), office.consumer.wire.new_id(), sender, draft.receiver, draft.patient, draft.wanted, expires
    )
    return await _send(office, invitation, token)


async def invite_batch(office: Office, drafts: Sequence[Draft]) -> tuple[Screen, ...]:
    """Invitations to many patients at once, which cannot cross organisations: one that would stops them all."""
    if away := [draft for draft in drafts if draft.receiver != draft.booker]:
        refusal = Stop.because("S6", f"{len(away)} of {len(drafts)} drafts lead to another organisation")
        return tuple(office.to_staff(refusal, draft.booker, draft.receiver) for draft in drafts)
    return tuple([await invite(office, draft) for draft in drafts])


async def revoke(office: Office, token: str) -> Screen:
    """Staff take a link back; one that was used already stays what it is. Raises IllegalMove, or KeyError."""
    invitation = await office.invitations.get(key_of(token))
    if invitation is None:
        raise KeyError("this link was never sent")
    invitation = await office.invitations.move(invitation, "revoked")
    receiver = office.name(invitation.receiver_ods)
    await office.write(invitation, RECORD["revoked"].format(receiver=receiver))
    return Screen("revoked", SCREENS["revoked"].format(receiver=receiver), receiver)


async def _send(office: Office, invitation: Invitation, token: str) -> Screen:
    """The link lives before its text goes out: a patient may be quicker than we are."""
    receiver = office.name(invitation.receiver_ods)
    await office.invitations.add(invitation)
    invitation = await office.invitations.move(invitation, "sent")
    text = messages.invitation_text(invitation, receiver, office.link.format(token=token))
    try:
        await office.sms.send(invitation.patient.mobile, text)
    except messages.NotSent as failed:
        await office.invitations.move(invitation, "failed_send")
        stop = Stop.because("S7", str(failed), "unavailable")
        return office.to_staff(stop, invitation.sender.organisation_ods, invitation.receiver_ods)
    await office.write(invitation, RECORD["invited"].format(receiver=receiver, ods=invitation.receiver_ods))
    return Screen("sent", SCREENS["sent"].format(receiver=receiver), receiver, token=token)
