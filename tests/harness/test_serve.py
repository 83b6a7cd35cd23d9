"""The same apps, faults and journal on a real socket."""

import asyncio
import random
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from harness.faults.kinds import FAULT
from harness.faults.layer import Faults
from harness.faults.rules import FaultRule
from harness.journal import Journal
from harness.network import Mount, Network
from harness.real_time import run_accelerated
from harness.serve import base_url, bind, serving
from harness.virtual_time import clock

T = TypeVar("T")
DOUBLE = "/ssp/https://provider.test/T90051/STU3/1/gpconnect/Slot"
BOOKED = b'{"resourceType":"Appointment"}'
CLOCKS = pytest.mark.parametrize("factor", [1, 40], ids=["uvloop", "accelerated"])


@dataclass
class Mock:
    """Answers with what it booked, and keeps how it was asked."""

    seconds: float = 0
    scopes: list[Scope] = field(default_factory=list)
    then: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        await receive()
        await asyncio.sleep(self.seconds)
        headers = [(b"content-type", b"application/fhir+json"), (b"content-length", b"%d" % len(BOOKED))]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": BOOKED})
        self.then.append((await receive())["type"])


@dataclass
class Served:
    """A world of one mock, on a socket."""

    client: httpx.AsyncClient
    base: str
    journal: Journal

    async def book(self, timeout: float | None = 45) -> httpx.Response:
        return await self.client.post(f"{self.base}/ssp/Appointment", content=b"book me", timeout=timeout)


def serve(
    mock: ASGIApp, main: Callable[[Served], Awaitable[T]], *rules: FaultRule, factor: float = 1
) -> tuple[T, Journal]:
    async def run() -> tuple[T, Journal]:
        journal = Journal(clock(datetime(2026, 3, 27, tzinfo=UTC)))
        faults, listener = Faults(rules, rng=random.Random), bind()
        wrapped = journal.wrap("spine", "ssp", mock, faults.around("spine", "ssp"))
        network = Network([Mount("spine", "ssp", base_url(listener) + "/ssp", wrapped)])
        async with serving(network.front_door(), sock=listener) as base, httpx.AsyncClient() as client:
            return await main(Served(client, base, journal)), journal

    return run_accelerated(run, factor=factor)


def fault(kind: str, **settings: object) -> FaultRule:
    return FAULT.validate_python({"name": "lost", "kind": kind} | settings)


@pytest.fixture(autouse=True)
def no_error_is_logged(caplog: pytest.LogCaptureFixture) -> Any:
    """Uvicorn logs a traceback for an app that leaves a cut connection wrongly."""
    yield
    assert [record.message for record in caplog.get_records("call") if record.name != "httpx"] == []


@CLOCKS
def test_a_world_is_served_at_an_address_known_before_it_was_built(factor: float) -> None:
    async def main(served: Served) -> httpx.Response:
        return await served.book()

    reply, journal = serve(Mock(), main, factor=factor)
    assert (reply.status_code, reply.content) == (201, BOOKED)
    assert journal.exchanges[0].url == str(reply.url)
    assert (journal.exchanges[0].seen, journal.exchanges[0].request_body) == ("reply", b"book me")


def test_a_reply_carries_the_mocks_headers_and_no_others() -> None:
    async def main(served: Served) -> httpx.Response:
        return await served.book()

    assert sorted(serve(Mock(), main)[0].headers) == ["content-length", "content-type"]


@pytest.mark.parametrize("tail", [b"", b"?start=ge2026-04-01&status=free"])
def test_the_double_url_of_the_proxy_survives_the_socket(tail: bytes) -> None:
    mock = Mock()

    async def main(served: Served) -> None:
        await served.client.get(httpx.URL(served.base).copy_with(raw_path=DOUBLE.encode() + tail))

    serve(mock, main)
    [scope] = mock.scopes
    assert (scope["raw_path"], scope["root_path"], scope["query_string"]) == (DOUBLE.encode(), "/ssp", tail[1:])


def test_an_unknown_path_is_told_what_there_is() -> None:
    async def main(served: Served) -> httpx.Response:
        return await served.client.get(f"{served.base}/nowhere?family=Smith")

    reply, journal = serve(Mock(), main)
    assert (reply.status_code, reply.json()["asked"]) == (404, "GET /nowhere")
    assert [mount["name"] for mount in reply.json()["mounts"]] == ["spine"]
    assert journal.exchanges == []


@CLOCKS
@pytest.mark.parametrize(
    ("kind", "phase", "answered"),
    [("cut", "request", None), ("refuse", "request", None), ("cut", "reply", 201), ("truncate", "reply", 201)],
)
def test_a_broken_connection_is_a_protocol_error_to_its_caller(
    kind: str, phase: str, answered: int | None, factor: float
) -> None:
    async def main(served: Served) -> None:
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await served.book()

    _, journal = serve(Mock(), main, fault(kind, phase=phase), factor=factor)
    [exchange] = journal.exchanges
    assert (exchange.seen, exchange.faults) == ("cut", ["lost"])
    assert (exchange.answered and exchange.answered.status) == answered


