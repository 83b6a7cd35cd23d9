"""The timetable of an open-model run is fixed beforehand, and the same wherever it is made."""

import itertools

import pytest

from loadtests.pacer import timetable


def test_steady_arrivals_are_evenly_spaced() -> None:
    moments = [at for at, _ in timetable({"a": 10}, 1, 1, steady=True)]
    assert len(moments) == 10
    assert [later - sooner for sooner, later in itertools.pairwise(moments)] == pytest.approx([0.1] * 9)


def test_steady_streams_do_not_fall_on_the_same_moments() -> None:
    moments = timetable({"a": 10, "b": 10}, 1, 1, steady=True)
    assert len({round(at, 6) for at, _ in moments}) == len(moments) == 20


def test_arrivals_by_chance_come_at_the_rate_that_is_asked() -> None:
    assert len(timetable({"a": 50}, 100, 1)) == pytest.approx(5000, rel=0.05)


def test_arrivals_by_chance_are_not_evenly_spaced() -> None:
    moments = [at for at, _ in timetable({"a": 50}, 100, 1)]
    gaps = [later - sooner for sooner, later in itertools.pairwise(moments)]
    mean = sum(gaps) / len(gaps)
    assert sum((gap - mean) ** 2 for gap in gaps) / len(gaps) == pytest.approx(mean**2, rel=0.15)


def test_all_streams_come_in_the_order_of_time() -> None:
    moments = [at for at, _ in timetable({"a": 5, "b": 20, "c": 1}, 20, 1)]
    assert moments == sorted(moments)


def test_another_stream_leaves_the_others_as_they_were() -> None:
    alone = timetable({"a": 5}, 20, 1)
    assert [each for each in timetable({"a": 5, "b": 7}, 20, 1) if each[1] == "a"] == alone


def test_one_seed_makes_one_timetable() -> None:
    assert timetable({"a": 5}, 20, 3) == timetable({"a": 5}, 20, 3) != timetable({"a": 5}, 20, 4)


def test_a_curve_thins_out_the_quiet_hours() -> None:
    moments = timetable({"a": 100}, 100, 1, curve=lambda at: 1.0 if at < 50 else 0.25)
    first = sum(at < 50 for at, _ in moments)
    assert (len(moments) - first) / first == pytest.approx(0.25, rel=0.15)


@pytest.mark.parametrize("rate", [0, -1])
def test_no_rate_is_no_arrivals(rate: float) -> None:
    assert timetable({"a": rate}, 100, 1) == []
