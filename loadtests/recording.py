"""Bringing measures together: workers send what they saw with Locust's own reports, the master merges and writes.

Nothing waits for a worker for ever: one that has gone is missed, and the result says what was lost.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from locust.runners import MasterRunner, WorkerRunner

from loadtests.measures import Measures
from loadtests.plan import plan_from_environment

MEASURES = Measures()
"""What this process saw; on the master what all of them saw."""

_DONE: set[str] = set()
_SENT = "crossbook"


def busy(share: float) -> None:
    """Note how busy this process was."""
    process = str(os.getpid())
    MEASURES.cpu[process] = max(share, MEASURES.cpu.get(process, 0.0))


def done(environment: Any) -> None:
    """This process has sent all of its requests and has seen how they ended."""
    if isinstance(environment.runner, WorkerRunner):
        environment.runner.send_message("crossbook_done", MEASURES.taken())
    else:
        environment.runner.quit()


def report(client_id: str, data: dict[str, Any]) -> None:
    """Worker: put what was seen since the last report beside Locust's own numbers."""
    data[_SENT] = MEASURES.taken()


def collect(client_id: str, data: dict[str, Any]) -> None:
    """Master: take in a worker's report."""
    if _SENT in data:
        MEASURES.add(data[_SENT])


def listen(environment: Any) -> None:
    """Connect all of it to a run."""
    runner = environment.runner
    if isinstance(runner, WorkerRunner):
        environment.events.report_to_master.add_listener(lambda client_id, data: report(client_id, data))
    if isinstance(runner, MasterRunner):
        environment.events.worker_report.add_listener(lambda client_id, data: collect(client_id, data))
        runner.register_message("crossbook_done", _one_done)
    if not isinstance(runner, WorkerRunner):
        environment.events.quitting.add_listener(lambda environment: write())


def _one_done(environment: Any, msg: Any, **_: Any) -> None:
    MEASURES.add(msg.data)
    _DONE.add(msg.node_id)
    quit_when_all_are_done(environment.runner)


def quit_when_all_are_done(runner: Any) -> bool:
    """Ends the run once every worker that is still there is done."""
    there = {client.id for client in runner.clients.ready + runner.clients.spawning + runner.clients.running}
    if there <= _DONE and _DONE:
        runner.quit()
        return True
    return False


def write() -> None:
    """The result, for the report to be made from."""
    plan = plan_from_environment()
    result = {"version": 1, "plan": asdict(plan), "measures": MEASURES.encoded()}
    path = Path(plan.result)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(result))