@CLOCKS
@pytest.mark.parametrize(("phase", "answered"), [("request", None), ("reply", 201)])
def test_another_answer_stands_in_for_the_mocks(phase: str, answered: int | None, factor: float) -> None:
    async def main(served: Served) -> httpx.Response:
        return await served.book()

    reply, journal = serve(Mock(), main, fault("status", status=503, body="busy", phase=phase), factor=factor)
    assert (reply.status_code, reply.text) == (503, "busy")
    [exchange] = journal.exchanges
    assert (exchange.seen_status, exchange.answered and exchange.answered.status) == (503, answered)


@pytest.mark.parametrize("phase", ["request", "reply"])
def test_latency_and_deadlines_shrink_with_the_clock(phase: str) -> None:
    async def main(served: Served) -> float:
        began = time.monotonic()
        assert (await served.book(timeout=45)).status_code == 201
        with pytest.raises(httpx.ReadTimeout):
            await served.book(timeout=10)
        return time.monotonic() - began

    wall, journal = serve(Mock(), main, fault("latency", median_ms=20_000, phase=phase), factor=100)
    assert 0.3 <= wall < 3
    assert [exchange.seen for exchange in journal.exchanges][:1] == ["reply"]


@CLOCKS
def test_an_exchange_ends_although_its_caller_gave_up(factor: float) -> None:
    mock = Mock(seconds=0.02 * factor)

    async def main(served: Served) -> None:
        with pytest.raises(httpx.ReadTimeout):
            await served.book(timeout=0.01 * factor)
        await asyncio.sleep(0.04 * factor)

    _, journal = serve(mock, main, factor=factor)
    [exchange] = journal.exchanges
    assert (exchange.seen, exchange.answered and exchange.answered.status) == ("gave up", 201)
    assert mock.then == ["http.disconnect"]


@CLOCKS
def test_a_hang_ends_when_its_caller_leaves(factor: float) -> None:
    async def main(served: Served) -> None:
        with pytest.raises(httpx.ReadTimeout):
            await served.book(timeout=0.01 * factor)
        await asyncio.sleep(0.02 * factor)
        assert served.journal.exchanges[0].ended is not None

    serve(Mock(), main, fault("hang"), factor=factor)


def test_a_connection_is_used_again_after_a_simulated_hour() -> None:
    mock = Mock()

    async def main(served: Served) -> None:
        await served.book(timeout=None)  # at this pace a time-out would measure the machine
        await asyncio.sleep(3600)
        await served.book(timeout=None)

    serve(mock, main, factor=36_000)
    assert len({scope["client"] for scope in mock.scopes}) == 1


@pytest.mark.parametrize("gone_s", [0.5, 60], ids=["soon done", "never done"])
def test_the_server_stops_soon_whatever_is_under_way(gone_s: float) -> None:
    async def main(served: Served) -> tuple[float, asyncio.Task[httpx.Response]]:
        asking = asyncio.create_task(served.book())
        await asyncio.sleep(0.1)
        return time.monotonic(), asking

    async def waits(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        try:
            async with asyncio.timeout(gone_s):
                await receive()
        except TimeoutError:
            await Mock()(scope, _empty, send)

    async def run() -> float:
        async with httpx.AsyncClient() as client:
            async with serving(waits) as base:
                stopping, asking = await main(Served(client, base, Journal(clock(datetime(2026, 3, 27, tzinfo=UTC)))))
            [outcome] = await asyncio.gather(asking, return_exceptions=True)
            assert isinstance(outcome, httpx.Response) is (gone_s < 1)
        return time.monotonic() - stopping

    assert run_accelerated(run) < 3


async def _empty() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def test_a_port_in_use_is_said_in_words() -> None:
    with bind() as taken, pytest.raises(OSError, match=r"port \d+ on 127.0.0.1 is in use by another program"):
        bind(port=taken.getsockname()[1])


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_what_others_could_reach_is_not_served_unless_told_by_name(host: str) -> None:
    with pytest.raises(ValueError, match="reachable from other machines"):
        bind(host)


def test_any_host_can_be_told_by_name() -> None:
    with bind("0.0.0.0", allow_any_host=True) as listener:
        assert base_url(listener).startswith("http://0.0.0.0:")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "localhost"])
def test_loopback_has_several_names(host: str) -> None:
    with bind(host) as listener:
        assert base_url(listener).startswith("http://")


@pytest.mark.skipif(not socket.has_ipv6, reason="this Python has no IPv6")
def test_an_ipv6_address_stands_in_brackets() -> None:
    try:
        listener = bind("::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with listener:
        assert base_url(listener).startswith("http://[::1]:")
