"""What is measured over sockets, in interleaved rounds: each contender has a short turn in every round."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import orjson

from bench.generator import Window, drive
from bench.ours import SIZES
from bench.peers import nginx, nginx_path, plain_fastapi

_AT_ONCE = 8
_SMALL, _MIDDLE, _LARGE = 10, 1_000, 50_000


@dataclass(frozen=True, slots=True)
class Contender:
    """Who is asked for what, over how many connections."""

    address: tuple[str, int]
    pid: int
    request: bytes
    connections: int = _AT_ONCE


@dataclass(frozen=True, slots=True)
class Seen:
    """Medians over the rounds."""

    cpu_us: float
    per_s: float
    p50_ms: float
    p99_ms: float
    bytes: int


def measure(
    contenders: Mapping[str, Contender], rounds: int, seconds: float, tell: Callable[[str], None]
) -> dict[str, Seen]:
    """Every contender in every round, so that a busy minute of the machine hits all of them alike."""
    windows: dict[str, list[Window]] = {name: [] for name in contenders}
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}")
        for name, one in contenders.items():
            windows[name].append(drive(one.address, one.request, seconds, one.connections, one.pid))
    return {name: _seen(each) for name, each in windows.items()}


def _seen(windows: list[Window]) -> Seen:
    return Seen(
        median(window.cpu_us for window in windows),
        median(window.requests / window.seconds for window in windows),
        median(window.quantile(0.5) for window in windows),
        median(window.quantile(0.99) for window in windows),
        windows[0].bytes // max(windows[0].requests, 1),
    )


@contextmanager
def stage() -> Iterator[dict[str, Contender]]:
    """All contenders, running: ours direct and through the proxy, nginx where there is one, plain FastAPI."""
    with ExitStack() as running:
        address, pid, asked = running.enter_context(_ours())
        found = {name: Contender(address, pid, request) for name, request in asked.items()}
        found[f"gzip:{_MIDDLE}"] = replace(
            found[f"direct:{_MIDDLE}"], request=_with(asked[f"direct:{_MIDDLE}"], b"Accept-Encoding: gzip")
        )
        for size in (10_000, 50_000):
            found[f"one direct:{size}"] = replace(found[f"direct:{size}"], connections=1)
            found[f"one ssp:{size}"] = replace(found[f"ssp:{size}"], connections=1)
        if nginx_path():
            found |= running.enter_context(_nginx(address, asked))
        port, plain = running.enter_context(plain_fastapi(_MIDDLE))
        request = (
            f"GET /Slot?start=2020-01-01T00:00:00Z&end=2030-01-01T00:00:00Z HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        )
        found["plain:1000"] = Contender(("127.0.0.1", port), plain, request.encode())
        yield found


@contextmanager
def _ours() -> Iterator[tuple[tuple[str, int], int, dict[str, bytes]]]:
    command = [sys.executable, "-m", "bench.server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdout is not None  # noqa: S101 - asked for above
        told = orjson.loads(process.stdout.readline())
        url = urlsplit(told["base"])
        try:
            yield (
                (url.hostname or "", url.port or 0),
                process.pid,
                {name: text.encode() for name, text in told["asked"].items()},
            )
        finally:
            process.terminate()


@contextmanager
def _nginx(ours: tuple[str, int], asked: Mapping[str, bytes]) -> Iterator[dict[str, Contender]]:
    bodies = {str(size): fetch(ours, asked[f"direct:{size}"]) for size in SIZES}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with nginx(bodies, Path(folder)) as (port, pid):
            address = ("127.0.0.1", port)
            found = {}
            for size in SIZES:
                request = f"GET /{size} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
                found[f"nginx:{size}"] = Contender(address, pid, request)
                if size >= 10_000:
                    found[f"one nginx:{size}"] = Contender(address, pid, request, 1)
            yield found


def fetch(address: tuple[str, int], request: bytes) -> bytes:
    """One answer's body."""
    import socket

    with socket.create_connection(address) as line, line.makefile("rb") as reader:
        line.sendall(request)
        length = 0
        while (header := reader.readline().strip()) != b"":
            if header.lower().startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        return reader.read(length)


def _with(request: bytes, header: bytes) -> bytes:
    return request.removesuffix(b"\r\n") + header + b"\r\n\r\n"


def starved(contenders: Mapping[str, Contender], rounds: int, seconds: float) -> tuple[float, float]:
    """p99 in ms of a small search alone, and beside a client that loops the largest one."""
    small, large = replace(contenders[f"direct:{_SMALL}"], connections=1), contenders[f"direct:{_LARGE}"]
    alone, beside = [], []
    for _ in range(rounds):
        alone.append(drive(small.address, small.request, seconds, 1).quantile(0.99))
        with _looping(large):
            beside.append(drive(small.address, small.request, seconds, 1).quantile(0.99))
    return median(alone), median(beside)


@contextmanager
def _looping(contender: Contender) -> Iterator[None]:
    host, port = contender.address
    command = [sys.executable, "-m", "bench.generator", host, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdin is not None  # noqa: S101 - asked for above
        process.stdin.write(contender.request)
        process.stdin.close()
        try:
            yield
        finally:
            process.kill()
