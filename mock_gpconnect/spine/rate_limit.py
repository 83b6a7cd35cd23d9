"""Two limiters in front of the national services: so many a window, and not two in quick succession."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

Now = Callable[[], datetime]

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller may still do in the running window."""

    admitted: bool
    limit: int
    remaining: int
    reset_s: int


_NO_LIMIT = Allowance(admitted=True, limit=0, remaining=0, reset_s=0)


class Quota:
    """At most `limit` requests of one caller in each window of the clock; 0 is no limit."""

    def __init__(self, limit: int, now: Now, *, window_s: int = MINUTE_S) -> None:
        self._limit, self._now, self._window_s = limit, now, window_s
        self._window = -1
        self._used: dict[str, int] = {}

    def take(self, caller: str) -> Allowance:
        """Count one request; refused ones do not count."""
        if not self._limit:
            return _NO_LIMIT
        moment = self._now().timestamp()
        window = int(moment // self._window_s)
        if window != self._window:
            self._window, self._used = window, {}
        used = self._used.get(caller, 0)
        admitted = used < self._limit
        self._used[caller] = used + admitted
        return Allowance(
            admitted,
            self._limit,
            max(self._limit - used - 1, 0),
            ceil((window + 1) * self._window_s - moment),
        )


class SpikeArrest:
    """Spreads a rate evenly: 300 a minute means one in each 200 ms; 0 is no limit."""

    def __init__(self, per_minute: int, now: Now) -> None:
        self._gap = timedelta(minutes=1) / per_minute if per_minute else timedelta()
        self._now = now
        self._last: dict[str, datetime] = {}

    def admits(self, caller: str) -> bool:
        """Whether long enough has passed since this caller's last admitted request."""
        moment = self._now()
        # Only the last gap matters, so older callers are forgotten: a caller's name may be anything.
        self._last = {name: last for name, last in self._last.items() if moment - last < self._gap}
        if caller in self._last:
            return False
        self._last[caller] = moment
        return True
