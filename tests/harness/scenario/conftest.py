"""Scenarios made in a test: the world of two practices, and whatever steps and checks are wanted."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.scenario.load import Loaded
from harness.scenario.run import Case, run_case
from harness.scenario.schema import Scenario
from harness.verdicts import Result
from harness.worlds import CATALOGUE, load_world

WORLD = CATALOGUE / "worlds/two-practices.yaml"
BOOKING = (
    {"do": "invite", "by": "millbrook.reception", "patient": "alice", "to": "riverside", "save": "link"},
    {"do": "open_link", "link": "link", "born": "alice"},
    {"do": "choose", "link": "link", "slot": "first"},
)
Play = Callable[..., Result]


@pytest.fixture
def play() -> Play:
    """Runs steps (a whole booking unless given) and checks once."""

    def run(*checks: dict[str, Any], steps: tuple[dict[str, Any], ...] = BOOKING, **more: Any) -> Result:
        served, supplier = more.pop("served", False), more.pop("supplier", "")
        rows = {"id": "test/one", "title": "One", "clock": "2026-03-27T08:55:00+00:00", "world": "w", **more}
        scenario = Scenario.model_validate(rows | {"steps": steps, "checks": checks})
        world, _ = load_world(WORLD)
        return run_case(Case(Loaded(WORLD, scenario, world, WORLD), supplier, scenario.seed, served))

    return run
