"""Whatever goes wrong on the wire: in the end patient, link, ledger and the receiver's book agree."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from booking_core.ledger import MemoryLedger
from booking_core.selfbook.cancelling import cancel_appointment
from booking_core.selfbook.invitations import MemoryInvitations
from booking_core.selfbook.office import Office
from booking_core.selfbook.patient import confirm, open_link, rebook
from booking_core.selfbook.settling import settle_all
from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.faults.rules import FaultRule
from harness.rows import CancelRow, WorldRows
from harness.virtual_time import clock, run_virtual
from harness.world import World, build_world
from harness.worlds import CATALOGUE, load_world

from .agreement import disagreements, in_the_book
from .faults import BOOKING, CHANGING, faults
from .journeys import Patient
from .lives import Surroundings

ROWS, _ = load_world(CATALOGUE / "worlds/two-practices.yaml")
MAY_CANCEL = ROWS.settings.model_copy(update={"cancel": CancelRow(enabled=True, rule="cancel_or_rebook")})
START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
MINUTES_10 = 600.0


@dataclass(frozen=True, slots=True)
class Tab:
    """One browser of one patient: when it opens the link, what for, which slot it takes, how often it tries again."""

    alias: str = "alice"
    begins_s: float = 0
    taste: int = 0
    tries: int = 1
    pause_s: float = 0
    wish: str = "book"


@dataclass(frozen=True, slots=True)
class Case:
    """A receiver's system, who is at it at the same time, what goes wrong, and the seed of the rest.

    Tabs that `are_apart` are served by processes of their own, over the same stores. Who `has_booked` did so before.
    """

    supplier: str
    tabs: tuple[Tab, ...]
    faults: tuple[FaultRule, ...]
    may_cancel: bool
    are_apart: bool
    seed: int
    has_booked: bool = False


def tabs(aliases: list[str], wishes: list[str]) -> st.SearchStrategy[tuple[Tab, ...]]:
    """One to three tabs that begin at nearly the same time."""
    one = st.builds(
        Tab, st.sampled_from(aliases), st.sampled_from([0.0, 0.05, 0.3, 5.0]), st.integers(0, 1),
        st.integers(1, 3), st.sampled_from([0.0, 20.0, 100.0]), st.sampled_from(wishes),
    )  # fmt: skip
    return st.lists(one, min_size=1, max_size=3).map(tuple)


SUPPLIERS, SEEDS = st.sampled_from(["strict", "emis", "systmone"]), st.integers(0, 10**6)
BOOKINGS = st.builds(
    Case, SUPPLIERS, tabs(["alice", "bob"], ["book"]), faults(BOOKING), st.booleans(), st.booleans(), SEEDS
)  # fmt: skip
CHANGES = st.builds(
    Case, SUPPLIERS, tabs(["alice"], ["cancel", "move"]), faults(CHANGING), st.just(True), st.booleans(), SEEDS, st.just(True)
)  # fmt: skip
MIXTURES = st.builds(
    Case, SUPPLIERS, tabs(["alice", "bob"], ["book", "book", "cancel", "move"]), faults(BOOKING + CHANGING), st.just(True),
    st.booleans(), SEEDS, st.booleans(),
)  # fmt: skip


@settings(deadline=None)
@given(BOOKINGS)
def test_after_a_booking_patient_link_ledger_and_book_agree(case: Case) -> None:
    assert run_virtual(lambda: play(case)) == []


@settings(deadline=None)
@given(CHANGES)
def test_after_a_cancellation_or_a_move_they_agree_as_well(case: Case) -> None:
    assert run_virtual(lambda: play(case)) == []


@settings(deadline=None)
@given(MIXTURES)
def test_whatever_several_tabs_wish_for_at_once_they_agree(case: Case) -> None:
    assert run_virtual(lambda: play(case)) == []


async def play(case: Case) -> list[str]:
    """All tabs at once among the faults; then the faults end, time passes, and what is open is settled."""
    world = _world(case)
    async with HttpTransport.over(world.network) as transport:
        around = Surroundings(world, transport, MemoryInvitations(), MemoryLedger())
        patients = {alias: Patient(around, alias) for alias in dict.fromkeys(tab.alias for tab in case.tabs)}
        office = around.live()
        for patient in patients.values():
            await patient.invited(office)
            if case.has_booked:
                await books(Tab(), patient, office)
        for rule in case.faults:
            world.faults.arm(rule)
        await asyncio.gather(
            *(sits_at(tab, patients[tab.alias], around.live() if case.are_apart else office) for tab in case.tabs)
        )
        world.faults.switch((), world.journal.count)
        await world.network.quiet()
        await asyncio.sleep(MINUTES_10)
        await settle_all(around.live())
        wrong = [line for patient in patients.values() for line in await verdict(patient)]
        return wrong + [f"{crash.at} broke: {crash.error!r}" for crash in world.network.crashes]


def _world(case: Case) -> World:
    rows: WorldRows = ROWS.model_copy(update={"settings": MAY_CANCEL}) if case.may_cancel else ROWS
    return build_world(
        rows, folder=Path(), addresses=own_hosts(), now=clock(START), seed=case.seed, supplier=case.supplier, hop=True
    )


async def sits_at(tab: Tab, patient: Patient, office: Office) -> None:
    """Tries, and tries again while nothing comes of it."""
    await asyncio.sleep(tab.begins_s)
    for _ in range(tab.tries):
        if await WISHES[tab.wish](tab, patient, office):
            return
        await asyncio.sleep(tab.pause_s)


async def books(tab: Tab, patient: Patient, office: Office) -> bool:
    """Opens the link and takes a slot of the list."""
    screen = patient.see(await open_link(office, patient.token, patient.born))
    if screen.slots:
        screen = patient.see(await confirm(office, patient.token, (screen.slots[50 + tab.taste].slot_id,)))
    return screen.outcome in ("booked", "B2")


async def cancels(tab: Tab, patient: Patient, office: Office) -> bool:
    """Opens the link and cancels what it shows."""
    screen = patient.see(await open_link(office, patient.token, patient.born))
    if screen.outcome == "booked":
        screen = patient.see(await cancel_appointment(office, patient.token, "I feel better"))
    return screen.outcome in ("cancelled", "B2")


async def moves(tab: Tab, patient: Patient, office: Office) -> bool:
    """Opens the link, asks for other times, takes one."""
    screen = patient.see(await open_link(office, patient.token, patient.born))
    if screen.outcome == "booked":
        screen = patient.see(await rebook(office, patient.token))
    if not screen.slots:
        return screen.outcome == "B2"
    screen = patient.see(await confirm(office, patient.token, (screen.slots[80 + tab.taste].slot_id,)))
    return screen.outcome in ("booked", "B8", "B2")


WISHES: Mapping[str, Callable[[Tab, Patient, Office], Awaitable[bool]]] = {
    "book": books,
    "cancel": cancels,
    "move": moves,
}
"""What a tab is opened for -> one try, and whether it is the last."""


async def verdict(patient: Patient) -> list[str]:
    """What does not fit; and that a link that leads to booking still does, now that all is well."""
    found = await disagreements(patient)
    if not found and not await in_the_book(patient):
        await books(Tab(), patient, patient.around.live())
        found = await disagreements(patient)
        if not await in_the_book(patient) and "cancelled" not in [screen.outcome for screen in patient.screens]:
            found.append("the patient cannot book any more")
    return [f"{patient.alias}: {line}; saw {[one.outcome for one in patient.screens]}" for line in found]
