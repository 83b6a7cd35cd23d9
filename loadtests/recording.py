"""Bringing measures together: workers send what they saw with Locust's own reports, the master merges and writes.

Nothing waits for a worker for ever: one that has gone is missed, and the result says what was lost.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import gevent
import orjson
from locust.runners import MasterRunner, WorkerRunner

from loadtests.measures import Measures
from loadtests.plan import announce_order, plan_of_this_run, without_people

MEASURES = Measures()
"""What this process saw; on the master what all of them saw."""

_DONE: set[str] = set()
_SENT = "crossbook"


def listen(environment: Any, drive: Callable[[Any], None]) -> None:
    """Connect all of it to a run. Whoever sends begins to `drive` at Locust's start, and ends at its stop."""
    runner, events = environment.runner, environment.events
    if isinstance(runner, MasterRunner):
        events.test_start.add_listener(lambda environment: _begin_with_workers(environment))
        events.worker_report.add_listener(lambda client_id, data: _collect(data))
        runner.register_message("crossbook_done", _one_done)
    else:
        running: list[Any] = []
        events.test_start.add_listener(lambda environment: running.append(_begin(environment, drive)))
        events.test_stop.add_listener(lambda environment: gevent.killall(running, block=False))
    if isinstance(runner, WorkerRunner):
        events.report_to_master.add_listener(lambda client_id, data: _report(data))
        return
    events.quitting.add_listener(lambda environment: _write(environment))
    if environment.web_ui:
        events.test_stop.add_listener(lambda environment: _write(environment))


def busy(share: float) -> None:
    """Note how busy this process was."""
    process = f"{os.uname().nodename} {os.getpid()}"
    MEASURES.cpu[process] = max(share, MEASURES.cpu.get(process, 0.0))


def done(environment: Any) -> None:
    """This process has sent all of its requests and has seen how they ended."""
    if isinstance(environment.runner, WorkerRunner):
        environment.runner.send_message("crossbook_done", MEASURES.taken())
    else:
        gevent.spawn(_end, environment)  # in a greenlet that the end does not kill


def _begin(environment: Any, drive: Callable[[Any], None]) -> Any:
    """From Locust's web page a second run may follow the first."""
    MEASURES.clear()
    if not isinstance(environment.runner, WorkerRunner):
        announce_order(environment, [environment.runner.client_id])
    return gevent.spawn(drive, environment)


def _begin_with_workers(environment: Any) -> None:
    MEASURES.clear()
    _DONE.clear()
    workers = [client.id for client in environment.runner.clients.ready]
    announce_order(environment, workers)
    gevent.spawn(_until_done, environment, workers)


def _until_done(environment: Any, workers: Sequence[str]) -> None:
    """A worker that dies says nothing: look again and again whether all that are left are done."""
    running = environment.runner
    while running.state not in ("stopped", "stopping"):
        there = {client.id for client in running.clients.ready + running.clients.spawning + running.clients.running}
        if there.intersection(workers) <= _DONE:
            _end(environment)
            return
        gevent.sleep(1)


def _end(environment: Any) -> None:
    """With a web page the run is over; without one all of Locust is."""
    if environment.web_ui:
        environment.runner.stop()
    else:
        environment.runner.quit()


def _report(data: dict[str, Any]) -> None:
    """Worker: put what was seen since the last report beside Locust's own numbers."""
    data[_SENT] = MEASURES.taken()


def _collect(data: dict[str, Any]) -> None:
    """Master: take in a worker's report."""
    if _SENT in data:
        MEASURES.add(data[_SENT])


def _one_done(environment: Any, msg: Any, **_: Any) -> None:
    MEASURES.add(msg.data)
    _DONE.add(msg.node_id)


def _write(environment: Any) -> None:
    """The result, for the report to be made from."""
    if not MEASURES.of:
        return
    plan = without_people(plan_of_this_run(environment))
    path = Path(plan.result)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps({"version": 2, "plan": asdict(plan), "measures": MEASURES.encoded()}))
