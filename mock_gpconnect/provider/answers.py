"""Answers as plain values, and putting one on the wire in the format that was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from isal import igzip

from booking_core.spec.headers import FHIR_JSON, FHIR_XML
from booking_core.spec.identifiers import Profile
from mock_gpconnect.latency import Work
from mock_gpconnect.provider.requests import Request, Scope, Send
from mock_gpconnect.xml import write_xml

_MEDIA_TYPES = {"json": f"{FHIR_JSON};charset=utf-8", "xml": f"{FHIR_XML};charset=utf-8"}

MANY = 2_000
"""Parts of a body of about a megabyte; one with more goes out in pieces."""

_AT_ONCE = 128
"""Parts in a piece, about 64 kilobytes."""

_GZIP_LEVEL = 1
_STRICT_TRANSPORT = "max-age=31536000"
_NO_WORK = Work()


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply. `resource` is its body; `ready` is a body that is JSON already, in parts to be joined by commas.

    `size` is how many bytes `ready` makes. `work` is what a modelled latency is counted from.
    """

    status: int = 200
    resource: Mapping[str, Any] | None = None
    ready: Sequence[bytes] = ()
    size: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    work: Work = _NO_WORK


def single(resource: Mapping[str, Any], status: int = 200, **headers: str) -> Answer:
    """An answer of one resource, with its version as ETag."""
    return Answer(status, resource, headers={"ETag": etag(resource["meta"]["versionId"]), **headers})


def etag(version: object) -> str:
    """The entity tag of a version: weak and quoted."""
    return f'W/"{version}"'


def searchset(resources: Sequence[Mapping[str, Any]]) -> Answer:
    """A Bundle of search results; an empty one cannot conform to the profile, so it claims none."""
    profile = {"meta": {"profile": [Profile.SEARCHSET]}} if resources else {}
    entries = {"entry": [{"resource": each} for each in resources]} if resources else {}
    return Answer(resource={"resourceType": "Bundle", **profile, "type": "searchset", **entries})


_HEAD = orjson.dumps(searchset([{}]).resource).removesuffix(b'{"resource":{}}]}')
_TAIL = b"]}"


def ready_searchset(entries: Sequence[bytes], work: Work = _NO_WORK) -> Answer:
    """The same, of entries that are JSON already."""
    if not entries:
        return replace(searchset([]), work=work)
    parts = [_HEAD + entries[0], *entries[1:]]
    parts[-1] += _TAIL
    return Answer(ready=parts, size=sum(map(len, parts)) + len(parts) - 1, work=work)


def body_of(answer: Answer, format_name: str) -> bytes:
    """The answer's body as bytes; empty where it has none."""
    if answer.resource is None and not answer.ready:
        return b""
    if format_name == "json":
        return b",".join(answer.ready) if answer.ready else orjson.dumps(answer.resource)
    return write_xml(orjson.loads(b",".join(answer.ready)) if answer.ready else answer.resource or {})


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in its final form; `long` is a body of `size` bytes in parts, too long to be put together at once."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    long: Sequence[bytes] = ()
    size: int = 0


def render(answer: Answer, format_name: str, request: Request) -> Reply:
    """The answer encoded, labelled and never to be stored."""
    headers = {"Cache-Control": "no-store", **answer.headers}
    packed = _wants_gzip(request.header("Accept-Encoding"))
    if len(answer.ready) > MANY and format_name == "json" and not packed:
        headers["Content-Type"] = _MEDIA_TYPES["json"]
        return Reply(answer.status, headers, long=answer.ready, size=answer.size)
    body = body_of(answer, format_name)
    if body:
        headers["Content-Type"] = _MEDIA_TYPES[format_name]
    if body and packed:
        body = igzip.compress(body, _GZIP_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Reply(answer.status, headers, body)


async def deliver(reply: Reply, scope: Scope, send: Send) -> None:
    """Send the reply, a long one piece by piece so that it does not keep a short one waiting."""
    headers = {**reply.headers, "Content-Length": str(reply.size if reply.long else len(reply.body))}
    if scope.get("scheme") == "https":
        headers["Strict-Transport-Security"] = _STRICT_TRANSPORT
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    for piece in _pieces(reply.long):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": reply.body})


def _pieces(parts: Sequence[bytes]) -> Iterator[bytes]:
    for start in range(0, len(parts), _AT_ONCE):
        more = b"," if start + _AT_ONCE < len(parts) else b""
        yield b",".join(parts[start : start + _AT_ONCE]) + more


def _wants_gzip(accept_encoding: str) -> bool:
    for part in accept_encoding.lower().split(","):
        coding, _, parameter = part.partition(";")
        if coding.strip() in ("gzip", "x-gzip"):
            return parameter.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
