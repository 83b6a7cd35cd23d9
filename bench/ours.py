"""The worlds that are measured, and their requests. The clock stands still, so no token grows old."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from booking_core.gpconnect.requests import Line, search_slots
from harness.addresses import one_port
from harness.lines import line_between
from harness.tiers import BEYOND, Shape, fortnight, tiered_world
from harness.world import World, build_world
from mock_gpconnect.provider.kept_answers import MOST_BYTES

NOW = datetime(2026, 3, 27, 8, 55, tzinfo=UTC)
SIZES = {10: "T1", 100: "T3", 1_000: "T6", 10_000: "T9", 50_000: "T10"}
KEPT = "/kept"
"""Below this path is the world that keeps its answers."""

VARIANTS = 300
"""Requests for one thing, no two alike: tokens of all seconds in which one is good."""


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


def world_of(shapes: Sequence[Shape], base: str, *, kept_bytes: int = MOST_BYTES) -> World:
    """The practices at a base URL; the collector rests while it is built, and never looks at it again."""
    with collector_at_rest():
        return build_world(
            tiered_world(shapes), folder=Path(), addresses=one_port(base), now=lambda: NOW, seed=1, keep=100,
            kept_bytes=kept_bytes,
        )  # fmt: skip


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


def targets_of(world: World, number: int, variants: int = VARIANTS) -> dict[str, list[Target]]:
    """Searches that find the same, `direct` and through the proxy (`ssp`), for one practice of the world."""
    line = line_between(world, "booker.reception", f"l{number}")
    both = [_target(line, each) for each in range(variants)]
    return {"direct": [direct for direct, _ in both], "ssp": [ssp for _, ssp in both]}


def _target(line: Line, variant: int) -> tuple[Target, Target]:
    """One of them: nothing that a consumer makes afresh for every request is that of another."""
    first, last = fortnight(NOW.date())
    ago = timedelta(seconds=variant)
    call = search_slots(line, _at(first, 6) + ago, _at(last, 20), now=NOW - ago, trace_id=str(UUID(int=variant)))
    query = httpx.URL("http://x", params=call.params).query.decode()
    above, below = call.url.split("/ssp/", 1)
    headers = tuple(call.headers.items())
    return (
        Target(f"{httpx.URL(below).path}?{query}", headers),
        Target(f"{httpx.URL(above).path.rstrip('/')}/ssp/{below}?{query}", headers),
    )


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


__all__ = ["BEYOND", "KEPT", "NOW", "SIZES", "Target", "many_slots", "shapes_of", "targets_of", "timed", "world_of"]
