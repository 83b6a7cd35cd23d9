"""A reminder comes once, for what still stands, whatever happens to the process or to the receiver."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from booking_core.ledger import MemoryLedger
from booking_core.selfbook.invitations import Invitation, MemoryInvitations, key_of
from booking_core.selfbook.patient import open_link
from booking_core.selfbook.reminding import remind_due
from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.faults.kinds import FAULT
from harness.rows import WorldRows
from harness.virtual_time import clock, run_virtual
from harness.world import build_world
from harness.worlds import CATALOGUE, load_world

from .agreement import in_the_book
from .journeys import Patient, books, cancels
from .lives import Killed, Process, Surroundings

ROWS, _ = load_world(CATALOGUE / "worlds/reminders.yaml")
START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
DAY = 86_400.0
TEXT = (
    "Reminder: your in-person appointment with Riverside Practice is on Thursday 2 April at 9:20am, "
    "at 1 High Street, ZZ99 3VZ. To cancel, contact Millbrook Surgery."
)


@asynccontextmanager
async def booked(rows: WorldRows = ROWS) -> AsyncIterator[Patient]:
    """Alice has an appointment on the Thursday of next week."""
    world = build_world(rows, folder=Path(), addresses=own_hosts(), now=clock(START), seed=1, hop=True)
    async with HttpTransport.over(world.network) as transport:
        patient = Patient(Surroundings(world, transport, MemoryInvitations(), MemoryLedger()))
        await books(patient, patient.around.live())
        yield patient


def with_booked(play: Callable[[Patient], Awaitable[None]], rows: WorldRows = ROWS) -> list[str]:
    """The reminders that Alice got."""

    async def main() -> list[str]:
        async with booked(rows) as patient:
            await play(patient)
            return reminders(patient)

    return run_virtual(main)


def reminders(patient: Patient) -> list[str]:
    return [text for text in patient.texts if text.startswith("Reminder")]


async def link_of(patient: Patient) -> Invitation:
    link = await patient.around.invitations.get(key_of(patient.token))
    assert link is not None
    return link


async def half_a_day_ahead(patient: Patient) -> None:
    starts = (await link_of(patient)).held[0].start
    await asyncio.sleep((starts - patient.around.world.now()).total_seconds() - DAY / 2)


async def days_pass(patient: Patient, days: float) -> None:
    """With a look at the due list each hour, as a process has it that lives so long."""
    office = patient.around.live()
    for _ in range(int(days * 24)):
        await asyncio.sleep(3600)
        await remind_due(office)


def test_a_day_ahead_the_patient_is_reminded_once_with_the_name_of_the_receiver() -> None:
    assert with_booked(lambda patient: days_pass(patient, 10)) == [TEXT]


def test_nobody_is_reminded_more_than_a_day_ahead() -> None:
    assert with_booked(lambda patient: days_pass(patient, 4)) == []


@pytest.mark.parametrize("who", ["none", "clinical_system"])
def test_where_somebody_else_reminds_or_nobody_does_we_do_not(who: str) -> None:
    receivers = tuple(one.model_copy(update={"reminders": who}) for one in ROWS.organisations)
    rows = ROWS.model_copy(update={"organisations": receivers})
    assert with_booked(lambda patient: days_pass(patient, 10), rows) == []


def test_by_default_nobody_is_reminded() -> None:
    rows, _ = load_world(CATALOGUE / "worlds/cancelling.yaml")
    assert with_booked(lambda patient: days_pass(patient, 10), rows) == []


def test_what_was_cancelled_over_the_link_is_not_reminded_of() -> None:
    async def play(patient: Patient) -> None:
        await cancels(patient, patient.around.live())
        await days_pass(patient, 10)

    assert with_booked(play) == []


def test_what_the_receivers_own_staff_cancelled_is_not_reminded_of() -> None:
    async def play(patient: Patient) -> None:
        book = patient.around.world.practice("riverside").book
        [held] = await in_the_book(patient)
        await book.change(replace(held, status="cancelled", version=held.version + 1), was=held.version)
        await days_pass(patient, 10)

    assert with_booked(play) == []


def test_whoever_has_locked_the_link_still_has_the_appointment() -> None:
    async def play(patient: Patient) -> None:
        office = patient.around.live()
        for _ in range(10):
            await open_link(office, patient.token, date(1999, 9, 9))
        assert (await link_of(patient)).state == "locked"
        await days_pass(patient, 10)

    assert with_booked(play) == [TEXT]


def test_a_receiver_that_cannot_be_asked_is_asked_again() -> None:
    async def play(patient: Patient) -> None:
        rule = {"name": "down", "at": "riverside", "on": "read_appointment", "kind": "refuse", "times": 9}
        patient.around.world.faults.arm(FAULT.validate_python(rule))
        await days_pass(patient, 10)

    assert with_booked(play) == [TEXT]


def test_a_receiver_that_cannot_be_asked_is_left_in_peace_for_a_while() -> None:
    async def play(patient: Patient) -> None:
        await half_a_day_ahead(patient)
        rule = {
            "name": "down",
            "at": "riverside",
            "on": "read_appointment",
            "kind": "status",
            "status": 403,
            "body": "",
        }
        patient.around.world.faults.arm(FAULT.validate_python(rule))
        office = patient.around.live()
        for _ in range(60):
            await asyncio.sleep(60)
            await remind_due(office)
        asked = [one for one in patient.around.world.journal.exchanges if one.on == "read_appointment"]
        assert len([one for one in asked if one.at == "riverside"]) == 4

    assert with_booked(play) == []


def test_nobody_is_reminded_of_what_is_over() -> None:
    async def play(patient: Patient) -> None:
        await asyncio.sleep(10 * DAY)
        await remind_due(patient.around.live())
        assert (await link_of(patient)).remind_at is None

    assert with_booked(play) == []


def test_nobody_is_reminded_right_after_booking() -> None:
    settings = ROWS.settings.model_copy(update={"reminder_hours": 336})
    rows = ROWS.model_copy(update={"settings": settings})
    assert with_booked(lambda patient: days_pass(patient, 10), rows) == []


def test_of_two_processes_one_reminds() -> None:
    async def play(patient: Patient) -> None:
        await half_a_day_ahead(patient)
        await asyncio.gather(remind_due(patient.around.live()), remind_due(patient.around.live()))

    assert with_booked(play) == [TEXT]


async def crash(place: int) -> tuple[str, int]:
    """A life that ends at this place of a round, and a restart: where it ended, and how many reminders came."""
    async with booked() as patient:
        await half_a_day_ahead(patient)
        process = Process(dies_at=place)
        with suppress(Killed):
            await remind_due(patient.around.live(process))
        await remind_due(patient.around.live())
        return process.places[-1] if process.is_dead else "", len(reminders(patient))


def test_wherever_a_round_dies_nobody_is_reminded_twice_and_but_for_one_gap_everybody_once() -> None:
    async def main() -> dict[str, int]:
        found = dict[str, int]()
        for place in count():
            name, came = await crash(place)
            if not name:
                return found
            found[name] = came
        raise AssertionError("a round ends")

    places = run_virtual(main)
    assert len(places) >= 10
    assert {name: came for name, came in places.items() if came != 1} == {
        "after invitations.move": 0,
        "before sms.send": 0,
    }


def test_a_change_of_the_clocks_shifts_no_appointment() -> None:
    """A day ahead is twenty-four hours ahead."""

    async def main() -> timedelta:
        async with booked() as patient:
            link = await link_of(patient)
            assert link.remind_at is not None
            return link.held[0].start - link.remind_at

    assert run_virtual(main) == timedelta(hours=24)
