"""What an app and its caller see of one another, in process."""

import asyncio
import gc
import weakref
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from harness.connection import Connection
from harness.network import Network
from harness.virtual_time import run_virtual
from tests.harness.one_app import URL, answer, on_network


class Booking:
    """An app that takes its time, and keeps what happened to it."""

    def __init__(self, seconds: float = 30) -> None:
        self.seconds = seconds
        self.booked = 0
        self.then: list[str] = []
        self.state: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.state = scope["state"]
        await receive()
        await asyncio.sleep(self.seconds)
        self.booked += 1
        await answer(send)
        self.then.append((await receive())["type"])


def test_a_caller_gives_up_at_its_own_deadline() -> None:
    async def main(network: Network, client: httpx.AsyncClient) -> float:
        with pytest.raises(httpx.ReadTimeout):
            await client.post(URL, timeout=10)
        return asyncio.get_running_loop().time()

    assert on_network(Booking(), main) == 10


def test_an_exchange_ends_although_its_caller_gave_up() -> None:
    booking = Booking()

    async def main(network: Network, client: httpx.AsyncClient) -> int:
        with pytest.raises(httpx.ReadTimeout):
            await client.post(URL, timeout=10)
        return booking.booked

    assert on_network(booking, main) == 0
    assert (booking.booked, booking.then, booking.state["abandoned"]) == (1, ["http.disconnect"], True)


def test_cancelling_a_caller_does_not_cancel_the_app() -> None:
    booking = Booking()

    async def main(network: Network, client: httpx.AsyncClient) -> None:
        asking = asyncio.create_task(client.post(URL, timeout=None))
        await asyncio.sleep(1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    on_network(booking, main)
    assert (booking.booked, booking.state["abandoned"]) == (1, True)


def test_a_request_that_was_sent_arrives_although_its_caller_left_at_once() -> None:
    booking = Booking()

    async def main(network: Network, client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.ReadTimeout):
            await client.post(URL, timeout=0.001)

    on_network(booking, main, hop=0.02)
    assert booking.booked == 1


@pytest.mark.parametrize("deadline_s", [0.03, 0.04], ids=["on the way back", "at the instant of arrival"])
def test_a_caller_that_leaves_while_the_answer_travels_has_abandoned_it(deadline_s: float) -> None:
    booking = Booking(seconds=0)

    async def main(network: Network, client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.ReadTimeout):
            await client.post(URL, timeout=deadline_s)

    on_network(booking, main, hop=0.02)
    assert (booking.booked, booking.state["abandoned"]) == (1, True)


def test_an_answered_caller_has_abandoned_nothing() -> None:
    booking = Booking()

    async def main(network: Network, client: httpx.AsyncClient) -> bytes:
        return (await client.post(URL, timeout=45)).content

    assert on_network(booking, main) == b"ok"
    assert (booking.then, booking.state["abandoned"]) == (["http.disconnect"], False)


def test_an_app_that_waits_for_its_caller_to_leave_reads_the_body_first() -> None:
    heard: list[Any] = []

    async def wait(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(20)
        heard.extend([await receive(), await receive()])

    async def main(network: Network, client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.ReadTimeout):
            await client.post(URL, content=b"book me", timeout=10)

    on_network(wait, main)
    assert heard == [{"type": "http.request", "body": b"book me", "more_body": False}, {"type": "http.disconnect"}]


def test_a_hop_passes_before_and_after_the_work() -> None:
    async def main(network: Network, client: httpx.AsyncClient) -> float:
        await client.get(URL)
        return asyncio.get_running_loop().time()

    assert on_network(Booking(seconds=1), main, hop=0.25) == 1.5


def test_a_stream_is_collected_and_each_of_its_parts_renews_the_callers_patience() -> None:
    async def drip(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        for part in range(20):
            await asyncio.sleep(3)
            await send({"type": "http.response.body", "body": b"%d," % part, "more_body": True})
        await send({"type": "http.response.body"})

    async def main(network: Network, client: httpx.AsyncClient) -> bytes:
        return (await client.get(URL, timeout=5)).content

    assert on_network(drip, main) == b"".join(b"%d," % part for part in range(20))


def test_a_big_body_passes_both_ways_unchanged() -> None:
    big = bytes(range(256)) * 40_000

    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, (await receive())["body"])

    async def main(network: Network, client: httpx.AsyncClient) -> bytes:
        return (await client.post(URL, content=big)).content

    assert on_network(echo, main) == big


def test_a_request_body_that_comes_in_parts_arrives_whole() -> None:
    async def parts() -> Any:
        yield b"one "
        await asyncio.sleep(1)
        yield b"two"

    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, (await receive())["body"])

    async def main(network: Network, client: httpx.AsyncClient) -> bytes:
        return (await client.post(URL, content=parts())).content

    assert on_network(echo, main) == b"one two"


def test_headers_of_a_reply_survive_in_order_with_their_case_and_nothing_is_added() -> None:
    sent = [(b"X-Second", b"\xe9 \xff"), (b"set-cookie", b"a=1"), (b"x-first", b""), (b"set-cookie", b"b=2")]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 201, "headers": sent})
        await send({"type": "http.response.body", "body": b"x"})

    async def main(network: Network, client: httpx.AsyncClient) -> httpx.Response:
        return await client.get(URL)

    reply = on_network(app, main)
    assert reply.headers.raw == sent
    assert reply.headers["x-second"] == "é ÿ"


def test_a_line_that_is_over_leaves_nothing_for_the_collector() -> None:
    """Millions of exchanges are simulated: rings of objects would cost time, and pauses in a served world."""
    gc.collect()
    gc.disable()
    try:
        lines = [weakref.ref(line) for line in run_virtual(_answered)]
        assert [line for line in lines if line()] == []
    finally:
        gc.enable()


async def _answered() -> list[Connection]:
    lines = [Connection("GET", b"", lambda: 0.1) for _ in range(3)]
    for line in lines:
        app = asyncio.create_task(line.carry(_hello, {"type": "http", "state": line.state}))
        await line.answer()
        await app
    return lines


async def _hello(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})
