"""The core dies, or stands still, at every place where it reaches out; a restart and the patient put all right."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking_core.ledger import MemoryLedger
from booking_core.selfbook.invitations import MemoryInvitations
from booking_core.selfbook.settling import settle_all
from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.virtual_time import clock, run_virtual
from harness.world import World, build_world
from harness.worlds import CATALOGUE, load_world

from .agreement import disagreements, in_the_book
from .database_time import run_beside_database
from .journeys import JOURNEYS, Journey, Patient
from .lives import Killed, Process, Surroundings

ROWS, _ = load_world(CATALOGUE / "worlds/cancelling.yaml")
START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
MINUTES_10 = 600.0

Settled = Callable[[], AbstractAsyncContextManager[Surroundings]]
Trial = Callable[[Surroundings, Journey, int], Awaitable[tuple[str, list[str]]]]


def world() -> World:
    return build_world(ROWS, folder=Path(), addresses=own_hosts(), now=clock(START), seed=1, hop=True)


@asynccontextmanager
async def in_memory() -> AsyncIterator[Surroundings]:
    """In simulated time, where a wait costs nothing."""
    there = world()
    async with HttpTransport.over(there.network) as transport:
        yield Surroundings(there, transport, MemoryInvitations(), MemoryLedger())


async def crash(around: Surroundings, journey: Journey, *places: int) -> tuple[str, list[str]]:
    """A life that ends at the first place, the next one at the second, and so on; the last one is spared."""
    patient, processes = Patient(around), [Process(dies_at=place) for place in places]
    await journey.before(patient, around.live())
    with suppress(Killed):
        await journey.wish(patient, around.live(processes[0]))
    for process in processes[1:]:
        with suppress(Killed):
            await restart(patient, journey, process)
    await restart(patient, journey, Process())
    return ", ".join(one.places[-1] for one in processes if one.is_dead), await afterwards(patient, journey)


async def standstill(around: Surroundings, journey: Journey, place: int) -> tuple[str, list[str]]:
    """A process is taken for dead and was only slow: it goes on when another one has done its work.

    What its browser tab shows so late is no news to the patient; the texts that it sends are.
    """
    patient, slow = Patient(around), Process(stops_at=place)
    await journey.before(patient, around.live())
    tab = asyncio.ensure_future(journey.wish(Patient(around, taste=1), around.live(slow)))
    while not (tab.done() or slow.stands_still):
        await asyncio.sleep(0.01)
    await restart(patient, journey, Process())
    here, is_sending = slow.places[-1] if slow.stands_still else "", may_send(slow)
    slow.goes_on.set()
    await tab
    return here, [] if is_sending else await afterwards(patient, journey)


def may_send(slow: Process) -> bool:
    """Where no store can help: the booking is noted as sent and goes out after we have given it up."""
    is_out = any("create_appointment" in place for place in slow.places[:-1])
    return not is_out and slow.places[-1] in ("after ledger.note", "before sending create_appointment")


async def restart(patient: Patient, journey: Journey, process: Process) -> None:
    office = patient.around.live(process)
    await settle_all(office)
    await journey.wish(patient, office)


async def afterwards(patient: Patient, journey: Journey) -> list[str]:
    """When everything is quiet: what does not fit."""
    await patient.around.world.network.quiet()
    await asyncio.sleep(MINUTES_10)
    await settle_all(patient.around.live())
    found, booked = await disagreements(patient), await in_the_book(patient)
    if len(booked) != journey.appointments:
        found.append(f"{len(booked)} appointments, wished were {journey.appointments}")
    return [*found, f"saw {[one.outcome for one in patient.screens]}"] if found else []


async def everywhere(settled: Settled, journey: Journey, trial: Trial) -> tuple[int, dict[str, list[str]]]:
    """The trial at one place after another, until a life has no further place; where something went wrong."""
    wrong = dict[str, list[str]]()
    for place in count():
        async with settled() as around:
            name, problems = await trial(around, journey, place)
        if not name:
            return place, wrong
        if problems:
            wrong[f"{place}: {name}"] = problems
    raise AssertionError("a journey ends")


TRIALS = [(crash, name) for name in ("invitation and booking", "cancellation", "move")] + [
    (standstill, name) for name in ("booking", "cancellation", "move")
]
"""Staff who stand still in the midst of an invitation and send another one have made two wishes of it."""


@pytest.mark.parametrize(("trial", "name"), TRIALS)
def test_at_no_place_is_anything_lost_or_doubled(trial: Trial, name: str) -> None:
    places, wrong = run_virtual(lambda: everywhere(in_memory, JOURNEYS[name], trial))
    assert wrong == {}
    assert places >= 20


@given(st.sampled_from(sorted(JOURNEYS)), st.lists(st.integers(0, 80), min_size=2, max_size=4))
@settings(deadline=None, max_examples=60)
def test_nor_when_the_restart_dies_as_well(name: str, places: list[int]) -> None:
    async def main() -> list[str]:
        async with in_memory() as around:
            return (await crash(around, JOURNEYS[name], *places))[1]

    assert run_virtual(main) == []


@pytest.mark.timeout(300)  # on however busy a machine
@pytest.mark.parametrize(("trial", "name"), TRIALS)
def test_nor_with_stores_in_postgresql(trial: Trial, name: str, postgres_url: str) -> None:
    from booking_core.database_postgres import Database
    from booking_core.ledger_postgres import PostgresLedger
    from booking_core.selfbook.invitations_postgres import PostgresInvitations

    @asynccontextmanager
    async def in_postgresql() -> AsyncIterator[Surroundings]:
        there = world()
        async with HttpTransport.over(there.network) as transport, Database(postgres_url) as database:
            async with database.transaction() as connection:
                await connection.execute("TRUNCATE attempts, invitations")
            yield Surroundings(there, transport, PostgresInvitations(database), PostgresLedger(database))

    places, wrong = run_beside_database(lambda: everywhere(in_postgresql, JOURNEYS[name], trial))
    assert wrong == {}
    assert places >= 20
