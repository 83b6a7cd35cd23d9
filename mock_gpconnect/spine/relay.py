"""What the proxy passes on: the exact target, and the headers that concern both ends."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

RawHeaders = Sequence[tuple[bytes, bytes]]

_ONE_HOP_ONLY = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade".split()
)
_MADE_AFRESH = frozenset((b"host", b"content-length"))
_TARGET_CHARACTERS = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "#")


class ReplyBroke(Exception):
    """The provider hung up in the middle of its answer."""


@dataclass(frozen=True, slots=True)
class Relayed:
    """A provider's answer on its way through: the body comes as it arrives, still encoded."""

    status: int
    headers: RawHeaders
    body: AsyncIterator[bytes]
    close: Callable[[], Awaitable[None]]


def origin_and_target(url: str) -> tuple[str, bytes]:
    """Scheme with authority, and the request target as it goes on the wire: all that may stand there is untouched."""
    scheme, _, authority, *path = url.split("/", 3)
    target = quote_from_bytes(("/" + "".join(path)).encode("latin-1"), safe=_TARGET_CHARACTERS)
    return f"{scheme}//{authority}", target.encode()


def request_headers(headers: RawHeaders) -> RawHeaders:
    """A consumer's headers for the provider, whose host and whose body's length are written afresh."""
    return [header for header in end_to_end(headers) if header[0].lower() not in _MADE_AFRESH]


def end_to_end(headers: RawHeaders) -> RawHeaders:
    """The headers that concern both ends: not those of one connection, nor the ones that `Connection` names."""
    named = b",".join(value for name, value in headers if name.lower() == b"connection").lower()
    one_hop = _ONE_HOP_ONLY | {name.strip() for name in named.split(b",")}
    return [header for header in headers if header[0].lower() not in one_hop]
