"""A world on a real socket: uvicorn, on the loop that is already running."""

import asyncio
import errno
import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from harness.tls import Tls

KEEP_ALIVE_S = 86_400
"""On an accelerated clock the usual 5 s would be gone before a client's next request."""

GRACE_S = 1
"""How long an exchange may go on when the server stops, and again how long an app whose connection is closed."""


class _Protocol(HttpToolsProtocol):
    """Tells the app how to cut the connection, and that its caller has gone, in the words of our own network.

    Over TLS it also tells which certificate the caller showed.
    """

    def __init__(self, *given: Any, tls: Tls | None = None, **settings: Any) -> None:
        super().__init__(*given, **settings)
        self._tls, self._extensions = tls, dict[str, Any]()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent
        super().connection_made(transport)
        if self._tls:
            self._extensions["tls"] = self._tls.extension(transport.get_extra_info("ssl_object"))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"].update(cut=self.transport.abort, abandoned=False)
        self.scope["extensions"] = self._extensions

    def connection_lost(self, exc: Exception | None) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.scope["state"]["abandoned"] = True
        super().connection_lost(exc)


def bind(
    host: str = "127.0.0.1", port: int = 0, *, allow_any_host: bool = False, shared: bool = False, listen: bool = True
) -> socket.socket:
    """A listening socket: its port is ours from here on, so that a world can be built around its address.

    `shared` lets several processes have one each on the same port; the system gives each its part of the
    connections. Without `listen` the port is only held for them.
    """
    if not (allow_any_host or is_loopback(host)):
        raise ValueError(f"{host} is reachable from other machines; say by name that any host is allowed")
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)
        if listen:
            listener.listen(2048)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise _worded(error, host, port) from None
    return listener


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _worded(error: OSError, host: str, port: int) -> OSError:
    if error.errno == errno.EADDRINUSE:
        return OSError(errno.EADDRINUSE, f"port {port} on {host} is in use by another program")
    return OSError(error.errno, f"cannot listen on port {port} of {host}: {error.strerror}")


def base_url(listener: socket.socket, scheme: str = "http") -> str:
    """The URL of a listening socket, without a slash at its end."""
    host, port = listener.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


@asynccontextmanager
async def serving(
    app: ASGIApp,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    sock: socket.socket | None = None,
    allow_any_host: bool = False,
    tls: Tls | None = None,
) -> AsyncIterator[str]:
    """Serve an app until the block ends, on a new socket or on one from `bind`; gives the base URL."""
    listener = sock or bind(host, port, allow_any_host=allow_any_host)
    server = Server(_config(_until_cancelled(app), tls))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup(sockets=[listener])
    try:
        yield base_url(listener, "https" if tls else "http")
    finally:
        await _stop(server, listener)


def _until_cancelled(app: ASGIApp) -> ASGIApp:
    """Only a stopping server cancels an app; returning is then enough, or it logs a traceback."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(asyncio.CancelledError):
            await app(scope, receive, send)

    return served


def _config(app: ASGIApp, tls: Tls | None) -> Config:
    return Config(
        app,
        interface="asgi3",
        http=partial(_Protocol, tls=tls),  # type: ignore[arg-type]  # called as a class is
        ssl_context_factory=(lambda _config, _default: tls.context) if tls else None,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=10 * GRACE_S,  # for an app that will not even be cancelled
    )


async def _stop(server: Server, listener: socket.socket) -> None:
    """Let what is under way end; then close what is left, so that apps see a disconnect; cancel only at last."""
    loop = asyncio.get_running_loop()
    steps = loop.call_later(GRACE_S, _close_all, server), loop.call_later(2 * GRACE_S, _cancel_all, server)
    try:
        await server.shutdown(sockets=[listener])
    finally:
        for step in steps:
            step.cancel()


def _close_all(server: Server) -> None:
    for connection in list(server.server_state.connections):
        connection.transport.abort()


def _cancel_all(server: Server) -> None:
    for task in list(server.server_state.tasks):
        task.cancel()
