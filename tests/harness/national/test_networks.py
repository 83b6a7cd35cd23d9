"""What the country is made of."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from booking_core.uk_time import local_date, local_time, midnight
from harness.national.model import ENGLAND, Model, read_model
from harness.national.networks import chosen, later, members


def test_the_whole_of_england_has_its_practices_and_slots() -> None:
    model = read_model(ENGLAND)

    everybody = [each for network in range(model.networks) for each in members(model, 1, network)]

    assert len({each.ods for each in everybody}) == model.practices
    assert sum(each.patients for each in everybody) == pytest.approx(model.practices * model.mean_list, rel=0.02)
    assert sum(each.slots_a_day * 10 for each in everybody) == pytest.approx(model.slots, rel=0.02)


def test_a_network_is_the_same_whichever_others_are_simulated(country: Model) -> None:
    assert members(country, 1, 2) == members(country, 1, 2)
    assert members(country, 1, 2) != members(country, 2, 2)


@pytest.mark.parametrize(("share", "count"), [(1.0, 1250), (0.05, 62), (0.0001, 1)])
def test_a_sample_is_a_share_of_all_networks(share: float, count: int) -> None:
    assert len(set(chosen(read_model(ENGLAND), share, 1))) == count


ANY_DAY, SHORT, LONG = date(2026, 3, 24), date(2026, 3, 29), date(2026, 10, 25)
EVEN = [1.0] * 24


@pytest.mark.parametrize("day", [ANY_DAY, SHORT, LONG])
def test_demand_keeps_to_the_hours_on_the_wall_whatever_the_clocks_do(day: date) -> None:
    nine = [float(hour == 9) for hour in range(24)]
    seconds = [later(nine, day, random.Random(seed)) for seed in range(50)]
    assert {local_time(midnight(day) + timedelta(seconds=each)).hour for each in seconds} == {9}


@pytest.mark.parametrize(("day", "missing"), [(ANY_DAY, set()), (SHORT, {1}), (LONG, set())])
def test_an_hour_that_the_clocks_leave_out_gets_nothing(day: date, missing: set[int]) -> None:
    rng = random.Random(1)
    moments = [midnight(day) + timedelta(seconds=later(EVEN, day, rng)) for _ in range(2000)]
    assert {local_date(each) for each in moments} == {day}
    assert {local_time(each).hour for each in moments} == set(range(24)) - missing


def test_an_hour_that_comes_twice_is_as_busy_as_any_other_and_over_both() -> None:
    rng = random.Random(1)
    elapsed = Counter(int(later(EVEN, LONG, rng) // 3600) for _ in range(24_000))
    assert elapsed[1] + elapsed[2] == pytest.approx(1000, rel=0.1)
    assert elapsed[1] == pytest.approx(elapsed[2], rel=0.2)


def test_on_an_ordinary_day_hours_are_counted_from_midnight() -> None:
    ours, theirs = random.Random(7), random.Random(7)
    hour = theirs.choices(range(24), EVEN)[0]
    assert later(EVEN, ANY_DAY, ours) == (hour + theirs.random()) * 3600
