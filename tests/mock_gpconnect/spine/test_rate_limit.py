from typing import Any

from mock_gpconnect.spine.rate_limit import Allowance, Quota, SpikeArrest


def test_a_quota_admits_its_limit_in_each_window_and_says_what_is_left(clock: Any) -> None:
    quota = Quota(2, clock)

    taken = [quota.take("hub") for _ in range(3)]

    assert taken == [Allowance(True, 2, 1, 60), Allowance(True, 2, 0, 60), Allowance(False, 2, 0, 60)]


def test_a_quota_is_each_callers_own(clock: Any) -> None:
    quota = Quota(1, clock)
    quota.take("hub")

    assert quota.take("other").admitted
    assert not quota.take("hub").admitted


def test_a_quota_is_whole_again_when_the_window_ends(clock: Any) -> None:
    quota = Quota(1, clock)
    clock.forward(seconds=59.5)
    assert quota.take("hub").reset_s == 1
    assert not quota.take("hub").admitted

    clock.forward(seconds=0.5)

    assert quota.take("hub").admitted


def test_a_quota_of_nought_is_no_limit(clock: Any) -> None:
    quota = Quota(0, clock)

    assert all(quota.take("hub").admitted for _ in range(1000))


def test_a_spike_arrest_wants_an_even_distance(clock: Any) -> None:
    arrest = SpikeArrest(300, clock)
    assert arrest.admits("hub")
    clock.forward(milliseconds=199)
    assert not arrest.admits("hub")
    assert arrest.admits("other")

    clock.forward(milliseconds=1)

    assert arrest.admits("hub")


def test_a_spike_arrest_of_nought_is_no_limit(clock: Any) -> None:
    arrest = SpikeArrest(0, clock)

    assert arrest.admits("hub") and arrest.admits("hub")
