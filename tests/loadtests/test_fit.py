"""The fitted model finds the figures that made the points, and says how sure it is."""

import random

import pytest

from loadtests.fit import Point, fit

PLACES = [(0, 0), (10, 10), (20, 10), (100, 100), (200, 100), (1000, 1000), (2000, 1000)]


def points(base: float, k: float, m: float, noise: float = 0.0) -> list[Point]:
    rng = random.Random(1)
    return [Point(s, r, (base + k * s + m * r) * (1 + rng.uniform(-noise, noise)), 100) for s, r in PLACES]


def test_exact_points_give_their_figures_back() -> None:
    model = fit(points(500, 0.6, 0.4))
    assert model
    assert (model.base_ms, model.per_scanned_ms, model.per_returned_ms) == pytest.approx((500, 0.6, 0.4))
    assert model.error == pytest.approx(0, abs=1e-9)
    assert model.r_squared == pytest.approx(1)


def test_noisy_points_give_them_within_the_errors_that_are_told() -> None:
    model = fit(points(740, 1.0, 0.6, noise=0.05))
    assert model
    found = (model.base_ms, model.per_scanned_ms, model.per_returned_ms)
    misses = [abs(one - true) for one, true in zip(found, (740, 1.0, 0.6), strict=True)]
    assert all(miss < 3 * give for miss, give in zip(misses, model.give_or_take, strict=True))
    assert all(model.give_or_take)


def test_costs_that_no_measurement_can_tell_apart_are_put_on_scanning_and_said_so() -> None:
    model = fit([Point(n, n, 500 + n, 10) for n in (0, 10, 100, 1000)])
    assert model
    assert not model.apart
    assert (model.base_ms, model.per_scanned_ms, model.per_returned_ms) == pytest.approx((500, 1, 0))


@pytest.mark.parametrize("few", [[], points(1, 1, 1)[:2], [Point(5, 5, 3, 1)] * 4, [Point(1, 1, 0, 1)] * 9])
def test_too_little_to_go_by_gives_no_model(few: list[Point]) -> None:
    assert fit(few) is None


def test_many_answers_weigh_more_than_few() -> None:
    right = [Point(s, r, 500 + s, 1000) for s, r in PLACES]
    model = fit([*right, Point(500, 250, 3000, 1)])
    assert model
    assert model.base_ms == pytest.approx(500, rel=0.02)
