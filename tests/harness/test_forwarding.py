"""The proxy's way to a provider in the same process: the same in every byte as over a client."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from harness.network import Mount, Network, StrayRequest
from harness.virtual_time import run_virtual
from mock_gpconnect.outgoing import Forward
from mock_gpconnect.refusals import Refused
from mock_gpconnect.spine.relay import RawHeaders

BASE = "https://riverside.test:8443/T90051"
HEADERS = [(b"Host", b"ssp.test"), (b"Ssp-TraceID", b"a  b"), (b"Connection", b"close, X-Hop"), (b"x-hop", b"1")]


class Client(httpx.AsyncBaseTransport):
    """The network as any other transport: nothing but httpx's own requests pass it."""

    def __init__(self, network: Network) -> None:
        self._network = network

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._network.handle_async_request(request)


class Provider:
    """Answers in two pieces, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked = {name: value for name, value in scope.items() if name != "state"}
        self.asked["body"] = (await receive())["body"]
        headers = [(b"Content-Length", b"6"), (b"Keep-Alive", b"timeout=5"), (b"X-Kept", b"yes")]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        await send({"type": "http.response.body", "body": b"two"})


async def passed_on(
    provider: Any, method: str, target: str, body: bytes, *, by_client: bool
) -> tuple[int, list[tuple[bytes, bytes]], list[bytes]]:
    network = Network([Mount("riverside", "gpconnect", BASE, provider)])
    forward = Forward(Client(network) if by_client else network)
    relayed = await forward(method, BASE + target, _raw(), body)
    chunks = [*relayed.arrived, *([chunk async for chunk in relayed.body] if relayed.body else [])]
    await relayed.close()
    await network.quiet()
    return relayed.status, sorted((name.lower(), value) for name, value in relayed.headers), chunks


def _raw() -> RawHeaders:
    return HEADERS


@pytest.mark.parametrize("target", ["/Slot?start=ge2026-03-28&x=%7c|", "//Slot/%2F..", "/Slot"])
@pytest.mark.parametrize(("method", "body"), [("GET", b""), ("POST", b""), ("PUT", b"{}"), ("DELETE", b"")])
def test_provider_and_consumer_cannot_tell_which_way_it_went(method: str, body: bytes, target: str) -> None:
    by_client, in_process = Provider(), Provider()
    first = run_virtual(lambda: passed_on(by_client, method, target, body, by_client=True))
    second = run_virtual(lambda: passed_on(in_process, method, target, body, by_client=False))
    assert first == second == (201, [(b"content-length", b"6"), (b"x-kept", b"yes")], [b"one", b"two"])
    assert sorted(by_client.asked.pop("headers")) == sorted(in_process.asked.pop("headers"))
    assert by_client.asked == in_process.asked


@pytest.mark.parametrize(
    ("way", "situation"), [("refuse", "ssp_provider_unreachable"), ("cut", "ssp_provider_hung_up")]
)
@pytest.mark.parametrize("by_client", [True, False], ids=["by a client", "in process"])
def test_a_line_that_breaks_means_the_same_either_way(way: str, situation: str, by_client: bool) -> None:
    async def breaks(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"][way]()

    with pytest.raises(Refused) as refused:
        run_virtual(lambda: passed_on(breaks, "GET", "/Slot", b"", by_client=by_client))
    assert refused.value.why == situation


def test_a_host_that_the_world_does_not_have_is_nobodys_fault_but_the_proxys() -> None:
    async def main() -> None:
        await Forward(Network())("GET", "https://elsewhere.test/Slot", [], b"")

    with pytest.raises(StrayRequest, match="GET to https://elsewhere.test: this world has no such host"):
        run_virtual(main)
