"""What a load run is to do, as a file: written by whoever starts it, read by every process that takes part."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson

from booking_core.booking import PatientRecord
from booking_core.consumer import Product, Sender
from booking_core.gpconnect.requests import Line
from booking_core.pds import Demographics
from booking_core.sds import Route
from loadtests.pacer import timetable
from loadtests.shapes import curve_of

PLAN = "CROSSBOOK_PLAN"
"""The environment variable that names the file."""

_ANNOUNCED, _ORDER = "crossbook_plan", "crossbook_order"


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
    sessions: int = 1
    branches: int = 1
    assumed: bool = False

    @property
    def is_plain(self) -> bool:
        """Neither busy nor spread out: what curves and models are made from."""
        return not self.busyness and self.sessions == self.branches == 1

    @property
    def name(self) -> str:
        """What its requests are called everywhere: tier and supplier, never a URL."""
        kept = f" {self.restricted:.0%} kept back" if self.restricted else ""
        busy = f" {self.busyness:.0%} busy" if self.busyness else ""
        spread = f" {self.sessions} sessions" if self.sessions > 1 else ""
        places = f" {self.branches} branches" if self.branches > 1 else ""
        return f"{self.tier} {self.supplier}{kept}{busy}{spread}{places}"


def request_name(interaction: str, target: Target) -> str:
    """The name under which requests of one kind at one target are measured."""
    return f"{interaction} {target.name}"


@dataclass(frozen=True, slots=True)
class National:
    """The national services, and the application that asks them."""

    token: str
    pds: str
    sds: str
    api_key: str
    kid: str
    private_key: str


@dataclass(frozen=True, slots=True)
class Mix:
    """What becomes of an invitation, as shares of those that are sent or as counts for each.

    `searches_again` are views of the slots after the first; `taken` is how often somebody else takes the slot
    between choosing and confirming; `think_s` the mean pause of a person, shortened to fit a run.
    """

    opens: float
    searches_again: float
    confirms: float
    taken: float
    cancels: float
    think_s: float


@dataclass(frozen=True, slots=True)
class Journeys:
    """Whole journeys instead of searches alone: every arrival is an invitation."""

    national: National
    mix: Mix
    patients: tuple[PatientRecord, ...]
    horizon_days: int


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
    notes: tuple[str, ...] = ()
    journeys: Journeys | None = None

    def line(self, target: Target) -> Line:
        """The way to a target, through the proxy."""
        return Line(self.ssp, Route(target.ods, target.service_root, target.asid), self.sender, Product())

    def timetable(self) -> list[tuple[float, str]]:
        """Every request of the open phase: its moment, and whom it asks. The same wherever it is made."""
        rates = {target.name: target.rate for target in self.targets}
        curve = curve_of(self.shape, self.open_s)
        return timetable(rates, self.open_s, self.seed, steady=self.steady, curve=curve)

    def as_json(self) -> bytes:
        """The file's content."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def plan_of(found: dict[str, Any]) -> Plan:
    """The plan that the words of its file make."""
    sender = found["sender"] | {"given": tuple(found["sender"]["given"])}
    read = {
        "sender": Sender(**sender),
        "targets": tuple(Target(**each) for each in found["targets"]),
        "starts": datetime.fromisoformat(found["starts"]),
        "ends": datetime.fromisoformat(found["ends"]),
        "notes": tuple(found.get("notes", ())),
        "journeys": _journeys(found.get("journeys")),
    }
    return Plan(**found | read)


def _journeys(found: dict[str, Any] | None) -> Journeys | None:
    if found is None:
        return None
    patients = tuple(_patient(each) for each in found["patients"])
    return Journeys(National(**found["national"]), Mix(**found["mix"]), patients, found["horizon_days"])


def _patient(found: dict[str, Any]) -> PatientRecord:
    person = found["person"]
    read = {"given": tuple(person["given"]), "birth_date": date.fromisoformat(person["birth_date"])}
    return PatientRecord(Demographics(**person | read), found["mobile"])


def without_people(plan: Plan) -> Plan:
    """As a result keeps it: who was invited, and with which key, is nothing that a report needs."""
    if plan.journeys is None:
        return plan
    bare = replace(plan.journeys, patients=(), national=replace(plan.journeys.national, private_key=""))
    return replace(plan, journeys=bare)


def announce_plan(environment: Any) -> Plan:
    """Reads the plan of this run and puts it where Locust brings it to every worker from."""
    if not (path := os.environ.get(PLAN)):
        raise SystemExit(f"set {PLAN} to a plan file; `crossbook load --plan-only FILE` writes one")
    try:
        plan = plan_of(orjson.loads(Path(path).read_bytes()))
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise SystemExit(f"{path} is no plan: {wrong}; `crossbook load --plan-only FILE` writes one") from None
    setattr(environment.parsed_options, _ANNOUNCED, plan.as_json().decode())
    return plan


def announce_order(environment: Any, workers: Sequence[str]) -> None:
    """Who sends: as many as are there, whatever the plan expected. Each has its place among them."""
    plan = replace(plan_of_this_run(environment), processes=len(workers))
    setattr(environment.parsed_options, _ANNOUNCED, plan.as_json().decode())
    setattr(environment.parsed_options, _ORDER, list(workers))


def plan_of_this_run(environment: Any) -> Plan:
    """The plan as it was announced."""
    return plan_of(orjson.loads(getattr(environment.parsed_options, _ANNOUNCED)))


def place_in_run(environment: Any) -> int | None:
    """The place of this process among those who send; None for one that came too late."""
    order = getattr(environment.parsed_options, _ORDER)
    me = environment.runner.client_id
    return order.index(me) if me in order else None
