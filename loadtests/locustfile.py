"""`locust -f loadtests/locustfile.py`, with the plan's file in CROSSBOOK_PLAN; `crossbook load` does just that.

Whoever begins the run reads the plan; Locust brings it to the workers, wherever they are.
"""

from typing import Any

from locust import events
from locust.runners import WorkerRunner

from loadtests import recording
from loadtests.driving import drive
from loadtests.plan import announce_plan
from loadtests.users import ProfileUser

__all__ = ["ProfileUser"]


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]
def _stay_at_home(parser: Any, **_: Any) -> None:
    """Locust by itself would listen on every interface."""
    parser.set_defaults(web_host="127.0.0.1", master_bind_host="127.0.0.1")


@events.init.add_listener  # type: ignore[untyped-decorator]
def _connect(environment: Any, **_: Any) -> None:
    if not isinstance(environment.runner, WorkerRunner):
        plan = announce_plan(environment)
        ProfileUser.host = plan.ssp
        environment.parsed_options.num_users = environment.parsed_options.spawn_rate = plan.processes
    recording.listen(environment, drive)
