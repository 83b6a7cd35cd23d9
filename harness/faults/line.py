"""One exchange as a fault sees it: the message that is on its way, and the connection under it."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from harness.asgi import (
    HTTP_DISCONNECT,
    RESPONSE_BODY,
    RESPONSE_START,
    RawHeaders,
    header,
    replaced,
    send_whole,
)

FLUSH_S = 0.01
"""A server writes at the end of its turn: what is cut at once would never have been sent."""


@dataclass(slots=True)
class Held:
    """A whole message held in the hand: the request, or the reply with its status."""

    headers: RawHeaders
    body: bytes
    status: int | None = None


def _question(scope: Scope) -> str:
    """Method, path and query: the same again, although its asker starts from a later moment."""
    query = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
    return f"{scope.get('method')} {scope['path']} {[pair for pair in query if pair[0] != 'start']}"


class Line:
    """What a fault can do to an exchange. `over` once the caller has, or never will have, an answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, held: Held) -> None:
        self.held = held
        self.over = False
        self.question = _question(scope)
        self.answers: dict[str, Held] = {}
        self._state: dict[str, Any] = scope.get("state", {})
        self._receive, self._send = receive, send

    def old_answer(self) -> Held | None:
        """What this question was answered when the fault first met it: None now, and remembered from now on."""
        old = self.answers.setdefault(self.question, self.held)
        return None if old is self.held else replace(old)

    @property
    def is_reply(self) -> bool:
        """Whether the message in hand is the mock's reply."""
        return self.held.status is not None

    async def cut(self) -> None:
        """Close the connection and see it closed: a server logs an error for an app that returns before."""
        self._break("cut")
        await self._until_left()

    async def refuse(self) -> None:
        """As if nobody listened; a connection that is already open on a socket can only be cut."""
        self._break("refuse" if "refuse" in self._state else "cut")
        await self._until_left()

    def _break(self, way: str) -> None:
        self.over = True
        if way not in self._state:
            raise RuntimeError("this server gives no way to cut a connection: state has no `cut`")
        self._state[way]()

    async def silence(self, at_most_s: float) -> bool:
        """Say nothing until the caller has left; False if it is still there after so long."""
        try:
            async with asyncio.timeout(at_most_s):
                await self._until_left()
        except TimeoutError:
            return False
        self.over = True
        return True

    async def _until_left(self) -> None:
        while (await self._receive())["type"] != HTTP_DISCONNECT:
            continue

    async def answer(self, status: int, headers: RawHeaders, body: bytes) -> None:
        """Answer in the mock's place."""
        self.over = True
        await send_whole(self._send, status, headers, body)

    def change(self, body: bytes) -> None:
        """Put other content into the message, and its length right."""
        self.held.body = body
        self.held.headers = replaced(self.held.headers, "content-length", str(len(body)))

    def set_header(self, name: str, value: str) -> None:
        """Set one header of the message."""
        self.held.headers = replaced(self.held.headers, name, value)

    async def break_off(self, kept: int) -> None:
        """Promise the whole reply, send its first `kept` bytes, close the connection."""
        length = header(self.held.headers, "content-length") or str(len(self.held.body))
        headers = replaced(self.held.headers, "content-length", length)
        await self._send({"type": RESPONSE_START, "status": self.held.status, "headers": headers})
        await self._send({"type": RESPONSE_BODY, "body": self.held.body[:kept], "more_body": True})
        await asyncio.sleep(FLUSH_S)
        await self.cut()
