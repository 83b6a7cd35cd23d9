"""One encounter with one provider: the questions of `gpconnect.requests`, asked and read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from booking_core.consumer import Consumer, Sender
from booking_core.gpconnect import replies, requests
from booking_core.gpconnect.replies import Resource
from booking_core.gpconnect.requests import Line
from booking_core.gpconnect.values import Booked, Offer
from booking_core.pds import Demographics
from booking_core.sds import find_route
from booking_core.spec.interactions import BY_NAME
from booking_core.wire.calls import Call, Reply

T = TypeVar("T")

NEEDED = tuple(
    BY_NAME[name]
    for name in ("search_slots", "find_patient", "register_patient", "create_appointment", "list_appointments")
)
"""What a receiver must be registered for: Foundations and Appointments share one service root."""


@dataclass(frozen=True, slots=True)
class Encounter:
    """A line to one provider, looked up for this encounter and never kept for another."""

    consumer: Consumer
    line: Line

    async def search_slots(self, start: datetime, end: datetime) -> tuple[Offer, ...]:
        """Free slots that the receiver shows this booker in one window of at most 14 days."""
        return await self._ask(requests.search_slots, start, end, read=replies.read_offers)

    async def find_patient(self, nhs_number: str) -> tuple[tuple[str, Demographics], ...]:
        """The receiver's active records of a number, with their logical ids."""
        return await self._ask(requests.find_patient, nhs_number, read=replies.read_patients)

    async def register_patient(self, person: Demographics, mobile: str) -> tuple[tuple[str, Demographics], ...]:
        """The temporary record that the receiver made, or re-activated."""
        return await self._ask(requests.register_patient, person, mobile, read=replies.read_patients)

    async def create_appointment(self, offers: Sequence[Offer], patient_id: str, description: str) -> Booked:
        """The appointment; sent once, whatever comes back."""
        return await self._ask(requests.create_appointment, offers, patient_id, description, read=replies.read_booked)

    async def list_appointments(self, patient_id: str, first: date, last: date) -> tuple[Booked, ...]:
        """The patient's appointments at the receiver, whoever booked them, cancelled ones too."""
        return await self._ask(requests.list_appointments, patient_id, first, last, read=replies.read_appointments)

    async def read_appointment(self, appointment_id: str) -> Resource:
        """One appointment to the letter."""
        return await self._ask(requests.read_appointment, appointment_id, read=replies.read_held)

    async def amend_appointment(self, held: Resource, comment: str) -> Booked:
        """Another comment on an appointment as it was read."""
        return await self._ask(requests.amend_appointment, held, comment, read=replies.read_booked)

    async def cancel_appointment(self, held: Resource, reason: str) -> Booked:
        """Cancels an appointment as it was read."""
        return await self._ask(requests.cancel_appointment, held, reason, read=replies.read_booked)

    async def _ask(self, build: Callable[..., Call], *what: object, read: Callable[[Reply], T]) -> T:
        """A builder's name is its interaction's name."""
        wire = self.consumer.wire

        def call() -> Call:
            return build(self.line, *what, now=wire.now(), trace_id=wire.new_id())

        return await wire.ask(BY_NAME[build.__name__], call, read)


async def meet(consumer: Consumer, sender: Sender, receiver_ods: str) -> Encounter:
    """Looks up the way to a receiver; raises Stop S1 when SDS does not know one for all that we need."""
    route = await find_route(consumer, receiver_ods, NEEDED)
    return Encounter(consumer, Line(consumer.services.ssp, route, sender, consumer.product))
