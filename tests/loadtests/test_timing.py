"""Server-Timing as providers and proxies write it, and as nobody should."""

import pytest

from loadtests.timing import read_timing

OURS = 'queue;dur=1.500, modelled;dur=600.000, mock;dur=0.300, slots;desc="200 scanned 100 returned 5 sessions", proxy;dur=15.000'


def test_every_part_is_read_in_seconds() -> None:
    told = read_timing(OURS)
    assert told.seconds == pytest.approx({"queue": 0.0015, "modelled": 0.6, "mock": 0.0003, "proxy": 0.015})
    assert told.counts == {"scanned": 200, "returned": 100, "sessions": 5}


def test_the_mocks_own_time_is_part_of_the_modelled_time() -> None:
    assert read_timing(OURS).told_s == pytest.approx(0.6165)


@pytest.mark.parametrize(
    "noise", ["", "cache;desc=hit", "a;dur=", "a;dur=1.2.3", ";;;,,,", "dur=5", "\x00", "a;dur=abc"]
)
def test_what_cannot_be_read_is_passed_over(noise: str) -> None:
    assert read_timing(noise).told_s == 0
