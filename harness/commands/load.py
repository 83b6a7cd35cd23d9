"""`crossbook load`: a world of known sizes, Locust beside it, and a report of what was seen."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from typing import Any

import orjson

from booking_core.uk_time import local_date
from harness.addresses import one_port
from harness.commands.load_journeys import read_mix
from harness.commands.load_locust import LOCUSTFILE, lines_for_workers, report, run_locust, worker_address
from harness.commands.load_options import LoadOptions, check
from harness.commands.load_plan import asked_of, limits_of, plan_of, rows_of
from harness.credentials import key_of, use_key
from harness.files import BadFile, Problem, write
from harness.real_time import run_accelerated
from harness.reports.terminal import console
from harness.serve import base_url, bind, serving
from harness.virtual_time import clock
from harness.world import build_world


def load(options: LoadOptions) -> int:
    """Serves, measures, reports; gives the exit code of the judgement."""
    check(options)
    if options.worker:
        worker_address(options.worker)
        return 3 if asyncio.run(run_locust(options)) else 0
    if options.write_world:
        return _write_world(options, options.write_world)
    options = _put_aside(options)
    if options.at:
        use_key(key_of(options.at))
    with _collector_at_rest():
        listener = None if options.at else _listener(options.host)
        return run_accelerated(lambda: _serve_and_measure(options, listener))


def _write_world(options: LoadOptions, file: Path) -> int:
    """The world of the run, for `crossbook up` to serve elsewhere, while `--at` measures it."""
    rows = rows_of(asked_of(options), read_mix(options.mix) if options.journeys else None)
    found = rows.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    write(file, orjson.dumps({"world": file.stem, **found}, option=orjson.OPT_INDENT_2))
    return 0


async def _serve_and_measure(options: LoadOptions, listener: socket | None) -> int:
    mix = read_mix(options.mix) if options.journeys else None
    asked, base = asked_of(options), options.at if listener is None else base_url(listener)
    start = datetime.now(UTC)  # noqa: TID251 - a load run is in real time, like every served world
    world = build_world(
        rows_of(asked, mix), folder=Path(), addresses=one_port(base), now=clock(start), seed=options.seed,
        keep=100, limits=limits_of(options), latency=options.latency,
    )  # fmt: skip
    plan = plan_of(world, asked, options, local_date(start), mix)
    path = _written(plan, options)
    output = console()
    output.print(f"{len(asked)} practices at {base}, plan: {path}", soft_wrap=True)
    for line in plan["notes"]:
        output.print(line, soft_wrap=True)
    served = serving(world.network.front_door(), sock=listener) if listener else nullcontext()
    async with served:
        if options.plan_only:
            await _wait_for_others(path)
            return await report(options) if (options.report / "result.json").is_file() else 0
        for line in lines_for_workers(options) if options.master else ():
            output.print(line, soft_wrap=True)
        if not options.web:
            output.print(f"measuring for about {options.warm_up_s + options.open_s:.0f} s ...")
        await run_locust(options, path)
    return await report(options)


def _listener(host: str) -> socket:
    """On loopback unless a host was said: then other machines may send too."""
    try:
        return bind(host, allow_any_host=host != "127.0.0.1")
    except OSError as wrong:
        raise BadFile([Problem(Path("--host"), 0, 0, "", f"{host}: {wrong.strerror}")]) from None


def _written(plan: Mapping[str, Any], options: LoadOptions) -> Path:
    path = options.plan_only or options.report / "plan.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(plan, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return path


async def _wait_for_others(plan: Path) -> None:
    output, stopped = console(), asyncio.Event()
    output.print(f"CROSSBOOK_PLAN={plan} locust -f {LOCUSTFILE}", soft_wrap=True)
    output.print("Ctrl-C stops it, and reports what was measured.")
    for name in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # not on Windows
            asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()


class _collector_at_rest:  # noqa: N801 - read as a phrase
    """What the world is made of is never garbage: the collector need not look at it during the run."""

    def __enter__(self) -> None:
        gc.disable()

    def __exit__(self, *_: object) -> None:
        gc.enable()


def _put_aside(options: LoadOptions) -> LoadOptions:
    """An earlier result of the folder is kept as `before.json`: to compare with, never to be taken for this run's."""
    result, kept = options.report / "result.json", options.report / "before.json"
    if not result.is_file():
        return options
    same = options.against is not None and options.against.resolve() == result.resolve()
    result.replace(kept)
    return replace(options, against=kept) if same else options
