"""Histograms survive the way from worker to master, and merging loses nothing."""

import pytest

from loadtests.measures import Measures


def seen(*ms: float, errors: int = 0) -> Measures:
    measures = Measures()
    for each in ms:
        measures["T3 emis"].record("intended", each / 1e3)
    measures["T3 emis"].errors["HTTP 503"] += errors
    return measures


def test_what_two_workers_saw_is_seen_together() -> None:
    master = Measures()
    for worker in (seen(*range(1, 51)), seen(*range(51, 101), errors=2)):
        master.add(worker.encoded())
    times = master["T3 emis"].seen("intended")
    assert times.get_total_count() == 100
    assert times.get_value_at_percentile(99) / 1e3 == pytest.approx(99, rel=0.002)
    assert master["T3 emis"].errors == {"HTTP 503": 2}


def test_what_was_taken_is_not_sent_twice() -> None:
    worker, master = seen(5, 6), Measures()
    master.add(worker.taken())
    master.add(worker.taken())
    assert master["T3 emis"].seen("intended").get_total_count() == 2


@pytest.mark.parametrize(("ms", "kept"), [(0, 0.001), (-5, 0.001), (0.25, 0.25), (59_999, 59_999), (9e9, 3_600_000)])
def test_any_time_is_kept_to_three_digits(ms: float, kept: float) -> None:
    times = seen(ms)["T3 emis"].seen("intended")
    assert times.get_max_value() / 1e3 == pytest.approx(kept, rel=0.001)


def test_a_process_is_as_busy_as_it_was_at_its_busiest() -> None:
    master = Measures(cpu={"1": 0.3})
    master.add(Measures(cpu={"1": 0.9, "2": 0.1}).encoded())
    master.add(Measures(cpu={"1": 0.2}).encoded())
    assert master.cpu == {"1": 0.9, "2": 0.1}
