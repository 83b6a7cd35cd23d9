"""Figures of several rounds as rows with a verdict."""

from __future__ import annotations

import pytest

from bench.generator import Window
from bench.rows import Comparison, Row
from bench.spread import Spread, once, ratios


def window(per_s: float, cpu_us: float, p50_ms: float = 1.0) -> Window:
    return Window(1.0, int(per_s), 0, cpu_us * per_s / 1e6, p50_ms, p50_ms)


SEEN = {
    "direct:10": [window(100, 200, 4), window(50, 210, 9), window(120, 190, 4)],
    "nginx:10": [window(500, 20, 1), window(400, 20, 3), window(600, 20, 2)],
}
RUN = Comparison(SEEN, {"prism": "no npm on this machine"})


def test_a_ratio_is_taken_round_by_round() -> None:
    assert ratios([2.0, 9.0, 4.0], [1.0, 3.0, 1.0]) == Spread(2.0, 3.0, 4.0)


@pytest.mark.parametrize(
    ("wrk", "expected"), [("/usr/bin/wrk", Spread(5.0, 5.0, 8.0)), (None, Spread(9.5, 10.0, 10.5))]
)
def test_a_cost_is_requests_a_second_where_the_generator_is_quick_enough(
    monkeypatch: pytest.MonkeyPatch, wrk: str | None, expected: Spread
) -> None:
    monkeypatch.setattr("bench.rows.wrk_path", lambda: wrk)
    row = RUN.cost("P3", "ours", "direct:10", "nginx:10", 8)
    assert (row.value, row.by_cpu, row.met) == (expected, Spread(9.5, 10.0, 10.5), expected.middle <= 8)


def test_latencies_are_compared_by_their_medians() -> None:
    assert RUN.p50("P2", "ours", "direct:10", "nginx:10", 3).value == Spread(2.0, 3.0, 4.0)


def test_a_row_without_its_contender_says_why() -> None:
    row = RUN.gain("P5", "ours", "direct:10", "prism:10", 2)
    assert (row.value, row.met, row.left_out) == (None, None, "no npm on this machine")


@pytest.mark.parametrize(
    ("value", "at_least", "met"), [(3.0, False, True), (3.1, False, False), (3.0, True, True), (2.9, True, False)]
)
def test_a_bound_is_the_most_or_the_least_that_is_wanted(value: float, at_least: bool, met: bool) -> None:
    assert Row("P1", "x", once(value), 3, at_least).met is met
