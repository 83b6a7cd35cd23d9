"""Answers as plain values, and putting one on the wire in the format that was asked for."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from booking_core.spec.headers import FHIR_JSON, FHIR_XML
from booking_core.spec.identifiers import Profile
from mock_gpconnect.provider.requests import Request, Scope, Send
from mock_gpconnect.xml import write_xml

_MEDIA_TYPES = {"json": f"{FHIR_JSON};charset=utf-8", "xml": f"{FHIR_XML};charset=utf-8"}

_WHOLE = 1_000_000
_PIECE = 65_536
"""A longer body goes out in pieces of this size, so that it does not keep a small one waiting."""

_GZIP_LEVEL = 1
_STRICT_TRANSPORT = "max-age=31536000"


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply. `resource` is its body; `ready` is a body that is JSON already, in parts to be joined."""

    status: int = 200
    resource: Mapping[str, Any] | None = None
    ready: Sequence[bytes] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


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


_SEARCHSET_HEAD = orjson.dumps(searchset([{}]).resource).removesuffix(b'{"resource":{}}]}')


def ready_searchset(entries: Sequence[bytes]) -> Answer:
    """The same, of entries that are JSON already."""
    if not entries:
        return searchset([])
    return Answer(ready=(_SEARCHSET_HEAD, b",".join(entries), b"]}"))


def body_of(answer: Answer, format_name: str) -> bytes:
    """The answer's body as bytes; empty where it has none."""
    if answer.resource is None and not answer.ready:
        return b""
    if format_name == "json":
        return b"".join(answer.ready) if answer.ready else orjson.dumps(answer.resource)
    return write_xml(orjson.loads(b"".join(answer.ready)) if answer.ready else answer.resource or {})


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in its final form."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def render(answer: Answer, format_name: str, request: Request) -> Reply:
    """The answer encoded, labelled and never to be stored."""
    body = body_of(answer, format_name)
    headers = {"Cache-Control": "no-store", **answer.headers}
    if body:
        headers["Content-Type"] = _MEDIA_TYPES[format_name]
    if body and _wants_gzip(request.header("Accept-Encoding")):
        body = gzip.compress(body, _GZIP_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Reply(answer.status, headers, body)


async def deliver(reply: Reply, scope: Scope, send: Send) -> None:
    """Send the reply."""
    headers = {**reply.headers, "Content-Length": str(len(reply.body))}
    if scope.get("scheme") == "https":
        headers["Strict-Transport-Security"] = _STRICT_TRANSPORT
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    await _send_body(reply.body, send)


async def _send_body(body: bytes, send: Send) -> None:
    if len(body) <= _WHOLE:
        await send({"type": "http.response.body", "body": body})
        return
    for start in range(0, len(body), _PIECE):
        more = start + _PIECE < len(body)
        await send({"type": "http.response.body", "body": body[start : start + _PIECE], "more_body": more})
        await asyncio.sleep(0)


def _wants_gzip(accept_encoding: str) -> bool:
    for part in accept_encoding.lower().split(","):
        coding, _, parameter = part.partition(";")
        if coding.strip() in ("gzip", "x-gzip"):
            return parameter.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
