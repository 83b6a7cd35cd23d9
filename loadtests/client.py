"""The thinnest way from a Call to an answer under gevent: Locust's own session would add a millisecond of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import gevent
from geventhttpclient.client import HTTPClient

from booking_core.wire.calls import Call
from loadtests.timing import ServerTiming, read_timing

MOST_UNDER_WAY = 4_000
"""Requests of one process at once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: when it went out and was read to its end. `fault` is empty for a 200."""

    sent: float
    ended: float
    fault: str = ""
    told: ServerTiming = ServerTiming({}, {})  # noqa: RUF009 - frozen, and never changed
    length: int = 0


class Client:
    """A pool of connections to one server; whatever goes wrong becomes a class of error."""

    def __init__(self, base_url: str, patience_s: float) -> None:
        url = urlsplit(base_url)
        self._patience_s = patience_s
        self._http = HTTPClient(
            url.hostname or "", url.port, concurrency=MOST_UNDER_WAY, ssl=url.scheme == "https",
            connection_timeout=patience_s, network_timeout=patience_s,
        )  # fmt: skip

    def send(self, call: Call, *, packed: bool = False) -> Answer:
        """The call's answer, read to its end, within the patience."""
        target = "/" + call.url.split("/", 3)[3]
        query = f"?{urlencode(call.params, quote_via=quote)}" if call.params else ""
        headers = {**call.headers, "Accept-Encoding": "gzip" if packed else "identity"}
        sent = time.perf_counter()
        try:
            with gevent.Timeout(self._patience_s):
                response = self._http.request(call.method, target + query, call.body, headers)
                length = len(response.read())
        except gevent.Timeout:
            return Answer(sent, time.perf_counter(), f"no answer in {self._patience_s:g} s")
        except Exception as broken:  # the library raises what the socket, TLS or its parser raises
            return Answer(sent, time.perf_counter(), f"wire: {type(broken).__name__}")
        ended = time.perf_counter()
        fault = "" if response.status_code == 200 else f"HTTP {response.status_code}"
        return Answer(sent, ended, fault, read_timing(_timing_of(response)), length)


def _timing_of(response: Any) -> str:
    """Provider and proxy have a header each."""
    return ", ".join(value for name, value in response.items() if name.lower() == "server-timing")
