"""The provider tests' practice with its desk, on a socket: a thread of its own, since the browser waits in ours."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.types import Receive, Scope, Send

from harness.serve import serving
from tests.mock_gpconnect.desk.reception import BASE, Reception


@dataclass
class Served:
    """Where the desk is, and what stands behind it."""

    origin: str
    reception: Reception
    loop: asyncio.AbstractEventLoop

    @property
    def url(self) -> str:
        return self.origin + BASE

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Runs a coroutine where the practice lives."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=10)


@contextmanager
def served() -> Iterator[Served]:
    started: list[Served] = []
    ready, done = threading.Event(), threading.Event()

    async def serve() -> None:
        reception = Reception()

        async def front(scope: Scope, receive: Receive, send: Send) -> None:
            await reception.app({**scope, "root_path": BASE}, receive, send)

        async with serving(front) as origin:
            started.append(Served(origin, reception, asyncio.get_running_loop()))
            ready.set()
            while not done.is_set():
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(10), "the desk did not start"
    yield started[0]
    done.set()
    thread.join(10)
