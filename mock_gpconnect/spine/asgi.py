"""The few lines of ASGI that the Spine services need."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class ClientGone(Exception):
    """The caller hung up before its request was whole."""


def http_only(app: ASGIApp) -> ASGIApp:
    """The app for HTTP; a WebSocket is closed before it opens."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    return answer


def path_below_root(scope: Scope) -> str:
    """The decoded path without the base path that the app is mounted under."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


async def read_body(receive: Receive) -> bytes:
    """The whole body, chunked or not."""
    chunks = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


async def cut(scope: Scope, receive: Receive) -> bool:
    """Break the caller's connection where the server knows how to, and wait until it is broken."""
    break_off = scope.get("state", {}).get("cut")
    if break_off is None:
        return False
    break_off()
    while (await receive())["type"] != "http.disconnect":
        pass
    return True
