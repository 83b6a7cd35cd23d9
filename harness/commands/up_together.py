"""`crossbook up --store`: worker processes that serve one world over a PostgreSQL database."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from harness.commands.up import Together, UpOptions, start_of, tell, until_stopped
from harness.files import BadFile, Problem
from harness.reports.terminal import console
from harness.serve import base_url, bind, is_loopback
from harness.sharing.order import Plan, WorkerOrder, plan_of
from harness.workers import Workers, WorkersFail
from harness.world import Worker


def serve_together(options: UpOptions) -> int:
    """Serves until Ctrl-C; 2 when an option or the store will not do, 3 when no worker stays alive."""
    asked = options.together
    _check(options)
    try:
        held = _hold(asked.host or "127.0.0.1", options.port)
    except OSError as taken:
        print(f"{taken.strerror}: choose another with --port", file=sys.stderr)
        return 2
    host, port = held.getsockname()[:2]
    plan = plan_of(
        WorkerOrder(
            asked.store, options.world, host, port, asked.base or base_url(held), options.seed, options.limits,
            options.latency, options.behind_proxy,
        )
    )  # fmt: skip
    with held:
        return asyncio.run(_serve(plan, options))


async def _serve(plan: Plan, options: UpOptions) -> int:
    from harness.sharing.beginning_postgres import begun

    stored = await begun(plan, start_of(options.clock), anew=options.together.fresh)
    output = console()
    workers = Workers(plan.order, options.together.workers, lambda line: output.print(line, highlight=False))
    try:
        async with workers.running() as broken:
            tell(plan.build_with(lambda: stored.now)("", Worker(stored.starts)), plan.origin.path, options)
            _tell_workers(workers, output.print)
            stopped = asyncio.create_task(until_stopped())
            await _either(broken, stopped)
    except WorkersFail as failed:
        print(failed, file=sys.stderr)
        return 3
    return 0


async def _either(broken: asyncio.Future[None], stopped: asyncio.Task[None]) -> None:
    """Whatever comes first; workers that fail are an error."""
    stopped.add_done_callback(lambda _: broken.cancel())
    try:
        await broken
    except asyncio.CancelledError:
        if not stopped.done():
            raise
    finally:
        stopped.cancel()


def _tell_workers(workers: Workers, output: Callable[[str], None]) -> None:
    pids = ", ".join(str(pid) for pid in workers.pids.values())
    output(f"{workers.count} worker(s): {pids}. Rate limits and modelled queues are each worker's own.")


def _hold(host: str, port: int) -> socket.socket:
    """The port for our workers, once it is sure that nobody else has it: sharing one would mix two worlds."""
    with bind(host, port, allow_any_host=True, listen=False) as alone:
        port = alone.getsockname()[1]
    return bind(host, port, allow_any_host=True, shared=True, listen=False)


def _check(options: UpOptions) -> None:
    for option, message, hint in _problems(options, options.together):
        raise BadFile([Problem(Path(option), 0, 0, "", message, hint)])


def _problems(options: UpOptions, asked: Together) -> list[tuple[str, str, str]]:
    """Option, what is wrong with it, how to put it right; the first is told."""
    found = []
    if options.tls:
        found.append(("--tls", "workers do not speak TLS", "let a proxy before them do it: --behind-proxy"))
    if asked.host and not is_loopback(asked.host) and not asked.base:
        found.append(("--host", "clients must know one address", "add --base-url http://BALANCER:PORT"))
    if asked.base and urlsplit(asked.base).scheme not in ("http", "https"):
        found.append(("--base-url", f"expected http://HOST:PORT, got {asked.base!r}", ""))
    if not hasattr(socket, "SO_REUSEPORT"):
        found.append(("--store", "this system cannot share a port between processes", "use Linux or macOS"))
    return found
