"""`crossbook load`: a world of known sizes, Locust beside it, and a report of what was seen.

Locust patches the process that imports it, so it only ever runs as a child; so does the report.
"""

from __future__ import annotations

import asyncio
import gc
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson

from booking_core.uk_time import local_date
from harness.addresses import one_port
from harness.commands.load_options import LoadOptions, check
from harness.control import line_between
from harness.real_time import run_accelerated
from harness.reports.terminal import console
from harness.rows import REAL_LIMITS
from harness.serve import base_url, bind, serving
from harness.tiers import Shape, fortnight, shapes, tiered_world
from harness.virtual_time import clock
from harness.world import World, build_world
from mock_gpconnect.latency import Work, search_ms
from mock_gpconnect.suppliers.switches import Latency

LOADTESTS = Path(__file__).resolve().parents[2] / "loadtests"
_BUSY_SHARE = 0.4
"""A target is asked for so much of what its system can take at once: the rest would measure its queue."""

_Z99 = 2.3263
_OF_A_SEARCH = ("base_ms", "per_scanned_ms", "per_returned_ms", "per_session_ms", "p99_over_p50", "at_once")


def load(options: LoadOptions) -> int:
    """Serves, measures, reports; gives the exit code of the judgement."""
    check(options)
    options = _put_aside(options)
    output = console()
    asked = [replace(one, busyness=busy) for busy in options.busyness for one in _shapes(options)]
    with _collector_at_rest():
        listener = bind()
        start = datetime.now(UTC)  # noqa: TID251 - a load run is in real time, like every served world
        base = base_url(listener)

        async def main() -> int:
            world = build_world(
                tiered_world(asked), folder=Path(), addresses=one_port(base), now=clock(start), seed=options.seed,
                keep=100, limits=REAL_LIMITS, latency=options.latency,
            )  # fmt: skip
            plan = plan_of(world, asked, options, local_date(start))
            path = options.plan_only or options.report / "plan.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(orjson.dumps(plan, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
            output.print(f"{len(asked)} practices at {base}, plan: {path}", soft_wrap=True)
            async with serving(world.network.front_door(), sock=listener):
                if options.plan_only:
                    output.print(f"CROSSBOOK_PLAN={path} locust -f {LOADTESTS / 'locustfile.py'}", soft_wrap=True)
                    output.print("Ctrl-C stops it.")
                    await asyncio.Event().wait()
                output.print(f"measuring for about {options.warm_up_s + options.open_s:.0f} s ...")
                await _locust(path, options)
            return await _report(options)

        return run_accelerated(main)


class _collector_at_rest:  # noqa: N801 - read as a phrase
    """What the world is made of is never garbage: the collector need not look at it during the run."""

    def __enter__(self) -> None:
        gc.disable()

    def __exit__(self, *_: object) -> None:
        gc.enable()


def _put_aside(options: LoadOptions) -> LoadOptions:
    """An earlier result of the folder is kept as `before.json`: to compare with, never to be taken for this run's."""
    result, kept = options.report / "result.json", options.report / "before.json"
    if not result.is_file() or options.plan_only:
        return options
    same = options.against is not None and options.against.resolve() == result.resolve()
    result.replace(kept)
    return replace(options, against=kept) if same else options


def _shapes(options: LoadOptions) -> Sequence[Shape]:
    return shapes(options.tiers, options.suppliers, options.restricted)


def plan_of(world: World, asked: Sequence[Shape], options: LoadOptions, today: date) -> dict[str, Any]:
    """The plan in the words of `loadtests/plan.py`."""
    first, last = fortnight(today)
    targets = [_target(world, number, shape, options) for number, shape in enumerate(asked)]
    return {
        "shape": options.shape,
        "ssp": world.addresses.ssp,
        "sender": asdict(line_between(world, "booker.reception", "l0").sender),
        "starts": datetime(first.year, first.month, first.day, 6, tzinfo=UTC),
        "ends": datetime(last.year, last.month, last.day, 20, tzinfo=UTC),
        "targets": targets,
        "warm_up_s": options.warm_up_s,
        "open_s": options.open_s,
        "processes": options.processes,
        "seed": options.seed,
        "steady": options.steady,
        "latency": options.latency,
        "result": str(options.report / "result.json"),
    }


def _target(world: World, number: int, shape: Shape, options: LoadOptions) -> dict[str, Any]:
    practice = world.practice(f"l{number}")
    profile = practice.profile
    assumed = any(profile.basis.get(f"latency.{name}") == "assumed" for name in _OF_A_SEARCH)
    return {
        "tier": shape.tier,
        "supplier": practice.profile.name,
        "ods": practice.ods,
        "asid": practice.asid,
        "service_root": practice.service_root,
        "visible": shape.visible,
        "scanned": shape.scanned,
        "rate": _rate(profile.latency, shape, options),
        "restricted": shape.restricted,
        "busyness": shape.busyness,
        "assumed": options.latency and assumed,
    }


def _rate(settings: Latency, shape: Shape, options: LoadOptions) -> float:
    """What was asked for, or less where the modelled system would only queue."""
    if not options.latency or settings.at_once is None:
        return options.rate
    work = Work(shape.scanned, shape.visible, math.ceil(shape.visible / 48))
    median = search_ms(settings, work) / (1 - shape.busyness)
    sigma = math.log(settings.p99_over_p50) / _Z99
    mean_s = max(median * math.exp(sigma**2 / 2) / 1e3, 1e-3)
    return round(min(options.rate, _BUSY_SHARE * settings.at_once / mean_s), 3)


async def _locust(plan: Path, options: LoadOptions) -> None:
    many = ["--processes", str(options.processes)] if options.processes > 1 else []
    users = str(options.processes)
    command = [
        sys.executable, "-m", "locust", "-f", str(LOADTESTS / "locustfile.py"), "--headless", "-u", users, "-r", users,
        "--loglevel", "WARNING", "--only-summary", "--exit-code-on-error", "0", "ProfileUser", *many,
    ]  # fmt: skip
    log = options.report / "locust.log"
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=written, stderr=written, env={**os.environ, "CROSSBOOK_PLAN": str(plan)}
        )
        if await process.wait():
            console().print(f"locust ended with {process.returncode}; its words are in {log}", soft_wrap=True)


async def _report(options: LoadOptions) -> int:
    if not (options.report / "result.json").exists():
        console().print("no result: nothing was measured")
        return 3
    command = [
        sys.executable,
        "-m",
        "loadtests.report",
        str(options.report / "result.json"),
        "--out",
        str(options.report),
    ]
    for option, path in (("--against", options.against), ("--thresholds", options.thresholds)):
        command += [option, str(path)] if path else []
    process = await asyncio.create_subprocess_exec(*command)
    return await process.wait()
