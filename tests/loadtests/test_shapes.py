"""The shapes of a run follow the national curve, and never ask for more than the rate."""

import pytest

from booking_core.spec.demand import HOURS, WEEK
from loadtests.shapes import SHAPES, curve_of


def test_the_curves_are_whole_days_and_whole_weeks() -> None:
    assert sum(HOURS) == pytest.approx(1, abs=0.001)
    assert sum(WEEK) == pytest.approx(1, abs=0.001)


@pytest.mark.parametrize("name", SHAPES)
def test_no_shape_asks_for_more_than_the_rate(name: str) -> None:
    shares = [SHAPES[name](at / 1000) for at in range(1001)]
    assert min(shares) >= 0
    assert max(shares) == pytest.approx(1, abs=0.001)


def test_the_busiest_hour_is_two_and_a_half_times_the_days_mean() -> None:
    shares = [SHAPES["day"](at / 2400) for at in range(2400)]
    assert max(shares) / (sum(shares) / len(shares)) == pytest.approx(2.5453, rel=0.001)


def test_nine_in_the_morning_is_the_peak_of_a_day_laid_over_any_run() -> None:
    assert curve_of("day", 48.0)(19.0) == 1


def test_a_ramp_is_half_way_up_in_the_middle() -> None:
    assert curve_of("ramp", 60)(30) == pytest.approx(0.5)


def test_a_weekend_is_quiet() -> None:
    assert SHAPES["week"](5.4 / 7) < 0.2 * SHAPES["week"](1.4 / 7)
