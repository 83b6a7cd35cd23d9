"""What every part of the mock is given instead of taking it: time and identities."""

import asyncio
from collections.abc import Callable
from datetime import datetime

Now = Callable[[], datetime]
"""The world's clock: aware, UTC."""

Seconds = Callable[[], float]
"""A clock for durations, which runs on while the world's clock stands still."""

NewId = Callable[[], str]
"""A fresh lower-case UUID as text."""


def loop_seconds() -> float:
    """The event loop's own time: the one that waiting is measured in."""
    return asyncio.get_running_loop().time()
