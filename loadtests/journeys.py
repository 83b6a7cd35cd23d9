"""Whole journeys: an invitation is sent, opened or not, slots are looked at, one is booked, most are cancelled.

Invitations arrive open, by the timetable; a patient is a closed loop, whose next step follows the answer before it.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import gevent
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from booking_core.booking import PatientRecord, find_or_register, find_patient, trace
from booking_core.consumer import Consumer, NationalServices
from booking_core.encounter import Encounter, meet
from booking_core.gpconnect.values import Booked, Offer
from booking_core.reactions import Stop
from booking_core.search import ANYTHING, any_slot, windows
from loadtests.core_wire import GeventWire, SharedToken, Timed, at_once
from loadtests.plan import Journeys, Plan, Target
from loadtests.sending import Sending

T = TypeVar("T")
_TRIES = 3
"""How often a patient chooses again when the slot is gone."""


class Walks:
    """Every journey of one process."""

    def __init__(self, sending: Sending, journeys: Journeys) -> None:
        self._sending, self._journeys = sending, journeys
        national = journeys.national
        self._services = NationalServices(national.pds, national.sds, sending.plan.ssp, national.api_key)
        self._token = SharedToken(f"{national.token}/token", national.api_key, _key(national.private_key), national.kid)

    def one(self, number: int, target: Target, intended: float) -> None:
        """The journey of one number, the same in every run of the seed; what it came to is counted."""
        became, plan = self._sending.measures.became, self._sending.plan
        rng = random.Random(f"{plan.seed}:journey:{number}")  # noqa: S311 - to be repeated
        timed = Timed(self._sending, target, intended)
        wire = GeventWire(timed, _now, _new_id, rng, timed)
        consumer = Consumer(wire, self._services, self._token)
        try:
            for outcome in Walk(plan, self._journeys, consumer, target, number).steps():
                became(target.name, outcome)
        except Stop as stop:
            became(target.name, stop.reaction.user_error)
        became(target.name, "ended")


class Walk:
    """One journey."""

    def __init__(self, plan: Plan, journeys: Journeys, consumer: Consumer, target: Target, number: int) -> None:
        self._plan, self._journeys, self._mix, self._number = plan, journeys, journeys.mix, number
        self._consumer, self._target, self._rng = consumer, target, consumer.wire.rng

    def steps(self) -> Iterator[str]:
        """Each word is something that the journey came to; a refusal ends it as the core's Stop."""
        mix, record = self._mix, self._patient(self._number)
        if not self._invite(record):
            yield "E3"
            return
        yield "sent"
        if not self._happens(mix.opens):
            return
        self._pause()
        yield "opened"
        encounter = self._meet()
        offers = self._view(encounter)
        for _ in range(self._count(mix.searches_again / mix.opens)):
            self._pause()
            yield "searched again"
            offers = self._view(encounter)
        if not offers:
            yield "E3"
        elif self._happens(mix.confirms / mix.opens):
            self._pause()
            yield from self._confirm(encounter, record, offers)
        else:
            yield "abandoned"

    def _invite(self, record: PatientRecord) -> bool:
        """The pre-flight: the way there, the patient on both sides, and whether there is one slot at all."""
        encounter = self._meet()
        at_once(trace(self._consumer, record))
        at_once(find_patient(encounter, record))
        return at_once(any_slot(encounter, ANYTHING, self._journeys.horizon_days))

    def _meet(self) -> Encounter:
        """The directory is asked for every session anew."""
        return at_once(meet(self._consumer, self._plan.sender, self._target.ods))

    def _view(self, encounter: Encounter) -> tuple[Offer, ...]:
        """All windows of the horizon at once, as the product shows them."""
        asked = windows(self._consumer.wire.now(), self._journeys.horizon_days)
        waiting = [gevent.spawn(_outcome, encounter.search_slots(*window)) for window in asked]
        found = [each.get() for each in waiting]
        if failed := next((one for one in found if isinstance(one, Stop)), None):
            raise failed
        now = self._consumer.wire.now()
        return tuple(offer for offers in found for offer in offers if offer.start > now)

    def _confirm(self, encounter: Encounter, record: PatientRecord, offers: tuple[Offer, ...]) -> Iterator[str]:
        """Books; where somebody was quicker, looks again and chooses another. The quicker one cancels later."""
        offer, rival, booked = self._rng.choice(offers), self._patient(self._number + 1), None
        quicker = self._book_if_free(encounter, rival, offer) if self._happens(self._mix.taken) else None
        for _ in range(_TRIES):
            if booked := self._book_if_free(encounter, record, offer):
                break
            yield "B1"
            if not (offers := self._view(encounter)):
                yield "E3"
                break
            offer = self._rng.choice(offers)
        if quicker:
            self._cancel(encounter, quicker)
        if booked:
            yield "booked"
        if booked and self._happens(self._mix.cancels):
            self._pause()
            self._cancel(encounter, booked)
            yield "cancelled"

    def _book_if_free(self, encounter: Encounter, record: PatientRecord, offer: Offer) -> Booked | None:
        """None when the slot has gone meanwhile."""
        try:
            return self._book(encounter, record, offer)
        except Stop as stop:
            if stop.reaction.outcome != "slot_taken":
                raise
            return None

    def _book(self, encounter: Encounter, record: PatientRecord, offer: Offer) -> Booked:
        person = at_once(trace(self._consumer, record))
        patient_id = at_once(find_or_register(encounter, record, person))
        return at_once(encounter.create_appointment((offer,), patient_id, "Load test"))

    def _cancel(self, encounter: Encounter, booked: Booked) -> None:
        held = at_once(encounter.read_appointment(booked.appointment_id))
        at_once(encounter.cancel_appointment(held, "No longer needed"))

    def _patient(self, number: int) -> PatientRecord:
        return self._journeys.patients[number % len(self._journeys.patients)]

    def _happens(self, share: float) -> bool:
        return self._rng.uniform(0, 1) < share

    def _count(self, mean: float) -> int:
        """A whole number whose mean over many journeys is the one that is wanted."""
        return int(mean) + self._happens(mean - int(mean))

    def _pause(self) -> None:
        """A person reads and thinks: what comes next is due only then."""
        timed = self._consumer.wire.transport
        assert isinstance(timed, Timed)  # noqa: S101 - made so above
        timed.due += (
            min(self._rng.expovariate(1 / self._mix.think_s), 5 * self._mix.think_s) if self._mix.think_s else 0
        )
        gevent.sleep(max(timed.due - Sending.now(), 0))


def _outcome(coroutine: Coroutine[Any, Any, T]) -> T | Stop:
    """In a greenlet of its own a refusal is a value: raised there it would be printed as a crash."""
    try:
        return at_once(coroutine)
    except Stop as stop:
        return stop


def _key(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)  # noqa: S101 - so the plan's writer made it
    return key


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a load run is in real time


def _new_id() -> str:
    return str(uuid.uuid4())  # noqa: TID251 - and its ids need not be repeated
