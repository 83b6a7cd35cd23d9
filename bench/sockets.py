"""What is measured over sockets, in interleaved rounds: each contender has a short turn in every round."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from bench.generator import Address, Window, drive, to_servers_core
from bench.ours import SIZES
from bench.peers import nginx, nginx_path, plain_fastapi
from bench.prism import prism, prism_command
from bench.spread import Spread, ratios

_AT_ONCE = 8
_SMALL, _MIDDLE, _LARGE = 10, 1_000, 50_000
_SLOW_S = 2.0
"""A turn of who answers some ten requests a second."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Who is asked for what, over how many connections; `slow` ones get longer turns."""

    address: Address
    pid: int
    requests: Sequence[bytes]
    connections: int = _AT_ONCE
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """All contenders, running; `absent` says why others are not there."""

    contenders: Mapping[str, Contender]
    absent: Mapping[str, str]


Seen = Mapping[str, Sequence[Window]]
"""By contender, a window for each round."""


def measure(
    contenders: Mapping[str, Contender], rounds: int, seconds: float, tell: Callable[[str], None]
) -> dict[str, list[Window]]:
    """Every contender in every round, so that a busy minute of the machine hits all of them alike."""
    seen: dict[str, list[Window]] = {name: [] for name in contenders}
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}")
        for name, one in contenders.items():
            turn = max(seconds, _SLOW_S) if one.slow else seconds
            seen[name].append(drive(one.address, one.requests, turn, one.connections, one.pid))
    return seen


@contextmanager
def stage() -> Iterator[Stage]:
    """Ours direct, through the proxy and from kept answers; nginx and Prism where there are any; plain FastAPI."""
    with ExitStack() as running, tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        address, pid, asked = running.enter_context(_ours())
        bodies = {str(size): fetch(address, asked[f"direct:{size}"][0]) for size in SIZES}
        found, absent = _of_ours(address, pid, asked), dict[str, str]()
        if nginx_path():
            found |= _canned("nginx", *running.enter_context(nginx(bodies, root)), SIZES)
        else:
            absent["nginx"] = "no nginx on this machine"
        command, why = prism_command()
        if command:
            small = {name: body for name, body in bodies.items() if int(name) < _LARGE}
            found |= _canned(
                "prism", *running.enter_context(prism(command, small, root)), [int(each) for each in small]
            )
        else:
            absent["prism"] = why
        yield Stage(found | _plain(*running.enter_context(plain_fastapi(_MIDDLE))), absent)


def _of_ours(address: Address, pid: int, asked: Mapping[str, Sequence[bytes]]) -> dict[str, Contender]:
    found = {name: Contender(address, pid, requests, slow=_size(name) == _LARGE) for name, requests in asked.items()}
    packed = [_with(request, b"Accept-Encoding: gzip") for request in asked[f"direct:{_MIDDLE}"]]
    found[f"gzip:{_MIDDLE}"] = replace(found[f"direct:{_MIDDLE}"], requests=packed)
    for size in (10_000, _LARGE):
        for way in ("direct", "ssp"):
            found[f"one {way}:{size}"] = replace(found[f"{way}:{size}"], connections=1)
    unused = [name for name in found if name.startswith("kept") and _size(name) not in (_SMALL, _MIDDLE, 10_000)]
    return {name: each for name, each in found.items() if name not in unused}


def _size(name: str) -> int:
    return int(name.partition(":")[2])


def _canned(word: str, port: int, pid: int, sizes: Sequence[int] | Mapping[int, str]) -> dict[str, Contender]:
    found = {}
    for size in sizes:
        one = Contender(
            ("127.0.0.1", port), pid, [_get(f"/{size}", port)], slow=size >= (10_000 if word == "prism" else _LARGE)
        )
        found[f"{word}:{size}"] = one
        if word == "nginx" and size >= 10_000:
            found[f"one {word}:{size}"] = replace(one, connections=1)
    return found


def _plain(port: int, pid: int) -> dict[str, Contender]:
    range_ = "start=2020-01-01T00:00:00Z&end=2030-01-01T00:00:00Z"
    return {
        name: Contender(("127.0.0.1", port), pid, [_get(f"{path}?{range_}", port)])
        for name, path in ((f"plain:{_MIDDLE}", "/Slot"), (f"ready:{_MIDDLE}", "/ready"))
    }


def _get(path: str, port: int) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: */*\r\n\r\n".encode()


@contextmanager
def _ours() -> Iterator[tuple[Address, int, dict[str, list[bytes]]]]:
    command = [sys.executable, "-m", "bench.server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdout is not None  # noqa: S101 - asked for above
        told = orjson.loads(process.stdout.readline())
        to_servers_core(process.pid)
        url = urlsplit(told["base"])
        asked = {name: [each.encode() for each in texts] for name, texts in told["asked"].items()}
        try:
            yield (url.hostname or "", url.port or 0), process.pid, asked
        finally:
            process.terminate()


def fetch(address: Address, request: bytes) -> bytes:
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


def starved(contenders: Mapping[str, Contender], rounds: int, seconds: float) -> Spread:
    """p99 of a small search beside a client that loops the largest one, over its p99 alone."""
    small, large = contenders[f"direct:{_SMALL}"], contenders[f"direct:{_LARGE}"]
    alone, beside = [], []
    for _ in range(rounds):
        alone.append(drive(small.address, small.requests, seconds, 1).p99_ms)
        with _looping(large):
            beside.append(drive(small.address, small.requests, seconds, 1).p99_ms)
    return ratios(beside, alone)


@contextmanager
def _looping(contender: Contender) -> Iterator[None]:
    host, port = contender.address
    command = [sys.executable, "-m", "bench.generator", host, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdin is not None  # noqa: S101 - asked for above
        process.stdin.write(contender.requests[0])
        process.stdin.close()
        try:
            yield
        finally:
            process.kill()
