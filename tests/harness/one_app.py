"""One app on a network of its own, for tests of what passes between it and its caller."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
from starlette.types import ASGIApp, Send

from harness.network import Mount, Network
from harness.virtual_time import run_virtual

T = TypeVar("T")
URL = "https://riverside.test/gp/Slot"


async def answer(send: Send, body: bytes = b"ok", **headers: str) -> None:
    named = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": named})
    await send({"type": "http.response.body", "body": body})


def on_network(app: ASGIApp, main: Callable[[Network, httpx.AsyncClient], Awaitable[T]], hop: float = 0) -> T:
    """Run `main` against one app; nothing may be left running and nothing may have crashed unnoticed."""

    async def run() -> T:
        network = Network([Mount("riverside", "gpconnect", "https://riverside.test/gp", app)], hop=lambda: hop)
        async with httpx.AsyncClient(transport=network) as client:
            result = await main(network, client)
            await network.quiet()
        return result

    return run_virtual(run)
