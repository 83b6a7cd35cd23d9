"""Walking every link into one receiver, in a simulated world built around it."""

import gc
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from booking_core.wire.transport import HttpTransport
from harness.addresses import own_hosts
from harness.masking import mask_for
from harness.pilot_check.cells import Pair
from harness.pilot_check.journey import Walk, walk_pair
from harness.pilot_check.minutes import Minutes
from harness.pilot_check.people import with_patients
from harness.pilot_check.shelves import shelves_of
from harness.product import build_product
from harness.rows import PilotFile
from harness.virtual_time import clock, run_virtual
from harness.world import World, build_world

KEPT = 600
"""Exchanges that the journal of a walk remembers: more than one act sets off."""


@dataclass(frozen=True, slots=True)
class Task:
    """One receiver and who books into it, by ODS code; `few` as in Walk."""

    rows: PilotFile
    folder: Path
    now: datetime
    receiver: str
    bookers: tuple[str, ...]
    few: bool = True

    @property
    def seed(self) -> int:
        """Its own for each receiver: a trace id names one exchange of the whole report."""
        return zlib.crc32(f"{self.rows.pilot.id}:{self.receiver}".encode())


def walk(task: Task, step: Callable[[], None] = lambda: None) -> list[Pair]:
    """Every pair of the task, in order, with a `step` after each; runs a loop of its own."""

    async def main() -> list[Pair]:
        world = _world(task)
        receiver = {task.receiver: world.practices[task.receiver]}
        shelves = await shelves_of(receiver, task.now, task.rows.settings.horizon_days)
        minutes = Minutes(world.journal, mask_for(world.rows.patients))
        async with HttpTransport.over(world.network) as transport:
            product = build_product(world, transport)
            here = Walk(task.receiver, world, product, shelves[task.receiver], minutes, task.few)
            gc.freeze()  # a world's many slots need not be looked through again and again
            pairs = [await _stepped(here, booker, step) for booker in task.bookers]
            gc.unfreeze()
        await world.network.quiet()
        return pairs

    return run_virtual(main)


async def _stepped(here: Walk, booker: str, step: Callable[[], None]) -> Pair:
    pair = await walk_pair(here, booker)
    step()
    return pair


def _world(task: Task) -> World:
    """The pilot around one receiver: nobody else needs an appointment book."""
    organisations = tuple(
        row if row.ods == task.receiver else row.model_copy(update={"sessions": ()}) for row in task.rows.organisations
    )
    rows = task.rows.model_copy(update={"organisations": organisations})
    return build_world(
        with_patients(rows, list(task.bookers), task.receiver),
        folder=task.folder, addresses=own_hosts(), now=clock(task.now), seed=task.seed, keep=KEPT,
    )  # fmt: skip
