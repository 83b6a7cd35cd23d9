"""Two workers of one world, as they would run in two processes, here in one so that a test can look into both."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest

from harness.network import Mount, Network
from harness.sharing.worlds import SharedWorlds
from harness.world import World

BASE = "http://127.0.0.1:8181"
START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)


@dataclass
class Turns(httpx.AsyncBaseTransport):
    """Each request goes to the next worker, as it may with a balancer in between."""

    ways: list[Network]
    asked: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        return await self.ways[self.asked % len(self.ways)].handle_async_request(request)


@dataclass
class Pair:
    """Two workers and the ways to ask them: each by itself, or by turns."""

    live: list[SharedWorlds]
    ways: list[Network]

    @property
    def by_turns(self) -> Turns:
        return Turns(self.ways)

    def client(self, *workers: int) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=Turns([self.ways[n] for n in workers or (0, 1)]), base_url=BASE)

    async def worlds(self, prefix: str = "") -> list[World]:
        found = await asyncio.gather(*(live.ready(prefix) for live in self.live))
        return [world for world in found if world is not None]


@pytest.fixture
async def pair(postgres_url: str) -> AsyncIterator[Pair]:
    pytest.importorskip("psycopg", reason="the extra `pg` is not installed")
    from harness.sharing.beginning_postgres import begun
    from harness.sharing.database_postgres import database
    from harness.sharing.order import WorkerOrder, plan_of
    from harness.sharing.store_postgres import Store
    from harness.sharing.worlds import StoreClock

    plan = plan_of(WorkerOrder(postgres_url, "two-practices", "", 0, BASE, 1, False, False, False))
    await begun(plan, START, anew=False)
    live: list[SharedWorlds] = []
    async with AsyncExitStack() as stack:
        for _ in range(2):
            store, now = Store(await stack.enter_async_context(database(postgres_url))), StoreClock()
            number = await store.worker_number()
            live.append(
                SharedWorlds(
                    store, plan.build_with(now), now, worker_number=number, like=plan.made_of, origin=plan.origin
                )
            )
        pair = Pair(live, [Network([Mount("live", "live", BASE, each)]) for each in live])
        await pair.worlds()
        yield pair
