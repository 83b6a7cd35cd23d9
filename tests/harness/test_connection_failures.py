"""Lines that break and apps that fail, in process."""

import asyncio

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from harness.network import Network
from tests.harness.one_app import URL, answer, on_network


@pytest.mark.parametrize(("way", "error"), [("cut", httpx.RemoteProtocolError), ("refuse", httpx.ConnectError)])
def test_a_broken_line_is_seen_at_once_while_the_app_goes_on(way: str, error: type[Exception]) -> None:
    ends: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        scope["state"][way]()
        ends.append((await receive())["type"])
        await asyncio.sleep(5)
        await answer(send)
        ends.append("went on")

    async def main(network: Network, client: httpx.AsyncClient) -> float:
        with pytest.raises(error):
            await client.get(URL)
        return asyncio.get_running_loop().time()

    assert on_network(app, main) == 0
    assert ends == ["http.disconnect", "went on"]


async def short(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, b"four", **{"content-length": "10"})


async def cut_within(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
    await send({"type": "http.response.body", "body": b"four", "more_body": True})
    scope["state"]["cut"]()


@pytest.mark.parametrize("app", [short, cut_within])
def test_a_body_shorter_than_its_content_length_is_a_protocol_error(app: ASGIApp) -> None:
    async def main(network: Network, client: httpx.AsyncClient) -> str:
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body") as caught:
            await client.get(URL)
        return str(caught.value.request.url)

    assert on_network(app, main) == URL


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 304), ("GET", 204)])
def test_an_answer_without_a_body_may_state_a_length(method: str, status: int) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"10")]})
        await send({"type": "http.response.body", "body": b"ten bytes." if method == "HEAD" else b""})

    async def main(network: Network, client: httpx.AsyncClient) -> tuple[int, bytes]:
        reply = await client.request(method, URL)
        return reply.status_code, reply.content

    assert on_network(app, main) == (status, b"")


async def raises(scope: Scope, receive: Receive, send: Send) -> None:
    raise LookupError("a bug of the mock's")


async def says_nothing(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()


async def says_half(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200})


async def has_no_start(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.body", "body": b"ok"})


async def starts_twice(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.start", "status": 200})


async def is_too_long(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, b"eleven byte", **{"content-length": "10"})


@pytest.mark.parametrize("app", [raises, says_nothing, says_half, has_no_start, starts_twice, is_too_long])
def test_an_app_that_fails_is_a_read_error_to_its_caller_and_a_crash_on_the_network(app: ASGIApp) -> None:
    async def main(network: Network, client: httpx.AsyncClient) -> list[tuple[str, str]]:
        with pytest.raises(httpx.ReadError):
            await client.get(URL + "?patient=9990000018")
        return [(crash.at, crash.asked) for crash in network.crashes]

    assert on_network(app, main) == [("riverside", "GET /gp/Slot")]


def test_an_app_that_fails_after_its_answer_was_heard_has_still_crashed() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, b"sorry")
        raise LookupError("a bug of the mock's")

    async def main(network: Network, client: httpx.AsyncClient) -> tuple[bytes, str]:
        heard = (await client.get(URL)).content
        await network.quiet()
        return heard, str(network.crashes[0].error)

    assert on_network(app, main) == (b"sorry", "a bug of the mock's")


def test_an_app_that_fails_unheard_leaves_no_warning_but_a_crash(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(60)
        raise LookupError("nobody is there to see it")

    async def main(network: Network, client: httpx.AsyncClient) -> Network:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(URL, timeout=1)
        return network

    assert len(on_network(app, main).crashes) == 1
    assert [record.message for record in caplog.records if record.name != "httpx"] == []
