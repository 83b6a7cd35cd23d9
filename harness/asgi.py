"""The few ASGI moves that the network, the journal and the faults share."""

from collections.abc import Iterable

import orjson
from starlette.types import Message, Receive, Scope, Send

RawHeaders = list[tuple[bytes, bytes]]

HTTP_REQUEST, HTTP_DISCONNECT = "http.request", "http.disconnect"
RESPONSE_START, RESPONSE_BODY = "http.response.start", "http.response.body"


def header(headers: Iterable[tuple[bytes, bytes]], name: str) -> str:
    """The first value of a header, or nothing; names compare ignoring case."""
    wanted = name.lower().encode("ascii")
    for key, value in headers:
        if key == wanted or key.lower() == wanted:
            return value.decode("latin-1")
    return ""


def replaced(headers: Iterable[tuple[bytes, bytes]], name: str, value: str) -> RawHeaders:
    """The headers with one set, every other one as it was."""
    wanted = name.lower().encode("ascii")
    kept = [(key, old) for key, old in headers if key.lower() != wanted]
    return [*kept, (wanted, value.encode("latin-1"))]


async def read_ahead(receive: Receive, limit: float = float("inf")) -> list[Message]:
    """Request messages up to the end of the body, the caller's leaving, or `limit` bytes."""
    messages: list[Message] = []
    size = 0
    while size <= limit:
        messages.append(message := await receive())
        size += len(message.get("body", b""))
        if message["type"] == HTTP_DISCONNECT or not message.get("more_body"):
            break
    return messages


def body_of(messages: Iterable[Message]) -> bytes:
    """The body that these messages carry."""
    return b"".join(message.get("body", b"") for message in messages)


def replay(messages: Iterable[Message], receive: Receive) -> Receive:
    """A receive that gives these messages again, then what really comes next."""
    waiting = list(messages)

    async def receive_again() -> Message:
        return waiting.pop(0) if waiting else await receive()

    return receive_again


async def send_whole(send: Send, status: int, headers: RawHeaders, body: bytes) -> None:
    """A complete answer."""
    await send({"type": RESPONSE_START, "status": status, "headers": headers})
    await send({"type": RESPONSE_BODY, "body": body, "more_body": False})


async def send_json(send: Send, status: int, content: object) -> None:
    """A complete answer of harness's own: people read it, so it is indented."""
    body = orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send_whole(send, status, headers, body)


def asked(scope: Scope) -> str:
    """Method and path as they came, for messages."""
    return f"{scope['method']} {scope['raw_path'].decode('latin-1')}"
