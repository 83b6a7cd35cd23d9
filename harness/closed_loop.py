"""What simulated time cannot hold, and how to say so."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

OUTSIDE_CALLS: Mapping[str, str] = {
    "run_in_executor": "a thread",
    "getaddrinfo": "a name look-up",
    "getnameinfo": "a name look-up",
    "create_connection": "a socket",
    "create_server": "a socket",
    "create_datagram_endpoint": "a socket",
    "create_unix_connection": "a socket",
    "create_unix_server": "a socket",
    "connect_accepted_socket": "a socket",
    "start_tls": "a socket",
    "sendfile": "a socket",
    "sock_connect": "a socket",
    "sock_accept": "a socket",
    "sock_recv": "a socket",
    "sock_sendall": "a socket",
    "add_reader": "a socket",
    "add_writer": "a socket",
    "connect_read_pipe": "a pipe",
    "connect_write_pipe": "a pipe",
    "subprocess_exec": "a process",
    "subprocess_shell": "a process",
}
"""Methods of an event loop that lead out of it."""

OUTSIDE_EVENTS: Mapping[str, str] = {
    "_thread.start_new_thread": "a thread",
    "_thread.start_joinable_thread": "a thread",
    "socket.connect": "a socket",
    "socket.bind": "a socket",
    "socket.sendto": "a socket",
    "socket.getaddrinfo": "a name look-up",
    "socket.gethostbyname": "a name look-up",
    "socket.gethostbyaddr": "a name look-up",
    "subprocess.Popen": "a process",
    "time.sleep": "a real wait",
}
"""Python's audit events for the same, whoever causes them (3.11 tells of neither threads nor sleeps)."""

_PLUMBING = ("asyncio", "anyio")
"""Packages whose own lines say nothing of why a task waits."""


class NotVirtual(RuntimeError):
    """Something real was asked of simulated time, which would not wait for it."""

    @classmethod
    def of(cls, what: str, call: str) -> Self:
        """The refusal of one call."""
        return cls(
            f"{call}: {what} takes real time, and simulated time would run away from it; "
            "keep endpoints `async def`, wait by `asyncio.sleep`, or run on a real clock"
        )


def own_threads(loop: asyncio.AbstractEventLoop) -> list[str]:
    """Names of live threads that were started to work for this loop, which anyio does past every loop method."""
    return [thread.name for thread in threading.enumerate() if getattr(thread, "loop", None) is loop]


def pending_text(tasks: Sequence[asyncio.Task[Any]]) -> str:
    """Names tasks, what each one runs and the line it waits at."""
    return ", ".join(f"{task.get_name()} ({_waits_at(task.get_coro())})" for task in tasks) or "no task at all"


def _waits_at(coroutine: Any) -> str:
    """Walk down a suspended coroutine to the innermost frame that is not plumbing."""
    name, place = getattr(coroutine, "__qualname__", "?"), "its beginning"
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "gi_frame", None)
        if frame is not None and (source := Path(frame.f_code.co_filename)).parent.name not in _PLUMBING:
            place = f"{source.name}:{frame.f_lineno}"
        coroutine = getattr(coroutine, "cr_await", None) or getattr(coroutine, "gi_yieldfrom", None)
    return f"{name} at {place}"
