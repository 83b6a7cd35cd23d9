"""What a run says in words."""

from loadtests.sentences import came_words, drift_sentences, own_time_sentences
from tests.loadtests.runs import JOURNEYS, plan, profile, target, walked


def test_a_soak_tells_whether_it_wore_on() -> None:
    times = [500.0] * 50 + [1500.0] * 50
    (told,) = drift_sentences(walked(plan(shape="soak", journeys=JOURNEYS), {"search_slots": times}, {}))
    # a slice is exact to two digits
    assert told == "T3 emis: median 502 ms in the first tenth (10 answers), 1,507 ms in the last (10)."


def test_other_shapes_do_not() -> None:
    assert [*drift_sentences(walked(plan(journeys=JOURNEYS), {"search_slots": [500.0] * 50}, {}))] == []


def test_the_mocks_own_time_is_told_at_a_thousand_slots() -> None:
    (told,) = own_time_sentences(profile(plan(target("T6", visible=1000)), {"T6 emis": [1600.0]}))
    assert told.startswith("The mock's own time at 1,000 slots, through the proxy: p99 0.30 ms to make the answer")


def test_what_journeys_came_to_is_told_with_every_class_of_error() -> None:
    counts = {"sent": 9, "opened": 7, "booked": 5, "E3": 1, "S3": 2, "ended": 98}
    (came,) = walked(plan(journeys=JOURNEYS), {}, counts).came
    assert came_words(came) == (
        "100 invited, 9 sent, 7 opened, 0 searched again, 0 B1, 5 booked, 0 cancelled, 0 abandoned, "
        "1 ended with E3, 2 ended with S3, 2 lost"
    )
