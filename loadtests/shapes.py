"""How the rate moves over a run: shares of each target's rate, from 0 at the beginning to 1 at the end."""

from __future__ import annotations

from collections.abc import Mapping

from loadtests.pacer import Curve

HOURS = (
    0.0180, 0.0162, 0.0122, 0.0123, 0.0110, 0.0112, 0.0107, 0.0298, 0.0812, 0.1061, 0.1006, 0.0814,
    0.0724, 0.0799, 0.0839, 0.0696, 0.0479, 0.0298, 0.0259, 0.0201, 0.0197, 0.0182, 0.0215, 0.0202,
)  # fmt: skip
"""Share of a day's demand by hour, midnight first (the guide's draft volumetric model)."""

WEEK = (0.1919, 0.1996, 0.1866, 0.1875, 0.1725, 0.0316, 0.0303)
"""Share of a week's demand by day, Monday first."""


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
