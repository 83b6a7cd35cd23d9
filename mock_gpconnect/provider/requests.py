"""A request as a plain value, and reading one from the server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from mock_gpconnect.client_certificate import Certificate, certificate_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

LONGEST_BODY = 2_000_000
"""Bytes; the guide allows strings of one megabyte, and no resource here has room for two of them."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `segments` are the parts of the path below the service root, decoded.

    `query` has the values of each parameter, in the order in which they came.
    """

    method: str
    segments: tuple[str, ...]
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes
    certificate: Certificate | None = None

    def header(self, name: str) -> str:
        """A header's value, empty where it is missing; repeated ones are joined as HTTP says."""
        return self.headers.get(name.lower(), "")

    def values(self, name: str) -> Sequence[str]:
        """Every value of a query parameter; names are case-sensitive."""
        return self.query.get(name, ())

    @property
    def path(self) -> str:
        """The path below the service root."""
        return "/" + "/".join(self.segments)


class ClientGone(Exception):
    """The caller hung up before its request was complete: there is nobody to answer."""


async def read_body(receive: Receive) -> bytes:
    """The whole body, in however many chunks it comes; what is past the longest is not waited for."""
    chunks: list[bytes] = []
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunks.append(message.get("body", b""))
        length += len(chunks[-1])
        if length > LONGEST_BODY or not message.get("more_body", False):
            return b"".join(chunks)


def request_from(scope: Scope, body: bytes) -> Request:
    """The request that an ASGI server describes."""
    headers = _headers(scope["headers"])
    return Request(
        scope["method"].upper(),
        _segments(scope),
        _query(scope.get("query_string", b"").decode("latin-1")),
        headers,
        body,
        certificate_of(scope, headers),
    )


def _segments(scope: Scope) -> tuple[str, ...]:
    raw = scope.get("raw_path")
    path = raw.split(b"?")[0].decode("latin-1") if raw is not None else scope["path"]
    return _parts(path, scope.get("root_path", ""))


@lru_cache(maxsize=1024)
def _parts(path: str, root_path: str) -> tuple[str, ...]:
    """Split before decoding, so that `%2F` stays inside its segment."""
    above = root_path.rstrip("/").count("/")
    return tuple(unquote(segment) for segment in path.split("/")[1 + above :])


def _query(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in text.split("&"):
        if part:
            name, value = _pair(part)
            found.setdefault(name, []).append(value)
    return found


@lru_cache(maxsize=4096)
def _pair(part: str) -> tuple[str, str]:
    """A plus stays a plus: the guide's own examples leave it raw in time-stamps. Most pairs come again and again."""
    name, _, value = part.partition("=")
    return unquote(name), unquote(value)


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = _lower(name), value.decode("latin-1").strip()
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


@lru_cache(maxsize=1024)
def _lower(name: bytes) -> str:
    return name.decode("latin-1").lower()
