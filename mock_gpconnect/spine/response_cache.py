"""The gateway's memory of good answers: why a practice's old address lives on for half an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

Now = Callable[[], datetime]
Key = tuple[str, str, bytes, str]

GATEWAY_CACHE_S = 1800
"""How long the real gateway keeps an answer."""


class ResponseCache:
    """Answers by verb, path, raw query and Accept: neither caller nor correlation ID is in the key."""

    def __init__(self, keep_s: int, now: Now, *, places: int = 1_000) -> None:
        self._keep, self._now, self._places = timedelta(seconds=keep_s), now, places
        self._kept: dict[Key, tuple[datetime, Response]] = {}

    def get(self, request: Request) -> Response | None:
        """The answer of an earlier caller, if it is young enough and this caller takes it."""
        expiry, response = self._kept.get(_key(request), (self._now(), None))
        return response if self._now() < expiry and not _declines(request) else None

    def keep(self, request: Request, response: Response) -> None:
        """Remember an answer; the oldest makes room when all places are taken."""
        if not self._keep or _declines(request):
            return
        self._kept.pop(_key(request), None)
        if len(self._kept) >= self._places:
            del self._kept[next(iter(self._kept))]
        self._kept[_key(request)] = (self._now() + self._keep, response)


def _key(request: Request) -> Key:
    return request.method, request.scope["path"], request.scope["query_string"], request.headers.get("accept", "")


def _declines(request: Request) -> bool:
    return request.headers.get("cache-control") == "no-cache"
