"""A mock that books behind faults and journal, for tests of what a fault does to it."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from harness.faults.kinds import FAULT
from harness.faults.layer import Faults
from harness.faults.rules import FaultRule
from harness.journal import Exchange, Journal
from harness.network import Mount, Network
from harness.virtual_time import clock, run_virtual

BASE = "https://pds.test/base"
BOOKED = b'{"resourceType":"Appointment"}'


class Mock:
    """Books at once, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[bytes, str]] = []
        self.at: list[float] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.at.append(asyncio.get_running_loop().time())
        self.asked.append(((await receive())["body"], dict(scope["headers"]).get(b"content-type", b"").decode()))
        headers = [(b"content-type", b"application/fhir+json"), (b"content-length", b"%d" % len(BOOKED))]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": BOOKED[:5], "more_body": True})
        await send({"type": "http.response.body", "body": BOOKED[5:]})


@dataclass
class World:
    """One mock behind faults and journal, and a client."""

    client: httpx.AsyncClient
    network: Network
    faults: Faults
    journal: Journal
    mock: Mock = field(default_factory=Mock)

    async def book(self, body: bytes = b'{"book":"me"}', path: str = "/Patient/1") -> httpx.Response:
        headers = {"content-type": "application/fhir+json"}
        return await self.client.post(BASE + path, content=body, headers=headers, timeout=45)

    @property
    def last(self) -> Exchange:
        return self.journal.exchanges[-1]


def fault(kind: str, name: str = "lost", **settings: object) -> FaultRule:
    return FAULT.validate_python({"name": name, "kind": kind} | settings)


def in_world(main: Callable[[World], Awaitable[Any]], *rules: FaultRule) -> World:
    async def run() -> World:
        faults = Faults(rules, rng=lambda name: random.Random(f"7:fault:{name}"))
        journal, network = Journal(clock(datetime(2026, 3, 27, tzinfo=UTC))), Network()
        async with httpx.AsyncClient(transport=network) as client:
            world = World(client, network, faults, journal)
            wrapped = journal.wrap("pds", "pds", world.mock, faults.around("pds", "pds"))
            network.add(Mount("pds", "pds", BASE, wrapped))
            await main(world)
            await network.quiet()
        return world

    return run_virtual(run)


def failing(error: type[Exception]) -> Callable[[World], Awaitable[None]]:
    async def main(world: World) -> None:
        with pytest.raises(error):
            await world.book()

    return main


def answering(replies: list[httpx.Response]) -> Callable[[World], Awaitable[None]]:
    async def main(world: World) -> None:
        replies.append(await world.book())

    return main
