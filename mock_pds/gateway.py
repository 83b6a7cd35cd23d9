"""The API gateway before PDS: it checks, throttles, mirrors ids, and lets no failure of PDS through as it is."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import orjson
from fastapi import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_pds.checks import UPDATE, Check
from mock_pds.given import NewId, Seconds
from mock_pds.refusals import Refused, response_to
from mock_pds.settings import Settings
from mock_pds.visit import Visit

GATEWAY_MEDIA_TYPE = "application/json"
PREFLIGHT = ("origin", "access-control-request-method")
VERSION = {"version": "v1", "revision": "1", "releaseId": "crossbook", "commitId": "0000000"}
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Collected:
    """An answer taken from an ASGI app instead of being sent on."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def send(self, message: Message) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    def response(self) -> Response:
        """The whole answer, to be sent after all."""
        response = Response(self.body, self.status)
        response.raw_headers = self.headers
        return response


class Gateway:
    """An ASGI app around the PDS backend; `known_key` tells whether an API key is one of an application's."""

    def __init__(
        self,
        backend: ASGIApp,
        checks: Sequence[Check],
        settings: Settings,
        *,
        known_key: Callable[[str], bool],
        seconds: Seconds,
        new_id: NewId,
    ) -> None:
        self._backend, self._checks, self._settings = backend, checks, settings
        self._known_key, self._seconds, self._new_id = known_key, seconds, new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is not HTTP is the framework's affair."""
        if scope["type"] != "http":
            await self._backend(scope, receive, send)
            return
        visit = Visit.of(scope)
        try:
            response = await self._answer(visit, scope, receive)
        except Refused as no:
            response = response_to(no, media_type=GATEWAY_MEDIA_TYPE, message_id=self._new_id())
        response.raw_headers += visit.mirrored
        await response(scope, receive, send)

    async def _answer(self, visit: Visit, scope: Scope, receive: Receive) -> Response:
        if own := self._own_answer(visit):
            return own
        for check in self._checks:
            check(visit)
        response = await self._forward(visit, scope, receive)
        if visit.method == UPDATE and response.status_code == 202:
            return await self._wait(response, visit, scope, receive)
        return response

    def _own_answer(self, visit: Visit) -> Response | None:
        """What the gateway says without PDS."""
        if visit.method == "OPTIONS":
            return _preflight(visit)
        if visit.path == "/_ping":
            return Response(orjson.dumps(VERSION), media_type=GATEWAY_MEDIA_TYPE)
        if visit.path == "/_status":
            if not self._known_key(visit.headers.get("apikey", "")):
                raise Refused("status_key_wrong")
            return Response(orjson.dumps({"status": "pass"} | VERSION), media_type=GATEWAY_MEDIA_TYPE)
        return None

    async def _forward(self, visit: Visit, scope: Scope, receive: Receive) -> Response:
        """PDS's own answer, or the general apology for any failure of it."""
        answer = Collected()
        try:
            await self._backend({**scope, "state": {**scope.get("state", {}), "visit": visit}}, receive, answer.send)
        except Exception as broke:
            log.exception("the PDS backend broke")
            raise Refused("backend_broke") from broke
        if answer.status >= 500:
            raise Refused("backend_broke")
        return answer.response()

    async def _wait(self, taken: Response, visit: Visit, scope: Scope, receive: Receive) -> Response:
        """Ask for the outcome of an update for as long as the caller waits: to them it looks done at once."""
        until = self._seconds() + self._wait_s(visit.headers.get("x-sync-wait"))
        path = scope.get("root_path", "") + taken.headers["content-location"]
        poll = {**scope, "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
        while (left := until - self._seconds()) > 0:
            await asyncio.sleep(min(left, self._settings.poll_every_s))
            response = await self._forward(visit, poll, receive)
            if response.status_code != 202:
                return response
        raise Refused("update_not_finished")

    def _wait_s(self, asked: str | None) -> float:
        """The caller's wait, or the usual one where that is no number or out of bounds."""
        try:
            wait = float(asked or "")
        except ValueError:
            return self._settings.default_wait_s
        within = self._settings.shortest_wait_s <= wait <= self._settings.longest_wait_s
        return wait if within else self._settings.default_wait_s


def _preflight(visit: Visit) -> Response:
    """A browser's question before it asks; any other OPTIONS gets lost on the way to PDS."""
    if not all(header in visit.headers for header in PREFLIGHT):
        raise Refused("options_unsupported")
    allowed = {"Access-Control-Allow-Origin": visit.headers["origin"], "Access-Control-Allow-Methods": "GET, PATCH"}
    return Response(b"", 200, headers=allowed)
