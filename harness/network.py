"""The whole network of one world, in process: a host that it does not know cannot be reached."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextvars import Context
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import httpx
from starlette.types import ASGIApp, Scope

from harness.connection import Connection, Heard
from harness.front_door import FrontDoor
from harness.mounts import Mount, MountTable, Origin, origin_of, origin_text

__all__ = ("Crash", "Mount", "Network", "StrayRequest")

RawHeaders = Sequence[tuple[bytes, bytes]]

CALLER = ("127.0.0.1", 50000)
"""Where every in-process request seems to come from."""


class StrayRequest(Exception):
    """A request to a host that this world does not declare."""


@dataclass(frozen=True, slots=True)
class Crash:
    """An app that raised: a mistake of a mock, whatever its caller made of it."""

    at: str
    asked: str
    error: Exception


class Network(httpx.AsyncBaseTransport):
    """An httpx transport over the mounts of one world; `hop` gives the seconds of each way, there and back.

    `strays` and `crashes` keep what a consumer may have swallowed, so that a run can still fail on it.
    """

    def __init__(self, mounts: Iterable[Mount] = (), *, hop: Callable[[], float] | None = None) -> None:
        self.strays: list[StrayRequest] = []
        self.crashes: list[Crash] = []
        self._mounts = MountTable(mounts)
        self._front_door = FrontDoor(self._mounts, self._crashed)
        self._nowhere = Mount("", "", "", self._front_door.nothing_here)
        self._hop = hop or (lambda: 0.0)
        self._running: dict[asyncio.Task[None], None] = {}

    def add(self, mount: Mount) -> None:
        """Declare one more app: the proxy needs the network before the network can have the proxy."""
        self._mounts.add(mount)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request; the exchange has a task of its own and ends even if its caller gives up."""
        url = request.url
        target: bytes = request.extensions.get("target", url.raw_path)  # a proxy's exact words: httpx tidies up its own
        patience = request.extensions.get("timeout", {}).get("read")
        try:
            heard = await self._carry(
                request.method, origin_of(url), target, request.headers.raw, await request.aread(), patience
            )
        except httpx.RequestError as error:
            error.request = request
            raise
        return httpx.Response(heard.status, headers=heard.headers, stream=_Pieces(heard.chunks), request=request)

    async def carry(self, method: str, origin: str, target: bytes, headers: RawHeaders, body: bytes) -> Heard:
        """The same for a proxy, which has no use for a client's objects."""
        return await self._carry(method, _origin(origin), target, headers, body, None)

    async def _carry(
        self, method: str, origin: Origin, target: bytes, headers: RawHeaders, body: bytes, patience: float | None
    ) -> Heard:
        if not self._mounts.knows(origin):
            raise self._stray(method, origin)
        connection = Connection(method, body, self._hop, patience)
        scope = _scope(method, origin, target, headers, connection.state)
        self._start(connection, scope, self._mounts.at(origin, scope["path"]) or self._nowhere)
        return await connection.answer()

    def _stray(self, method: str, origin: Origin) -> StrayRequest:
        stray = StrayRequest(
            f"{method} to {origin_text(origin)}: this world has no such host; it has {self._mounts.hosts()}"
        )
        self.strays.append(stray)
        return stray

    def _start(self, connection: Connection, scope: Scope, mount: Mount) -> None:
        # a context of its own: what the caller keeps in context variables does not cross a network
        task = asyncio.create_task(self._exchange(connection, scope, mount), context=Context())
        self._running[task] = None
        task.add_done_callback(self._running.pop)

    async def _exchange(self, connection: Connection, scope: Scope, mount: Mount) -> None:
        try:
            await connection.carry(mount.app, {**scope, "root_path": mount.base_path})
        except Exception as error:
            self._crashed(mount, scope, error)

    def _crashed(self, mount: Mount, scope: Scope, error: Exception) -> None:
        self.crashes.append(Crash(mount.name, f"{scope['method']} {scope['path']}", error))

    async def quiet(self) -> None:
        """Wait until no exchange is left running, those without a caller included."""
        while self._running:
            await asyncio.shield(asyncio.gather(*self._running, return_exceptions=True))

    def front_door(self) -> ASGIApp:
        """The same mounts for one port: the path decides, the host is ignored."""
        if shared := self._mounts.shared_paths():
            raise ValueError(f"several mounts share a base path, one port cannot tell them apart: {', '.join(shared)}")
        return self._front_door


class _Pieces(httpx.AsyncByteStream):
    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            if chunk:
                yield chunk


@lru_cache(maxsize=1024)
def _origin(text: str) -> Origin:
    return origin_of(httpx.URL(text))


def _scope(method: str, origin: Origin, target: bytes, headers: RawHeaders, state: dict[str, Any]) -> Scope:
    """What uvicorn would make of this request."""
    scheme, host, port = origin
    raw_path, _, query = target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "path": unquote(raw_path.decode("ascii")),
        "raw_path": raw_path,
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in headers],
        "client": CALLER,
        "state": state,
        "server": (host, port or (443 if scheme == "https" else 80)),
    }
