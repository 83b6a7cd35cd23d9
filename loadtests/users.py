"""Locust's idea of a user. Ours is the whole process: arrivals do not wait for users."""

from __future__ import annotations

import gevent
from locust import User, task


class ProfileUser(User):
    """Stands for one process that sends; how many of them there are changes nothing."""

    @task
    def stand_by(self) -> None:
        """The run is ended from outside; a task that returned would begin again."""
        while True:
            gevent.sleep(3600)
