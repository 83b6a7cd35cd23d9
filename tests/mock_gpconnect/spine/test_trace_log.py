from typing import Any

from mock_gpconnect.spine.trace_log import LONGEST_WORD, Trace, TraceLog


def test_a_log_tells_what_passed_and_when(clock: Any) -> None:
    log = TraceLog(clock)

    log.add("trace", "hub", "riverside", "urn:slot", 200)

    assert list(log) == [Trace(clock(), "trace", "hub", "riverside", "urn:slot", 200)]


def test_a_log_forgets_the_oldest_when_it_is_full(clock: Any) -> None:
    log = TraceLog(clock, places=2)
    for status in (200, 400, 502):
        log.add("", "", "", "", status)

    assert [trace.status for trace in log] == [400, 502]
    assert len(log) == 2


def test_a_log_cuts_what_is_too_long(clock: Any) -> None:
    log = TraceLog(clock)

    log.add("x" * 100_000, "", "", "", 400)

    assert [len(trace.trace_id) for trace in log] == [LONGEST_WORD]
