"""Asks a server again and again: wrk where the machine has it, else a small closed loop over plain sockets.

The loop is as little of its own time as Python allows, and still too slow for nginx: with it only CPU times tell
how many requests a server could answer.
"""

from __future__ import annotations

import itertools
import os
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

_BUFFER = bytearray(1 << 20)
_HEAD_END = b"\r\n\r\n"
_LONGEST_S = 30
_SCRIPT = Path(__file__).with_name("wrk.lua")

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Window:
    """What a window of time saw."""

    seconds: float
    requests: int
    bytes: int
    server_cpu_s: float
    p50_ms: float
    p99_ms: float

    @property
    def per_s(self) -> float:
        """Requests in a second."""
        return self.requests / self.seconds

    @property
    def cpu_us(self) -> float:
        """The server's CPU time for each request, in microseconds."""
        return self.server_cpu_s / max(self.requests, 1) * 1e6


def wrk_path() -> str | None:
    """wrk of this system, if it has one."""
    return shutil.which("wrk")


def drive(address: Address, requests: Sequence[bytes], seconds: float, connections: int, pid: int = 0) -> Window:
    """Ask in turn for each of the requests, over so many connections, for so long."""
    through = _by_wrk if wrk_path() else by_loop
    return through(address, requests, seconds, connections, pid)


def _by_wrk(address: Address, requests: Sequence[bytes], seconds: float, connections: int, pid: int) -> Window:
    host, port = address
    with tempfile.NamedTemporaryFile() as asked:
        asked.write(b"".join(request + b"\1" for request in requests))
        asked.flush()
        command = [wrk_path() or "wrk", "-t1", f"-c{connections}", f"-d{max(round(seconds), 1)}s", "--timeout", "30s"]
        command += ["-s", str(_SCRIPT), f"http://{host}:{port}", asked.name]
        cpu = cpu_of(pid)
        said = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own command line
        cpu = cpu_of(pid) - cpu
    told = orjson.loads(said.stderr.splitlines()[-1])
    if told["errors"]:
        raise ConnectionError(f"{told['errors']} requests failed: {said.stdout.decode()}")
    if told["requests"] < connections and seconds < _LONGEST_S:
        return _by_wrk(address, requests, seconds * 3, connections, pid)
    return Window(told["seconds"], told["requests"], told["bytes"], cpu, told["p50_ms"], told["p99_ms"])


class _Connection:
    def __init__(self, address: Address) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began, self.left, self.total = 0.0, -1, 0

    def ask(self, request: bytes) -> None:
        self.began, self.left, self.total = time.perf_counter(), -1, 0
        self.socket.sendall(request)

    def read(self) -> bool:
        """Take what is there; whether the answer is whole."""
        got = self.socket.recv_into(_BUFFER)
        if not got:
            raise ConnectionError("the server hung up")
        if self.left < 0:
            head = bytes(_BUFFER[: min(got, 4096)]).partition(_HEAD_END)[0]
            if not head.startswith(b"HTTP/1.1 200"):
                raise ConnectionError(bytes(_BUFFER[:300]).decode("latin-1"))
            length = head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]
            self.total = int(length)
            self.left = self.total + len(head) + 4
        self.left -= got
        return self.left <= 0


def by_loop(address: Address, requests: Sequence[bytes], seconds: float, connections: int, pid: int = 0) -> Window:
    """The loop: it asks again as soon as an answer is whole."""
    with ExitStack() as open_:
        selector = open_.enter_context(closing(selectors.DefaultSelector()))
        lines = [_Connection(address) for _ in range(connections)]
        for line in lines:
            open_.enter_context(line.socket)
            selector.register(line.socket, selectors.EVENT_READ, line)
        cpu, began = cpu_of(pid), time.perf_counter()
        latencies, size = _loop(selector, lines, itertools.cycle(requests), began + seconds)
        spent, cpu = time.perf_counter() - began, cpu_of(pid) - cpu
    latencies.sort()
    p50, p99 = (latencies[min(int(share * len(latencies)), len(latencies) - 1)] * 1e3 for share in (0.5, 0.99))
    return Window(spent, len(latencies), size, cpu, p50, p99)


def _loop(
    selector: selectors.BaseSelector, lines: Sequence[_Connection], turn: Iterator[bytes], ends: float
) -> tuple[list[float], int]:
    """Latencies in seconds, and the bytes of all answers."""
    latencies, size = list[float](), 0
    for line in lines:
        line.ask(next(turn))
    while time.perf_counter() < ends or len(latencies) < len(lines):
        for key, _ in selector.select(0.5):
            line = key.data
            if line.read():
                latencies.append(time.perf_counter() - line.began)
                size += line.total
                line.ask(next(turn))
    return latencies, size


def cpu_of(pid: int) -> float:
    """CPU seconds of a process so far, exact to the scheduler's nanoseconds; 0 where there is none to ask."""
    tasks = Path(f"/proc/{pid}/task")
    if not pid or not tasks.exists():
        return 0.0
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9


_CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
"""Servers run on the first and generators on the last, where there are two and the system lets us choose."""


def to_servers_core(pid: int) -> None:
    """Keeps a server off the generator's core."""
    if len(_CORES) > 1:
        os.sched_setaffinity(pid, {_CORES[0]})


@contextmanager
def on_generators_core() -> Iterator[None]:
    """Keeps this process and those that it starts off the servers' core."""
    if len(_CORES) < 2:
        yield
        return
    os.sched_setaffinity(0, {_CORES[-1]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, _CORES)


def main() -> None:
    """Loop one request, read from standard input, until killed: `python -m bench.generator HOST PORT`."""
    host, port = sys.argv[1:]
    request = sys.stdin.buffer.read()
    by_loop((host, int(port)), [request], 3600, 1)


if __name__ == "__main__":
    main()
