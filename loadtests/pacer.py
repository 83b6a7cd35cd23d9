"""When requests should go out: fixed before the first is sent, so that a slow answer delays none of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from heapq import merge

Curve = Callable[[float], float]
"""Moment -> share of the rate that holds then."""


def timetable(
    rates: Mapping[str, float], seconds: float, seed: int, *, steady: bool = False, curve: Curve = lambda _at: 1.0
) -> list[tuple[float, str]]:
    """All arrivals of several streams in order, so many a second of each: evenly spaced, or by chance.

    Each stream draws from chance of its own, so adding one leaves the others as they were; evenly
    spaced streams are set off against each other.
    """
    streams = [
        _stream(name, rate, seconds, random.Random(f"{seed}:{name}"), (at + 1) / (len(rates) + 1) if steady else None)  # noqa: S311 - to be repeated
        for at, (name, rate) in enumerate(rates.items())
    ]
    thin = random.Random(f"{seed}:curve")  # noqa: S311 - to be repeated
    return [(at, name) for at, name in merge(*streams) if thin.uniform(0, 1) < curve(at)]


def _stream(
    name: str, rate: float, seconds: float, rng: random.Random, offset: float | None
) -> Iterator[tuple[float, str]]:
    """By chance means Poisson: people do not wait for each other."""
    if rate <= 0:
        return
    at = rng.expovariate(rate) if offset is None else offset / rate
    while at < seconds:
        yield at, name
        at += rng.expovariate(rate) if offset is None else 1 / rate
