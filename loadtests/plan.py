"""What a load run is to do, as a file: written by whoever starts it, read by every process that takes part."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from booking_core.consumer import Product, Sender
from booking_core.gpconnect.requests import Line
from booking_core.sds import Route
from loadtests.pacer import timetable
from loadtests.shapes import curve_of

PLAN = "CROSSBOOK_PLAN"
"""The environment variable that names the file."""


@dataclass(frozen=True, slots=True)
class Target:
    """One practice to search. `scanned` slots lie in the window, `visible` of them are shown."""

    tier: str
    supplier: str
    ods: str
    asid: str
    service_root: str
    visible: int
    scanned: int
    rate: float
    restricted: float = 0.0
    busyness: float = 0.0
    assumed: bool = False

    @property
    def name(self) -> str:
        """What its requests are called everywhere: tier and supplier, never a URL."""
        kept = f" {self.restricted:.0%} kept back" if self.restricted else ""
        busy = f" {self.busyness:.0%} busy" if self.busyness else ""
        return f"{self.tier} {self.supplier}{kept}{busy}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A run: closed warm-up, then arrivals at each target's rate, whether or not earlier answers have come.

    Times are seconds; `starts` and `ends` bound the search; `steady` arrivals are evenly spaced,
    the others come by chance as people do. `view_days` is how far ahead a patient is shown slots.
    """

    shape: str
    ssp: str
    sender: Sender
    starts: datetime
    ends: datetime
    targets: tuple[Target, ...]
    warm_up_s: float = 3.0
    open_s: float = 30.0
    patience_s: float = 45.0
    processes: int = 1
    seed: int = 1
    steady: bool = False
    latency: bool = True
    view_days: int = 42
    result: str = "crossbook-load/result.json"
    notes: tuple[str, ...] = field(default=())

    def line(self, target: Target) -> Line:
        """The way to a target, through the proxy."""
        return Line(self.ssp, Route(target.ods, target.service_root, target.asid), self.sender, Product())

    def share(self, process: int) -> Iterator[tuple[int, Target]]:
        """The targets that one of the processes drives, with their numbers: a target has one pacer only."""
        return ((at, each) for at, each in enumerate(self.targets) if at % self.processes == process)

    def timetable(self) -> list[tuple[float, str]]:
        """Every request of the open phase: its moment, and whom it asks. The same wherever it is made."""
        rates = {target.name: target.rate for target in self.targets}
        curve = curve_of(self.shape, self.open_s)
        return timetable(rates, self.open_s, self.seed, steady=self.steady, curve=curve)

    def as_json(self) -> bytes:
        """The file's content."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_plan(path: Path) -> Plan:
    """The plan in a file."""
    return plan_of(orjson.loads(path.read_bytes()))


def plan_of(found: dict[str, Any]) -> Plan:
    """The plan that the words of its file make."""
    sender = found["sender"] | {"given": tuple(found["sender"]["given"])}
    read = {
        "sender": Sender(**sender),
        "targets": tuple(Target(**each) for each in found["targets"]),
        "starts": datetime.fromisoformat(found["starts"]),
        "ends": datetime.fromisoformat(found["ends"]),
        "notes": tuple(found.get("notes", ())),
    }
    return Plan(**found | read)


def plan_from_environment() -> Plan:
    """The plan of this run; says how to make one where there is none."""
    if not (path := os.environ.get(PLAN)):
        raise SystemExit(f"set {PLAN} to a plan file; `crossbook load --plan-only FILE` writes one")
    return read_plan(Path(path))
