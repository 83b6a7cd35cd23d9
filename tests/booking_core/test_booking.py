"""Settling: what a reading proves, and what it does not; and that of two who settle one attempt the first is right."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from booking_core.booking import Ending, close, look_for, settle, still_in_doubt
from booking_core.consumer import Consumer
from booking_core.encounter import Encounter
from booking_core.gpconnect.values import Booked
from booking_core.ledger import Attempt, MemoryLedger
from booking_core.reactions import Stop
from harness.virtual_time import clock, run_virtual

from .scripted import NOW, Scripted, consumer

SLOT = NOW + timedelta(days=3)
OURS = Booked("77", "1", "booked", SLOT, ("s1", "s2"), "T90101")
SENT = Attempt(
    "a1", "i1", "T90101", "T90102", "9990010013", ("s1", "s2"), SLOT, NOW, patient_id="p1", sent=NOW
)  # fmt: skip
DOUBT = still_in_doubt("no answer")


@dataclass(frozen=True, slots=True)
class Receiver:
    """An encounter with somebody whose list of the patient's appointments is known."""

    holds: tuple[Booked, ...]
    consumer: Consumer

    async def list_appointments(self, patient_id: str, first: date, last: date) -> tuple[Booked, ...]:
        return self.holds


def encounter() -> Encounter:
    """One whose clock is the running loop's, and on which nobody is asked."""
    known = consumer(Scripted({}))
    return Encounter(replace(known, wire=replace(known.wire, now=clock(NOW))), None)  # type: ignore[arg-type]


def settled(attempt: Attempt, look: Callable[[], Awaitable[Booked | None]]) -> Ending:
    return run_virtual(lambda: settle(encounter(), attempt, DOUBT, lambda _encounter, _attempt: look()))


async def nothing() -> None:
    """The receiver's book does not have it."""


async def no_answer() -> None:
    raise Stop.because("S3", "no answer", "unavailable")


async def slowly_nothing() -> None:
    """What was in the book when the reading began is told a minute later."""
    await asyncio.sleep(60)


async def never() -> None:
    raise AssertionError("nobody is to be asked")


def test_what_was_never_sent_was_not_carried_out_and_nobody_is_asked() -> None:
    assert settled(replace(SENT, sent=None), never).outcome == "unavailable"


@pytest.mark.parametrize(
    ("sent_s_ago", "look", "outcome"),
    [
        (0, nothing, "in_doubt"),
        (84, nothing, "in_doubt"),
        (86, nothing, "unavailable"),  # the last reading is 35 seconds on
        (121, nothing, "unavailable"),
        (121, no_answer, "in_doubt"),
        (-34, slowly_nothing, "unavailable"),  # the last reading begins 155 seconds on
        (-36, slowly_nothing, "in_doubt"),  # ... and ends long after the two minutes
    ],
)
def test_not_found_is_proof_when_the_reading_began_two_minutes_after_the_sending(
    sent_s_ago: float, look: Callable[[], Awaitable[None]], outcome: str
) -> None:
    attempt = replace(SENT, sent=NOW - timedelta(seconds=sent_s_ago), opened=NOW - timedelta(hours=1))
    assert settled(attempt, look).outcome == outcome


def test_when_the_day_is_over_no_reading_can_tell() -> None:
    assert settled(replace(SENT, start=NOW - timedelta(days=1)), never).outcome == "unavailable"


@pytest.mark.parametrize(
    ("there", "is_ours"),
    [
        (OURS, True),
        (replace(OURS, slot_ids=("s2", "s1")), True),  # a receiver may list them in another order
        (replace(OURS, slot_ids=("s1",)), False),
        (replace(OURS, booked_by="T90199"), False),
        (replace(OURS, status="cancelled"), False),
    ],
)
async def test_ours_has_the_same_slots_and_our_organisation_and_stands(there: Booked, is_ours: bool) -> None:
    reader = Receiver((there,), consumer(Scripted({})))
    found = await look_for(reader, SENT)  # type: ignore[arg-type]  # all that is asked of it, it does
    assert (found is not None) is is_ours


async def test_where_somebody_else_has_settled_it_theirs_is_how_it_ended() -> None:
    ledger = MemoryLedger()
    await ledger.open(SENT)
    await ledger.note(SENT, outcome="booked", appointment_id="77")
    ending = await close(ledger, SENT, Ending("unavailable"))
    assert ending.outcome == "booked"
    assert ending.booked is not None
    assert ending.booked.appointment_id == "77"
    assert [one.outcome for one in ledger.all()] == ["booked"]


async def test_where_somebody_else_only_doubts_the_one_who_knows_is_heard() -> None:
    ledger = MemoryLedger()
    await ledger.open(SENT)
    await ledger.note(SENT, outcome="in_doubt")
    assert (await close(ledger, SENT, Ending("booked", OURS))).outcome == "booked"
    assert [one.outcome for one in ledger.all()] == ["booked"]


async def test_what_somebody_has_sent_in_the_meantime_is_not_given_up() -> None:
    ledger, unsent = MemoryLedger(), replace(SENT, sent=None, patient_id="")
    await ledger.open(unsent)
    await ledger.note(unsent, sent=NOW, patient_id="p1")
    assert (await close(ledger, unsent, Ending("unavailable"))).outcome == "in_doubt"
    assert [one.outcome for one in ledger.all()] == [""]
