"""The one Locust user of a process: it warms up in a closed loop, then sends by the timetable.

Every arrival has a greenlet of its own. `intended` times run from the moment in the timetable, so what
the generator or a stalled server holds up is counted and not hidden.
"""

from __future__ import annotations

import time

import gevent
from gevent.pool import Pool
from locust import User, task

from loadtests import recording
from loadtests.client import MOST_UNDER_WAY, Client
from loadtests.journeys import Walks
from loadtests.plan import Plan, Target, plan_of_this_run, request_name
from loadtests.searches import Searches
from loadtests.sending import Sending

_SLICE_S = 2.0
"""The generator's CPU is watched in pieces of this length."""


class ProfileUser(User):
    """Drives this process's share of the arrivals, then says that it is done."""

    _driving = False

    @task
    def drive(self) -> None:
        """The whole run. A second user of the process, or a worker too many, would only send everything twice."""
        plan = plan_of_this_run(self.environment)
        process = max(getattr(self.environment.runner, "worker_index", 0) or 0, 0)
        if not ProfileUser._driving:
            ProfileUser._driving = True
            try:
                if process < plan.processes:
                    self._run(plan, process)
                recording.done(self.environment)
                _wait_for_the_end()
            finally:
                ProfileUser._driving = False
        _wait_for_the_end()

    def _run(self, plan: Plan, process: int) -> None:
        run = _Run(Sending(self.environment, plan, recording.MEASURES, Client(plan.patience_s)), process)
        try:
            run.sizes()
            run.warm_up()
            run.open()
        finally:
            run.pool.kill()  # stopped from Locust's page
            run.sending.client.close()


def _wait_for_the_end() -> None:
    """The run is ended from outside; a task that returned would begin again."""
    while True:
        gevent.sleep(3600)


class _Run:
    def __init__(self, sending: Sending, process: int) -> None:
        self.sending, self.process = sending, process
        self.plan: Plan = sending.plan
        self.searches = Searches(sending)
        self.act = Walks(sending, self.plan.journeys).one if self.plan.journeys else self.searches.one
        self.pool = Pool(MOST_UNDER_WAY)

    def sizes(self) -> None:
        """One answer of each target plain and one packed: their lengths go into the report."""
        for target in self.plan.targets:
            for packed in (False, True):
                self.pool.spawn(self.searches.size, target, packed)
        self.pool.join()

    def warm_up(self) -> None:
        """Closed: the next search of a target goes out when its answer is there."""
        ends = time.perf_counter() + self.plan.warm_up_s
        for target in self.plan.targets:
            self.pool.spawn(self.searches.closed, target, ends)
        self.pool.join()

    def open(self) -> None:
        """Open: by the timetable, whatever has become of earlier requests."""
        targets = {target.name: target for target in self.plan.targets}
        mine = [
            each for number, each in enumerate(self.plan.timetable()) if number % self.plan.processes == self.process
        ]
        watch = gevent.spawn(_watch)
        began, cpu = time.perf_counter(), time.process_time()
        self.sending.began = began
        for number, (at, name) in enumerate(mine):
            gevent.sleep(max(began + at - time.perf_counter(), 0))
            self._send(number * self.plan.processes + self.process, targets[name], began + at)
        self.pool.join()
        watch.kill()
        recording.busy((time.process_time() - cpu) / (time.perf_counter() - began))

    def _send(self, number: int, target: Target, intended: float) -> None:
        if not self.pool.full():
            self.pool.spawn(self.act, number, target, intended)
            return
        self.sending.measures[request_name("search_slots", target)].errors["not sent: too many under way"] += 1
        if self.plan.journeys:
            self.sending.measures.became(target.name, "not sent")


def _watch() -> None:
    """Notes the busiest slice of this process, as a share of a core."""
    while True:
        wall, cpu = time.perf_counter(), time.process_time()
        gevent.sleep(_SLICE_S)
        recording.busy((time.process_time() - cpu) / (time.perf_counter() - wall))
