"""`crossbook up`: a world on one port of loopback."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from harness.addresses import one_port
from harness.commands.show import show_who
from harness.control import control_app
from harness.files import BadFile, Problem, write
from harness.live import LiveWorlds, Origin
from harness.real_time import run_accelerated
from harness.reports.terminal import console
from harness.rows import NO_LIMITS, REAL_LIMITS
from harness.serve import base_url, bind, serving
from harness.tls_folder import tls_folder
from harness.virtual_time import clock
from harness.who import who_is_who
from harness.world import World, build_world
from harness.worlds import load_world, world_file

JOURNAL_KEEPS = 2_000
"""Exchanges that a served world remembers."""


@dataclass(frozen=True, slots=True)
class Together:
    """What the command line says of several processes; without `store` there is one, which keeps all in memory.

    `base` is how clients reach the world; where it is empty they reach the workers themselves.
    """

    store: str = ""
    workers: int = 1
    host: str = ""
    base: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class UpOptions:
    """The command line, read."""

    world: str
    port: int
    clock: str
    seed: int
    endpoints: Path | None
    limits: bool
    latency: bool = True
    tls: Path | None = None
    behind_proxy: bool = False
    together: Together = Together()


def serve_world(options: UpOptions) -> int:
    """Serves until Ctrl-C; 2 when the world, the clock, the port or the store will not do."""
    if options.together != Together():
        _check_store(options.together)
        return _together()(options)
    path, start = world_file(options.world), start_of(options.clock)
    rows, _ = load_world(path)
    if options.tls or options.behind_proxy:
        asked = rows.client_certificates.model_copy(update={"required": True})
        rows = rows.model_copy(update={"client_certificates": asked})
    try:
        listener = bind(port=options.port)
    except OSError as taken:
        print(f"{taken.strerror}: choose another with --port", file=sys.stderr)
        return 2

    async def main() -> None:
        now = clock(start)
        tls = tls_folder(options.tls, rows, now) if options.tls else None
        base = base_url(listener, "https" if tls else "http")

        limits = REAL_LIMITS if options.limits else NO_LIMITS

        def build(prefix: str) -> World:
            addresses = one_port(base + prefix)
            return build_world(
                rows,
                folder=path.parent,
                addresses=addresses,
                now=now,
                seed=options.seed,
                keep=JOURNAL_KEEPS,
                limits=limits,
                latency=options.latency,
            )

        live = LiveWorlds(build, control_app, Origin(path, options.seed, limits))
        async with serving(live, sock=listener, tls=tls):
            world = live.world()
            assert world is not None  # noqa: S101 - the first of many
            tell(world, path, options)
            await until_stopped()

    run_accelerated(main)
    return 0


def _check_store(asked: Together) -> None:
    """Raises BadFile for an option that makes no sense without a store: that comes before what a store needs."""
    given = {
        "--workers": asked.workers > 1, "--host": bool(asked.host), "--base-url": bool(asked.base),
        "--fresh": asked.fresh,
    }  # fmt: skip
    message = "several processes or hosts need a place that they share"
    problems = [
        Problem(Path(option), 0, 0, "", message, "add --store postgresql://...")
        for option, is_given in given.items()
        if is_given and not asked.store
    ]
    if problems:
        raise BadFile(problems)


def _together() -> Callable[[UpOptions], int]:
    try:
        from harness.commands.up_together import serve_together
    except ModuleNotFoundError as missing:
        hint = 'pip install -c constraints.txt -e ".[pg]"'
        raise BadFile([Problem(Path("--store"), 0, 0, "", f"{missing.name} is not installed", hint)]) from None
    return serve_together


def start_of(text: str) -> datetime:
    """The moment that `--clock` names."""
    if text == "real":
        return datetime.now(UTC)  # noqa: TID251 - the one place where a served world meets today
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        message = f"expected 'real' or a date-time with offset such as 2026-03-27T08:55:00+00:00, got {text!r}"
        raise BadFile([Problem(Path("--clock"), 0, 0, "", message)])
    return start.astimezone(UTC)


def tell(world: World, path: Path, options: UpOptions) -> None:
    """Prints who is who, and writes it down where that was asked for."""
    found = who_is_who(world)
    if options.endpoints:
        write(options.endpoints, orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    output = console()
    output.print(f"world {path.stem}, {world.now():%Y-%m-%d %H:%M} UTC")
    show_who(output, found)
    if world.rows.client_certificates.required and not options.tls:
        output.print("Client certificates are asked for, in X-SSL-Client-Verify and X-SSL-Client-S-DN.")
    if options.tls:
        output.print(f"TLS 1.2 with the certificates in {options.tls}: trust ca.pem, show ODS.pem to the proxy.")
    output.print("Ctrl-C stops it.")


async def until_stopped() -> None:
    """Until Ctrl-C."""
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # not on Windows, where Ctrl-C ends the loop itself
            asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()
