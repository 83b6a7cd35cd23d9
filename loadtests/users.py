"""The one Locust user of a process: it warms up in a closed loop, then sends by the timetable.

Every arrival has a greenlet of its own. `intended` times run from the moment in the timetable, so what
the generator or a stalled server holds up is counted and not hidden.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import gevent
from gevent.pool import Pool
from locust import FastHttpUser, task

from booking_core.gpconnect.requests import search_slots
from loadtests import recording
from loadtests.pacer import timetable
from loadtests.plan import Plan, Target, plan_from_environment
from loadtests.timing import ServerTiming, read_timing

MOST_UNDER_WAY = 4_000
"""Requests of one process at once; an arrival that finds no room is counted as not sent."""

_SLICE_S = 2.0
"""The generator's CPU is watched in pieces of this length."""


class ProfileUser(FastHttpUser):
    """Drives this process's share of the targets, then says that it is done."""

    host = "http://127.0.0.1"
    concurrency = MOST_UNDER_WAY
    connection_timeout = network_timeout = 60.0
    insecure = False

    @task
    def drive(self) -> None:
        """The whole run."""
        plan = plan_from_environment()
        process = getattr(self.environment.runner, "worker_index", 0) or 0
        targets = {target.name: target for _, target in plan.share(max(process, 0) % plan.processes)}
        run = _Run(self.client, plan, targets)
        run.sizes()
        run.warm_up()
        run.open()
        recording.done(self.environment)
        while True:  # the master ends the run; a task that returned would begin again
            gevent.sleep(3600)


@dataclass(frozen=True, slots=True)
class Answer:
    """A search that was answered: when it went out and was read to its end, and what the server told."""

    sent: float
    ended: float
    told: ServerTiming
    length: int


class _Run:
    def __init__(self, client: Any, plan: Plan, targets: dict[str, Target]) -> None:
        self.client, self.plan, self.targets = client, plan, targets
        self.measures = recording.MEASURES
        self.pool = Pool(MOST_UNDER_WAY)

    def sizes(self) -> None:
        """One answer of each target plain and one packed: their lengths go into the report."""
        for target in self.targets.values():
            for packed in (False, True):
                self.pool.spawn(self._size, target, packed)
        self.pool.join()

    def _size(self, target: Target, packed: bool) -> None:
        answer = self.ask(target, f"{target.name} (sizes)", packed=packed)
        if answer is not None:
            self.measures[target.name].facts["gzip_bytes" if packed else "bytes"] = float(answer.length)

    def warm_up(self) -> None:
        """Closed: the next request of a target goes out when its answer is there."""
        ends = time.perf_counter() + self.plan.warm_up_s
        for target in self.targets.values():
            self.pool.spawn(self._closed, target, ends)
        self.pool.join()

    def _closed(self, target: Target, ends: float) -> None:
        while time.perf_counter() < ends:
            answer = self.ask(target, f"{target.name} (warm-up)")
            if answer is None:
                gevent.sleep(0.1)
            else:
                self.measures[target.name].record("closed", answer.ended - answer.sent)

    def open(self) -> None:
        """Open: by the timetable, whatever has become of earlier requests."""
        rates = {name: target.rate for name, target in self.targets.items()}
        moments = timetable(rates, self.plan.open_s, self.plan.seed, steady=self.plan.steady)
        watch = gevent.spawn(_watch)
        began = time.perf_counter()
        for at, name in moments:
            intended = began + at
            gevent.sleep(max(intended - time.perf_counter(), 0))
            if self.pool.full():
                self.measures[name].errors["not sent: too many under way"] += 1
            else:
                self.pool.spawn(self._one, self.targets[name], intended)
        self.pool.join()
        watch.kill()

    def _one(self, target: Target, intended: float) -> None:
        answer = self.ask(target, target.name, count=True)
        if answer is None:
            return
        measured, service = self.measures[target.name], answer.ended - answer.sent
        measured.record("intended", answer.ended - intended)
        measured.record("service", service)
        measured.record("generator", answer.sent - intended)
        measured.record("network", service - answer.told.told_s)
        for kind, seconds in answer.told.seconds.items():
            if kind in measured.times:
                measured.record(kind, seconds)

    def ask(self, target: Target, name: str, *, packed: bool = False, count: bool = False) -> Answer | None:
        """One search; None when it failed, its class of error counted where asked."""
        now = datetime.now(UTC)  # noqa: TID251 - a load run is in real time
        trace_id = str(uuid.uuid4())  # noqa: TID251 - and its trace ids need not be repeated
        line, window = self.plan.line(target), (self.plan.starts, self.plan.ends)
        call = search_slots(line, *window, now=now, trace_id=trace_id)
        url = f"{call.url}?{urlencode(call.params, quote_via=quote)}"
        headers = {**call.headers, "Accept-Encoding": "gzip" if packed else "identity"}
        sent = time.perf_counter()
        with self.client.get(url, name=name, headers=headers, catch_response=True) as response:
            ended = time.perf_counter()
            if response.status_code == 200:
                response.success()
                length = int(response.headers.get("content-length") or 0)
                return Answer(sent, ended, read_timing(_timing_of(response)), length)
            fault = getattr(response, "error", None)
            kind = f"HTTP {response.status_code}" if response.status_code else f"wire: {type(fault).__name__}"
            if count:
                self.measures[target.name].errors[kind] += 1
            response.failure(kind)
        return None


def _timing_of(response: Any) -> str:
    headers = response.headers
    every = getattr(headers, "getlist", None)
    return ", ".join(every("server-timing")) if every else headers.get("server-timing") or ""


def _watch() -> None:
    """Notes the busiest slice of this process, as a share of a core."""
    while True:
        wall, cpu = time.perf_counter(), time.process_time()
        gevent.sleep(_SLICE_S)
        recording.busy((time.process_time() - cpu) / (time.perf_counter() - wall))
