"""From a result to what it says: a row for each kind of request at each target, a fitted model for each supplier."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from booking_core.spec.budgets import SEARCH_DAYS
from booking_core.spec.interactions import BY_NAME, INTERACTIONS, Interaction, Service
from loadtests.fit import Model, Point, fit
from loadtests.measures import RETRIED, SLICES, SLOT_TAKEN, SPLIT, Measured, Measures
from loadtests.plan import Plan, Target, plan_of, request_name

QUANTILES = (0.5, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile in milliseconds, with the bounds between which it lies with 95 % confidence."""

    ms: float
    low: float
    high: float

    def less(self, ms: float) -> Quantile:
        """The same without what something else adds to each time."""
        return Quantile(max(self.ms - ms, 0.0), max(self.low - ms, 0.0), max(self.high - ms, 0.0))


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of the run: answers a second, and quantiles from the intended start."""

    answers: int
    per_s: float
    ms: Mapping[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """What was seen of one kind of request at one target. `planned` is known where every arrival is one request."""

    target: Target
    interaction: Interaction
    planned: int
    answered: int
    errors: Mapping[str, int]
    intended: Mapping[float, Quantile]
    service: Mapping[float, Quantile]
    closed_p99_ms: float
    longest_ms: float
    mean_service_ms: float
    split_ms: Mapping[str, float]
    mock_p99_ms: float
    network_p99_ms: float
    plain_bytes: int
    gzip_bytes: int
    slices: tuple[Slice, ...]

    @property
    def name(self) -> str:
        """Tier and supplier; with the interaction where it is no search."""
        return self.target.name if self.interaction.name == "search_slots" else self.request

    @property
    def request(self) -> str:
        """With the interaction in any case."""
        return request_name(self.interaction.name, self.target)

    @property
    def failed(self) -> int:
        """Requests that ended badly or were not sent."""
        return sum(count for why, count in self.errors.items() if why.split()[0] not in (SLOT_TAKEN, RETRIED))

    @property
    def lost(self) -> int:
        """Planned requests of which nothing was heard: their worker has gone."""
        return max(self.planned - self.answered - sum(self.errors.values()), 0)

    @property
    def is_national(self) -> bool:
        """Whether it went to a national service, which has no budget here."""
        return self.interaction.service is not Service.GP_CONNECT


@dataclass(frozen=True, slots=True)
class Came:
    """What journeys at one target came to."""

    target: Target
    invited: int
    counts: Mapping[str, int]

    @property
    def lost(self) -> int:
        """Journeys that never ended: their worker has gone."""
        return max(self.invited - self.counts.get("ended", 0) - self.counts.get("not sent", 0), 0)


@dataclass(frozen=True, slots=True)
class Profile:
    """A whole run. `came` has a line for each target of a run of journeys."""

    plan: Plan
    rows: tuple[Row, ...]
    models: Mapping[str, Model | None]
    came: tuple[Came, ...]
    generator_cpu: float
    processes_seen: int

    @property
    def windows_per_view(self) -> int:
        """Searches that one view of a patient's slots takes: a search spans two weeks at most."""
        return math.ceil(self.plan.view_days / SEARCH_DAYS)

    @property
    def assumed(self) -> bool:
        """Whether any latency was modelled on figures that nobody has published."""
        return any(target.assumed for target in self.plan.targets)

    @property
    def searches(self) -> tuple[Row, ...]:
        """The rows of slot searches."""
        return tuple(row for row in self.rows if row.interaction.name == "search_slots")


def profile_of(result: Mapping[str, Any]) -> Profile:
    """Reads a result file's content."""
    plan, measures = plan_of(dict(result["plan"])), Measures()
    measures.add(result["measures"])
    planned = planned_of(plan)
    rows = tuple(_rows(plan, measures, planned))
    return Profile(
        plan, rows, {} if plan.journeys else _models(rows), _came(plan, measures, planned),
        max(measures.cpu.values(), default=0.0), len(measures.cpu),
    )  # fmt: skip


def planned_of(plan: Plan) -> dict[str, int]:
    """How many arrivals each target was to get: the timetable is the same wherever it is made."""
    counts = {target.name: 0 for target in plan.targets}
    for _, name in plan.timetable():
        counts[name] += 1
    return counts


def _rows(plan: Plan, measures: Measures, planned: Mapping[str, int]) -> Iterable[Row]:
    if plan.journeys is None:
        for target in plan.targets:
            yield _row(plan, target, "search_slots", measures, planned[target.name])
        return
    for target in plan.targets:
        for interaction in INTERACTIONS:
            seen = measures.of.get(request_name(interaction.name, target))
            if seen and (seen.answered or seen.errors):
                yield _row(plan, target, interaction.name, measures, 0)


def _row(plan: Plan, target: Target, interaction: str, measures: Measures, planned: int) -> Row:
    measured = measures[request_name(interaction, target)]
    intended, service = measured.seen("intended"), measured.seen("service")
    answered = measured.answered
    return Row(
        target,
        BY_NAME[interaction],
        planned or answered + sum(measured.errors.values()),
        answered,
        dict(measured.errors),
        _quantiles(intended),
        _quantiles(service),
        _ms(measured.seen("closed"), 0.99),
        intended.get_max_value() / 1e3 if answered else 0.0,
        float(service.get_mean_value()) / 1e3 if answered else 0.0,
        {kind: measured.sums.get(kind, 0.0) / answered * 1e3 if answered else 0.0 for kind in SPLIT},
        _ms(measured.seen("mock"), 0.99),
        _ms(measured.seen("network"), 0.99),
        int(measured.facts.get("bytes", 0)),
        int(measured.facts.get("gzip_bytes", 0)),
        _slices(plan, measured),
    )


def _slices(plan: Plan, measured: Measured) -> tuple[Slice, ...]:
    found = []
    for part in range(SLICES):
        if seen := measured.slices.get(str(part)):
            count = int(seen.get_total_count())
            found.append(Slice(count, count / plan.open_s * SLICES, {share: _ms(seen, share) for share in QUANTILES}))
        else:
            found.append(Slice(0, 0.0, dict.fromkeys(QUANTILES, 0.0)))
    return tuple(found)


def _came(plan: Plan, measures: Measures, planned: Mapping[str, int]) -> tuple[Came, ...]:
    if plan.journeys is None:
        return ()
    return tuple(
        Came(target, planned[target.name], dict(measures.outcomes.get(target.name, {}))) for target in plan.targets
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


def _models(rows: Iterable[Row]) -> dict[str, Model | None]:
    by_supplier: dict[str, list[Row]] = {}
    for row in rows:
        by_supplier.setdefault(row.target.supplier, []).append(row)
    return {supplier: _model(own) for supplier, own in by_supplier.items()}


def _model(rows: Iterable[Row]) -> Model | None:
    """From the medians of service times, the queue apart: busyness and waiting are no property of a slot."""
    return fit(
        [
            Point(row.target.scanned, row.target.visible, row.service[0.5].ms - row.split_ms["queue"], row.answered)
            for row in rows
            if row.answered and row.target.is_plain
        ]
    )
