"""What a journey needs, in one value; and how a stop becomes a screen."""

from collections.abc import Callable
from dataclasses import dataclass, field

from booking_core.connect import link_token
from booking_core.consumer import Consumer
from booking_core.encounter import Encounter, meet
from booking_core.gpconnect.values import Offer
from booking_core.ledger import Ledger
from booking_core.reactions import Stop
from booking_core.selfbook import user_errors
from booking_core.selfbook.invitations import Invitation, Invitations
from booking_core.selfbook.messages import SmsGateway
from booking_core.selfbook.pilot import Pilot, Staff
from booking_core.selfbook.record import Entry, RecordSystem

LINK = "https://selfbook.example.invalid/l/{token}"


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person sees. `outcome` is one word, such as `choose` or `booked`, or the id of a user error.

    `cause` is for support staff and reports, never for the person; `token` opens the link just sent.
    """

    outcome: str
    text: str
    site: str
    slots: tuple[Offer, ...] = ()
    cause: str = ""
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Office:
    """A pilot's configuration, the booking core, the stores, and the ways out to people."""

    pilot: Pilot
    staff: Staff
    consumer: Consumer
    invitations: Invitations
    ledger: Ledger
    sms: SmsGateway
    record: RecordSystem
    new_token: Callable[[], str] = link_token
    link: str = LINK

    def name(self, ods: str) -> str:
        """An organisation's name as people know it."""
        known = self.pilot.organisations.get(ods)
        return known.name if known else ods

    async def meet(self, invitation: Invitation) -> Encounter:
        """The way to an invitation's receiver, looked up anew; raises Stop."""
        return await meet(self.consumer, invitation.sender, invitation.receiver_ods)

    def to_staff(self, stop: Stop, booker: str, receiver: str) -> Screen:
        """What the sending user reads."""
        row = user_errors.BY_ID[stop.reaction.user_error]
        return self._screen(row, row.to_sender, booker, receiver, stop.detail)

    def to_patient(self, stop: Stop, invitation: Invitation) -> Screen:
        """What the patient reads."""
        row = user_errors.BY_ID[stop.reaction.user_error]
        return self._screen(
            row, row.to_patient, invitation.sender.organisation_ods, invitation.receiver_ods, stop.detail
        )

    async def write(self, invitation: Invitation, text: str) -> None:
        """One entry in the patient's record at the booker; the receiver's record is not ours to write."""
        number = invitation.patient.person.nhs_number
        await self.record.write(Entry(invitation.sender.organisation_ods, number, self.consumer.wire.now(), text))

    def _screen(self, row: user_errors.UserError, text: str, booker: str, receiver: str, cause: str) -> Screen:
        names = {"booker": self.name(booker), "receiver": self.name(receiver)}
        return Screen(row.id, text.format_map(names), names["receiver"], cause=cause)
