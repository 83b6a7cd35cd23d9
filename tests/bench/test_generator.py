"""What asks the servers, against one that counts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from bench.generator import by_loop, drive, wrk_path


class Counting:
    """A server that answers every request with two bytes, and keeps their first lines."""

    def __init__(self, status: str = "200 OK") -> None:
        self.asked: list[bytes] = []
        self._status = status.encode()

    def serve(self, line: socket.socket) -> None:
        with suppress(ConnectionError), line, line.makefile("rb") as reader:
            while head := reader.readline():
                self.asked.append(head.strip())
                while reader.readline().strip():
                    pass
                line.sendall(b"HTTP/1.1 " + self._status + b"\r\nContent-Length: 2\r\n\r\nok")


@contextmanager
def listening(server: Counting) -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=server.serve, args=(line,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()
        listener.shutdown(socket.SHUT_RDWR)


REQUESTS = [f"GET /{number} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for number in range(3)]


def test_the_loop_asks_for_each_request_in_turn_and_counts_what_came() -> None:
    server = Counting()
    with listening(server) as address:
        seen = by_loop(address, REQUESTS, 0.05, 1)
    assert server.asked[:4] == [b"GET /0 HTTP/1.1", b"GET /1 HTTP/1.1", b"GET /2 HTTP/1.1", b"GET /0 HTTP/1.1"]
    assert (seen.bytes, seen.p50_ms <= seen.p99_ms) == (2 * seen.requests, True)


def test_the_loop_stops_at_an_answer_that_is_an_error() -> None:
    with listening(Counting("503 Busy")) as address, pytest.raises(ConnectionError, match="503 Busy"):
        by_loop(address, REQUESTS, 0.05, 1)


@pytest.mark.skipif(not wrk_path(), reason="no wrk on this machine")
def test_wrk_is_told_to_do_the_same() -> None:
    server = Counting()
    with listening(server) as address:
        seen = drive(address, REQUESTS, 1, 1)
    assert set(server.asked) == {b"GET /0 HTTP/1.1", b"GET /1 HTTP/1.1", b"GET /2 HTTP/1.1"}
    assert seen.requests > 0


@pytest.mark.skipif(not wrk_path(), reason="no wrk on this machine")
def test_answers_that_are_errors_stop_wrk_too() -> None:
    with listening(Counting("503 Busy")) as address, pytest.raises(ConnectionError, match="requests failed"):
        drive(address, REQUESTS, 1, 1)
