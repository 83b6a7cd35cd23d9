"""From a result to what it says: a row for each target, a fitted model for each supplier."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from loadtests.fit import Model, Point, fit
from loadtests.measures import Measured, Measures
from loadtests.plan import Plan, Target, plan_of

QUANTILES = (0.5, 0.9, 0.95, 0.99)
SPLIT = ("modelled", "queue", "proxy", "mock", "network", "generator")
WINDOW_DAYS = 14


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile in milliseconds, with the bounds between which it lies with 95 % confidence."""

    ms: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """What was seen of one target."""

    target: Target
    planned: int
    answered: int
    errors: Mapping[str, int]
    intended: Mapping[float, Quantile]
    service: Mapping[float, Quantile]
    closed_p99_ms: float
    longest_ms: float
    mean_service_ms: float
    split_ms: Mapping[str, float]
    plain_bytes: int
    gzip_bytes: int

    @property
    def failed(self) -> int:
        """Requests that ended badly or were not sent."""
        return sum(self.errors.values())

    @property
    def lost(self) -> int:
        """Planned requests of which nothing was heard: their worker has gone."""
        return self.planned - self.answered - self.failed


@dataclass(frozen=True, slots=True)
class Profile:
    """A whole run."""

    plan: Plan
    rows: tuple[Row, ...]
    models: Mapping[str, Model | None]
    generator_cpu: float
    processes_seen: int

    @property
    def windows_per_view(self) -> int:
        """Searches that one view of a patient's slots takes: a search spans two weeks at most."""
        return math.ceil(self.plan.view_days / WINDOW_DAYS)

    @property
    def assumed(self) -> bool:
        """Whether any latency was modelled on figures that nobody has published."""
        return any(row.target.assumed for row in self.rows)


def profile_of(result: Mapping[str, Any]) -> Profile:
    """Reads a result file's content."""
    plan, measures = plan_of(dict(result["plan"])), Measures()
    measures.add(result["measures"])
    planned = planned_of(plan)
    rows = tuple(_row(target, measures[target.name], planned[target.name]) for target in plan.targets)
    suppliers = dict.fromkeys(target.supplier for target in plan.targets)
    models = {name: _model(row for row in rows if row.target.supplier == name) for name in suppliers}
    return Profile(plan, rows, models, max(measures.cpu.values(), default=0.0), len(measures.cpu))


def planned_of(plan: Plan) -> dict[str, int]:
    """How many requests each target was to get: the timetable is the same wherever it is made."""
    counts = {target.name: 0 for target in plan.targets}
    for _, name in plan.timetable():
        counts[name] += 1
    return counts


def _row(target: Target, measured: Measured, planned: int) -> Row:
    times = measured.times
    return Row(
        target,
        planned,
        int(times["intended"].get_total_count()),
        dict(measured.errors),
        _quantiles(times["intended"]),
        _quantiles(times["service"]),
        _ms(times["closed"], 0.99),
        times["intended"].get_max_value() / 1e3 if times["intended"].get_total_count() else 0.0,
        _mean(times["service"]),
        {kind: _mean(times[kind]) for kind in SPLIT},
        int(measured.facts.get("bytes", 0)),
        int(measured.facts.get("gzip_bytes", 0)),
    )


def _quantiles(seen: Any) -> dict[float, Quantile]:
    return {share: Quantile(_ms(seen, share), *_bounds(seen, share)) for share in QUANTILES}


def _bounds(seen: Any, share: float) -> tuple[float, float]:
    """By order statistics: the ranks between which the true quantile lies in 95 of 100 samples."""
    count = seen.get_total_count()
    reach = 1.96 * math.sqrt(share * (1 - share) / count) if count else 0.0
    return _ms(seen, max(share - reach, 0.0)), _ms(seen, min(share + reach, 1.0))


def _ms(seen: Any, share: float) -> float:
    return float(seen.get_value_at_percentile(share * 100)) / 1e3 if seen.get_total_count() else 0.0


def _mean(seen: Any) -> float:
    return float(seen.get_mean_value()) / 1e3 if seen.get_total_count() else 0.0


def _model(rows: Iterable[Row]) -> Model | None:
    """From the medians of service times, the queue apart: busyness and waiting are no property of a slot."""
    return fit(
        [
            Point(row.target.scanned, row.target.visible, row.service[0.5].ms - row.split_ms["queue"], row.answered)
            for row in rows
            if row.answered and not row.target.busyness
        ]
    )
