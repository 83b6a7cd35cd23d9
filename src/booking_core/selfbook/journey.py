"""The journey: staff invite, the patient opens the link, chooses and confirms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from booking_core import booking
from booking_core.booking import Ending, PatientRecord
from booking_core.consumer import Consumer
from booking_core.encounter import Encounter, meet
from booking_core.gpconnect.values import Offer
from booking_core.ledger import Ledger
from booking_core.reactions import Stop
from booking_core.search import Wanted, search
from booking_core.selfbook import messages, user_errors
from booking_core.selfbook.invitations import OPEN, Invitation, MemoryInvitations, key_of
from booking_core.selfbook.messages import SmsGateway
from booking_core.selfbook.pilot import Pilot, sender_of
from booking_core.selfbook.preflight import Draft, preflight
from booking_core.selfbook.record import Entry, RecordSystem
from booking_core.uk_time import days_later, spoken

LINK = "https://selfbook.example.invalid/l/{token}"
DESCRIPTION = "Self-Book appointment"


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person sees. `outcome` is one word: sent, choose, booked, or the id of a user error."""

    outcome: str
    text: str
    site: str
    slots: tuple[Offer, ...] = ()
    cause: str = ""
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SelfBook:
    """The product: a pilot's configuration, the booking core, and where its traces are kept."""

    pilot: Pilot
    consumer: Consumer
    invitations: MemoryInvitations
    ledger: Ledger
    sms: SmsGateway
    record: RecordSystem
    new_token: Callable[[], str]

    async def invite(self, booker: str, user: str, receiver: str, patient: PatientRecord, wanted: Wanted) -> Screen:
        """Checks everything and texts the link; the screen tells staff `sent` or what to put right."""
        home = self.pilot.organisations[booker]
        sender = sender_of(home, home.users[user])
        draft = Draft(self.pilot, self.consumer, sender, receiver, patient, self._narrowed(booker, receiver, wanted))
        try:
            await preflight(draft)
        except Stop as stop:
            return self._refused(stop, booker, receiver, to_patient=False)
        return await self._send(draft)

    async def open_link(self, token: str, birth_date: date) -> Screen:
        """The patient's way in: a living link and the right date of birth lead to a fresh search."""
        invitation = self._living(token)
        if invitation is None:
            return self._dead(token)
        if invitation.state == "in_doubt":
            return await self._settle(invitation)
        invitation = self.invitations.move(invitation, "opened")
        if birth_date != invitation.patient.person.birth_date:
            return self._wrong_date(invitation)
        return await self._choose(self.invitations.move(invitation, "verified"))

    async def confirm(self, token: str, slot_ids: tuple[str, ...]) -> Screen:
        """Books slots that were shown; only one confirmation of a link is under way at a time."""
        invitation = self._living(token)
        if invitation is None or invitation.state != "verified" or not set(slot_ids) <= set(invitation.shown):
            return self._dead(token)
        invitation = self.invitations.move(invitation, "confirming")
        offers = tuple(invitation.shown[slot_id] for slot_id in slot_ids)
        try:
            encounter = await self._meet(invitation)
        except Stop as stop:
            return await self._ended(invitation, offers, Ending("unavailable", stop=stop))
        ending = await booking.book(
            encounter, invitation.patient, offers, self.ledger,
            invitation_id=invitation.invitation_id, description=DESCRIPTION,
        )  # fmt: skip
        return await self._ended(invitation, offers, ending)

    def _narrowed(self, booker: str, receiver: str, wanted: Wanted) -> Wanted:
        """A link's own filters hold where the sender chose none."""
        link = self.pilot.link(booker, receiver)
        if link is None:
            return wanted
        return Wanted(wanted.slot_types or link.slot_types, wanted.clinicians, wanted.locations or link.locations)

    async def _send(self, draft: Draft) -> Screen:
        token, now = self.new_token(), self.consumer.wire.now()
        expires = days_later(now, self.pilot.settings.link_expiry_days)
        invitation = Invitation(
            key_of(token),
            self.consumer.wire.new_id(),
            draft.sender,
            draft.receiver_ods,
            draft.patient,
            draft.wanted,
            expires,
        )
        self.invitations.add(invitation)
        receiver = self._name(draft.receiver_ods)
        await self.sms.send(
            draft.patient.mobile, messages.invitation_text(invitation, receiver, LINK.format(token=token))
        )
        self.invitations.move(invitation, "sent")
        await self._write(invitation, f"Invited to book an appointment at {receiver} ({draft.receiver_ods})")
        return Screen("sent", f"Invitation to book at {receiver} sent", receiver, token=token)

    async def _choose(self, invitation: Invitation) -> Screen:
        """The slots to choose from, all from a search made now."""
        receiver = self._name(invitation.receiver_ods)
        try:
            encounter = await self._meet(invitation)
            offers = await search(encounter, invitation.wanted, self.pilot.settings.horizon_days)
            if not offers:
                raise Stop.because("E3", "every search was answered and left no slot")
        except Stop as stop:
            return self._refused(stop, invitation.sender.organisation_ods, invitation.receiver_ods, to_patient=True)
        self.invitations.show(invitation, {offer.slot_id: offer for offer in offers})
        return Screen("choose", f"Choose an appointment at {receiver}", receiver, offers)

    async def _ended(self, invitation: Invitation, offers: tuple[Offer, ...], ending: Ending) -> Screen:
        """What an ending means for the link, and what the patient reads."""
        if ending.booked:
            return await self._booked(self.invitations.move(invitation, "booked"), offers[0])
        assert ending.stop is not None  # noqa: S101 - an ending is booked or has its reason
        state = "in_doubt" if ending.outcome == "in_doubt" else "verified"
        invitation = self.invitations.move(invitation, state)
        told = self._refused(ending.stop, invitation.sender.organisation_ods, invitation.receiver_ods, to_patient=True)
        if ending.outcome != "slot_taken":
            return told
        again = await self._choose(invitation)
        return Screen(told.outcome, told.text, told.site, again.slots, told.cause)

    async def _booked(self, invitation: Invitation, offer: Offer) -> Screen:
        booker, site = invitation.sender.organisation_name, offer.site
        text = messages.confirmation_text(offer, self._name(invitation.receiver_ods), booker)
        await self.sms.send(invitation.patient.mobile, text)
        await self._write(invitation, f"Booked at {site} ({invitation.receiver_ods}) for {spoken(offer.start)}")
        return Screen("booked", text, site)

    async def _settle(self, invitation: Invitation) -> Screen:
        """A link whose booking had no answer: the receiver's book is read before anything else."""
        attempt = [one for one in await self.ledger.attempts(invitation.invitation_id) if one.outcome == "in_doubt"][-1]
        offers = tuple(invitation.shown[slot_id] for slot_id in attempt.slot_ids)
        try:
            ending = await booking.settle_attempt(await self._meet(invitation), attempt, self.ledger)
        except Stop as stop:
            ending = Ending("in_doubt", stop=stop)
        return await self._ended(self.invitations.move(invitation, "confirming"), offers, ending)

    async def _meet(self, invitation: Invitation) -> Encounter:
        return await meet(self.consumer, invitation.sender, invitation.receiver_ods)

    def _living(self, token: str) -> Invitation | None:
        """The invitation of a link that leads somewhere; an overdue one is moved to expired."""
        invitation = self.invitations.get(token)
        if invitation is None or invitation.state not in OPEN:
            return None
        if invitation.state != "in_doubt" and self.consumer.wire.now() >= invitation.expires:
            self.invitations.move(invitation, "expired")
            return None
        return invitation

    def _dead(self, token: str) -> Screen:
        invitation = self.invitations.get(token)
        cause = f"the link is {invitation.state}" if invitation else "the link is unknown"
        site = self._name(invitation.receiver_ods) if invitation else ""
        return Screen("B2", user_errors.BY_ID["B2"].to_patient, site, cause=cause)

    def _wrong_date(self, invitation: Invitation) -> Screen:
        wrong = invitation.wrong_dates + 1
        locked = wrong >= self.pilot.settings.wrong_dates_lock
        self.invitations.move(invitation, "locked" if locked else "opened", wrong_dates=wrong)
        receiver = self._name(invitation.receiver_ods)
        row = user_errors.BY_ID["B2" if locked else "B3"]
        return Screen(row.id, row.to_patient.format(receiver=receiver), receiver, cause=f"{wrong} wrong dates of birth")

    def _refused(self, stop: Stop, booker: str, receiver: str, *, to_patient: bool) -> Screen:
        row = user_errors.BY_ID[stop.reaction.user_error]
        names: Mapping[str, str] = {"booker": self._name(booker), "receiver": self._name(receiver)}
        text = (row.to_patient if to_patient else row.to_sender).format_map(names)
        return Screen(row.id, text, names["receiver"], cause=stop.detail)

    def _name(self, ods: str) -> str:
        known = self.pilot.organisations.get(ods)
        return known.name if known else ods

    async def _write(self, invitation: Invitation, text: str) -> None:
        entry = Entry(
            invitation.sender.organisation_ods, invitation.patient.person.nhs_number, self.consumer.wire.now(), text
        )
        await self.record.write(entry)
