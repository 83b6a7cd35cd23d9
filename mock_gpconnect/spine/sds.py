"""The Spine Directory Service as its callers meet it: a gateway (key, rate, cache) before the look-ups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from booking_core.spec.headers import API_KEY, FHIR_JSON
from booking_core.spec.identifiers import CodeSystem
from mock_gpconnect.outcome import operation_outcome
from mock_gpconnect.refusals import Refused, row_for
from mock_gpconnect.spine.asgi import http_only, path_below_root
from mock_gpconnect.spine.directory import Directory
from mock_gpconnect.spine.directory_server import DirectoryServer
from mock_gpconnect.spine.rate_limit import Quota, SpikeArrest
from mock_gpconnect.spine.response_cache import ResponseCache
from mock_gpconnect.spine.sds_service import JSON, LookupService, correlation_id_of, fhir_response

Now = Callable[[], datetime]
NewId = Callable[[], str]

RATE_PER_MINUTE = 300
"""The real gateway's limit for one client, as a quota and as a spike arrest."""


def sds_app(
    directory: Directory,
    *,
    api_keys: Collection[str] | None,
    base_url: str,
    now: Now,
    new_id: NewId,
    per_minute: int = 0,
    cache_s: int = 0,
    server: DirectoryServer | None = None,
    status_key: str = "",
) -> ASGIApp:
    """The service, mounted under a base path whose public address is `base_url`.

    `api_keys` None takes any key, as the sandbox does. `per_minute` (really RATE_PER_MINUTE) and
    `cache_s` (really GATEWAY_CACHE_S) are off at 0.
    """
    server = server or DirectoryServer()
    return http_only(
        _Gateway(
            service=LookupService(directory, server, base_url.rstrip("/"), new_id),
            api_keys=api_keys,
            quota=Quota(per_minute, now),
            spike_arrest=SpikeArrest(per_minute, now),
            cache=ResponseCache(cache_s, now),
            probes=_Probes(server, status_key),
            new_id=new_id,
        )
    )


@dataclass(frozen=True, slots=True)
class _Probes:
    """What watches the service asks; only `/_status` wants a key, and one of its own."""

    server: DirectoryServer
    status_key: str

    def answer(self, request: Request) -> Response | None:
        """The answer to a probe, or None when the request is none."""
        ask = _PROBES.get(path_below_root(request.scope)) if request.method == "GET" else None
        return ask(self, request) if ask else None

    def _ping(self, _request: Request) -> Response:
        return JSONResponse({"status": "pass"})

    def _shallow(self, _request: Request) -> Response:
        return Response()

    def _deep(self, _request: Request) -> Response:
        found = "fail" if self.server.failing else "pass"
        return JSONResponse({"status": found, "details": {"ldap": {"status": found}}}, 503 if found == "fail" else 200)

    def _status(self, request: Request) -> Response:
        if not self.status_key or request.headers.get(API_KEY) != self.status_key:
            raise Refused("sds_key_refused")
        return self._deep(request)


_PROBES: Mapping[str, Callable[[_Probes, Request], Response]] = {
    "/_ping": _Probes._ping,
    "/healthcheck": _Probes._shallow,
    "/healthcheck/deep": _Probes._deep,
    "/_status": _Probes._status,
}


@dataclass(frozen=True, slots=True)
class _Gateway:
    """Key, quota, spike arrest, cache, service: in this order, so a cached answer uses up quota."""

    service: LookupService
    api_keys: Collection[str] | None
    quota: Quota
    spike_arrest: SpikeArrest
    cache: ResponseCache
    probes: _Probes
    new_id: NewId

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        correlation_id = correlation_id_of(request, self.new_id)
        try:
            response = self.probes.answer(request) or await self._admit(request, correlation_id)
        except Refused as refused:
            response = self._refusal(refused, correlation_id)
        await response(scope, receive, send)

    async def _admit(self, request: Request, correlation_id: str) -> Response:
        key = request.headers.get(API_KEY, "")
        if not key or (self.api_keys is not None and key not in self.api_keys):
            raise Refused("sds_key_refused")
        if not self.quota.take(key).admitted or not self.spike_arrest.admits(key):
            raise Refused("sds_throttled")
        if kept := self.cache.get(request):
            return kept
        response = await self.service.answer(request, correlation_id)
        self.cache.keep(request, response)
        return response

    def _refusal(self, refused: Refused, correlation_id: str) -> Response:
        row = row_for(refused.why)
        if row.system == CodeSystem.SPINE_R4:  # said by the gateway itself
            body = operation_outcome(row, refused.facts | {"message_id": self.new_id()})
            return fhir_response(row.status or 500, body, JSON, correlation_id)
        body = operation_outcome(row, refused.facts, outcome_id=correlation_id)
        allow = {"allow": "GET"} if row.status == 405 else {}
        return fhir_response(row.status or 500, body, FHIR_JSON, correlation_id, allow)
