"""What the proxy passes on: the exact target, and the headers that concern both ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable
from urllib.parse import quote_from_bytes

RawHeaders = Sequence[tuple[bytes, bytes]]

_ONE_HOP_ONLY = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade".split()
)
_NOT_SENT_ON = _ONE_HOP_ONLY | {b"host", b"content-length"}
_WITH_LENGTH = ("POST", "PUT")
_TARGET_CHARACTERS = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "#")


class ReplyBroke(Exception):
    """The provider hung up in the middle of its answer."""


async def _nothing_to_close() -> None: ...


@dataclass(frozen=True, slots=True)
class Relayed:
    """A provider's answer on its way through, its body still encoded: `arrived` already, or as it comes."""

    status: int
    headers: RawHeaders
    arrived: Sequence[bytes] = ()
    body: AsyncIterator[bytes] | None = None
    close: Callable[[], Awaitable[None]] = _nothing_to_close


@runtime_checkable
class InProcess(Protocol):
    """A network whose servers live in this process: it takes a request as plain values, and answers so."""

    async def carry(self, method: str, origin: str, target: bytes, headers: RawHeaders, body: bytes) -> Arrived:
        """Status, headers and body of the answer; httpx's transport errors when there is none."""


Arrived = tuple[int, RawHeaders, Sequence[bytes]]


def origin_and_target(url: str) -> tuple[str, bytes]:
    """Scheme with authority, and the request target as it goes on the wire: all that may stand there is untouched."""
    scheme, _, authority, *path = url.split("/", 3)
    target = quote_from_bytes(("/" + "".join(path)).encode("latin-1"), safe=_TARGET_CHARACTERS)
    return f"{scheme}//{authority}", target.encode()


def request_headers(headers: RawHeaders) -> RawHeaders:
    """A consumer's headers for the provider, whose host and whose body's length are written afresh."""
    return _without(_NOT_SENT_ON, headers)


def with_fresh_headers(method: str, headers: RawHeaders, origin: str, body: bytes) -> RawHeaders:
    """A consumer's headers for the provider, with its own host and the body's length before them."""
    fresh = [(b"host", origin.partition("//")[2].encode("latin-1"))]
    if body or method in _WITH_LENGTH:
        fresh.append((b"content-length", str(len(body)).encode()))
    return [*fresh, *request_headers(headers)]


def end_to_end(headers: RawHeaders) -> RawHeaders:
    """The headers that concern both ends: not those of one connection, nor the ones that `Connection` names."""
    return _without(_ONE_HOP_ONLY, headers)


def _without(names: frozenset[bytes], headers: RawHeaders) -> RawHeaders:
    lower = [name.lower() for name, _ in headers]
    if b"connection" in lower:
        named = b",".join(value for name, (_, value) in zip(lower, headers, strict=True) if name == b"connection")
        names |= {name.strip() for name in named.lower().split(b",")}
    return [header for name, header in zip(lower, headers, strict=True) if name not in names]
