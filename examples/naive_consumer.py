"""A consumer with the mistakes that people make first, to put under the catalogue:

    crossbook run --consumer naive_consumer:naive        (from this folder)

It asks no one whether the user may send, traces nobody, compares nothing, filters nothing, takes every
failure for "no appointments", and sends a booking again when it hears nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from booking_core import ANYTHING, Encounter, Offer, Stop, meet, search
from booking_core.selfbook.pilot import sender_of
from harness.driver import Draft, Screen
from harness.product import Product

NO_SLOTS = "No appointments available. Check slots and try again"


@dataclass
class Naive:
    """Keeps a draft for each link, and the texts."""

    product: Product
    links: dict[str, Draft] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    shown: dict[str, dict[str, Offer]] = field(default_factory=dict)

    async def invite(self, draft: Draft) -> Screen:
        """Sends whenever there is any slot."""
        if not await self._slots(draft):
            return Screen("E3", NO_SLOTS, "")
        token = f"link-{len(self.links)}"
        self.links[token] = draft
        self._text(draft, f"Book here: {token}")
        return Screen("sent", "sent", "", token=token)

    async def invite_many(self, drafts: Sequence[Draft]) -> Sequence[Screen]:
        """One after another, wherever they lead."""
        return [await self.invite(draft) for draft in drafts]

    async def revoke(self, token: str) -> Screen:
        """Forgets the link."""
        self.links.pop(token)
        return Screen("revoked", "revoked", "")

    async def change_user(self, ods: str, alias: str, changes: Mapping[str, Any]) -> None:
        """Users are not looked at."""

    async def open_link(self, token: str, birth_date: date) -> Screen:
        """Shows slots to whoever has the link."""
        slots = await self._slots(self.links[token]) if token in self.links else ()
        self.shown[token] = {slot.slot_id: slot for slot in slots}
        return Screen("choose", "Choose", "", slots) if slots else Screen("E3", NO_SLOTS, "")

    async def choose(self, token: str, slot_ids: tuple[str, ...]) -> Screen:
        """Books, and books again when nothing is heard."""
        draft, offers = self.links[token], [self.shown[token][slot_id] for slot_id in slot_ids]
        try:
            encounter = await self._meet(draft)
            await self._book(encounter, draft, offers)
        except Stop as stop:
            return Screen(stop.reaction.user_error, "Something went wrong", "", tuple(self.shown[token].values()))
        self._text(draft, "Booked")
        return Screen("booked", "Booked", "")

    async def cancel(self, token: str, reason: str) -> Screen:
        """Cannot."""
        return Screen("B2", "Please call", "")

    async def rebook(self, token: str) -> Screen:
        """Cannot."""
        return Screen("B2", "Please call", "")

    def inbox(self, mobile: str) -> Sequence[str]:
        """The texts that a phone got."""
        return self.texts.get(mobile, [])

    def record_entries(self, ods: str, nhs_number: str) -> int | None:
        """Writes no records."""
        return None

    def outcomes(self, nhs_number: str) -> Sequence[str] | None:
        """Keeps no ledger."""
        return None

    async def _book(self, encounter: Encounter, draft: Draft, offers: list[Offer]) -> None:
        person = draft.patient.person
        found = await encounter.find_patient(person.nhs_number)
        found = found or await encounter.register_patient(person, draft.patient.mobile)
        try:
            await encounter.create_appointment(offers, found[0][0], "Booked")
        except Stop as stop:
            if stop.reaction.outcome == "slot_taken":
                raise
            await encounter.create_appointment(offers, found[0][0], "Booked")  # it must have got lost

    async def _slots(self, draft: Draft) -> tuple[Offer, ...]:
        try:
            return await search(await self._meet(draft), ANYTHING, 42)
        except Stop:
            return ()

    async def _meet(self, draft: Draft) -> Encounter:
        office = self.product.office
        user = await office.staff.user(draft.booker, draft.user)
        sender = sender_of(office.pilot.organisations[draft.booker], user)
        return await meet(office.consumer, sender, draft.receiver)

    def _text(self, draft: Draft, text: str) -> None:
        self.texts.setdefault(draft.patient.mobile, []).append(text)


def naive(product: Product, _world: Mapping[str, Any]) -> Naive:
    """What `--consumer` names."""
    return Naive(product)
