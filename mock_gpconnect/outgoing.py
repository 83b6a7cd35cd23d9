"""Every request that this package sends: the proxy's forwarding, and a provider's look-up on PDS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import httpx
import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from booking_core.spec.budgets import NATIONAL_DEADLINE_S
from booking_core.spec.headers import FHIR_JSON, REQUEST_ID
from mock_gpconnect.provider.traced import Traced, TraceOutcome
from mock_gpconnect.refusals import Refused
from mock_gpconnect.spine.relay import (
    InProcess,
    RawHeaders,
    Relayed,
    ReplyBroke,
    end_to_end,
    origin_and_target,
    request_headers,
    with_fresh_headers,
)

Now = Callable[[], datetime]
NewId = Callable[[], str]

ASSERTION_LIFE_S = 300
"""The longest life that the token service accepts of an assertion."""


class Forward:
    """Sends a request on as it came, over the wire that it is given."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport
        self._send = self._in_process if isinstance(transport, InProcess) else self._over_the_wire

    async def __call__(self, method: str, url: str, headers: RawHeaders, body: bytes) -> Relayed:
        """The answer of the server at `url`; Refused or ReplyBroke when there is none."""
        try:
            return await self._send(method, url, headers, body)
        except (httpx.TransportError, httpx.InvalidURL) as fault:
            raise _meaning(fault) from fault

    async def _over_the_wire(self, method: str, url: str, headers: RawHeaders, body: bytes) -> Relayed:
        response = await self._transport.handle_async_request(_request(method, url, headers, body))
        return Relayed(
            response.status_code,
            end_to_end(response.headers.raw),
            body=_unbroken(response.stream),
            close=response.aclose,
        )

    async def _in_process(self, method: str, url: str, headers: RawHeaders, body: bytes) -> Relayed:
        origin, target = origin_and_target(url)
        here: InProcess = self._transport  # type: ignore[assignment]  # as it was asked when we were made
        sent = with_fresh_headers(method, headers, origin, body)
        status, answered, chunks = await here.carry(method, origin, target, sent, body)
        return Relayed(status, end_to_end(answered), chunks)


def _request(method: str, url: str, headers: RawHeaders, body: bytes) -> httpx.Request:
    """A request that carries its exact target besides its URL, which httpx has tidied up."""
    address, target = _address_and_target(url)
    return httpx.Request(
        method,
        address,
        headers=request_headers(headers),
        content=body,
        extensions={"target": target},
    )


@lru_cache(maxsize=1024)
def _address_and_target(url: str) -> tuple[httpx.URL, bytes]:
    """Consumers ask for the same few addresses over and over, and httpx takes long to read one."""
    origin, target = origin_and_target(url)
    return httpx.URL(origin).copy_with(raw_path=target), target


async def _unbroken(stream: Any) -> AsyncIterator[bytes]:
    try:
        async for chunk in stream:
            yield chunk
    except httpx.TransportError as fault:
        raise ReplyBroke from fault


_BY_CLASS: Sequence[tuple[type[Exception], str]] = (
    (httpx.ConnectError, "ssp_provider_unreachable"),
    (httpx.TimeoutException, "ssp_provider_timed_out"),
    (httpx.ReadError, "ssp_provider_hung_up"),
    (httpx.WriteError, "ssp_provider_hung_up"),
    (httpx.CloseError, "ssp_provider_hung_up"),
    (Exception, "ssp_provider_unreachable"),
)
_NO_ANSWER, _HALF_AN_ANSWER = "disconnected without sending a response", "peer closed connection"


def _meaning(fault: Exception) -> Refused | ReplyBroke:
    """What a wire fault means; no answer, half of one and noise are one class, told apart by its text."""
    if isinstance(fault, httpx.RemoteProtocolError):
        if _NO_ANSWER in str(fault):
            return Refused("ssp_provider_hung_up")
        if _HALF_AN_ANSWER in str(fault):
            return ReplyBroke()
    return Refused(next(situation for kind, situation in _BY_CLASS if isinstance(fault, kind)))


class _Unanswered(Exception):
    """PDS or the token service gave no answer that says anything about the patient."""


@dataclass(frozen=True, slots=True)
class _Wire:
    """One exchange with a deadline; whatever goes wrong on the way is _Unanswered."""

    transport: httpx.AsyncBaseTransport
    deadline_s: float

    async def exchange(self, request: httpx.Request) -> tuple[int, Mapping[str, Any]]:
        """Status and JSON object of the answer; an unreadable body is an empty one."""
        try:
            async with asyncio.timeout(self.deadline_s):
                response = await self.transport.handle_async_request(request)
                try:
                    body = await response.aread()
                finally:
                    await response.aclose()
        except (httpx.TransportError, httpx.DecodingError, TimeoutError) as fault:
            raise _Unanswered from fault
        return response.status_code, _object(body)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return read if isinstance(read, dict) else {}


