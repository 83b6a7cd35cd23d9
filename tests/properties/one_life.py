"""Processes of the core, over sockets and stores in PostgreSQL, that end by SIGKILL where they are told to.

Reads what a life is to do from standard input, a JSON object a line, and answers each with how it ended.
All lives are forked from this one process, which has imported everything and done nothing.
"""

import asyncio
import json
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from booking_core.database_postgres import Database
from booking_core.ledger_postgres import PostgresLedger
from booking_core.selfbook.invitations_postgres import PostgresInvitations
from booking_core.selfbook.office import Office
from booking_core.selfbook.settling import settle_all
from booking_core.wire.transport import HttpTransport
from harness.addresses import one_port
from harness.credentials import use_key
from harness.world import build_world
from harness.worlds import CATALOGUE, load_world

from .journeys import JOURNEYS, Patient
from .lives import Process, Surroundings

ROWS, _ = load_world(CATALOGUE / "worlds/cancelling.yaml")
START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
IN_FLIGHT_S = 0.1
"""So long after a request has gone out its process is killed; the answer takes longer."""


@dataclass(frozen=True, slots=True)
class Life:
    """`number` tells it from others; it ends at `dies_at`, or soon after where the answer is on its way.

    What its phones and screens showed it writes down in `folder`, where it outlives the process.
    """

    number: int
    journey: str
    folder: str
    base_url: str
    database: str
    private_key: str
    began: float
    skipped_s: float = 0
    is_first: bool = True
    dies_at: int | None = None
    in_flight: bool = False

    def now(self) -> datetime:
        """The served world's time: both count on the machine's steady clock."""
        return START + timedelta(seconds=time.monotonic() - self.began + self.skipped_s)


@dataclass(slots=True)
class Mortal(Process):
    """Its death is the operating system's."""

    in_flight: bool = False

    async def _at(self, place: str) -> None:
        here = len(self.places)
        self.places.append(place)
        if here == self.dies_at and not self.in_flight:
            os.kill(os.getpid(), signal.SIGKILL)
        if here == self.dies_at:
            asyncio.get_running_loop().call_later(IN_FLIGHT_S, os.kill, os.getpid(), signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Paper:
    """Keeps what it is told in a file, a line each."""

    life: Life
    name: str

    def note(self, *words: str) -> None:
        with (Path(self.life.folder) / self.name).open("a") as file:
            file.write(json.dumps([self.life.now().isoformat(), *words]) + "\n")

    async def send(self, mobile: str, text: str) -> None:
        """A text reaches its phone."""
        self.note(mobile, text)


@dataclass(slots=True)
class Reader(Patient):
    """A patient whose screens are written down, and whose phone is a file."""

    paper: Paper | None = None

    @property
    def token(self) -> str:
        assert self.paper
        texts = Path(self.paper.life.folder) / "texts"
        sent = texts.read_text() if texts.exists() else ""
        return sent.rpartition("/l/")[2].split(" ")[0]

    def see(self, screen: Any) -> Any:
        assert self.paper
        self.paper.note(screen.outcome, screen.text)
        return Patient.see(self, screen)


async def live(life: Life) -> list[str]:
    """Does what the life is for; the places that it came to."""
    use_key(life.private_key)
    world = build_world(ROWS, folder=Path(), addresses=one_port(life.base_url), now=life.now, seed=1)
    process = Mortal(life.dies_at, in_flight=life.in_flight)
    async with HttpTransport.over() as transport, Database(life.database) as database:
        around = Surroundings(world, transport, PostgresInvitations(database), PostgresLedger(database))
        around.lives = life.number * 2
        patient, journey = Reader(around, paper=Paper(life, "screens")), JOURNEYS[life.journey]
        if life.is_first:
            await journey.before(patient, with_phone(around.live(), life))
        office = with_phone(around.live(process), life)
        if not life.is_first:
            await settle_all(office)
        await journey.wish(patient, office)
    return process.places


def with_phone(office: Office, life: Life) -> Office:
    """Texts are written down."""
    return replace(office, sms=Paper(life, "texts"))


def main() -> None:
    """One life after another, each in a process of its own."""
    for line in sys.stdin:
        told, tell = os.pipe()
        if (pid := os.fork()) == 0:
            _live_and_leave(Life(**json.loads(line)), tell)
        os.close(tell)
        _, status = os.waitpid(pid, 0)
        with os.fdopen(told) as places:
            said = {"ended": os.waitstatus_to_exitcode(status), "places": json.loads(places.read() or "[]")}
        print(json.dumps(said), flush=True)


def _live_and_leave(life: Life, tell: int) -> NoReturn:
    """Whatever happens, a fork never comes back to its parent's loop."""
    status = 1
    try:
        os.write(tell, json.dumps(asyncio.run(live(life))).encode())
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
