"""Registered public keys: fetched on demand and kept for an hour, as the real service keeps them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from mock_pds.given import Now
from mock_pds.refusals import Refused

KEY_SET_LIFE = timedelta(seconds=3600)


class KeySets:
    """Key sets by URL: what stands there now, and what the service last saw.

    A rotated key stays unseen until the hour is over, unless it is published under another URL.
    """

    def __init__(self, now: Now) -> None:
        self._now = now
        self._published: dict[str, Mapping[str, Any]] = {}
        self._seen: dict[str, tuple[datetime, Mapping[str, Any]]] = {}

    def publish(self, url: str, jwks: Mapping[str, Any]) -> None:
        """Put a key set at `url`, in place of what stood there."""
        self._published[url] = jwks

    def withdraw(self, url: str) -> None:
        """Leave nothing at `url`: the next fetch fails."""
        self._published.pop(url, None)

    def at(self, url: str) -> Mapping[str, Any]:
        """The key set as the service knows it, at most an hour old."""
        fetched, jwks = self._seen.get(url, (None, {}))
        if fetched is None or self._now() - fetched >= KEY_SET_LIFE:
            jwks = self._fetch(url)
            self._seen[url] = self._now(), jwks
        return jwks

    def _fetch(self, url: str) -> Mapping[str, Any]:
        if not urlsplit(url).path or url not in self._published:
            raise Refused("jwks_unreachable")
        return self._published[url]
