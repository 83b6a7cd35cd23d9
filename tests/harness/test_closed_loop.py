import asyncio
import socket
import subprocess
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

import anyio.to_thread
import pytest

from harness.closed_loop import NotVirtual
from harness.virtual_time import run_virtual

START = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)


async def a_blocking_socket() -> None:
    with socket.socket() as line:
        line.connect(("127.0.0.1", 9))


async def a_server() -> None:
    await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)


async def a_sync_look_up() -> None:
    socket.getaddrinfo("localhost", 80)


async def a_blocking_program() -> None:
    subprocess.run(["true"], check=False)


OUTSIDE: dict[str, Callable[[], Awaitable[object]]] = {
    "asyncio thread": lambda: asyncio.to_thread(print),
    "anyio thread": lambda: anyio.to_thread.run_sync(print),
    "look-up": lambda: asyncio.get_running_loop().getaddrinfo("localhost", 80),
    "blocking look-up": a_sync_look_up,
    "connection": lambda: asyncio.open_connection("127.0.0.1", 9),
    "blocking socket": a_blocking_socket,
    "server": a_server,
    "process": lambda: asyncio.create_subprocess_exec("true"),
    "blocking process": a_blocking_program,
}


@pytest.mark.parametrize("way", OUTSIDE)
def test_the_outside_cannot_be_simulated(way: str) -> None:
    async def main() -> None:
        ticking = asyncio.create_task(asyncio.sleep(10_000))
        await OUTSIDE[way]()
        ticking.cancel()

    with pytest.raises(NotVirtual, match=r"(thread|name look-up|socket|process) takes real time"):
        run_virtual(main)


def test_a_refusal_that_was_swallowed_comes_out_in_the_end() -> None:
    async def main() -> None:
        with suppress(NotVirtual):
            await a_blocking_socket()

    with pytest.raises(NotVirtual, match=r"socket\.connect"):
        run_virtual(main)


def test_sockets_work_again_after_a_run() -> None:
    run_virtual(lambda: asyncio.sleep(1))
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
