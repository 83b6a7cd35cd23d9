"""A process of the core is killed by SIGKILL in the midst of its work; the next, ten minutes later, puts all right."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest

from booking_core.selfbook.office import Screen
from booking_core.wire.transport import HttpTransport
from harness.addresses import one_port
from harness.credentials import own_application
from harness.faults.kinds import FAULT
from harness.product import Text
from harness.serve import base_url, bind, serving
from harness.world import World, build_world

from .agreement import disagreements, in_the_book
from .journeys import JOURNEYS, Patient
from .lives import Surroundings
from .one_life import ROWS, Life

ROOT = Path(__file__).resolve().parents[2]
KILLED = -9
LATER_S = 600.0
COMMANDS = ("create_appointment", "cancel_appointment")
PLACES = (
    "before ledger.", "before invitations.move", "before sms.", "before record.",
    *(f"{when} sending {name}" for name in COMMANDS for when in ("before", "after")),
)  # fmt: skip
"""Where a death is interesting: at what is kept, at who is told, and at what changes the receiver's book."""


@pytest.fixture(scope="module")
def midwife() -> Iterator["subprocess.Popen[str]"]:
    """What brings forth processes of the core."""
    command = [sys.executable, "-m", "tests.properties.one_life"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.communicate()


@dataclass(slots=True)
class Served:
    """A world on a socket, and whatever lives have left behind."""

    world: World
    life: Life
    midwife: "subprocess.Popen[str]"
    skipped_s: list[float] = field(default_factory=lambda: [0.0])

    async def lives(self, *, dies_at: int | None = None, in_flight: bool = False) -> tuple[int, list[str]]:
        """One process to its end: its exit status, and the places it came to, which only a survivor can tell."""
        self.life = replace(
            self.life, number=self.life.number + 1, skipped_s=self.skipped_s[0], dies_at=dies_at, in_flight=in_flight,
            is_first=self.life.number == 0,
        )  # fmt: skip
        said = json.loads(await asyncio.to_thread(self._ask, json.dumps(asdict(self.life))))
        return said["ended"], said["places"]

    def _ask(self, line: str) -> str:
        assert self.midwife.stdin and self.midwife.stdout
        print(line, file=self.midwife.stdin, flush=True)
        return self.midwife.stdout.readline()

    def paper(self, name: str) -> list[list[str]]:
        """What lives wrote down."""
        path = Path(self.life.folder) / name
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@asynccontextmanager
async def served(journey: str, folder: Path, database: str, midwife: "subprocess.Popen[str]") -> AsyncIterator[Served]:
    listener, skipped_s = bind(), [0.0]
    life = Life(
        0, journey, str(folder), base_url(listener), database, own_application()["private_key"], time.monotonic()
    )
    world = build_world(
        ROWS, folder=Path(), addresses=one_port(life.base_url), seed=1,
        now=lambda: replace(life, skipped_s=skipped_s[0]).now(),
    )  # fmt: skip
    async with serving(world.network.front_door(), sock=listener):
        yield Served(world, life, midwife, skipped_s)


async def problems(here: Served) -> list[str]:
    """What does not fit in the end, by all that is kept and all that the patient saw."""
    from booking_core.database_postgres import Database
    from booking_core.ledger_postgres import PostgresLedger
    from booking_core.selfbook.invitations_postgres import PostgresInvitations

    async with HttpTransport.over() as transport, Database(here.life.database) as database:
        around = Surroundings(here.world, transport, PostgresInvitations(database), PostgresLedger(database))
        patient = Patient(around)
        around.phones.texts += [Text(datetime.fromisoformat(at), *words) for at, *words in here.paper("texts")]
        for at, outcome, text in here.paper("screens"):
            patient.screens.append(Screen(outcome, text, ""))
            patient.told.append((datetime.fromisoformat(at), text))
        found, booked = await disagreements(patient), await in_the_book(patient)
        if len(booked) != JOURNEYS[here.life.journey].appointments:
            found.append(f"{len(booked)} appointments")
        return [*found, f"saw {[one.outcome for one in patient.screens]}"] if found else []


@dataclass(slots=True)
class Trials:
    """One journey, lived again and again in a world and a database that know nothing of the last time."""

    journey: str
    tmp_path: Path
    database: str
    midwife: "subprocess.Popen[str]"
    count: int = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Served]:
        from booking_core.database_postgres import Database

        self.count += 1
        folder = self.tmp_path / str(self.count)
        folder.mkdir()
        async with Database(self.database) as database, database.transaction() as connection:
            await connection.execute("TRUNCATE attempts, invitations")
        async with served(self.journey, folder, self.database, self.midwife) as here:
            yield here

    async def places(self) -> list[str]:
        """All that a life comes to which nobody ends."""
        async with self.begin() as here:
            ended, places = await here.lives()
            assert (ended, await problems(here)) == (0, [])
            return places

    async def after_death_at(self, place: int, in_flight: str = "") -> list[str]:
        """A life that is killed there, and a second one."""
        async with self.begin() as here:
            if in_flight:
                slow = {"name": "slow", "at": "riverside", "on": in_flight, "kind": "latency", "median_ms": 500}
                here.world.faults.arm(FAULT.validate_python(slow | {"phase": "reply"}))
            ended, _ = await here.lives(dies_at=place, in_flight=bool(in_flight))
            assert ended == KILLED
            await here.world.network.quiet()
            here.skipped_s[0] += LATER_S
            ended, _ = await here.lives()
            return await problems(here) + ([] if ended == 0 else ["the second life broke"])


@pytest.mark.timeout(300)  # dozens of processes, on however busy a machine
@pytest.mark.parametrize("journey", ["booking", "cancellation", "move"])
async def test_wherever_a_process_is_killed_the_next_one_puts_all_right(
    journey: str, tmp_path: Path, postgres_url: str, midwife: "subprocess.Popen[str]"
) -> None:
    trials = Trials(journey, tmp_path, postgres_url, midwife)
    places, wrong = await trials.places(), dict[str, list[str]]()
    deaths = [(number, place, "") for number, place in enumerate(places) if place.startswith(PLACES)]
    deaths += [
        (number, f"during {place}", name)
        for number, place in enumerate(places)
        for name in COMMANDS
        if place == f"before sending {name}"
    ]
    assert len(deaths) >= 9
    for number, place, in_flight in deaths:
        if found := await trials.after_death_at(number, in_flight):
            wrong[f"{number}: {place}"] = found
    assert wrong == {}
