"""How the rate moves over a run: shares of each target's rate, from 0 at the beginning to 1 at the end."""

from __future__ import annotations

from collections.abc import Mapping

from booking_core.spec.demand import HOURS, WEEK
from loadtests.pacer import Curve


def level(_through: float) -> float:
    """The full rate all along: the guide's LOAD, and SOAK where it lasts."""
    return 1.0


def ramp(through: float) -> float:
    """From nothing to the full rate: where do the budgets break?"""
    return through


def day(through: float) -> float:
    """A national working day in the time of the run; the full rate is the busiest hour's."""
    return HOURS[min(int(through * 24), 23)] / max(HOURS)


def week(through: float) -> float:
    """A national week, hour by hour; the full rate is the busiest hour's of the busiest day."""
    at = min(through, 1 - 1e-9) * 7
    return WEEK[int(at)] / max(WEEK) * day(at % 1)


SHAPES: Mapping[str, Curve] = {"profile": level, "load": level, "soak": level, "ramp": ramp, "day": day, "week": week}
"""Word on the command line -> share of the rate, by how much of the run is through."""


def curve_of(shape: str, seconds: float) -> Curve:
    """The shape laid over a run of so many seconds."""
    through = SHAPES[shape]
    return lambda at: through(at / seconds)
