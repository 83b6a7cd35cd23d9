"""`locust -f loadtests/locustfile.py`, with the plan's file in CROSSBOOK_PLAN; `crossbook load` does just that."""

from typing import Any

import gevent
from locust import events
from locust.runners import MasterRunner

from loadtests import recording
from loadtests.users import ProfileUser

__all__ = ["ProfileUser"]


@events.init.add_listener  # type: ignore[untyped-decorator]
def _connect(environment: Any, **_: Any) -> None:
    recording.listen(environment)


@events.test_start.add_listener  # type: ignore[untyped-decorator]
def _look_after(environment: Any, **_: Any) -> None:
    if isinstance(environment.runner, MasterRunner):
        gevent.spawn(_until_done, environment.runner)


def _until_done(runner: Any) -> None:
    """A worker that dies says nothing: look again and again whether all that are left are done."""
    while not recording.quit_when_all_are_done(runner):
        gevent.sleep(1)
        if not runner.clients.ready + runner.clients.spawning + runner.clients.running:
            runner.quit()
            return
