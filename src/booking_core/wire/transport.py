"""The only module of the core that knows an HTTP client."""

import asyncio
from types import TracebackType
from typing import Self

import httpx

from booking_core.spec.errors import BY_KEY
from booking_core.wire.calls import Call, Reply, Unanswered

_FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (httpx.TimeoutException, "TIMEOUT"),
    (TimeoutError, "TIMEOUT"),
    (httpx.ConnectError, "REFUSED"),
    (httpx.DecodingError, "UNREADABLE"),
    (httpx.TransportError, "CUT"),
)
"""What the client raises -> code of the wire row; the first match wins."""


class HttpTransport:
    """Sends calls with httpx under a deadline of our own, which covers the whole exchange."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    @classmethod
    def over(cls, transport: httpx.AsyncBaseTransport | None = None) -> Self:
        """Over real sockets, or over a given transport such as an in-process network."""
        own_deadline = httpx.Timeout(None)  # `send` has one for the whole exchange
        return cls(
            httpx.AsyncClient(transport=transport, timeout=own_deadline, headers={"Accept-Encoding": "identity"})
        )

    async def send(self, call: Call, *, deadline_s: float) -> Reply:
        """The reply; raises Unanswered with the wire row of what went wrong."""
        request = self._client.build_request(
            call.method, call.url, params=call.params or None, headers=dict(call.headers), content=call.body
        )
        try:
            async with asyncio.timeout(deadline_s):
                response = await self._client.send(request)
        except tuple(kind for kind, _ in _FAULTS) as fault:
            code = next(code for kind, code in _FAULTS if isinstance(fault, kind))
            raise Unanswered(BY_KEY["wire", code]) from fault
        return Reply(response.status_code, dict(response.headers.items()), response.content)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()
