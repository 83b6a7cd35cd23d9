"""What `crossbook load` writes for Locust: whom to ask, how often, and what becomes of invitations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

from harness.commands.load_journeys import HORIZON_DAYS, MixRow, borne_a_second, busy_s, journeys_of, with_people
from harness.commands.load_options import LoadOptions
from harness.lines import line_between
from harness.rows import NO_LIMITS, REAL_LIMITS, LimitsRow, WorldRows
from harness.tiers import BOOKER, Shape, fortnight, shapes, tiered_world
from harness.world import World
from mock_gpconnect.latency import Work, search_ms
from mock_gpconnect.suppliers.switches import Latency

_BUSY_SHARE = 0.4
"""A target is asked for so much of what its system can take at once: the rest would measure its queue."""

_AT_THE_TOP = 1.2
"""A ramp ends beyond what the system can take: where it breaks is what is asked."""

_Z99 = 2.3263
_OF_A_SEARCH = ("base_ms", "per_scanned_ms", "per_returned_ms", "per_session_ms", "p99_over_p50", "at_once")
_OF_A_JOURNEY = (*_OF_A_SEARCH, "query_ms", "command_ms")


def asked_of(options: LoadOptions) -> list[Shape]:
    """Every practice that is to be measured."""
    sizes = shapes(options.tiers, options.suppliers, options.restricted)
    ways = [*product(options.busyness, options.sessions, options.branches)]
    return [
        replace(one, busyness=busy, sessions=sessions, branches=branches)
        for busy, sessions, branches in ways
        for one in sizes
    ]


def rows_of(asked: Sequence[Shape], mix: MixRow | None) -> WorldRows:
    """The world to be served; with patients, and slots for six weeks, where people are to book."""
    if mix is None:
        return tiered_world(asked)
    return with_people(tiered_world(asked, horizon_days=HORIZON_DAYS), BOOKER, mix)


def limits_of(options: LoadOptions) -> LimitsRow:
    """Of the national services."""
    return REAL_LIMITS if options.limits else NO_LIMITS


def plan_of(
    world: World, asked: Sequence[Shape], options: LoadOptions, today: date, mix: MixRow | None = None
) -> dict[str, Any]:
    """The plan in the words of `loadtests/plan.py`."""
    first, last = fortnight(today)
    held = borne_a_second(limits_of(options), mix) / len(asked) if mix else math.inf
    return {
        "shape": options.shape,
        "ssp": world.addresses.ssp,
        "sender": asdict(line_between(world, "booker.reception", "l0").sender),
        "starts": datetime(first.year, first.month, first.day, 6, tzinfo=UTC),
        "ends": datetime(last.year, last.month, last.day, 20, tzinfo=UTC),
        "targets": [_target(world, number, shape, options, mix, held) for number, shape in enumerate(asked)],
        "warm_up_s": options.warm_up_s,
        "open_s": options.open_s,
        "processes": options.processes,
        "seed": options.seed,
        "steady": options.steady,
        "latency": options.latency,
        "result": str(options.report / "result.json"),
        "notes": _notes(held, options, len(asked)),
        "journeys": journeys_of(world, mix) if mix else None,
    }


def _notes(held: float, options: LoadOptions, targets: int) -> list[str]:
    if options.rate <= held:
        return []
    told = f"Invitations are held to {held * targets:.2g} a second in all: more than that the national services refuse"
    return [f"{told} (--no-limits takes their limits away)."]


def _target(
    world: World, number: int, shape: Shape, options: LoadOptions, mix: MixRow | None, held: float
) -> dict[str, Any]:
    practice = world.practice(f"l{number}")
    profile = practice.profile
    figures = _OF_A_JOURNEY if mix else _OF_A_SEARCH
    assumed = any(profile.basis.get(f"latency.{name}") == "assumed" for name in figures)
    return {
        "tier": shape.tier,
        "supplier": practice.profile.name,
        "ods": practice.ods,
        "asid": practice.asid,
        "service_root": practice.service_root,
        "visible": shape.visible,
        "scanned": shape.scanned,
        "rate": round(min(held, _rate(profile.latency, shape, options, mix)), 4),
        "restricted": shape.restricted,
        "busyness": shape.busyness,
        "sessions": shape.sessions,
        "branches": shape.branches,
        "assumed": options.latency and assumed,
    }


def _rate(settings: Latency, shape: Shape, options: LoadOptions, mix: MixRow | None) -> float:
    """What was asked for, or less where the modelled system would only queue."""
    if not options.latency or settings.at_once is None:
        return options.rate
    work = Work(shape.scanned, shape.visible, math.ceil(shape.visible / 48))
    median_s = busy_s(settings, work, mix) if mix else search_ms(settings, work) / 1e3
    sigma = math.log(settings.p99_over_p50) / _Z99
    mean_s = max(median_s / (1 - shape.busyness) * math.exp(sigma**2 / 2), 1e-3)
    share = _AT_THE_TOP if options.shape == "ramp" else _BUSY_SHARE
    return min(options.rate, share * settings.at_once / mean_s)
