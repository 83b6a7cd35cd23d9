"""Counting, and adding up."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from harness.national.tally import Tally, quantile, together


@given(st.lists(st.integers(0, 500), min_size=1), st.floats(0.01, 1))
def test_a_quantile_is_the_smallest_value_that_so_many_do_not_exceed(values: list[int], share: float) -> None:
    found = quantile(Counter(values), share)

    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


def test_nothing_seen_has_no_quantile() -> None:
    assert quantile(Counter(), 0.5) == 0


def test_two_tallies_are_added_up() -> None:
    one = Tally(Counter({("a", 1, "booked"): 2}), {("a", "search"): Counter({5: 1})}, {"a": Counter({0: 3})})
    other = Tally(Counter({("a", 1, "booked"): 1}), {("a", "search"): Counter({5: 2})}, {"a": Counter({0: 1})})

    whole = together([one, other])

    assert whole.happened("booked", "a", 1) == 3
    assert whole.waits["a", "search"][5] == 3
    assert whole.queues["a"][0] == 4
