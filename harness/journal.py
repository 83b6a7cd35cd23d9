"""What was said on the wire, from both ends: what each mock answered and what its caller saw."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from booking_core.spec.headers import REQUEST_ID, TRACE_ID
from harness.asgi import RESPONSE_BODY, RESPONSE_START, body_of, header, read_ahead, replay
from harness.recognise import interaction_of
from harness.virtual_time import Now

BODY_CAP = 256 * 1024
"""So many bytes of a body are kept."""

Seen = Literal["reply", "cut", "refused", "gave up", "nothing"]
TextHeaders = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Answer:
    """What a mock said; `body_cut` when it said more than is kept."""

    status: int
    headers: TextHeaders
    body: bytes = b""
    body_cut: bool = False


@dataclass(slots=True)
class Exchange:
    """One request and what became of it.

    `answered` is what the mock gave, None while or when it gave nothing. `seen` is what the caller
    got: the `reply`, a connection that was `cut` or `refused`, nothing since it `gave up` first, or
    `nothing` (yet: `ended` is None). `received` is kept where a fault struck: what then left for the
    caller, which may be changed, broken off, or a fault's own.
    """

    number: int
    at: str
    service: str
    on: str
    trace_id: str
    method: str
    url: str
    request_headers: TextHeaders
    started: datetime
    request_body: bytes = b""
    request_body_cut: bool = False
    answered: Answer | None = None
    received: Answer | None = None
    seen: Seen = "nothing"
    seen_status: int | None = None
    ended: datetime | None = None
    faults: list[str] = field(default_factory=list)

    def header(self, name: str) -> str:
        """The first value of a request header, or nothing."""
        return next((value for key, value in self.request_headers if key == name.lower()), "")

    def settle(self, seen: Seen, status: int | None = None) -> None:
        """Note what the caller saw, once: a connection that closes after the reply changes nothing."""
        if self.seen == "nothing":
            self.seen, self.seen_status = seen, status


class Journal:
    """Keeps every exchange of a world, or the latest `keep`, in the order in which they began."""

    def __init__(self, now: Now, *, body_cap: int = BODY_CAP, keep: int | None = None) -> None:
        self.exchanges: list[Exchange] = []
        self._now, self._body_cap, self._keep = now, body_cap, keep
        self._count = 0

    @property
    def count(self) -> int:
        """How many exchanges have begun, those no longer kept included."""
        return self._count

    def under_way(self) -> list[Exchange]:
        """Exchanges that have not ended, those whose callers have gone included."""
        return [exchange for exchange in self.exchanges if exchange.ended is None]

    def wrap(
        self, at: str, service: str, app: ASGIApp, inner: Callable[[ASGIApp], ASGIApp] = lambda app: app
    ) -> ASGIApp:
        """Listen on both sides of `inner` (the faults): to the app within it and to the caller without."""
        listened = inner(self._by_the_app(app))

        async def by_the_caller(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                await self._listen(self._open(at, service, scope), listened, scope, receive, send)
            else:
                await listened(scope, receive, send)

        return by_the_caller

    def _open(self, at: str, service: str, scope: Scope) -> Exchange:
        self._count += 1
        headers = scope["headers"]
        exchange = Exchange(
            number=self._count,
            at=at,
            service=service,
            on=interaction_of(service, scope),
            trace_id=header(headers, TRACE_ID) or header(headers, REQUEST_ID),
            method=scope["method"],
            url=_url(scope),
            request_headers=_text(headers),
            started=self._now(),
        )
        self.exchanges.append(exchange)
        if self._keep is not None:
            del self.exchanges[: -self._keep]
        return exchange

    async def _listen(self, exchange: Exchange, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        state = _shared_state(scope, exchange)
        asked = await read_ahead(receive, self._body_cap)
        body = body_of(asked)
        exchange.request_body = body[: self._body_cap]
        exchange.request_body_cut = bool(asked[-1].get("more_body")) or len(body) > self._body_cap
        try:
            await app(scope, replay(asked, receive), _Delivery(exchange, state, send, self._body_cap))
        finally:
            if state.get("abandoned"):
                exchange.settle("gave up")
            exchange.ended = self._now()

    def _by_the_app(self, app: ASGIApp) -> ASGIApp:
        async def listened(scope: Scope, receive: Receive, send: Send) -> None:
            exchange = scope.get("state", {}).get("exchange")

            async def note(message: Message) -> None:
                if exchange is not None:
                    exchange.answered = _noting(exchange.answered, message, self._body_cap)
                await send(message)

            await app(scope, receive, note)

        return listened


def _noting(answer: Answer | None, message: Message, cap: int) -> Answer | None:
    """What has been said up to and with this message."""
    if message["type"] == RESPONSE_START:
        return Answer(message["status"], _text(message.get("headers", ())))
    if answer and not answer.body_cut:
        body = answer.body + message.get("body", b"")
        answer.body, answer.body_cut = body[:cap], len(body) > cap
    return answer


class _Delivery:
    """A send that notes what reaches the caller."""

    def __init__(self, exchange: Exchange, state: dict[str, Any], send: Send, body_cap: int) -> None:
        self._exchange, self._state, self._send, self._body_cap = exchange, state, send, body_cap
        self._status: int | None = None

    async def __call__(self, message: Message) -> None:
        await self._send(message)
        if self._exchange.faults:
            self._exchange.received = _noting(self._exchange.received, message, self._body_cap)
        if message["type"] == RESPONSE_START:
            self._status = message["status"]
        elif message["type"] == RESPONSE_BODY and not message.get("more_body"):
            if self._state.get("abandoned"):
                self._exchange.settle("gave up")
            else:
                self._exchange.settle("reply", self._status)


def _shared_state(scope: Scope, exchange: Exchange) -> dict[str, Any]:
    """What the two listeners and the faults between them share; ways to break the line tell the journal."""
    state: dict[str, Any] = scope.setdefault("state", {})
    state["exchange"], state["faults"] = exchange, exchange.faults
    seen: Seen
    for way, seen in (("cut", "cut"), ("refuse", "refused")):
        if way in state:
            state[way] = _noted(state[way], exchange, seen)
    return state


def _noted(break_line: Callable[[], None], exchange: Exchange, seen: Seen) -> Callable[[], None]:
    def break_and_note() -> None:
        exchange.settle(seen)
        break_line()

    return break_and_note


def _text(headers: Iterable[tuple[bytes, bytes]]) -> TextHeaders:
    return tuple([(_lower(name), value.decode("latin-1")) for name, value in headers])


@lru_cache(maxsize=1024)
def _lower(name: bytes) -> str:
    return name.decode("latin-1").lower()


def _url(scope: Scope) -> str:
    host = header(scope["headers"], "host") or ":".join(str(part) for part in scope.get("server") or ())
    query = scope["query_string"].decode("latin-1")
    return f"{scope['scheme']}://{host}{scope['raw_path'].decode('latin-1')}" + (f"?{query}" if query else "")
