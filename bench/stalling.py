"""P13: a server that stalls, and one that takes exactly 5 ms; does our load test say so?

The true p99 is known: of arrivals spread evenly, a tenth falls into a stall of 0.5 s in every 5 s and waits
for the rest of it, so one in a hundred waits longer than 0.45 s. A closed loop is held up once in each
stall, between hundreds of quick answers, and never sees it.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import orjson

from booking_core.consumer import Sender
from loadtests.plan import PLAN, Plan, Target
from loadtests.profile import profile_of

EVERY_S, STALL_S, WORK_S = 5.0, 0.5, 0.005
TRUE_P99_MS = (STALL_S * 0.9 + WORK_S) * 1e3
_BODY = b'{"resourceType":"Bundle","type":"searchset"}'
_SENDER = Sender(
    "u1", "Okafor", ("Ruth",), "Ms", "R1730", "", "", "T90101", "Booker", "gp-practice", "01632 960101", "200000000001"
)


@dataclass(frozen=True, slots=True)
class Honesty:
    """What the load test said of the two servers, and what a bare socket saw of the fixed one meanwhile."""

    open_p99_ms: float
    closed_p99_ms: float
    mean_service_ms: float
    mean_seen_ms: float


def honesty(seconds: float = 15.0) -> Honesty:
    """Runs the load test against both servers at once; about `seconds` open and as many closed."""
    with tempfile.TemporaryDirectory() as folder, _server() as port:
        targets = tuple(_target(name, port) for name in ("stalls", "fixed"))
        plan = Plan(
            "profile", f"http://127.0.0.1:{port}/ssp", _SENDER, datetime(2026, 3, 28, tzinfo=UTC),
            datetime(2026, 4, 10, tzinfo=UTC), targets, warm_up_s=seconds, open_s=seconds, steady=True,
            result=f"{folder}/result.json",
        )  # fmt: skip
        path = Path(folder) / "plan.json"
        path.write_bytes(plan.as_json())
        command = [
            sys.executable,
            "-m",
            "locust",
            "-f",
            "loadtests/locustfile.py",
            "--headless",
            "-u",
            "1",
            "--loglevel",
            "ERROR",
        ]
        with _watched(port) as seen:
            subprocess.run(  # noqa: S603 - our own command line
                command,
                env={**os.environ, PLAN: str(path)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        profile = profile_of(orjson.loads(Path(plan.result).read_bytes()))
    stalls, fixed = profile.rows
    return Honesty(stalls.intended[0.99].ms, stalls.closed_p99_ms, fixed.mean_service_ms, mean(seen[len(seen) // 2 :]))


@contextmanager
def _watched(port: int) -> Iterator[list[float]]:
    """Asks the fixed server too, over a plain blocking socket: the least that any client can see.

    The second half of the milliseconds falls into the open phase, as the load test's own do.
    """
    seen, over = list[float](), threading.Event()

    def ask() -> None:
        with socket.create_connection(("127.0.0.1", port)) as line:
            while not over.wait(1 / 60):
                began = time.perf_counter()
                line.sendall(b"GET /ssp/fixed HTTP/1.1\r\nHost: fixed\r\n\r\n")
                line.recv(65536)
                seen.append((time.perf_counter() - began) * 1e3)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _target(name: str, port: int) -> Target:
    return Target("T0", name, name, "200000000002", f"http://127.0.0.1:{port}/{name}", 0, 0, 60.0)


@contextmanager
def _server() -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-m", "bench.stalling"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - asked for above
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            began = loop.time()
            into = began % EVERY_S
            if b"/stalls/" in head.split(b"\r\n")[0] and into < STALL_S:
                await asyncio.sleep(STALL_S - into)
            await asyncio.sleep(WORK_S)
            took = f"modelled;dur={(loop.time() - began) * 1e3:.3f}".encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nServer-Timing: " + took
                + b"\r\nContent-Length: %d\r\n\r\n" % len(_BODY) + _BODY
            )  # fmt: skip
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _serve() -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
