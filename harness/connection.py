"""One request to an app in process, with all that a socket would have done to it."""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
from starlette.types import ASGIApp, Message, Scope

from harness.asgi import HTTP_DISCONNECT, HTTP_REQUEST, RESPONSE_BODY, RESPONSE_START, header

NO_ANSWER = "Server disconnected without sending a response."
HALF_AN_ANSWER = "peer closed connection without sending complete message body"
BODYLESS = frozenset({204, 304})


class Heard(NamedTuple):
    """An answer as it was sent: whoever passes a long body on need not put it together first."""

    status: int
    headers: list[tuple[bytes, bytes]]
    chunks: list[bytes]


class Connection:
    """The line between one caller and one app: it is answered, cut, refused, or its caller hangs up.

    The app's side goes on after any of these, as a server's would: that is how an appointment is
    booked whose answer nobody heard. `patience` is how many seconds of silence the caller bears.
    """

    def __init__(self, method: str, body: bytes, hop: Callable[[], float], patience: float | None = None) -> None:
        self.state: dict[str, Any] = {"cut": self.cut, "refuse": self.refuse, "abandoned": False}
        self._method, self._there_s, self._back_s = method, hop(), hop()
        self._to_read: bytes | None = body
        self._reply: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()
        self._closed = asyncio.Event()
        self._status, self._headers, self._chunks = 0, list[tuple[bytes, bytes]](), list[bytes]()
        self._received = 0
        self._expected: int | None = None
        self._patience = patience
        self._silence = asyncio.timeout(patience)

    async def answer(self) -> Heard:
        """The caller's side: the reply, or httpx's own error."""
        if self._patience is None:
            return await self._heard()
        try:
            async with self._silence:
                return await self._heard()
        except TimeoutError:
            raise httpx.ReadTimeout(f"no word for {self._patience:g} s") from None

    async def _heard(self) -> Heard:
        try:
            return await self._reply
        except asyncio.CancelledError:
            self.state["abandoned"] = True
            self._closed.set()
            raise

    async def carry(self, app: ASGIApp, scope: Scope) -> None:
        """The app's side, there and back; ends even if the caller has long gone."""
        try:
            if self._there_s:
                await asyncio.sleep(self._there_s)
            await app(scope, self.receive, self.send)
            if not self._closed.is_set():
                raise RuntimeError("the app returned without completing its answer")
        finally:
            if not self._complete():
                self._break(httpx.ReadError("the server failed before it had answered"))
            for way in ("cut", "refuse"):  # they lead back to this line: a ring that only the collector would undo
                self.state.pop(way, None)

    async def receive(self) -> Message:
        """ASGI: the body in one piece; then, once the line is closed, a disconnect."""
        if self._to_read is not None:
            body, self._to_read = self._to_read, None
            return {"type": HTTP_REQUEST, "body": body, "more_body": False}
        await self._closed.wait()
        return {"type": HTTP_DISCONNECT}

    async def send(self, message: Message) -> None:
        """ASGI: collects the answer, and returns from its last message when the caller has it."""
        if self._closed.is_set() and not self._complete():
            return  # nobody listens: a socket would not tell either
        self._expect(message["type"])
        if message["type"] == RESPONSE_START:
            self._start(message)
        else:
            self._append(message.get("body", b""))
        if self._patience is not None:
            asyncio.get_running_loop().call_later(self._back_s, self._sound)
        if message["type"] == RESPONSE_BODY and not message.get("more_body"):
            await self._finish()

    def _complete(self) -> bool:
        return self._reply.done() and not self._reply.cancelled() and self._reply.exception() is None

    def _expect(self, kind: str) -> None:
        wanted = RESPONSE_BODY if self._status else RESPONSE_START
        if kind != wanted or self._complete():
            raise RuntimeError(f"the app sent {kind}, expected {'nothing more' if self._complete() else wanted}")

    def _start(self, message: Message) -> None:
        self._status, self._headers = message["status"], list(message.get("headers", []))
        length = header(self._headers, "content-length")
        if length and self._method != "HEAD" and self._status not in BODYLESS:
            self._expected = int(length)

    def _append(self, chunk: bytes) -> None:
        if self._method == "HEAD":
            return
        self._chunks.append(chunk)
        self._received += len(chunk)
        if self._expected is not None and self._received > self._expected:
            raise RuntimeError("the answer is longer than its Content-Length")

    def _sound(self) -> None:
        """Something has arrived: the caller's patience begins anew."""
        if self._patience is not None and not self._reply.done():
            self._silence.reschedule(asyncio.get_running_loop().time() + self._patience)

    async def _finish(self) -> None:
        if self._expected is not None and self._received < self._expected:
            self.cut()
            raise RuntimeError("the answer is shorter than its Content-Length")
        if self._back_s:
            await asyncio.sleep(self._back_s)
        if not self._reply.done():
            self._reply.set_result(Heard(self._status, self._headers, self._chunks))
            self._closed.set()
        # the caller first: it may give up at this very instant, and then has `abandoned` the reply
        await asyncio.sleep(0)

    def cut(self) -> None:
        """Close the line at once, whatever was said so far."""
        self._break(httpx.RemoteProtocolError(HALF_AN_ANSWER if self._status else NO_ANSWER))

    def refuse(self) -> None:
        """As if nothing listened at this address."""
        self._break(httpx.ConnectError("All connection attempts failed"))

    def _break(self, error: httpx.RequestError) -> None:
        if not self._reply.done():
            self._reply.set_exception(error)
        self._closed.set()
