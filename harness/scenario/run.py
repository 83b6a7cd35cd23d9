"""Running one scenario once, simulated or served, and making its result."""

import asyncio
import shlex
from collections.abc import Awaitable, Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from booking_core.wire.calls import Transport
from booking_core.wire.transport import HttpTransport
from harness.addresses import Addresses, one_port, own_hosts
from harness.driver import OurDriver, load_factory
from harness.masking import mask_for, unmasked
from harness.product import at_work, build_product
from harness.real_time import run_accelerated
from harness.scenario.evidence import places, rows_said, sights, wires
from harness.scenario.foreign import guarded
from harness.scenario.load import Loaded
from harness.scenario.perform import perform
from harness.scenario.stage import Stage
from harness.serve import base_url, bind, serving
from harness.verdicts import Line, Result, roll_up
from harness.virtual_time import Now, clock, run_virtual
from harness.who import who_is_who
from harness.world import World, build_world
from harness.worlds import CATALOGUE

PassTime = Callable[[float], Awaitable[None]]

SERVED_FACTOR = 20
"""How much faster than the wall clock the time of a served scenario passes."""

CEILING_S = 1000 * 86_400
"""Longer than all the waits that a scenario can hold."""

LONGEST_SLEEP_S = 65
"""A longer wait of a served scenario moves its clock on, and sleeps so long for what has come due: reminders go out
every minute, quotas are counted by the minute."""


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario with what may vary between runs; an empty supplier keeps the world's own."""

    loaded: Loaded
    supplier: str
    seed: int
    served: bool = False
    show_names: bool = False
    consumer: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a tester varies for a whole run. No suppliers: all; no seed: each scenario's own.

    A supplier that is a TOML file joins every matrix: it is no scenario's own.
    """

    suppliers: tuple[str, ...] = ()
    seed: int | None = None
    served: bool = False
    show_names: bool = False
    consumer: str = ""


def cases_of(loaded: Loaded, choices: Choices) -> Iterator[Case]:
    """The scenario once for each of its suppliers and of the tester's own, or once where it has none."""
    scenario = loaded.scenario
    seed = scenario.seed if choices.seed is None else choices.seed
    wanted = [
        _path(one, loaded.path.parent)
        for one in scenario.suppliers
        if not choices.suppliers or one in choices.suppliers
    ]
    wanted += [_path(one, Path()) for one in choices.suppliers if one.endswith(".toml")]
    for supplier in wanted if scenario.suppliers else [""]:
        yield Case(loaded, supplier, seed, choices.served, choices.show_names, choices.consumer)


def _path(supplier: str, folder: Path) -> str:
    return str((folder / supplier).resolve()) if supplier.endswith(".toml") else supplier


def run_case(case: Case) -> Result:
    """Runs it; what goes wrong inside becomes a verdict, never an exception."""
    try:
        return _served(case) if case.served else _simulated(case)
    except Exception as broken:  # whatever broke is the harness's own: it must not take the other cases along
        return _result(case, (Line("harness", "run", "error", f"{type(broken).__name__}: {broken}"),))


def _simulated(case: Case) -> Result:
    async def main() -> Result:
        world = _build(case, own_hosts(), clock(_start(case)), hop=True)
        async with HttpTransport.over(world.network) as transport:
            return await _perform(case, _stage(case, world, transport, asyncio.sleep))

    return run_virtual(main, ceiling_s=CEILING_S)


def _served(case: Case) -> Result:
    async def main() -> Result:
        skipped, ticking = timedelta(), clock(_start(case))

        async def pass_time(seconds: float) -> None:
            nonlocal skipped
            skipped += timedelta(seconds=max(0, seconds - LONGEST_SLEEP_S))
            await asyncio.sleep(min(seconds, LONGEST_SLEEP_S))

        listener = bind()
        world = _build(case, one_port(base_url(listener)), lambda: ticking() + skipped, hop=False)
        async with serving(world.network.front_door(), sock=listener), HttpTransport.over() as transport:
            return await _perform(case, _stage(case, world, transport, pass_time))

    return run_accelerated(main, factor=SERVED_FACTOR)


def _build(case: Case, addresses: Addresses, now: Now, *, hop: bool) -> World:
    loaded = case.loaded
    return build_world(
        loaded.world, folder=loaded.world_path.parent, addresses=addresses, now=now, seed=case.seed,
        faults=loaded.scenario.faults, supplier=case.supplier or None, hop=hop,
        limits=loaded.scenario.limits,
    )  # fmt: skip


def _stage(case: Case, world: World, transport: Transport, pass_time: PassTime) -> Stage:
    product = build_product(world, transport)
    if not case.consumer:
        return Stage(world, product, OurDriver(product), pass_time)
    return Stage(world, product, guarded(load_factory(case.consumer)(product, who_is_who(world))), pass_time)


async def _perform(case: Case, stage: Stage) -> Result:
    started = stage.world.now()
    async with nullcontext() if case.consumer else at_work(stage.product):
        lines = await perform(case.loaded.scenario, stage)
    return _result(case, lines, stage, (stage.world.now() - started).total_seconds())


def _result(case: Case, lines: tuple[Line, ...], stage: Stage | None = None, took_s: float = 0) -> Result:
    scenario = case.loaded.scenario
    mask = unmasked if case.show_names else mask_for(case.loaded.world.patients)
    return Result(
        id=scenario.id,
        title=scenario.title,
        file=shown_path(case.loaded.path),
        supplier=Path(case.supplier).name,
        seed=case.seed,
        mode="served" if case.served else "simulated",
        verdict=roll_up(line.verdict for line in lines),
        shows=scenario.shows,
        clock=scenario.clock.isoformat(),
        simulated_s=round(took_s, 3),
        lines=tuple(replace(line, what=mask(line.what), detail=mask(line.detail)) for line in lines),
        rows=rows_said(stage) if stage else (),
        exchanges=tuple(wires(stage, mask)) if stage else (),
        sights=tuple(sights(stage, mask)) if stage else (),
        repeat=_command(case),
        places=tuple(places(stage)) if stage else (),
    )


def _command(case: Case) -> str:
    """The command that repeats this very run, to be pasted into a shell."""
    inside = case.loaded.path.is_relative_to(CATALOGUE)
    named = case.loaded.scenario.id if inside else shown_path(case.loaded.path)
    supplier = shown_path(Path(case.supplier)) if case.supplier.endswith(".toml") else case.supplier
    options = ["--supplier", supplier] if supplier else []
    options += ["--seed", str(case.seed)] + (["--served"] if case.served else [])
    options += ["--consumer", case.consumer] if case.consumer else []
    return shlex.join(["crossbook", "run", named, *options])


def shown_path(path: Path) -> str:
    """Below the folder that we run in as a relative path, below the catalogue from there, elsewhere in full."""
    for folder in (CATALOGUE.parent, Path.cwd()):
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return str(path)


def _start(case: Case) -> datetime:
    return case.loaded.scenario.clock.astimezone(UTC)
