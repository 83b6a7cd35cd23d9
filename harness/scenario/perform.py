"""Doing a scenario on a stage: its steps in order, silence on the wire, then its checks."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from harness.faults.rules import FaultRule
from harness.rows import Row
from harness.scenario.checks import run_check
from harness.scenario.schema import Scenario
from harness.scenario.stage import NotKept, Stage, Unmet
from harness.scenario.step_rows import SetFaults, Together
from harness.scenario.steps import run_step
from harness.verdicts import Line, roll_up
from harness.world import World


async def perform(scenario: Scenario, stage: Stage) -> tuple[Line, ...]:
    """One line for each step, check and surprise. Steps after a failed one are skipped, checks then omitted."""
    steps = await _lines(stage, "steps", scenario.steps, lambda step: run_step(stage, step), go_on=False)
    await stage.world.network.quiet()
    passed = roll_up(line.verdict for line in steps) == "pass"

    async def look(check: Any) -> str:
        await run_check(stage, check)
        return ""

    checks = await _lines(stage, "checks", scenario.checks if passed else (), look, go_on=True)
    idle = _idle_faults(scenario, stage.world) if passed else ()
    return (*steps, *checks, *idle, *_surprises(stage.world))


async def _lines(
    stage: Stage, table: str, rows: Sequence[Row], act: Callable[[Any], Awaitable[str]], *, go_on: bool
) -> list[Line]:
    lines: list[Line] = []
    for number, row in enumerate(rows):
        where, what = f"{table}.{number}", words(row)
        if not go_on and any(line.verdict == "fail" for line in lines):
            lines.append(Line(where, what, "skip", "an earlier step failed", stage.after_s()))
            continue
        stage.step = where
        verdict, detail = await _outcome(act, row)
        lines.append(Line(where, what, verdict, detail, stage.after_s()))
    return lines


async def _outcome(act: Callable[[Any], Awaitable[str]], row: Row) -> tuple[str, str]:
    try:
        return "pass", await act(row)
    except Unmet as unmet:
        return "fail", str(unmet)
    except NotKept:
        return "omit", "the consumer under test does not keep this"


def _idle_faults(scenario: Scenario, world: World) -> Iterator[Line]:
    """A fault that never struck proves nothing: most often its place or interaction is the wrong one."""
    for where, rule in _faults(scenario):
        if rule.chance == 1 and not world.faults.strikes.get(rule.name):
            yield Line(where, f"{rule.name} strikes", "fail", "it never met an exchange to strike")


def _faults(scenario: Scenario) -> Iterator[tuple[str, FaultRule]]:
    """Every fault of the file with its place."""
    for number, rule in enumerate(scenario.faults):
        yield f"faults.{number}", rule
    for at, step in enumerate(scenario.steps):
        if isinstance(step, SetFaults):
            yield from ((f"steps.{at}.faults.{number}", rule) for number, rule in enumerate(step.faults))


def _surprises(world: World) -> Iterator[Line]:
    """What a consumer may have swallowed: a request out of the world, or a mock that broke."""
    for stray in world.network.strays:
        yield Line("network", "stay inside the world", "fail", str(stray))
    for crash in world.network.crashes:
        yield Line(
            "network", f"{crash.at} answers {crash.asked}", "error", f"{type(crash.error).__name__}: {crash.error}"
        )


def words(row: Row) -> str:
    """A step or check as a tester wrote it: `invite by=mill.desk patient=alice to=riverside`."""
    if isinstance(row, Together):
        return "together: " + "; ".join(words(step) for step in row.steps)
    if isinstance(row, SetFaults):
        return "set_faults " + (", ".join(rule.name for rule in row.faults) or "none")
    written = row.model_dump(by_alias=True, exclude_defaults=True)
    kind = written.pop("do", None) or written.pop("check", "")
    return " ".join([str(kind), *(f"{key}={_shown(value)}" for key, value in written.items())])


def _shown(value: object) -> str:
    return ",".join(map(str, value)) or "nobody" if isinstance(value, (tuple, list)) else str(value)
