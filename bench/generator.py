"""A small closed-loop client over plain sockets: as little of its own time as Python allows."""

from __future__ import annotations

import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

_BUFFER = bytearray(1 << 20)
_HEAD_END = b"\r\n\r\n"


@dataclass(slots=True)
class Window:
    """What a window of time saw."""

    seconds: float = 0.0
    requests: int = 0
    bytes: int = 0
    server_cpu_s: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def cpu_us(self) -> float:
        """The server's CPU time for each request, in microseconds."""
        return self.server_cpu_s / max(self.requests, 1) * 1e6

    def quantile(self, share: float) -> float:
        """A latency in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] * 1e3


class _Connection:
    def __init__(self, address: tuple[str, int], request: bytes) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request, self.began, self.left, self.total = request, 0.0, -1, 0

    def ask(self) -> None:
        self.began, self.left, self.total = time.perf_counter(), -1, 0
        self.socket.sendall(self.request)

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


def drive(address: tuple[str, int], request: bytes, seconds: float, connections: int, pid: int = 0) -> Window:
    """Ask again as soon as an answer is whole, over so many connections, for so long."""
    selector = selectors.EpollSelector()
    lines = [_Connection(address, request) for _ in range(connections)]
    for line in lines:
        selector.register(line.socket, selectors.EVENT_READ, line)
    window, began, cpu = Window(), time.perf_counter(), cpu_of(pid)
    for line in lines:
        line.ask()
    ends = began + seconds
    while (now := time.perf_counter()) < ends or window.requests < connections:
        for key, _ in selector.select(0.5):
            line = key.data
            if line.read():
                now = time.perf_counter()
                window.latencies.append(now - line.began)
                window.requests += 1
                window.bytes += line.total
                line.ask()
    window.seconds, window.server_cpu_s = now - began, cpu_of(pid) - cpu
    for line in lines:
        line.socket.close()
    selector.close()
    return window


def cpu_of(pid: int) -> float:
    """CPU seconds of a process so far, exact to the scheduler's nanoseconds; 0 where there is none to ask."""
    tasks = Path(f"/proc/{pid}/task")
    if not pid or not tasks.exists():
        return 0.0
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9


def main() -> None:
    """Loop one request, read from standard input, until killed: `python -m bench.generator HOST PORT`."""
    host, port = sys.argv[1:]
    request = sys.stdin.buffer.read()
    drive((host, int(port)), request, 3600, 1)


if __name__ == "__main__":
    main()
