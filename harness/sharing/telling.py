"""An ASGI layer around each mock: what an exchange changed is told to the other workers before its answer goes out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harness.asgi import HTTP_DISCONNECT
from harness.sharing.replica import Noted

TRIES = 5
"""Of two workers who change one thing at once the second looks again; so often, before it answers all the same."""

Collect = Callable[[], Noted]
Tell = Callable[[Noted], Awaitable[bool]]
"""Whether nobody was quicker; if somebody was, this worker now has their change instead."""


class Telling:
    """Runs the app again, on the same request, when another worker made the same change first."""

    def __init__(self, app: ASGIApp, collect: Collect, tell: Tell) -> None:
        self._app, self._collect, self._tell = app, collect, tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        heard: list[Message] = []
        for left in reversed(range(TRIES)):
            held = _Held(send, self._collect(), self._tell, is_last=not left)
            await self._app(scope, _again(heard, receive), held)
            if await held.is_told():
                return


class _Held:
    """Keeps the answer back until the change is told; drops it where somebody was quicker."""

    def __init__(self, send: Send, noted: Noted, tell: Tell, *, is_last: bool) -> None:
        self._send, self._noted, self._tell, self._is_last = send, noted, tell, is_last
        self._told: bool | None = None

    async def __call__(self, message: Message) -> None:
        """ASGI send."""
        if await self.is_told():
            await self._send(message)

    async def is_told(self) -> bool:
        """Tells, the first time that it is asked."""
        if self._told is None:
            self._told = await self._tell(self._noted) or self._is_last
        return self._told


def _again(heard: list[Message], receive: Receive) -> Receive:
    """The request from its beginning, as often as it is wanted."""
    before = iter(tuple(heard))

    async def received() -> Message:
        if (message := next(before, None)) is not None:
            return message
        message = await receive()
        if message["type"] != HTTP_DISCONNECT:
            heard.append(message)
        return message

    return received
