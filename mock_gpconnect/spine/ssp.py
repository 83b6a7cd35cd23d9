"""The Spine Secure Proxy: checks who talks to whom, then passes everything on untouched, both ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from booking_core.spec.budgets import SSP_TIMEOUT_S
from booking_core.spec.headers import FHIR_JSON, FROM, SSP_HEADERS, TO
from booking_core.spec.identifiers import CodeSystem
from mock_gpconnect.client_certificate import certificate_of
from mock_gpconnect.outcome import operation_outcome
from mock_gpconnect.outgoing import Forward
from mock_gpconnect.refusals import Refused, row_for
from mock_gpconnect.spine.asgi import ClientGone, cut, http_only, read_body
from mock_gpconnect.spine.cross_origin import cors_headers, verbs_at
from mock_gpconnect.spine.directory import Directory
from mock_gpconnect.spine.rate_limit import Quota
from mock_gpconnect.spine.relay import Relayed, ReplyBroke
from mock_gpconnect.spine.ssp_checks import (
    MEDIA_TYPES,
    VERBS,
    Asked,
    asked_of,
    check_certificate,
    check_headers,
    check_media_type,
    check_parties,
)
from mock_gpconnect.spine.trace_log import TraceLog

NewId = Callable[[], str]
UnknownReceiver = Literal["forward", "refuse"]

CLIENT_GONE = 499
"""What the log shows, and nobody is told, when the consumer hung up first."""

BROKEN_OFF = 0
"""What the log shows when the provider hung up in the middle of its answer: so the consumer has none."""


def ssp_app(
    directory: Directory,
    forward: Forward,
    *,
    new_id: NewId,
    timeout_s: float = SSP_TIMEOUT_S,
    log: TraceLog | None = None,
    unknown_receiver: UnknownReceiver = "forward",
    media_types: frozenset[str] = MEDIA_TYPES,
    quota: Quota | None = None,
    capacity: int | None = None,
    delay_s: float = 0.0,
    client_certificates: bool = False,
) -> ASGIApp:
    """The proxy, mounted under a base path that a provider's whole URL follows.

    `quota` counts each sender's requests; `capacity` is how many exchanges may run at once, 0
    being a proxy that is always overloaded. Neither limits anything unless given. `delay_s` is
    what it adds to every exchange, and then it says so. With `client_certificates` every
    sender has to show the one that names its endpoint in the directory.
    """
    proxy = _Proxy(
        directory, forward, new_id, timeout_s, log, unknown_receiver, media_types, quota, capacity, delay_s,
        client_certificates,
    )  # fmt: skip
    return http_only(proxy)


@dataclass(slots=True)
class _Proxy:
    directory: Directory
    forward: Forward
    new_id: NewId
    timeout_s: float
    log: TraceLog | None
    unknown_receiver: UnknownReceiver
    media_types: frozenset[str]
    quota: Quota | None
    capacity: int | None
    delay_s: float = 0.0
    client_certificates: bool = False
    running: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = asked_of(scope)
        self.running += 1
        try:
            status = await self._answer(asked, scope, receive, send)
        finally:
            self.running -= 1
        if self.log is not None:
            trace_id, sender, receiver, interaction = (asked.header(name) for name in SSP_HEADERS)
            self.log.add(trace_id, sender, receiver, interaction, status)

    async def _answer(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> int:
        """Answer, and say with which status."""
        try:
            if self.client_certificates:
                check_certificate(certificate_of(scope, asked.headers), asked, self.directory)
            if asked.method == "OPTIONS":
                response = self._options(asked)
            else:
                self._check(asked)
                return await self._relay(await self._forwarded(asked, scope, receive), send)
        except ClientGone:
            return CLIENT_GONE
        except ReplyBroke:
            if not await cut(scope, receive):
                raise
            return BROKEN_OFF
        except Refused as refused:
            response = self._refusal(refused)
        await response(scope, receive, send)
        return response.status_code

    def _check(self, asked: Asked) -> None:
        if asked.method not in VERBS:
            raise Refused("ssp_verb_refused")
        if self.capacity is not None and self.running > self.capacity:
            raise Refused("ssp_overloaded")
        check_headers(asked)
        check_media_type(asked, self.media_types)
        self._check_quota(asked.header(FROM))
        if self.unknown_receiver == "refuse" and self.directory.by_asid(asked.header(TO)) is None:
            raise Refused("ssp_receiver_unknown", header=TO)
        check_parties(asked, self.directory)

    def _check_quota(self, sender: str) -> None:
        if self.quota and not (allowance := self.quota.take(sender)).admitted:
            raise Refused(
                "ssp_throttled", limit=allowance.limit, remaining=allowance.remaining, reset=allowance.reset_s
            )

    def _options(self, asked: Asked) -> Response:
        root = self.directory.root_of(asked.target)
        if root is None:
            raise Refused("ssp_target_varies", registered_url="", cpa_id="", target_url=asked.target_url)
        verbs = verbs_at(asked.target.removeprefix(root.rstrip("/")))
        if not verbs:
            raise Refused("ssp_verb_refused")
        return Response(headers={**_NOT_STORED, **cors_headers(verbs)})

    async def _forwarded(self, asked: Asked, scope: Scope, receive: Receive) -> Relayed:
        body = await read_body(receive)
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self.forward(asked.method, asked.target_url, scope["headers"], body)
        except TimeoutError:
            raise Refused("ssp_provider_timed_out", target_url=asked.target_url) from None
        except Refused as refused:
            raise Refused(refused.why, target_url=asked.target_url) from refused

    async def _relay(self, relayed: Relayed, send: Send) -> int:
        """Pass the answer on as it comes; one that breaks off breaks off for the consumer too."""
        headers = [(name.lower(), value) for name, value in relayed.headers]
        if self.delay_s:
            headers.append((b"server-timing", f"proxy;dur={self.delay_s * 1e3:.3f}".encode()))
        await send({"type": "http.response.start", "status": relayed.status, "headers": headers})
        *earlier, last = relayed.arrived or (b"",)
        for chunk in earlier:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": last, "more_body": relayed.body is not None})
        if relayed.body is not None:
            await self._stream(relayed, relayed.body, send)
            await send({"type": "http.response.body", "body": b""})
        return relayed.status

    async def _stream(self, relayed: Relayed, body: AsyncIterator[bytes], send: Send) -> None:
        try:
            async with asyncio.timeout(self.timeout_s):
                async for chunk in body:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except TimeoutError as fault:
            raise ReplyBroke from fault
        finally:
            await relayed.close()

    def _refusal(self, refused: Refused) -> Response:
        row = row_for(refused.why)
        has_id = row.system != CodeSystem.SSP_METHOD
        body = operation_outcome(row, refused.facts, outcome_id=self.new_id().upper() if has_id else "")
        headers = {name: text.format_map(refused.facts) for name, text in _HEADERS.get(refused.why, {}).items()}
        return Response(orjson.dumps(body), row.status or 500, _NOT_STORED | headers, FHIR_JSON)


_NOT_STORED = {"cache-control": "no-store"}
"""On the proxy's own answers, as on a provider's."""

_HEADERS: Mapping[str, Mapping[str, str]] = {
    "ssp_verb_refused": {"allow": ", ".join((*VERBS, "OPTIONS"))},
    "ssp_throttled": {
        "x-rate-limit-limit": "{limit}",
        "x-rate-limit-remaining": "{remaining}",
        "x-rate-limit-reset": "{reset}",
    },
}
"""Situations whose answer has headers of its own."""
