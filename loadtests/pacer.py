"""When requests should go out: fixed before the first is sent, so that a slow answer delays none of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from heapq import merge


def arrivals(rate: float, seconds: float, rng: random.Random, *, steady: bool = False) -> Iterator[float]:
    """Moments after the start of the phase, `rate` a second: evenly spaced, or by chance (Poisson)."""
    if rate <= 0:
        return
    at = 0.5 / rate if steady else rng.expovariate(rate)
    while at < seconds:
        yield at
        at += 1 / rate if steady else rng.expovariate(rate)


def timetable(
    rates: dict[str, float],
    seconds: float,
    seed: int,
    *,
    steady: bool = False,
    curve: Callable[[float], float] | None = None,
) -> list[tuple[float, str]]:
    """All arrivals of several streams in order. `curve` gives the share of the rate that holds at a moment.

    Each stream draws from chance of its own, so adding one leaves the others as they were.
    """
    return list(merge(*(_stream(name, rate, seconds, seed, steady, curve) for name, rate in rates.items())))


def _stream(
    name: str, rate: float, seconds: float, seed: int, steady: bool, curve: Callable[[float], float] | None
) -> list[tuple[float, str]]:
    rng = random.Random(f"{seed}:{name}")  # noqa: S311 - to be repeated, not to be secret
    moments = arrivals(rate, seconds, rng, steady=steady)
    if curve is None:
        return [(at, name) for at in moments]
    return [(at, name) for at in moments if rng.uniform(0, 1) < curve(at)]
