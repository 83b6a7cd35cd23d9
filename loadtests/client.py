"""The thinnest way from a Call to an answer under gevent: what a client adds to each time is measured as the server's.

The request is written before the clock starts, and read by the parser that is written in C: beside a plain
blocking socket this takes a tenth of a millisecond more, Locust's own session more than one.
"""

from __future__ import annotations

import time
from collections import defaultdict
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import gevent
import httptools
from gevent import socket

from booking_core.wire.calls import Call, Reply
from loadtests.answers import Answer

MOST_UNDER_WAY = 4_000
"""Requests of one process at once."""

_PIECE = 256 * 1024


class Client:
    """A pool of connections to each server; whatever goes wrong becomes a code of the table's `wire` rows."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._idle: dict[str, list[Any]] = defaultdict(list)

    def send(self, call: Call, *, packed: bool = False) -> Answer:
        """The call's answer, read to its end, within the patience."""
        host, request = _written(call, packed=packed)
        line = self._idle_line(host)
        reading = _Reading()
        sent = time.perf_counter()
        try:
            with gevent.Timeout(self._patience_s):
                if line is None:
                    line = _connect(host)
                line.sendall(request)
                reading.read_from(line)
        except gevent.Timeout:
            return Answer(sent, time.perf_counter(), wire=_closed(line, "TIMEOUT"))
        except ConnectionRefusedError:
            return Answer(sent, time.perf_counter(), wire=_closed(line, "REFUSED"))
        except httptools.HttpParserError:
            return Answer(sent, time.perf_counter(), wire=_closed(line, "UNREADABLE"))
        except OSError:
            return Answer(sent, time.perf_counter(), wire=_closed(line, "CUT"))
        ended = time.perf_counter()
        if reading.keeps_alive:
            self._idle[host].append(line)
        else:
            line.close()
        return Answer(sent, ended, reading.reply())

    def close(self) -> None:
        """Every connection that is not in use."""
        for lines in self._idle.values():
            while lines:
                lines.pop().close()

    def _idle_line(self, host: str) -> Any:
        """A connection that the server has not closed meanwhile, or None."""
        while idle := self._idle[host]:
            line = idle.pop()
            if _is_open(line):
                return line
            line.close()
        return None


class _Reading:
    """One response as the parser tells it."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._pieces: list[bytes] = []
        self._ended = self.keeps_alive = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Provider and proxy have a `Server-Timing` each: what comes twice is joined."""
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_body(self, piece: bytes) -> None:
        """Part of the body."""
        self._pieces.append(piece)

    def on_message_complete(self) -> None:
        """The end; only now does the parser know whether the connection may be used again."""
        self._ended, self.keeps_alive = True, bool(self._parser.should_keep_alive())

    def read_from(self, line: Any) -> None:
        """Until the response is whole."""
        while not self._ended:
            if not (piece := line.recv(_PIECE)):
                raise ConnectionResetError("the server hung up")
            self._parser.feed_data(piece)

    def reply(self) -> Reply:
        """The response as a value."""
        return Reply(self._parser.get_status_code(), self._headers, b"".join(self._pieces))


def _written(call: Call, *, packed: bool) -> tuple[str, bytes]:
    """The host and the whole request. The double URL of the proxy is sent as it stands."""
    host, _, target = call.url.removeprefix("http://").partition("/")
    query = f"?{urlencode(call.params, quote_via=quote)}" if call.params else ""
    headers = {"Host": host, **call.headers, "Accept-Encoding": "gzip" if packed else "identity"}
    if call.body:
        headers["Content-Length"] = str(len(call.body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return host, f"{call.method} /{target}{query} HTTP/1.1\r\n{lines}\r\n".encode() + call.body


def _connect(host: str) -> Any:
    url = urlsplit(f"//{host}")
    line = socket.create_connection((url.hostname or "", url.port or 80))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def _is_open(line: Any) -> bool:
    """Nothing is there to be read, neither an end nor what nobody asked for."""
    line.settimeout(0.0)
    try:
        line.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        line.settimeout(None)
    return False


def _closed(line: Any, code: str) -> str:
    if line is not None:
        line.close()
    return code
