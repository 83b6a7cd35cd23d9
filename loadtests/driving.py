"""What one process sends: it warms up in a closed loop, then sends by the timetable.

Every arrival has a greenlet of its own. `intended` times run from the moment in the timetable, so what
the generator or a stalled server holds up is counted and not hidden.
"""

from __future__ import annotations

import time
from typing import Any

import gevent
from gevent.pool import Pool

from loadtests import recording
from loadtests.client import MOST_UNDER_WAY, Client
from loadtests.journeys import Walks
from loadtests.plan import Target, place_in_run, plan_of_this_run, request_name
from loadtests.searches import Searches
from loadtests.sending import Sending

_SLICE_S = 2.0
"""The generator's CPU is watched in pieces of this length."""


def drive(environment: Any) -> None:
    """This process's share of the run; then it says that it is done. One that came too late has none."""
    plan = plan_of_this_run(environment)
    if (place := place_in_run(environment)) is not None:
        run = _Run(Sending(environment, plan, recording.MEASURES, Client(plan.patience_s)), place)
        try:
            run.sizes()
            run.warm_up()
            run.open()
        finally:
            run.pool.kill()  # stopped from Locust's page
            run.sending.client.close()
    recording.done(environment)


class _Run:
    def __init__(self, sending: Sending, place: int) -> None:
        self.sending, self.plan, self.place = sending, sending.plan, place
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
        mine = self.plan.timetable()[self.place :: self.plan.processes]
        watch = gevent.spawn(_watch)
        began, cpu = time.perf_counter(), time.process_time()
        self.sending.began = began
        for number, (at, name) in enumerate(mine):
            gevent.sleep(max(began + at - time.perf_counter(), 0))
            self._send(number * self.plan.processes + self.place, targets[name], began + at)
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
