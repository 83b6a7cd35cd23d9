"""The one Locust user of a process: it warms up in a closed loop, then sends by the timetable.

Every arrival has a greenlet of its own. `intended` times run from the moment in the timetable, so what
the generator or a stalled server holds up is counted and not hidden.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import gevent
from gevent.pool import Pool
from locust import User, task

from booking_core.gpconnect.requests import search_slots
from loadtests import recording
from loadtests.client import MOST_UNDER_WAY, Answer, Client
from loadtests.plan import Plan, Target, plan_from_environment

_SLICE_S = 2.0
"""The generator's CPU is watched in pieces of this length."""


class ProfileUser(User):
    """Drives this process's share of the targets, then says that it is done."""

    @task
    def drive(self) -> None:
        """The whole run."""
        plan = plan_from_environment()
        process = max(getattr(self.environment.runner, "worker_index", 0) or 0, 0) % plan.processes
        run = _Run(self.environment, plan, {target.name: target for _, target in plan.share(process)})
        run.sizes()
        run.warm_up()
        run.open()
        recording.done(self.environment)
        while True:  # the run is ended from outside; a task that returned would begin again
            gevent.sleep(3600)


class _Run:
    def __init__(self, environment: Any, plan: Plan, targets: Mapping[str, Target]) -> None:
        self.environment, self.plan, self.targets = environment, plan, targets
        self.client = Client(plan.ssp, plan.patience_s)
        self.measures = recording.MEASURES
        self.pool = Pool(MOST_UNDER_WAY)

    def sizes(self) -> None:
        """One answer of each target plain and one packed: their lengths go into the report."""
        for target in self.targets.values():
            for packed in (False, True):
                self.pool.spawn(self._size, target, packed)
        self.pool.join()

    def _size(self, target: Target, packed: bool) -> None:
        answer = self.ask(target, "sizes", packed=packed)
        if not answer.fault:
            self.measures[target.name].facts["gzip_bytes" if packed else "bytes"] = float(answer.length)

    def warm_up(self) -> None:
        """Closed: the next request of a target goes out when its answer is there."""
        ends = time.perf_counter() + self.plan.warm_up_s
        for target in self.targets.values():
            self.pool.spawn(self._closed, target, ends)
        self.pool.join()

    def _closed(self, target: Target, ends: float) -> None:
        while time.perf_counter() < ends:
            answer = self.ask(target, "warm-up")
            if answer.fault:
                gevent.sleep(0.1)
            else:
                self.measures[target.name].record("closed", answer.ended - answer.sent)

    def open(self) -> None:
        """Open: by the timetable, whatever has become of earlier requests."""
        moments = self.plan.timetable()
        watch = gevent.spawn(_watch)
        began, cpu = time.perf_counter(), time.process_time()
        for at, name in moments:
            if name not in self.targets:
                continue
            gevent.sleep(max(began + at - time.perf_counter(), 0))
            if self.pool.full():
                self.measures[name].errors["not sent: too many under way"] += 1
            else:
                self.pool.spawn(self._one, self.targets[name], began + at)
        self.pool.join()
        watch.kill()
        recording.busy((time.process_time() - cpu) / (time.perf_counter() - began))

    def _one(self, target: Target, intended: float) -> None:
        answer, measured = self.ask(target), self.measures[target.name]
        if answer.fault:
            measured.errors[answer.fault] += 1
            return
        service = answer.ended - answer.sent
        measured.record("intended", answer.ended - intended)
        measured.record("service", service)
        measured.record("generator", answer.sent - intended)
        measured.record("network", service - answer.told.told_s)
        for kind, seconds in answer.told.seconds.items():
            if kind in measured.times:
                measured.record(kind, seconds)

    def ask(self, target: Target, phase: str = "", *, packed: bool = False) -> Answer:
        """One search, told to Locust too under the target's name."""
        now = datetime.now(UTC)  # noqa: TID251 - a load run is in real time
        trace_id = str(uuid.uuid4())  # noqa: TID251 - and its trace ids need not be repeated
        window = self.plan.starts, self.plan.ends
        call = search_slots(self.plan.line(target), *window, now=now, trace_id=trace_id)
        answer = self.client.send(call, packed=packed)
        self.environment.events.request.fire(
            request_type="search_slots", name=f"{target.name} ({phase})" if phase else target.name,
            response_time=(answer.ended - answer.sent) * 1e3, response_length=answer.length, response=None,
            context={}, exception=RuntimeError(answer.fault) if answer.fault else None,
        )  # fmt: skip
        return answer


def _watch() -> None:
    """Notes the busiest slice of this process, as a share of a core."""
    while True:
        wall, cpu = time.perf_counter(), time.process_time()
        gevent.sleep(_SLICE_S)
        recording.busy((time.process_time() - cpu) / (time.perf_counter() - wall))