@dataclass(slots=True)
class _AccessToken:
    """An application's token: asked for with a signed assertion, kept for its life minus a margin."""

    wire: _Wire
    token_url: str
    api_key: str
    key: RSAPrivateKey
    kid: str
    now: Now
    new_id: NewId
    margin: timedelta
    value: str = ""
    good_until: datetime | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, *, refused: str = "") -> str:
        """A token other than the one that was refused; who comes while it is fetched waits for it."""
        async with self.lock:
            if self.value in ("", refused) or self.good_until is None or self.now() >= self.good_until:
                await self._renew()
            return self.value

    async def _renew(self) -> None:
        asked_at = self.now()
        status, granted = await self.wire.exchange(self._request(asked_at))
        try:
            life = timedelta(seconds=int(granted["expires_in"]))
            good_until = asked_at + life - self.margin
            self.value = str(granted["access_token"]).encode("ascii").decode()  # it goes into a header
        except (KeyError, ValueError, TypeError, OverflowError) as fault:
            raise _Unanswered(f"the token service answered {status}") from fault
        self.good_until = good_until

    def _request(self, asked_at: datetime) -> httpx.Request:
        # A new assertion for every attempt: the service remembers the id of one that it refused.
        claims = {
            "iss": self.api_key,
            "sub": self.api_key,
            "aud": self.token_url,
            "jti": self.new_id(),
            "exp": int(asked_at.timestamp()) + ASSERTION_LIFE_S,
        }
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode(claims, self.key, algorithm="RS512", headers={"kid": self.kid}),
        }
        return httpx.Request("POST", self.token_url, data=form, headers={"accept": "application/json"})


class PdsTrace:
    """A provider's own look-up of a patient on PDS, as a registered application: a `TracePds`."""

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        *,
        pds_base: str,
        token_url: str,
        api_key: str,
        private_key: RSAPrivateKey | str | bytes,
        kid: str,
        now: Now,
        new_id: NewId,
        deadline_s: float = NATIONAL_DEADLINE_S,
        margin_s: float = 30,
    ) -> None:
        self._wire = _Wire(transport, deadline_s)
        self._pds_base, self._new_id = pds_base.rstrip("/"), new_id
        self._token = _AccessToken(
            self._wire, token_url, api_key, _private(private_key), kid, now, new_id, timedelta(seconds=margin_s)
        )

    async def __call__(self, nhs_number: str) -> Traced:
        """What PDS knows of the number; anything that is no answer about the patient is "unavailable"."""
        try:
            status, body = await self._retrieve(nhs_number)
        except _Unanswered:
            return Traced("unavailable")
        if status == 200 and body.get("resourceType") == "Patient" and body.get("id"):
            return Traced("found" if body["id"] == nhs_number else "superseded", body)
        return Traced(_ABSENT.get((status, _error_code(body)), "unavailable"))

    async def _retrieve(self, nhs_number: str) -> tuple[int, Mapping[str, Any]]:
        request_id = self._new_id()  # a repeated request keeps its id
        token = await self._token.get()
        status, body = await self._wire.exchange(self._request(nhs_number, token, request_id))
        if status == 401:
            token = await self._token.get(refused=token)
            status, body = await self._wire.exchange(self._request(nhs_number, token, request_id))
        return status, body

    def _request(self, nhs_number: str, token: str, request_id: str) -> httpx.Request:
        return httpx.Request(
            "GET",
            f"{self._pds_base}/Patient/{quote(nhs_number, safe='')}",
            headers={"authorization": f"Bearer {token}", REQUEST_ID: request_id, "accept": FHIR_JSON},
        )


_ABSENT: Mapping[tuple[int, str], TraceOutcome] = {
    (404, "RESOURCE_NOT_FOUND"): "not_found",
    (404, "INVALIDATED_RESOURCE"): "invalidated",
    (400, "INVALID_RESOURCE_ID"): "not_found",
}


def _error_code(outcome: Mapping[str, Any]) -> str:
    try:
        return str(outcome["issue"][0]["details"]["coding"][0]["code"])
    except (KeyError, IndexError, TypeError):
        return ""


def _private(key: RSAPrivateKey | str | bytes) -> RSAPrivateKey:
    """The key itself: reading PEM again for every assertion would cost more than signing."""
    if isinstance(key, RSAPrivateKey):
        return key
    pem = key.encode() if isinstance(key, str) else key
    loaded = load_pem_private_key(pem, password=None)
    if not isinstance(loaded, RSAPrivateKey):
        raise TypeError("the token service takes RS512 alone: the private key must be RSA")
    return loaded
