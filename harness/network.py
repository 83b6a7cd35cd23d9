"""The whole network of one world, in process: a host that it does not know cannot be reached."""

import asyncio
from collections.abc import Callable, Iterable
from contextvars import Context
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import httpx
from starlette.types import ASGIApp, Scope

from harness.connection import Connection
from harness.front_door import FrontDoor
from harness.mounts import Mount, MountTable, origin_of

__all__ = ("Crash", "Mount", "Network", "StrayRequest")

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
        if not self._mounts.knows(origin := origin_of(request.url)):
            raise self._stray(request)
        connection = Connection(request, await request.aread(), self._hop)
        scope = _scope(request, connection.state)
        self._start(connection, scope, self._mounts.at(origin, scope["path"]) or self._nowhere)
        return await connection.answer()

    def _stray(self, request: httpx.Request) -> StrayRequest:
        host = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
        stray = StrayRequest(f"{request.method} to {host}: this world has no such host; it has {self._mounts.hosts()}")
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


def _scope(request: httpx.Request, state: dict[str, Any]) -> Scope:
    """What uvicorn would make of this request."""
    url = request.url
    target: bytes = request.extensions.get("target", url.raw_path)  # a proxy's exact words: httpx tidies its own up
    raw_path, _, query = target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": unquote(raw_path.decode("ascii")),
        "raw_path": raw_path,
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": CALLER,
        "state": state,
        "server": (url.host, url.port or (443 if url.scheme == "https" else 80)),
    }
