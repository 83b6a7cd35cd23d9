"""The load client against servers that behave and servers that do not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from booking_core.spec.interactions import BY_NAME
from booking_core.wire.calls import Call
from loadtests.answers import Answer
from loadtests.client import Client

GOOD = b"HTTP/1.1 200 OK\r\nServer-Timing: modelled;dur=5\r\nServer-Timing: proxy;dur=15\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def server(*connections: tuple[bytes, ...]) -> Iterator[tuple[str, list[bytes]]]:
    """Answers each request of each connection with the bytes that are laid down for it, then hangs up."""
    listener, asked = socket.create_server(("127.0.0.1", 0)), list[bytes]()

    def serve() -> None:
        for answers in connections:
            line, _ = listener.accept()
            with line:
                for answer in answers:
                    asked.append(line.recv(65536))
                    line.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
        thread.join(5)


def call(base: str, body: bytes = b"") -> Call:
    return Call(
        BY_NAME["search_slots"],
        "POST" if body else "GET",
        f"{base}/ssp/{base}/Slot",
        {"Ssp-To": "1"},
        (("a", "b c|d"),),
        body,
    )


def send(call: Call, patience_s: float = 5) -> Answer:
    with closing(Client(patience_s)) as client:
        return client.send(call)


def hung_up() -> Iterator[None]:
    """Once, when the server has had time to close its end."""
    threading.Event().wait(0.2)
    yield


def test_an_answer_is_read_with_the_timing_of_provider_and_proxy() -> None:
    with server((GOOD,)) as (base, asked):
        answer = send(call(base))
    assert (answer.fault, answer.length) == ("", 2)
    assert answer.told.seconds == pytest.approx({"modelled": 0.005, "proxy": 0.015})
    assert asked[0].startswith(f"GET /ssp/{base}/Slot?a=b%20c%7Cd HTTP/1.1\r\n".encode())


def test_a_connection_is_used_again() -> None:
    with server((GOOD, GOOD)) as (base, asked), closing(Client(5)) as client:
        faults = [client.send(call(base)).fault for _ in range(2)]
    assert (faults, len(asked)) == (["", ""], 2)


def test_a_connection_that_the_server_has_closed_meanwhile_is_replaced() -> None:
    with server((GOOD,), (GOOD,)) as (base, _), closing(Client(5)) as client:
        faults = [client.send(call(base)).fault, *[client.send(call(base)).fault for _ in hung_up()]]
    assert faults == ["", ""]


def test_a_body_is_sent_with_its_length() -> None:
    with server((GOOD,)) as (base, asked):
        send(call(base, b'{"a":1}'))
    assert asked[0].endswith(b'Content-Length: 7\r\n\r\n{"a":1}')


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "HTTP 503"),
        (b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", ""),
        (b"", "wire: CUT"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "wire: CUT"),
        (b"GOOD MORNING\r\n\r\n", "wire: UNREADABLE"),
    ],
)
def test_whatever_goes_wrong_is_a_class_of_error(answer: bytes, fault: str) -> None:
    with server((answer,)) as (base, _):
        assert send(call(base)).fault == fault


def test_a_server_that_says_nothing_costs_no_more_than_the_patience() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert send(call(base), patience_s=0.05).fault == "wire: TIMEOUT"


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert send(call(f"http://127.0.0.1:{port}")).fault == "wire: REFUSED"
