"""Worker processes that serve one world on one port: started, watched, and started again when one dies."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field

import orjson

from harness.sharing.order import WorkerOrder

TOO_SOON_S = 5.0
MOST_AT_ONCE = 5
"""A worker that dies so often, each time so soon after its start, will not live the next time either."""

PAUSE_S = 0.5
"""Between a death and the next start."""

STOP_S = 10
"""A worker that has not ended so long after it was told to is killed."""


class WorkersFail(Exception):
    """Workers cannot be started, or die as soon as they are."""


@dataclass(slots=True)
class Workers:
    """As many workers as were asked for; `tell` gets a line whenever one dies or starts again."""

    order: WorkerOrder
    count: int
    tell: Callable[[str], None]
    pids: dict[int, int] = field(default_factory=dict)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Future[None]]:
        """Until the block ends; what it gives is done, with WorkersFail, when there is no use in going on."""
        started = [asyncio.get_running_loop().create_future() for _ in range(self.count)]
        tasks = [asyncio.create_task(self._keep(number, ready)) for number, ready in enumerate(started, 1)]
        broken: asyncio.Future[None] = asyncio.ensure_future(_first_failure(tasks))
        try:
            await asyncio.gather(*started)
            yield broken
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            broken.cancel()
            with suppress(asyncio.CancelledError, WorkersFail):
                await broken

    async def _keep(self, number: int, ready: asyncio.Future[None]) -> None:
        """One worker, and the next one in its place; whoever waits for the first is told when there will be none."""
        try:
            await self._replaced(number, ready)
        except Exception as failed:
            if not ready.done():
                ready.set_exception(failed)
            raise

    async def _replaced(self, number: int, ready: asyncio.Future[None]) -> None:
        soon = 0
        while True:
            began = time.monotonic()
            code = await self._run(number, ready)
            soon = soon + 1 if time.monotonic() - began < TOO_SOON_S else 0
            self.tell(f"worker {number} (process {self.pids.pop(number)}) {_ended(code)}")
            if soon >= MOST_AT_ONCE:
                raise WorkersFail(f"worker {number} died {soon} times as soon as it had started")
            await asyncio.sleep(PAUSE_S)

    async def _run(self, number: int, ready: asyncio.Future[None]) -> int:
        process = await _start(number)
        self.pids[number] = process.pid
        try:
            await _give(process, self.order)
            if await _says_it_is_ready(process):
                if ready.done():
                    self.tell(f"worker {number} serves again (process {process.pid})")
                else:
                    ready.set_result(None)
            return await process.wait()
        finally:
            if process.returncode is None:
                await _stop(process)


async def _start(number: int) -> asyncio.subprocess.Process:
    command = (sys.executable, "-m", "harness.sharing.worker")
    try:
        return await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
    except OSError as refused:
        raise WorkersFail(f"worker {number} cannot be started: {refused.strerror or refused}") from refused


async def _give(process: asyncio.subprocess.Process, order: WorkerOrder) -> None:
    """The order is one line; the pipe stays open, so that a worker sees when we are gone."""
    assert process.stdin is not None  # noqa: S101 - asked for above
    process.stdin.write(orjson.dumps(asdict(order)) + b"\n")
    with suppress(ConnectionError):
        await process.stdin.drain()


async def _says_it_is_ready(process: asyncio.subprocess.Process) -> bool:
    assert process.stdout is not None  # noqa: S101 - asked for above
    return await process.stdout.readline() == b"ready\n"


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _first_failure(tasks: list[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks)


def _ended(code: int) -> str:
    return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
