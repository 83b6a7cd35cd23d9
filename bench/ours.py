"""The worlds that are measured, and their requests. The clock stands still, so no token grows old."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx

from booking_core.gpconnect.requests import search_slots
from harness.addresses import one_port
from harness.control import line_between
from harness.tiers import BEYOND, Shape, fortnight, tiered_world
from harness.world import World, build_world

NOW = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
SIZES = {10: "T1", 100: "T3", 1_000: "T6", 10_000: "T9", 50_000: "T10"}
_TRACE_ID = "0b9a7a4e-58f5-4c52-9d1f-6f0f3c1d2e3a"


@dataclass(frozen=True, slots=True)
class Target:
    """One request to be repeated: its path with query, and its headers."""

    path: str
    headers: tuple[tuple[str, str], ...]

    def on_the_wire(self, host: str, **more: str) -> bytes:
        """The request as bytes."""
        lines = [f"GET {self.path} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in (*self.headers, *more.items())]
        return "\r\n".join([*lines, "", ""]).encode()


def shapes_of(sizes: Sequence[int]) -> list[Shape]:
    """A strict practice for each number of visible slots."""
    return [Shape(SIZES.get(size, ""), size, "strict") for size in sizes]


def world_of(shapes: Sequence[Shape], base: str) -> World:
    """The practices at a base URL; the collector rests while it is built, and never looks at it again."""
    with collector_at_rest():
        return build_world(
            tiered_world(shapes), folder=Path(), addresses=one_port(base), now=lambda: NOW, seed=1, keep=100
        )


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """No collection while a million objects are made that all live on."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


def targets_of(world: World, number: int) -> dict[str, Target]:
    """The same search `direct` and through the proxy (`ssp`), for one practice of the world."""
    first, last = fortnight(NOW.date())
    line = line_between(world, "booker.reception", f"l{number}")
    call = search_slots(line, _at(first, 6), _at(last, 20), now=NOW, trace_id=_TRACE_ID)
    query = httpx.URL("http://x", params=call.params).query.decode()
    below = call.url.split("/ssp/", 1)
    direct = httpx.URL(below[1]).path
    headers = tuple(call.headers.items())
    return {
        "direct": Target(f"{direct}?{query}", headers),
        "ssp": Target(f"/ssp/{below[1]}?{query}", headers),
    }


def _at(day: date, hour: int) -> datetime:
    """Any hours outside the sessions' will do."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def many_slots(total: int, visible: int = 1_000) -> list[Shape]:
    """Practices with `visible` slots a fortnight, until the world holds about `total` slots."""
    per_practice = visible * 2  # the horizon and a fortnight beyond it
    return [Shape("", visible, "strict")] * (total // per_practice)


def timed(build: Any) -> tuple[Any, float]:
    """What it made, and the seconds that it took."""
    began = time.perf_counter()
    made = build()
    return made, time.perf_counter() - began


__all__ = ["BEYOND", "NOW", "SIZES", "Target", "many_slots", "shapes_of", "targets_of", "timed", "world_of"]
