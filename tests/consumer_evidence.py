"""What a consumer asked in one run: the journal, read as its rules need it."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from harness.journal import Exchange
from harness.rows import PatientRow


@dataclass(frozen=True, slots=True)
class Asked:
    """One exchange, and the number of the one with which its encounter began: nothing older may be used in it."""

    exchange: Exchange
    since: int

    @property
    def number(self) -> int:
        return self.exchange.number

    @property
    def on(self) -> str:
        return self.exchange.on

    @property
    def to(self) -> str:
        """The ASID of the provider."""
        return self.exchange.header("ssp-to")

    @property
    def params(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.exchange.url).query, keep_blank_values=True)

    @property
    def claims(self) -> Mapping[str, Any]:
        payload = self.exchange.header("authorization").removeprefix("Bearer ").split(".")[1]
        claims: Mapping[str, Any] = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return claims

    @property
    def body(self) -> Mapping[str, Any]:
        return _object(self.exchange.request_body)

    @property
    def answer(self) -> Mapping[str, Any]:
        """What the caller could read of a success."""
        if self.exchange.seen != "reply" or not 200 <= (self.exchange.seen_status or 0) < 300:
            return {}
        came = self.exchange.received or self.exchange.answered
        return _object(came.body if came else b"")

    @property
    def is_clear(self) -> bool:
        """Whether the caller knows what became of a command."""
        status, is_whole = self.exchange.seen_status or 0, self.exchange.received in (None, self.exchange.answered)
        return self.exchange.seen == "reply" and is_whole and status < 500 and status != 444


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a consumer asked in one run, in order; who is who by ASID and by NHS number."""

    asked: Sequence[Asked]
    ods_of: Mapping[str, str]
    patients: Mapping[str, PatientRow]

    def providers(self, *names: str) -> Iterator[Asked]:
        """What went to providers through the proxy."""
        return (one for one in self.asked if one.exchange.service == "ssp" and (not names or one.on in names))

    def before(self, this: Asked, *names: str) -> Iterator[Asked]:
        """What was asked earlier in the encounter of `this`."""
        return (one for one in self.asked if one.on in names and this.since < one.number < this.number)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
