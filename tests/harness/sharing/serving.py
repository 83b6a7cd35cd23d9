"""`crossbook up --store` as a process of its own, and clients that book there over sockets."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import orjson

from booking_core.gpconnect import replies, requests
from booking_core.gpconnect.values import Offer
from booking_core.wire.calls import Call, Reply
from harness.addresses import one_port
from harness.lines import line_between
from harness.world import World, build_world
from harness.worlds import load_world, world_file

START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
READY = "worker(s):"


@dataclass
class Served:
    """What the command printed so far, and the base URL that it wrote down."""

    process: asyncio.subprocess.Process
    endpoints: Path
    lines: list[str] = field(default_factory=list)

    async def says(self, words: str) -> str:
        """Waits for a line with these words."""
        while not (found := [line for line in self.lines if words in line]):
            assert self.process.returncode is None, "".join(self.lines)
            await asyncio.sleep(0.05)
        return found[-1]

    @property
    def base(self) -> str:
        return str(orjson.loads(self.endpoints.read_bytes())["services"]["ssp"]).removesuffix("/ssp")

    async def workers(self) -> list[int]:
        told = (await self.says(READY)).partition(READY)[2].partition(".")[0]
        return [int(pid) for pid in told.split(",")]


@asynccontextmanager
async def serve(url: str, folder: Path, *options: str) -> AsyncIterator[Served]:
    """Until the block ends."""
    endpoints = folder / "endpoints.json"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "harness.cli", "up", "--store", url, "--port", "0", "--clock", START.isoformat(),
        "--no-limits", "--no-latency", "--endpoints", str(endpoints), *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    served = Served(process, endpoints)
    reading = asyncio.create_task(_read(served))
    try:
        yield served
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        await reading


async def _read(served: Served) -> None:
    assert served.process.stdout is not None
    async for line in served.process.stdout:
        served.lines.append(line.decode())


@dataclass
class Booker:
    """A client that books free slots of Riverside for Erin, and remembers what it was told."""

    base: str
    rng: random.Random
    booked: dict[str, str] = field(default_factory=dict)
    in_doubt: list[str] = field(default_factory=list)
    refused: int = 0

    async def work(self, goal: int) -> None:
        """Books until it was told so often that it did."""
        world = world_at(self.base)
        line, erin = line_between(world, "millbrook.reception", "riverside"), world.names.patients["erin"]
        record = world.practice("riverside").patients.of_number(erin.nhs_number)[0]
        while len(self.booked) < goal:
            async with httpx.AsyncClient(timeout=20) as http:
                with suppress(httpx.TransportError):
                    offers = await self._offers(http, world, line)
                    await self._book_some(http, world, line, offers, record.id, goal)

    async def _offers(self, http: httpx.AsyncClient, world: World, line: requests.Line) -> list[Offer]:
        now = world.now()
        call = requests.search_slots(line, now, now + timedelta(days=13), now=now, trace_id=world.new_id())
        return list(replies.read_offers(await ask(http, call)))

    async def _book_some(
        self, http: httpx.AsyncClient, world: World, line: requests.Line, offers: list[Offer], patient: str, goal: int
    ) -> None:
        for offer in self.rng.sample(offers, min(5, len(offers))):
            call = requests.create_appointment(line, [offer], patient, "x", now=world.now(), trace_id=world.new_id())
            try:
                reply = await ask(http, call)
            except httpx.TransportError:
                self.in_doubt.append(offer.slot_id)
                raise
            if reply.status == 201:
                self.booked[str(orjson.loads(reply.body)["id"])] = offer.slot_id
            else:
                assert reply.status == 409, reply.body
                self.refused += 1
            if len(self.booked) >= goal:
                return


async def ask(http: httpx.AsyncClient, call: Call) -> Reply:
    answer = await http.request(
        call.method, call.url, params=call.params or None, headers=dict(call.headers), content=call.body
    )
    return Reply(answer.status_code, dict(answer.headers.items()), answer.content)


def world_at(base: str) -> World:
    """The world as a client knows it: names, identifiers and addresses."""
    path = world_file("two-practices")
    loop = asyncio.get_running_loop()
    began = loop.time()

    def now() -> datetime:
        return START + timedelta(seconds=loop.time() - began)

    rows, _ = load_world(path)
    return build_world(rows, folder=path.parent, addresses=one_port(base), now=now, seed=1)
