"""`crossbook up`: a world on one port of loopback."""

import asyncio
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from harness.addresses import one_port
from harness.commands.show import show_who
from harness.control import control_app
from harness.files import BadFile, Problem, write
from harness.live import LiveWorlds
from harness.real_time import run_accelerated
from harness.reports.terminal import console
from harness.rows import NO_LIMITS, REAL_LIMITS
from harness.serve import base_url, bind, serving
from harness.virtual_time import clock
from harness.who import who_is_who
from harness.world import World, build_world
from harness.worlds import load_world, world_file

JOURNAL_KEEPS = 2_000
"""Exchanges that a served world remembers."""


@dataclass(frozen=True, slots=True)
class UpOptions:
    """The command line, read."""

    world: str
    port: int
    clock: str
    seed: int
    endpoints: Path | None
    limits: bool
    latency: bool = False


def serve_world(options: UpOptions) -> int:
    """Serves until Ctrl-C; 2 when the world, the clock or the port will not do."""
    path, start = world_file(options.world), _start(options.clock)
    rows, _ = load_world(path)
    try:
        listener = bind(port=options.port)
    except OSError as taken:
        print(f"{taken.strerror}: choose another with --port", file=sys.stderr)
        return 2

    async def main() -> None:
        now, base = clock(start), base_url(listener)

        def build(prefix: str) -> World:
            addresses = one_port(base + prefix)
            return build_world(
                rows,
                folder=path.parent,
                addresses=addresses,
                now=now,
                seed=options.seed,
                keep=JOURNAL_KEEPS,
                limits=REAL_LIMITS if options.limits else NO_LIMITS,
                latency=options.latency or None,
            )

        live = LiveWorlds(build, control_app)
        async with serving(live, sock=listener):
            _tell(live, path, options.endpoints)
            await _until_stopped()

    run_accelerated(main)
    return 0


def _start(text: str) -> datetime:
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


def _tell(live: LiveWorlds, path: Path, file: Path | None) -> None:
    world = live.build("")
    live.worlds[""] = world
    found = who_is_who(world)
    if file:
        write(file, orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    output = console()
    output.print(f"world {path.stem}, {world.now():%Y-%m-%d %H:%M} UTC")
    show_who(output, found)
    output.print("Ctrl-C stops it.")


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # not on Windows, where Ctrl-C ends the loop itself
            asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()
