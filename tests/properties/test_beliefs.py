"""Whatever goes wrong on the wire: in the end patient, link, ledger and the receiver's book agree."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from booking_core.ledger import MemoryLedger
from booking_core.selfbook.invitations import MemoryInvitations
from booking_core.selfbook.office import Office
from booking_core.selfbook.patient import confirm, open_link
from booking_core.selfbook.settling import settle_all
from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.faults.rules import FaultRule
from harness.rows import CancelRow, WorldRows
from harness.virtual_time import clock, run_virtual
from harness.world import World, build_world
from harness.worlds import CATALOGUE, load_world

from .agreement import disagreements, in_the_book
from .faults import faults
from .journeys import Patient
from .lives import Surroundings

ROWS, _ = load_world(CATALOGUE / "worlds/two-practices.yaml")
MAY_CANCEL = ROWS.settings.model_copy(update={"cancel": CancelRow(enabled=True, rule="cancel_or_rebook")})
START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
MINUTES_10 = 600.0
EXAMPLES = 80
"""Thousands were run by hand; the suite runs so many."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One browser of one patient: when it opens the link, which slot it takes, how often it tries again."""

    alias: str
    begins_s: float
    taste: int
    tries: int
    pause_s: float


@dataclass(frozen=True, slots=True)
class Case:
    """A receiver's system, who is at it at the same time, what goes wrong, and the seed of the rest."""

    supplier: str
    tabs: tuple[Tab, ...]
    faults: tuple[FaultRule, ...]
    may_cancel: bool
    are_apart: bool
    seed: int


TABS = st.builds(
    Tab, st.sampled_from(["alice", "bob"]), st.sampled_from([0.0, 0.05, 0.3, 5.0]), st.integers(0, 1),
    st.integers(1, 3), st.sampled_from([0.0, 20.0, 100.0]),
)  # fmt: skip
CASES = st.builds(
    Case, st.sampled_from(["strict", "emis", "systmone"]), st.lists(TABS, min_size=1, max_size=3).map(tuple), faults(),
    st.booleans(), st.booleans(), st.integers(0, 10**6),
)  # fmt: skip


@settings(deadline=None, max_examples=EXAMPLES)
@given(CASES)
def test_patient_link_ledger_and_book_agree_in_the_end(case: Case) -> None:
    assert run_virtual(lambda: play(case)) == []


async def play(case: Case) -> list[str]:
    """All tabs at once among the faults; then the faults end, time passes, and what is open is settled."""
    world = _world(case)
    async with HttpTransport.over(world.network) as transport:
        around = Surroundings(world, transport, MemoryInvitations(), MemoryLedger(), asyncio.sleep)
        patients = {alias: Patient(around, alias) for alias in dict.fromkeys(tab.alias for tab in case.tabs)}
        office = around.live()
        for patient in patients.values():
            await patient.invited(office)
        for rule in case.faults:
            world.faults.arm(rule)
        await asyncio.gather(
            *(sits_at(tab, patients[tab.alias], around.live() if case.are_apart else office) for tab in case.tabs)
        )
        for rule in case.faults:
            world.faults.disarm(rule.name)
        await world.network.quiet()
        await asyncio.sleep(MINUTES_10)
        await settle_all(around.live())
        wrong = [line for patient in patients.values() for line in await verdict(patient, around)]
        return wrong + [f"{crash.at} broke: {crash.error!r}" for crash in world.network.crashes]


def _world(case: Case) -> World:
    rows: WorldRows = ROWS.model_copy(update={"settings": MAY_CANCEL}) if case.may_cancel else ROWS
    return build_world(
        rows, folder=Path(), addresses=own_hosts(), now=clock(START), seed=case.seed, supplier=case.supplier, hop=True
    )


async def sits_at(tab: Tab, patient: Patient, office: Office) -> None:
    """Opens the link, takes a slot, and tries again while nothing comes of it."""
    await asyncio.sleep(tab.begins_s)
    for _ in range(tab.tries):
        screen = patient.see(await open_link(office, patient.token, patient.born))
        if screen.outcome == "booked":
            return
        if screen.slots:
            screen = patient.see(await confirm(office, patient.token, (screen.slots[50 + tab.taste].slot_id,)))
        if screen.outcome in ("booked", "B2"):
            return
        await asyncio.sleep(tab.pause_s)


async def verdict(patient: Patient, around: Surroundings) -> list[str]:
    """What does not fit; and that who has no appointment can still make one now that all is well."""
    found = await disagreements(patient)
    if not found and not await in_the_book(patient):
        await sits_at(Tab(patient.alias, 0, 2, 1, 0), patient, around.live())
        found = await disagreements(patient) if await in_the_book(patient) else ["the patient cannot book any more"]
    return [f"{patient.alias}: {line}; saw {[one.outcome for one in patient.screens]}" for line in found]
