"""What is measured without a socket: growth with the world, the cost of building it, the mock's own time.

A child process of its own, so that its memory is the world's: prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import time
from datetime import date
from typing import Any

import orjson
from faker import Faker

from bench.ours import NOW, Target, many_slots, shapes_of, targets_of, timed, world_of
from bench.spread import spread_of
from harness.chance import Chance
from harness.population.people import population
from harness.world import World
from mock_gpconnect.book.protocol import Slot

BASE = "http://127.0.0.1:1"
ROUNDS = 400
_OLDEST = date(1931, 3, 27)


def scope_of(target: Target) -> dict[str, Any]:
    """The request as a server would hand it over."""
    path, _, query = target.path.partition("?")
    return {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in target.headers],
        "state": {}, "scheme": "http", "http_version": "1.1", "server": ("127.0.0.1", 1),
    }  # fmt: skip


async def once(app: Any, target: Target) -> float:
    """Seconds of work for one exchange, body included."""
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    began = time.thread_time()  # not the wall clock: the neighbours on the machine are no part of our own time
    await app(scope_of(target), receive, send)
    spent = time.thread_time() - began
    if status != 200:
        raise RuntimeError(f"the mock answered {status}")
    return spent


async def interleaved(asked: dict[str, tuple[World, Target]]) -> dict[str, list[float]]:
    """Sorted seconds of each, one after the other so that a busy minute hits all."""
    spent: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(ROUNDS):
        for name, (world, target) in asked.items():
            spent[name].append(await once(world.network.front_door(), target))
    return {name: sorted(each) for name, each in spent.items()}


def into_sqlite(slots: list[tuple[str, Slot]]) -> None:
    """The same rows into an indexed table in memory."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "create table slot (id text primary key, ods text, schedule text, starts text, ends text, kind text)"
    )
    database.execute("create index by_start on slot (ods, starts)")
    database.executemany(
        "insert into slot values (?, ?, ?, ?, ?, ?)",
        ((s.id, ods, s.schedule_id, s.starts.isoformat(), s.ends.isoformat(), s.slot_type) for ods, s in slots),
    )
    database.commit()
    database.close()


def against_faker(people: int = 10_000, rounds: int = 3) -> list[float]:
    """Least, middle and most of the rounds: our synthetic patients over as many of plain Faker's, both in turn."""

    def plain() -> None:
        faker = Faker("en_GB")
        faker.seed_instance(7)
        for _ in range(people):
            faker.name(), faker.address(), faker.phone_number(), faker.email(), faker.date_between_dates(_OLDEST, today)

    def ours() -> None:
        rng = Chance(7).stream("population")
        population(people, rng=rng, today=today, practices=("T90051", "T90052", "T90053"))

    today = NOW.date()
    taken = [(timed(ours)[1], timed(plain)[1]) for _ in range(rounds)]
    spread = spread_of(mine / fakers for mine, fakers in taken)
    return [spread.low, spread.middle, spread.high]


async def slots_of(world: World) -> list[tuple[str, Slot]]:
    """Every slot of a world with its practice."""
    return [(ods, slot) for ods, practice in world.practices.items() for slot in await practice.book.slots_of()]


def main(total: int = 1_000_000) -> None:
    """Build, then compare."""
    before = resident()
    large, build_s = timed(lambda: world_of(many_slots(total), BASE, kept_bytes=0))
    grown = resident() - before
    small = world_of(many_slots(total // 10), BASE, kept_bytes=0)
    one = world_of(shapes_of([1_000]), BASE, kept_bytes=0)
    worlds = {"large": large, "small": small, "own": one}
    asked = {
        f"{name} {way}": (world, target)
        for name, world in worlds.items()
        for way, [target] in targets_of(world, 0, variants=1).items()
    }
    spent = asyncio.run(interleaved(asked))
    rows = asyncio.run(slots_of(large))
    _, sqlite_s = timed(lambda: into_sqlite(rows))
    print(
        orjson.dumps(
            {
                "slots": len(rows), "build_s": build_s, "sqlite_s": sqlite_s, "resident_gib": grown,
                "population": against_faker(),
                "p50_ms": {name: each[len(each) // 2] * 1e3 for name, each in spent.items()},
                "p99_ms": {name: each[int(len(each) * 0.99)] * 1e3 for name, each in spent.items()},
            }
        ).decode()
    )  # fmt: skip


def resident() -> float:
    """GiB that this process holds at its highest."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
