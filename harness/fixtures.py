"""A served world beside somebody's own tests: in a thread with its own loop, on a free port of loopback."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from harness.addresses import one_port
from harness.control import control_app
from harness.faults.kinds import FAULT
from harness.journal import Exchange
from harness.live import LiveWorlds, Origin
from harness.rows import NO_LIMITS
from harness.serve import base_url, bind, serving
from harness.who import who_is_who
from harness.world import World, build_world
from harness.worlds import load_world, world_file

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Nhs:
    """A running world. Your software gets `url` or the addresses of `who`; your test looks with the rest."""

    url: str
    live: LiveWorlds
    loop: asyncio.AbstractEventLoop

    @property
    def who(self) -> dict[str, Any]:
        """Base URLs, organisations, patients: as `crossbook show world --json`."""
        return who_is_who(self.world)

    @property
    def world(self) -> World:
        """The mocks themselves."""
        return self.live.worlds[""]

    def exchanges(self, at: str, on: str) -> list[Exchange]:
        """What took place at an organisation or service, on one interaction, once nothing is under way."""
        self._run(self.world.network.quiet())
        return [one for one in self.world.journal.exchanges if (one.at, one.on) == (at, on)]

    def appointments(self, at: str, patient: str) -> list[Any]:
        """The booked appointments of a patient in an organisation's own book."""
        return self._run(self._appointments(at, patient))

    def fault(self, **rule: Any) -> None:
        """Arms a fault as a scenario writes it: `name at on phase kind times ...`."""
        self.loop.call_soon_threadsafe(self.world.faults.arm, FAULT.validate_python(rule))

    def reset(self) -> None:
        """Everything as it began."""
        self._run(self.live.reset(""))

    async def _appointments(self, at: str, patient: str) -> list[Any]:
        practice = self.world.practice(at)
        records = practice.patients.of_number(self.world.names.patients[patient].nhs_number)
        held = [one for record in records for one in await practice.book.appointments_of(record.id)]
        return [one for one in held if one.status == "booked"]

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)


@contextmanager
def serve_nhs(world: str, *, seed: int = 1) -> Iterator[Nhs]:
    """Serves a world of the catalogue, or of a file, until the block ends."""
    path = world_file(world)
    rows, _ = load_world(path)
    listener = bind()
    url, loop = base_url(listener), asyncio.new_event_loop()

    def now() -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - a served world lives today

    def build(prefix: str) -> World:
        return build_world(rows, folder=path.parent, addresses=one_port(url + prefix), now=now, seed=seed)

    live = LiveWorlds(build, control_app, Origin(path, seed, NO_LIMITS))
    live.world("")
    stop, started = asyncio.Event(), threading.Event()

    async def main() -> None:
        async with serving(live, sock=listener):
            started.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),), daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield Nhs(url, live, loop)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(15)
        loop.close()
